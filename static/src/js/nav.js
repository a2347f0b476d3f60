// The desk's rail on a tablet: wide or narrow, remembered on this device.
// An open menu closes on Escape and on a tap beside it.
const key = "tiaojie:nav";

export function navigation(doc) {
  const html = doc.documentElement;
  try { if (localStorage.getItem(key) === "wide") html.setAttribute("data-nav", "wide"); } catch (e) { /* not remembered */ }
  tell(doc);
  doc.addEventListener("click", function (e) {
    if (e.target.closest("[data-nav-toggle]")) {
      const wide = html.getAttribute("data-nav") !== "wide";
      if (wide) html.setAttribute("data-nav", "wide"); else html.removeAttribute("data-nav");
      try { localStorage.setItem(key, wide ? "wide" : "rail"); } catch (err) { /* not remembered */ }
      tell(doc);
    }
    closeMenus(doc, e.target);
  });
  doc.addEventListener("keydown", function (e) {
    if (e.key !== "Escape") return;
    const open = doc.querySelector("details.site-menu[open]");
    if (open) { open.removeAttribute("open"); open.querySelector("summary").focus(); }
  });
}

function tell(doc) {
  const b = doc.querySelector("[data-nav-toggle]");
  if (b) b.setAttribute("aria-expanded", String(doc.documentElement.getAttribute("data-nav") === "wide"));
}

function closeMenus(doc, target) {
  Array.prototype.forEach.call(doc.querySelectorAll("details.site-menu[open]"), function (d) {
    if (!d.contains(target)) d.removeAttribute("open");
  });
}
