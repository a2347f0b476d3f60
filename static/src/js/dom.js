// Small shared tools. No destructuring and no spread: they must be lowered to
// what an old phone's web view understands.

// all lists the elements that match inside root, root itself included.
export function all(root, selector) {
  const found = Array.prototype.slice.call(root.querySelectorAll(selector));
  if (root.matches && root.matches(selector)) found.unshift(root);
  return found;
}

// el makes an element with a class, a text and children.
export function el(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  return node;
}

// button makes a plain button that calls back.
export function button(text, name, act) {
  const node = el("button", name, text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

// csrf finds the page's token: in the form, else in the head.
export function csrf(form) {
  const field = form && form.querySelector("input[name=csrf]");
  if (field) return field.value;
  const meta = document.querySelector("meta[name=csrf]");
  return meta ? meta.content : "";
}

// fieldValue reads what a person entered under a name: text, or the ticked boxes.
export function fieldValue(form, name) {
  const parts = all(form, "[name]").filter(function (f) { return f.name === name; });
  const values = [];
  parts.forEach(function (f) {
    if (f.type === "checkbox" || f.type === "radio") { if (f.checked) values.push(f.value); }
    else if (f.multiple && f.options) { all(f, "option").forEach(function (o) { if (o.selected) values.push(o.value); }); }
    else values.push(f.value);
  });
  return values;
}

// setFieldValue puts a list of values back.
export function setFieldValue(form, name, values) {
  all(form, "[name]").filter(function (f) { return f.name === name; }).forEach(function (f, i) {
    if (f.type === "checkbox" || f.type === "radio") f.checked = values.indexOf(f.value) >= 0;
    else if (f.multiple && f.options) all(f, "option").forEach(function (o) { o.selected = values.indexOf(o.value) >= 0; });
    else if (values[i] !== undefined) f.value = values[i];
    f.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// same compares two lists of values.
export function same(a, b) { return JSON.stringify(a) === JSON.stringify(b); }

// clock writes a time of today as 14:03.
export function clock(at) {
  const d = new Date(at);
  return ("0" + d.getHours()).slice(-2) + ":" + ("0" + d.getMinutes()).slice(-2);
}

// openDialog shows a dialog over the page, or says false where the browser has none.
export function openDialog(build) {
  const box = el("dialog", "dialog");
  if (!box.showModal) return false;
  build(box);
  document.body.appendChild(box);
  box.addEventListener("close", function () { box.remove(); });
  box.showModal();
  return true;
}
