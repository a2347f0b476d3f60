// Handwritten signature: only the pages that sign load this.
// <div data-sign><canvas></canvas><input type="hidden" name="signature">…</div>
import SignaturePad from "signature_pad";
import { all } from "./js/dom.js";

all(document, "[data-sign]").forEach(function (box) {
  const canvas = box.querySelector("canvas");
  const field = box.querySelector("input[type=hidden]");
  const pad = new SignaturePad(canvas, { penColor: "#17211f", minWidth: 1, maxWidth: 3.2 });
  const fit = function () {
    const strokes = pad.toData();
    const dots = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = canvas.offsetWidth * dots;
    canvas.height = canvas.offsetHeight * dots;
    canvas.getContext("2d").scale(dots, dots);
    pad.fromData(strokes);
  };
  fit();
  window.addEventListener("resize", fit);
  pad.addEventListener("endStroke", function () { field.value = pad.toDataURL("image/png"); });
  all(box, "[data-sign-clear]").forEach(function (b) {
    b.addEventListener("click", function () { pad.clear(); field.value = ""; });
  });
});
