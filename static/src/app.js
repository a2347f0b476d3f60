// Everything here improves a page that already works without it.
import htmx from "htmx.org/dist/htmx.esm.js";
import { autosave } from "./js/autosave.js";
import { autosubmit } from "./js/autosubmit.js";
import { confirmations } from "./js/confirm.js";
import { copying } from "./js/copy.js";
import { countdowns } from "./js/countdown.js";
import { flashes } from "./js/flash.js";
import { focusErrors } from "./js/errors.js";
import { growing } from "./js/grow.js";
import { inserting } from "./js/insert.js";
import { keeping } from "./js/keep.js";
import { leaving } from "./js/leaving.js";
import { navigation } from "./js/nav.js";
import { once } from "./js/once.js";
import { picking } from "./js/pick.js";
import { previews } from "./js/preview.js";
import { printing } from "./js/print.js";
import { reading } from "./js/reading.js";
import { rows } from "./js/rows.js";
import { shortcuts } from "./js/shortcuts.js";

// The strict content policy forbids eval and injected styles; a refused form
// (422) and a conflict (409) come back as a page that has to be shown.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // no personal page in localStorage
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "4(09|22)", swap: true, error: false },
  { code: "[45]..", swap: false, error: true },
];
window.htmx = htmx;

document.documentElement.classList.add("js");

// Listeners on the document, once; they also serve what htmx brings in later.
[confirmations, autosubmit, copying, flashes, inserting, leaving, navigation, picking, previews, printing, rows, shortcuts, once].forEach(function (start) { start(document); });

// Parts that look at each element of a page or of a swapped piece.
htmx.onLoad(function (root) {
  [autosave, keeping, growing, countdowns, focusErrors, reading].forEach(function (start) { start(root); });
});
