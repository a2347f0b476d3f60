// [data-reading="/url"]: tells the server every 15 s, while the page is before
// somebody's eyes, which block ([data-block]) stands in the middle of the screen.
// The answer {"say":"…","done":true} goes into [data-reading-status].
import { all, csrf } from "./dom.js";

const every = 15000;
const idle = 120000; // ms without a touch, a key or a scroll: nobody reads any more

export function reading(root) {
  all(root, "[data-reading]").forEach(function (page) {
    if (page.beating) return;
    page.beating = true;
    // Without scripts the page's own mark counts; here the signs do.
    all(page, "[data-reading-opened]").forEach(function (f) { f.value = ""; });
    let touched = Date.now();
    ["scroll", "pointerdown", "keydown", "touchstart"].forEach(function (kind) {
      window.addEventListener(kind, function () { touched = Date.now(); }, { passive: true });
    });
    const timer = setInterval(function () {
      if (!document.contains(page)) return clearInterval(timer);
      if (document.visibilityState !== "visible" || Date.now() - touched > idle) return;
      beat(page);
    }, every);
  });
}

// atBlock is the last block that begins above the lower third of the screen.
function atBlock(page) {
  let at = 0;
  all(page, "[data-block]").forEach(function (b) {
    if (b.getBoundingClientRect().top < window.innerHeight * 0.67) at = Number(b.getAttribute("data-block"));
  });
  return at;
}

function beat(page) {
  const body = new URLSearchParams();
  body.append("no", page.getAttribute("data-edition"));
  body.append("block", String(atBlock(page)));
  body.append("csrf", csrf(page.querySelector("form[method=post]")));
  fetch(page.getAttribute("data-reading"), { method: "POST", body: body, credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" } })
    .then(function (answer) { return answer.ok ? answer.json() : null; })
    .then(function (said) {
      if (!said) return;
      all(page, "[data-reading-status]").forEach(function (line) { line.textContent = said.say; });
    })
    .catch(function () {}); // no network: what was read is counted at the next sign
}
