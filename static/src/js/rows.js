// A table row with data-href opens as a whole; its first link stays the real one.
export function rows(doc) {
  doc.addEventListener("click", function (e) {
    const row = e.target.closest("tr[data-href]");
    if (!row || e.defaultPrevented || e.target.closest("a, button, input, select, label, textarea, summary")) return;
    if (String(window.getSelection())) return; // the person is copying words
    const url = row.getAttribute("data-href");
    if (e.ctrlKey || e.metaKey) window.open(url, "_blank", "noopener");
    else location.href = url;
  });
}
