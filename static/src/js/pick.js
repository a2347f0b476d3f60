// Bulk work: data-pick-all ticks every row's box; [data-pick-count] counts them.
import { all } from "./dom.js";

export function picking(doc) {
  doc.addEventListener("change", function (e) {
    const form = e.target.form || e.target.closest("table");
    if (!form || !e.target.closest("[data-pick-all], [data-pick]")) return;
    const boxes = all(form, "input[data-pick]");
    if (e.target.hasAttribute("data-pick-all")) boxes.forEach(function (b) { b.checked = e.target.checked; });
    boxes.forEach(function (b) { const tr = b.closest("tr"); if (tr) tr.setAttribute("aria-selected", String(b.checked)); });
    const n = boxes.filter(function (b) { return b.checked; }).length;
    all(form, "[data-pick-count]").forEach(function (c) { c.textContent = "已选 " + n + " 件"; });
  });
}
