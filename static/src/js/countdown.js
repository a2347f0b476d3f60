// data-until (RFC 3339) counts down a hold; data-now is the server's clock when
// the page was made, so a wrong clock on the phone does no harm. data-over is
// said at the end.
import { all } from "./dom.js";

export function countdowns(root) {
  all(root, "[data-until]").forEach(function (node) {
    const until = Date.parse(node.getAttribute("data-until"));
    const now = Date.parse(node.getAttribute("data-now")) || Date.now();
    const ahead = now - Date.now();
    if (isNaN(until) || node.counting) return;
    node.counting = true;
    const tick = function () {
      const left = Math.floor((until - Date.now() - ahead) / 1000);
      if (left <= 0) { node.textContent = node.getAttribute("data-over") || "已到时间"; node.classList.add("late"); return; }
      node.textContent = words(left);
      setTimeout(tick, 1000);
    };
    tick();
  });
}

function words(s) {
  const h = Math.floor(s / 3600), m = Math.floor((s % 3600) / 60);
  if (h >= 48) return "还剩 " + Math.floor(h / 24) + " 天";
  if (h) return "还剩 " + h + " 小时 " + m + " 分";
  return "还剩 " + m + " 分 " + ("0" + (s % 60)).slice(-2) + " 秒";
}
