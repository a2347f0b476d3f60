// A form goes once: a second tap on a slow line does nothing. The server holds
// an idempotency key as well; this only spares the person the doubt.
export function once(doc) {
  doc.addEventListener("submit", function (e) {
    const form = e.target;
    if (e.defaultPrevented || form.method !== "post") return;
    if (form.goingSince && Date.now() - form.goingSince < 8000) { e.preventDefault(); return; }
    form.goingSince = Date.now();
    const pressed = e.submitter || form.querySelector("[type=submit]");
    if (!pressed) return;
    pressed.setAttribute("aria-busy", "true");
    setTimeout(function () { pressed.removeAttribute("aria-busy"); }, 8000);
  });
  window.addEventListener("pageshow", function () {
    Array.prototype.forEach.call(doc.forms, function (f) { f.goingSince = 0; });
    Array.prototype.forEach.call(doc.querySelectorAll("[aria-busy]"), function (b) { b.removeAttribute("aria-busy"); });
  });
}
