// form[data-auto-submit]: filters act when they change. Text waits for a pause.
export function autosubmit(doc) {
  let timer = 0;
  const go = function (form) { if (form.requestSubmit) form.requestSubmit(); else form.submit(); };
  doc.addEventListener("change", function (e) {
    const form = e.target.form;
    if (!form || !form.hasAttribute("data-auto-submit") || isText(e.target)) return;
    go(form);
  });
  doc.addEventListener("input", function (e) {
    const form = e.target.form;
    if (!form || !form.hasAttribute("data-auto-submit") || !isText(e.target) || e.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(function () { go(form); }, 700);
  });
  // An input method ends its word after the last input event.
  doc.addEventListener("compositionend", function (e) { e.target.dispatchEvent(new Event("input", { bubbles: true })); });
}

function isText(field) { return field.type === "text" || field.type === "search" || field.type === "tel"; }
