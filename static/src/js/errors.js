// A refused form starts at its error summary, and its links put the cursor into the field.
import { all } from "./dom.js";

export function focusErrors(root) {
  all(root, ".errors").forEach(function (box) {
    box.focus();
    box.addEventListener("click", function (e) {
      const link = e.target.closest("a[href^='#']");
      const field = link && document.getElementById(link.getAttribute("href").slice(1));
      if (!field) return;
      e.preventDefault();
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    });
  });
}
