// Autosave: <form id="record-7" data-autosave="/url">, each field with
// data-version. One changed field is one POST of field, value (repeated for
// ticked boxes), version and csrf. Answers: 200 {"saved":"14:03","version":7};
// 409 {"conflict":"/url"}: somebody else changed this field; 422 {"error":"…"}.
// A field is kept on the device from the first keystroke until it is saved.
import { all, clock, csrf, el, fieldValue, same } from "./dom.js";
import { drop, markSent, put } from "./store.js";
import { offer } from "./restore.js";

const pause = 900; // ms without a keystroke before a field is sent
const again = 8000; // ms between tries while there is no network

export function autosave(root) {
  all(root, "[data-autosave]").forEach(function (form) {
    if (!form.autosaving) form.autosaving = new Saver(form);
  });
}

function Saver(form) {
  this.form = form;
  this.url = form.getAttribute("data-autosave");
  this.key = form.id || location.pathname;
  this.waiting = []; // names of changed fields, oldest first
  this.stopped = {}; // names in conflict or refused: not sent again by themselves
  this.busy = false;
  this.timer = 0;
  this.say = statusOf(form);
  const saver = this;
  const restore = offer(form, this.key);
  form.addEventListener("input", function (e) { saver.changed(e.target, pause); });
  form.addEventListener("change", function (e) { saver.changed(e.target, 0); });
  form.addEventListener("submit", function (e) {
    setTimeout(function () { if (!e.defaultPrevented) { saver.leaving = true; markSent(saver.key); } }, 0);
  });
  window.addEventListener("pageshow", function () { saver.leaving = false; });
  window.addEventListener("online", function () { saver.flush(); });
  document.addEventListener("visibilitychange", function () { if (document.hidden) saver.flush(); });
  window.addEventListener("pagehide", function () { saver.flush(); });
  if (restore && !navigator.onLine) saver.show("offline");
}

// changed keeps the field's text here and plans its sending.
Saver.prototype.changed = function (field, wait) {
  if (!field.name || field.name === "csrf" || field.name === "idem" || field.type === "file" || field.type === "password") return;
  const name = field.name;
  const kept = put(this.key, name, fieldValue(this.form, name), versionOf(this.form, name));
  if (this.stopped[name] === "refused") delete this.stopped[name];
  if (this.stopped[name]) return;
  if (this.waiting.indexOf(name) < 0) this.waiting.push(name);
  this.show(kept || navigator.onLine ? "saving" : "lost");
  clearTimeout(this.timer);
  this.timer = setTimeout(this.flush.bind(this), wait);
};

// flush sends the oldest waiting field, then the next: one at a time keeps versions in order.
Saver.prototype.flush = function () {
  clearTimeout(this.timer);
  if (this.busy || !this.waiting.length || this.leaving) return;
  const name = this.waiting.shift();
  const values = fieldValue(this.form, name);
  const body = new URLSearchParams();
  body.append("field", name);
  body.append("version", versionOf(this.form, name));
  body.append("csrf", csrf(this.form));
  values.forEach(function (v) { body.append("value", v); });
  this.busy = true;
  this.blocked = false;
  const saver = this;
  fetch(this.url, { method: "POST", body: body, credentials: "same-origin", redirect: "manual", keepalive: body.toString().length < 60000, headers: { Accept: "application/json" } })
    .then(function (answer) { return saver.answered(name, values, answer); })
    .catch(function () { saver.failed(name); })
    .then(function () { saver.busy = false; if (saver.waiting.length && !saver.blocked) saver.flush(); });
};

Saver.prototype.answered = function (name, values, answer) {
  const saver = this;
  if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") { this.blocked = true; this.keepWaiting(name); this.show("signin"); return null; }
  if (answer.status >= 500 || answer.status === 429) throw new Error("busy");
  return answer.json().then(function (said) {
    if (answer.status === 409) { saver.stopped[name] = "conflict"; saver.show("conflict", said.conflict); return; }
    if (!answer.ok) { saver.stopped[name] = "refused"; saver.show("refused", said.error); return; }
    setVersion(saver.form, name, said.version);
    if (same(values, fieldValue(saver.form, name))) drop(saver.key, name);
    else put(saver.key, name, fieldValue(saver.form, name), said.version);
    if (!saver.waiting.length && !Object.keys(saver.stopped).length) saver.show("saved", said.saved || clock(Date.now()));
  });
};

Saver.prototype.failed = function (name) {
  this.blocked = true;
  this.keepWaiting(name);
  this.show("offline");
  this.timer = setTimeout(this.flush.bind(this), again);
};

Saver.prototype.keepWaiting = function (name) {
  if (this.waiting.indexOf(name) < 0) this.waiting.unshift(name);
};

// show writes one line for eye and screen reader; the words never blame the person.
Saver.prototype.show = function (state, more) {
  const words = {
    saving: "正在保存", saved: "已保存 " + more,
    offline: "没连上网，已记在本机，联网后自动保存",
    lost: "没连上网，本机也存不下，请先不要关闭这一页",
    signin: "登录已过期，文字已记在本机，重新登录后可找回", refused: more || "这一项没有保存，请检查",
    conflict: "别人刚改过这一项，您的文字还在：",
  };
  this.say.textContent = words[state];
  this.say.setAttribute("data-state", state === "signin" || state === "lost" ? "offline" : state);
  if (state === "conflict" && more) {
    const link = el("a", "", "对照两份，选用哪一份");
    link.href = more;
    this.say.appendChild(link);
  }
};

function statusOf(form) {
  const placed = form.querySelector("[data-autosave-status]");
  if (placed) return placed;
  const made = el("p", "saved saved-sticky");
  made.setAttribute("role", "status");
  form.insertBefore(made, form.firstChild);
  return made;
}

function holders(form, name) {
  return all(form, "[name]").filter(function (f) { return f.name === name; });
}

function versionOf(form, name) {
  const field = holders(form, name)[0];
  const holder = field && (field.hasAttribute("data-version") ? field : field.closest("[data-version]"));
  return (holder && holder.getAttribute("data-version")) || "0";
}

function setVersion(form, name, version) {
  const field = holders(form, name)[0];
  if (!field || version === undefined) return;
  // One version may stand on the form for all its fields.
  const holder = field.hasAttribute("data-version") ? field : field.closest("[data-version]") || field;
  holder.setAttribute("data-version", version);
  // The form's own button sends what it began from: what was saved meanwhile is no clash with oneself.
  holders(form, "version-" + name).forEach(function (f) { f.value = version; });
}
