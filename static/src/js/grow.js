// textarea[data-grow] is as tall as its text: nothing typed is scrolled out of sight.
import { all } from "./dom.js";

export function growing(root) {
  all(root, "textarea[data-grow]").forEach(function (field) {
    fit(field);
    field.addEventListener("input", function () { fit(field); });
  });
}

// fit sets the height through the object model, which the content policy allows.
function fit(field) {
  field.style.height = "auto";
  field.style.height = field.scrollHeight + field.offsetHeight - field.clientHeight + "px";
}
