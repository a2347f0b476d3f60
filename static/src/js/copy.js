// data-copy="text", or data-copy-from="#id": puts it on the clipboard and says so.
export function copying(doc) {
  doc.addEventListener("click", function (e) {
    const b = e.target.closest("[data-copy], [data-copy-from]");
    if (!b) return;
    const from = b.getAttribute("data-copy-from");
    const node = from && doc.querySelector(from);
    const text = node ? node.value || node.textContent.trim() : b.getAttribute("data-copy");
    copy(text).then(function () { say(b, "已复制"); }, function () { say(b, "请长按选中复制"); });
  });
}

function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  return new Promise(function (yes, no) {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "sr";
    document.body.appendChild(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (done) yes(); else no();
  });
}

function say(b, words) {
  const label = b.querySelector("[data-copy-label]") || b;
  const before = label.textContent;
  label.textContent = words;
  setTimeout(function () { label.textContent = before; }, 2000);
}
