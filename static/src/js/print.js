// data-print prints the page.
export function printing(doc) {
  doc.addEventListener("click", function (e) { if (e.target.closest("[data-print]")) window.print(); });
}
