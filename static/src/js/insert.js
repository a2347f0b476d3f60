// data-insert="text" data-into="id": puts a text module at the caret of that
// textarea, on a line of its own, and tells autosave.
export function inserting(doc) {
  doc.addEventListener("click", function (e) {
    const b = e.target.closest("[data-insert]");
    const field = b && doc.getElementById(b.getAttribute("data-into"));
    if (!field || field.readOnly) return;
    const before = field.value.slice(0, field.selectionStart), after = field.value.slice(field.selectionEnd);
    const text = (before && !/\n$/.test(before) ? "\n" : "") + b.getAttribute("data-insert") + (after && !/^\n/.test(after) ? "\n" : "");
    field.value = before + text + after;
    const caret = before.length + text.length;
    field.focus();
    field.setSelectionRange(caret, caret);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
