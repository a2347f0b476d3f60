// Text kept on this device until the server has it. One entry per form, so that
// two forms never mix; entries die after a week: this may be a shared machine.
const prefix = "tiaojie:text:";
const week = 7 * 24 * 3600 * 1000;

// load gives the kept fields of a form: {name: {values, version, at}}.
export function load(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(prefix + key)) || {};
    Object.keys(kept).forEach(function (name) { if (Date.now() - kept[name].at > week) delete kept[name]; });
    return kept;
  } catch (e) { return {}; }
}

function write(key, kept) {
  try {
    if (Object.keys(kept).length) localStorage.setItem(prefix + key, JSON.stringify(kept));
    else localStorage.removeItem(prefix + key);
    return true;
  } catch (e) { return false; } // full, or forbidden: the server copy is then the only one
}

// put keeps one field; it says whether the device took it.
export function put(key, name, values, version) {
  const kept = load(key);
  kept[name] = { values: values, version: version, at: Date.now() };
  return write(key, kept);
}

// drop forgets one field, or the whole form.
export function drop(key, name) {
  const kept = name === undefined ? {} : load(key);
  if (name !== undefined) delete kept[name];
  write(key, kept);
}

// waiting lists the forms with text that no server has.
export function waiting() {
  const keys = [];
  try {
    for (let i = 0; i < localStorage.length; i++) {
      const k = localStorage.key(i);
      if (k.indexOf(prefix) === 0) keys.push(k.slice(prefix.length));
    }
  } catch (e) { /* storage forbidden: nothing waits */ }
  return keys;
}

// A form that went the ordinary way is with the server, unless the next page
// shows it again (refused): markSent before leaving, forgetSent on arrival.
const sent = "tiaojie:sent";

export function markSent(key) { try { sessionStorage.setItem(sent, key); } catch (e) { /* it is offered once more */ } }

export function forgetSent(shown) {
  try {
    const key = sessionStorage.getItem(sent);
    sessionStorage.removeItem(sent);
    if (key && shown.indexOf(key) < 0) drop(key);
  } catch (e) { /* no storage, nothing kept */ }
}
