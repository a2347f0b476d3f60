// Offers text that this device kept and the server never got. Nothing is put
// back by itself: somebody else may have written in the meantime.
import { button, clock, el, fieldValue, same, setFieldValue } from "./dom.js";
import { drop, load } from "./store.js";

// offer shows the box when there is something; it says whether it did.
export function offer(form, key) {
  const kept = load(key);
  const names = Object.keys(kept).filter(function (name) {
    const there = form.querySelector("[name='" + name.replace(/['\\]/g, "\\$&") + "']");
    if (!there || same(kept[name].values, fieldValue(form, name)) || joined(there, kept[name])) { drop(key, name); return false; }
    return true;
  });
  if (!names.length) return false;
  const at = Math.max.apply(null, names.map(function (n) { return kept[n].at; }));
  const box = el("div", "alert alert-bare alert-wait no-print");
  box.setAttribute("role", "status");
  box.setAttribute("data-testid", "restore");
  box.appendChild(el("p", "alert-title", "这台设备上还留着 " + when(at) + " 没有送出的文字"));
  box.appendChild(el("p", "keep-lines", excerpt(kept, names)));
  const acts = el("div", "actions");
  acts.appendChild(button("找回这些文字", "btn btn-primary", function () { putBack(form, kept, names); box.remove(); }));
  acts.appendChild(button("不要了", "btn btn-plain", function () { names.forEach(function (n) { drop(key, n); }); box.remove(); }));
  box.appendChild(acts);
  form.insertBefore(box, form.firstChild);
  return true;
}

// joined tells that a later version holds these words already: two texts were put
// together after a conflict, and offering one of them again would undo that.
function joined(field, kept) {
  const now = field.getAttribute("data-version");
  return now && kept.version && Number(now) > Number(kept.version) &&
    kept.values.every(function (text) { return text && field.value.indexOf(text) >= 0; });
}

function putBack(form, kept, names) {
  names.forEach(function (name) {
    const holder = form.querySelector("[name='" + name.replace(/['\\]/g, "\\$&") + "'][data-version]");
    // The version the text was written on: the server then sees if another came between.
    if (holder && kept[name].version) holder.setAttribute("data-version", kept[name].version);
    setFieldValue(form, name, kept[name].values);
  });
}

function excerpt(kept, names) {
  return names.slice(0, 3).map(function (n) {
    const text = kept[n].values.join("、");
    return "「" + (text.length > 60 ? text.slice(0, 60) + "…" : text || "（空）") + "」";
  }).join("\n");
}

function when(at) {
  const d = new Date(at);
  const today = new Date().toDateString() === d.toDateString();
  return (today ? "" : d.getMonth() + 1 + "月" + d.getDate() + "日 ") + clock(at);
}
