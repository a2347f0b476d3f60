// Keys for the desk: elements say theirs with data-key and data-key-label.
// "/" finds, j and k walk the rows, "?" shows the sheet. One-letter keys can be
// switched off there (WCAG 2.1.4).
import { all, button, el, openDialog } from "./dom.js";

const off = "tiaojie:keys-off";

export function shortcuts(doc) {
  doc.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(e.target) || doc.querySelector("dialog[open]")) return;
    if (e.key === "?") { e.preventDefault(); sheet(doc); return; }
    if (isOff()) return;
    if (e.key === "j" || e.key === "k") { walk(doc, e.key === "j" ? 1 : -1); return; }
    const hit = all(doc, "[data-key]").filter(function (n) { return n.getAttribute("data-key") === e.key; })[0];
    if (!hit) return;
    e.preventDefault();
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(hit.tagName)) hit.focus(); else hit.click();
  });
  doc.addEventListener("click", function (e) { if (e.target.closest("[data-keys-sheet]")) sheet(doc); });
}

function typing(node) { return /^(INPUT|SELECT|TEXTAREA)$/.test(node.tagName) || node.isContentEditable; }

function isOff() { try { return localStorage.getItem(off) === "1"; } catch (e) { return false; } }

function walk(doc, step) {
  const links = all(doc, "tbody .row-link");
  const at = links.indexOf(doc.activeElement);
  const next = links[Math.max(0, Math.min(links.length - 1, at + step))];
  if (next) next.focus();
}

function sheet(doc) {
  openDialog(function (box) {
    box.setAttribute("aria-label", "快捷键");
    box.appendChild(el("h2", "", "快捷键"));
    const table = el("table", "keys");
    const lines = [["?", "打开这张表"], ["j / k", "下一行 / 上一行"]];
    all(doc, "[data-key]").forEach(function (n) { lines.push([n.getAttribute("data-key"), n.getAttribute("data-key-label") || n.textContent.trim()]); });
    lines.forEach(function (line) {
      const tr = table.insertRow();
      tr.insertCell().appendChild(el("kbd", "", line[0]));
      tr.insertCell().textContent = line[1];
    });
    box.appendChild(table);
    const acts = el("div", "actions");
    acts.appendChild(button(isOff() ? "启用单键" : "停用单键", "btn btn-plain", function () {
      try { localStorage.setItem(off, isOff() ? "0" : "1"); } catch (e) { /* not remembered */ }
      box.close();
    }));
    acts.appendChild(button("关闭", "btn btn-primary", function () { box.close(); }));
    box.appendChild(acts);
  });
}
