// data-dismiss closes the notice it stands in.
export function flashes(doc) {
  doc.addEventListener("click", function (e) {
    const b = e.target.closest("[data-dismiss]");
    const box = b && b.closest(".flash, .alert");
    if (box) box.remove();
  });
}
