// Keeps what is typed into a form that has no autosave (data-keep="name"), so
// that a closed web view costs nothing. A sent form is forgotten at the next
// page that does not show it again.
import { all, fieldValue } from "./dom.js";
import { offer } from "./restore.js";
import { forgetSent, markSent, put } from "./store.js";

export function keeping(root) {
  forgetSent(all(document, "form[data-keep], [data-autosave]").map(function (f) { return f.getAttribute("data-keep") || f.id; }));
  all(root, "form[data-keep]").forEach(function (form) {
    if (form.kept) return;
    form.kept = true;
    const key = form.getAttribute("data-keep");
    offer(form, key);
    form.addEventListener("input", function (e) {
      const f = e.target;
      if (!f.name || f.type === "password" || f.type === "file" || f.type === "hidden") return;
      put(key, f.name, fieldValue(form, f.name), "0");
    });
    form.addEventListener("submit", function (e) {
      setTimeout(function () { if (!e.defaultPrevented) markSent(key); }, 0);
    });
  });
}
