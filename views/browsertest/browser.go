// Package browsertest drives Debian's Chromium for tests: what a page looks like
// at a width, whether axe finds fault with it, whether every target is large
// enough, and whether the strict content policy was broken.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// The widths that each page must look right at: phone, tablet, desktop.
var Widths = []int64{390, 820, 1440}

// Browser is one tab. Its methods fail the test.
type Browser struct {
	tb  testing.TB
	ctx context.Context
}

// watcher collects what the content policy refuses and what scripts throw, from the first line of a page on.
const watcher = `window.__faults = [];
document.addEventListener("securitypolicyviolation", function (e) { __faults.push("policy " + e.violatedDirective + " " + e.blockedURI + " " + e.sourceFile + ":" + e.lineNumber); });
window.addEventListener("error", function (e) { __faults.push("error " + e.message); });
window.addEventListener("unhandledrejection", function (e) { __faults.push("rejected " + e.reason); });`

// Open starts a browser that ends with the test. Without Chromium the test is
// skipped, under CI it fails.
func Open(tb testing.TB) *Browser {
	tb.Helper()
	path := chromium(tb)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.ExecPath(path),
		chromedp.UserDataDir(tb.TempDir()), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, end := chromedp.NewContext(ctx)
	b := &Browser{tb: tb, ctx: ctx}
	tb.Cleanup(func() { end(); stop() })
	b.watch()
	return b
}

// Tab opens a second tab of the same browser for as long as the function runs:
// another page of the same person.
func (b *Browser) Tab(use func(*Browser)) {
	b.tb.Helper()
	ctx, end := chromedp.NewContext(b.ctx)
	tab := &Browser{tb: b.tb, ctx: ctx}
	tab.watch()
	use(tab)
	end() // only the tab in front paints
}

// watch starts the tab, which lives as long as its context, and makes each of its
// pages note its faults.
func (b *Browser) watch() {
	b.tb.Helper()
	if err := chromedp.Do(b.ctx); err != nil {
		b.tb.Fatal(err)
	}
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watcher})
		return err
	}))
}

func chromium(tb testing.TB) string {
	tb.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		tb.Fatal("no Chromium: browser tests are part of CI")
	}
	tb.Skip("no Chromium on this machine")
	return ""
}

// do gives each step a minute; a slow shared machine needs some of it.
func (b *Browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.tb.Fatal(err)
	}
}

// Size sets the width and height of the page in CSS pixels.
func (b *Browser) Size(width, height int64) {
	b.tb.Helper()
	b.do(chromedp.EmulateViewport(width, height))
}

// Go opens an address and waits until it is loaded.
func (b *Browser) Go(url string) {
	b.tb.Helper()
	b.do(chromedp.Navigate(url))
}

// With is the same tab reporting to another test.
func (b *Browser) With(tb testing.TB) *Browser { return &Browser{tb: tb, ctx: b.ctx} }

// Cookie sets a cookie of the site that is open; an empty value removes it.
func (b *Browser) Cookie(name, value string) {
	b.tb.Helper()
	here := Eval[string](b, "location.origin + '/'")
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if value == "" {
			_, err := cdp.Call(ctx, t, network.DeleteCookies, network.DeleteCookiesParams{Name: name, URL: here})
			return err
		}
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: here})
		return err
	}))
}

// Elder switches the 长辈版 on or off for the pages opened from now on.
func (b *Browser) Elder(on bool) {
	b.tb.Helper()
	value := ""
	if on {
		value = "1"
	}
	b.Cookie("elder", value)
}

// Click clicks the first element that matches the selector.
func (b *Browser) Click(selector string) {
	b.tb.Helper()
	b.there(selector)
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// there waits until something matches the selector, so that a failure names it, and
// brings it into view.
func (b *Browser) there(selector string) {
	b.tb.Helper()
	// In the middle of the window nothing that is fixed to its edges lies over it.
	b.Wait(fmt.Sprintf(`(function (e) {
		if (e) e.scrollIntoView({ block: "center", behavior: "instant" });
		return e !== null && document.readyState === "complete";
	})(document.querySelector(%q))`, selector))
}

// Type types text into the field that matches the selector.
func (b *Browser) Type(selector, text string) {
	b.tb.Helper()
	b.there(selector)
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Choose picks the option with that value in a select, as a person would.
func (b *Browser) Choose(selector, value string) {
	b.tb.Helper()
	if !Eval[bool](b, fmt.Sprintf(`(function () {
		const s = document.querySelector(%q);
		s.value = %q;
		s.dispatchEvent(new Event("input", { bubbles: true }));
		s.dispatchEvent(new Event("change", { bubbles: true }));
		return s.value === %q;
	})()`, selector, value, value)) {
		b.tb.Fatalf("%s has no option %q", selector, value)
	}
}

// Text gives the words of the first element that matches, without surrounding blanks.
func (b *Browser) Text(selector string) string {
	b.tb.Helper()
	return Eval[string](b, fmt.Sprintf(`((document.querySelector(%q) || {}).innerText || "").trim()`, selector))
}

// Press sends keys to whatever has the focus.
func (b *Browser) Press(keys string) {
	b.tb.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// Offline takes the network away, or gives it back; the page is told as well.
func (b *Browser) Offline(off bool) {
	b.tb.Helper()
	line := []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}}
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule,
			network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: line}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, network.OverrideNetworkState,
			network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
		return err
	}))
}

// Scripts switches JavaScript off or on for the pages opened from now on.
func (b *Browser) Scripts(on bool) {
	b.tb.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// Eval gives the value of a JavaScript expression, awaiting a promise.
func Eval[T any](b *Browser, js string) T {
	b.tb.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		b.tb.Fatalf("%s: %v", js, err)
	}
	return v
}

// Wait waits until the JavaScript condition holds, at most half a minute. It asks again
// and again, because a page that is just being replaced cannot answer.
func (b *Browser) Wait(condition string) {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	for tick := time.NewTicker(30 * time.Millisecond); ; {
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition))
		if err == nil && holds {
			tick.Stop()
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			b.tb.Fatalf("waited half a minute for %s: %v\non %s", condition, err, b.where())
		}
	}
}

// where tells which page is open and what it says, for a failure's message.
func (b *Browser) where() string {
	say, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.pathname + "\n" + (document.querySelector("main") || document.body).innerText.slice(0, 1500)`))
	if err != nil {
		return err.Error()
	}
	return say
}

// Shot writes a picture of the whole page, when a directory was asked for.
func (b *Browser) Shot(dir, name string) {
	b.tb.Helper()
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		b.tb.Fatal(err)
	}
}
