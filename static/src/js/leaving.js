// Signing out clears the texts kept on this device, after asking: another
// person may sit down here next.
import { drop, waiting } from "./store.js";

export function leaving(doc) {
  doc.addEventListener("submit", function (e) {
    if (!e.target.hasAttribute("data-sign-out")) return;
    const keys = waiting();
    if (!keys.length) return;
    if (window.confirm("这台设备上还有没保存的文字，退出后会清除。确定退出吗？")) keys.forEach(function (k) { drop(k); });
    else e.preventDefault();
  }, true);
}
