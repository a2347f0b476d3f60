// data-confirm="…" on a button asks before the form goes. The question comes in
// the page's own dialog, in the browser's where there is none.
import { button, el, openDialog } from "./dom.js";

export function confirmations(doc) {
  doc.addEventListener("click", function (e) {
    const asked = e.target.closest ? e.target.closest("[data-confirm]") : null;
    if (!asked || asked.confirmed) { if (asked) asked.confirmed = false; return; }
    e.preventDefault();
    e.stopImmediatePropagation();
    const question = asked.getAttribute("data-confirm");
    const go = function () { asked.confirmed = true; asked.click(); };
    const shown = openDialog(function (box) { build(box, asked, question, go); });
    if (!shown && window.confirm(question)) go();
  }, true);
}

function build(box, asked, question, go) {
  const title = el("h2", "", asked.textContent.trim());
  title.id = "confirm-title";
  box.setAttribute("aria-labelledby", title.id);
  box.appendChild(title);
  box.appendChild(el("p", "", question));
  const acts = el("div", "actions");
  const no = button("先不", "btn btn-plain", function () { box.close(); });
  const yes = button("确定", "btn btn-primary", function () { box.close(); go(); });
  no.autofocus = true;
  acts.appendChild(no);
  acts.appendChild(yes);
  box.appendChild(acts);
}
