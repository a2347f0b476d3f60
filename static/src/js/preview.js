// input[type=file][data-preview]: shows the photographs before they are sent
// and says early when one is too large (data-max-mb). The server decides.
import { el } from "./dom.js";

export function previews(doc) {
  doc.addEventListener("change", function (e) {
    const input = e.target;
    if (!input.hasAttribute || !input.hasAttribute("data-preview")) return;
    const box = input.closest(".file-box") || input.parentNode;
    const old = box.querySelector(".file-shots");
    if (old) old.remove();
    const max = parseFloat(input.getAttribute("data-max-mb")) || 10;
    const files = Array.prototype.slice.call(input.files);
    const large = files.filter(function (f) { return f.size > max * 1048576; });
    input.setCustomValidity(large.length ? "「" + large[0].name + "」超过 " + max + " MB，请换一张小一些的" : "");
    if (large.length) input.reportValidity();
    if (!files.length) return;
    const shots = el("div", "file-shots");
    files.forEach(function (f) { shots.appendChild(shot(f)); });
    box.appendChild(shots);
  });
}

function shot(file) {
  const fig = el("figure");
  if (/^image\//.test(file.type)) {
    const img = el("img");
    img.alt = "";
    img.src = URL.createObjectURL(file);
    img.onload = function () { URL.revokeObjectURL(img.src); };
    fig.appendChild(img);
  }
  fig.appendChild(el("figcaption", "", file.name + " · " + (file.size / 1048576).toFixed(1) + " MB"));
  return fig;
}
