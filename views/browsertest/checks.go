package browsertest

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
)

// axeSource is the accessibility checker, committed beside the assets.
var axeSource = sync.OnceValues(func() ([]byte, error) {
	_, here, _, _ := runtime.Caller(0)
	return os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", "static", "testdata", "axe.min.js"))
})

// Check looks at the open page as a whole: nothing serious by axe, targets of 44 CSS
// pixels (60 on residents' pages in the 长辈版), nothing wider than the window, the
// policy unbroken and no script failed.
func (b *Browser) Check(name string) {
	b.tb.Helper()
	least := 44
	if Eval[bool](b, "document.documentElement.dataset.mode === 'elder' && !document.querySelector('.desk')") {
		least = 60
	}
	b.Fits(name)
	b.Targets(name, least)
	b.Axe(name)
	b.Faultless(name)
}

// Axe fails the test for each serious or critical fault that axe finds.
func (b *Browser) Axe(name string) {
	b.tb.Helper()
	src, err := axeSource()
	if err != nil {
		b.tb.Fatal(err)
	}
	if !Eval[bool](b, "!!window.axe") {
		Eval[bool](b, string(src)+";true")
	}
	faults := Eval[[]string](b, `axe.run(document, {resultTypes: ["violations"]}).then(function (r) {
		const out = [];
		r.violations.forEach(function (v) {
			if (v.impact !== "serious" && v.impact !== "critical") return;
			v.nodes.forEach(function (n) { out.push(v.id + ": " + n.target.join(" ") + " — " + (n.any.concat(n.all, n.none)[0] || {}).message); });
		});
		return out;
	})`)
	for _, f := range faults {
		b.tb.Errorf("%s: axe %s", name, f)
	}
}

// Targets fails the test for each thing to press that is smaller than min CSS
// pixels either way. Links inside running text are free, as in WCAG 2.5.8.
func (b *Browser) Targets(name string, min int) {
	b.tb.Helper()
	small := Eval[[]string](b, `(function (min) {
		const out = [];
		document.querySelectorAll("a[href], button, select, textarea, summary, input:not([type=hidden])").forEach(function (e) {
			const hit = e.closest("label") || e;
			const r = hit.getBoundingClientRect();
			if (!r.width || !r.height || e.closest(".skip, .prose") || getComputedStyle(e).visibility === "hidden") return;
			if (e.tagName === "A" && getComputedStyle(e).display === "inline") {
				const card = e.closest(".card-link");
				if (card && card.getBoundingClientRect().height >= min) return;
				if (e.closest("p, li, dd") && e.parentNode.textContent.trim() !== e.textContent.trim()) return;
			}
			if (r.height < min - 0.5 || r.width < min - 0.5) out.push(e.tagName + "." + e.className + " " + Math.round(r.width) + "×" + Math.round(r.height) + " " + (e.textContent || e.name || "").trim().slice(0, 20));
		});
		return out;
	})(`+strconv.Itoa(min)+`)`)
	for _, s := range small {
		b.tb.Errorf("%s: target under %d px: %s", name, min, s)
	}
}

// SmallestText fails the test for each visible text smaller than min CSS pixels,
// or when none of the page's text reaches largest.
func (b *Browser) SmallestText(name string, min, largest int) {
	b.tb.Helper()
	faults := Eval[[]string](b, `(function (min, largest) {
		const out = [], seen = {};
		let top = 0;
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) {
			const e = walk.currentNode.parentElement;
			if (!walk.currentNode.data.trim() || !e.getClientRects().length || e.closest(".sr, script, .seal, .avatar")) continue;
			const px = parseFloat(getComputedStyle(e).fontSize);
			top = Math.max(top, px);
			const key = e.tagName + "." + e.className + " " + px;
			if (px < min && !seen[key]) { seen[key] = true; out.push(key + "px " + walk.currentNode.data.trim().slice(0, 16)); }
		}
		if (top < largest) out.push("largest text is " + top + "px");
		return out;
	})(`+strconv.Itoa(min)+`, `+strconv.Itoa(largest)+`)`)
	for _, f := range faults {
		b.tb.Errorf("%s: text: %s", name, f)
	}
}

// Fits fails the test when the page is wider than the window.
func (b *Browser) Fits(name string) {
	b.tb.Helper()
	if wide := Eval[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
		b.tb.Errorf("%s: %d px wider than the window", name, wide)
	}
}

// Faultless fails the test for each refusal of the content policy and each
// script error since the page was opened.
func (b *Browser) Faultless(name string) {
	b.tb.Helper()
	for _, f := range Eval[[]string](b, "window.__faults") {
		b.tb.Errorf("%s: %s", name, f)
	}
}
