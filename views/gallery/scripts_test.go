package gallery_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tiaojie/views/browsertest"
)

// notebook is a server that saves fields one by one, each with its version.
type notebook struct {
	mu       sync.Mutex
	text     map[string]string
	version  map[string]int
	submits  chan struct{}
	lastCSRF string
	down     atomic.Bool // hangs up, as a lost network does
}

func newNotebook() *notebook {
	return &notebook{text: map[string]string{}, version: map[string]int{"right": 1, "claim": 3, "fact": 2}, submits: make(chan struct{}, 9)}
}

func (n *notebook) save(w http.ResponseWriter, r *http.Request) {
	if n.down.Load() {
		panic(http.ErrAbortHandler)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	field := r.FormValue("field")
	n.lastCSRF = r.PostFormValue("csrf")
	w.Header().Set("Content-Type", "application/json")
	if v, _ := strconv.Atoi(r.FormValue("version")); v != n.version[field] {
		w.WriteHeader(http.StatusConflict)
		_ = json.NewEncoder(w).Encode(map[string]any{"conflict": "/difference"})
		return
	}
	n.version[field]++
	n.text[field] = r.FormValue("value")
	_ = json.NewEncoder(w).Encode(map[string]any{"saved": "14:03", "version": n.version[field]})
}

func (n *notebook) submit(w http.ResponseWriter, r *http.Request) {
	n.submits <- struct{}{}
	http.Redirect(w, r, "/cases/", http.StatusSeeOther)
}

func (n *notebook) read(field string) (string, int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text[field], n.version[field]
}

func open(t *testing.T) (*browsertest.Browser, *notebook, string) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	n := newNotebook()
	base := serve(t, map[string]http.HandlerFunc{"POST /autosave": n.save, "POST /cases/x/accept": n.submit})
	b := browsertest.Open(t)
	b.Size(820, 1100)
	return b, n, base
}

const record = "/desk/sessions/one/"

const status = "document.querySelector('[data-autosave-status]').dataset.state"

// A typed sentence reaches the server with its version and the token, and the page says when.
func TestAutosave(t *testing.T) {
	b, n, base := open(t)
	b.Go(base + record)
	b.Type("#f-claim", "另有录音。")
	b.Wait(status + " === 'saved' && Object.keys(localStorage).length === 0")
	text, version := n.read("claim")
	if want := browsertest.Eval[string](b, "document.getElementById('f-claim').value"); text != want || version <= 3 {
		t.Errorf("saved %q, version %d; the page shows %q", text, version, want)
	}
	if n.lastCSRF != "csrf" {
		t.Errorf("token %q", n.lastCSRF)
	}
	if say := browsertest.Eval[string](b, "document.querySelector('[data-autosave-status]').textContent"); say != "已保存 14:03" {
		t.Errorf("says %q", say)
	}
	b.Faultless("autosave")
}

// The network goes in mid-sentence: the page says so, keeps the words, and sends
// them by itself when it is back.
func TestAutosaveOverLostNetwork(t *testing.T) {
	b, n, base := open(t)
	b.Go(base + record)
	b.Offline(true)
	b.Type("#f-fact", "第二段")
	b.Wait(status + " === 'offline'")
	b.Type("#f-fact", "接着写")
	if text, _ := n.read("fact"); text != "" {
		t.Fatalf("saved without a network: %q", text)
	}
	b.Offline(false)
	b.Wait(status + " === 'saved' && Object.keys(localStorage).length === 0")
	want := browsertest.Eval[string](b, "document.getElementById('f-fact').value")
	if text, _ := n.read("fact"); text != want {
		t.Errorf("saved %q, typed %q", text, want)
	}
}

// The tablet dies while the network is away: the next opening offers every word.
func TestRestoreAfterDeath(t *testing.T) {
	b, n, base := open(t)
	b.Go(base + record)
	n.down.Store(true)
	b.Type("#f-claim", "断网时写的字")
	b.Wait(status + " === 'offline'")
	want := browsertest.Eval[string](b, "document.getElementById('f-claim').value")
	b.Go(base + "/track/") // its last try, while it goes, fails too
	n.down.Store(false)
	b.Go(base + record)
	b.Wait("document.querySelector('[data-testid=restore]') !== null")
	b.Shot(*shots, "restore-820")
	b.Axe("restore")
	b.Click("[data-testid=restore] .btn-primary")
	b.Wait(status + " === 'saved' && Object.keys(localStorage).length === 0")
	if text, _ := n.read("claim"); text != want {
		t.Errorf("restored %q, typed %q", text, want)
	}
}

// Somebody else saved first: nothing is overwritten, the words stay, and the way
// to the difference page stands on the page.
func TestAutosaveConflict(t *testing.T) {
	b, n, base := open(t)
	b.Go(base + record)
	n.mu.Lock()
	n.version["claim"], n.text["claim"] = 9, "别人写的"
	n.mu.Unlock()
	b.Type("#f-claim", "我写的")
	b.Wait(status + " === 'conflict'")
	if text, _ := n.read("claim"); text != "别人写的" {
		t.Errorf("overwritten with %q", text)
	}
	if href := browsertest.Eval[string](b, "document.querySelector('[data-autosave-status] a').getAttribute('href')"); href != "/difference" {
		t.Errorf("leads to %q", href)
	}
	if kept := browsertest.Eval[int](b, "Object.keys(localStorage).length"); kept == 0 {
		t.Error("the words are not kept on the device")
	}
	b.Axe("conflict")
}

// A question stands before an act that cannot be taken back: no is no, yes goes once.
func TestConfirm(t *testing.T) {
	b, n, base := open(t)
	b.Go(base + "/cases/")
	b.Click("#accept")
	b.Wait("document.querySelector('dialog[open]') !== null")
	b.Shot(*shots, "confirm-820")
	b.Axe("confirm")
	b.Click("dialog .btn-plain")
	b.Wait("document.querySelector('dialog') === null")
	if len(n.submits) != 0 {
		t.Fatal("refused, yet sent")
	}
	b.Click("#accept")
	b.Click("dialog .btn-primary")
	select {
	case <-n.submits:
	case <-time.After(time.Minute):
		t.Fatal("agreed, yet not sent")
	}
	b.Wait("document.querySelector('dialog') === null && document.readyState === 'complete'")
	if len(n.submits) != 0 {
		t.Error("sent twice")
	}
}

// The rows can be walked and the sheet of keys opened without a mouse.
func TestKeyboard(t *testing.T) {
	b, _, base := open(t)
	b.Go(base + "/cases/")
	b.Press("jj")
	if at := browsertest.Eval[int](b, "[...document.querySelectorAll('tbody .row-link')].indexOf(document.activeElement)"); at != 1 {
		t.Errorf("two steps down stand on row %d", at)
	}
	b.Press("/")
	if name := browsertest.Eval[string](b, "document.activeElement.name"); name != "q" {
		t.Errorf("/ leads to %q", name)
	}
	browsertest.Eval[bool](b, "document.activeElement.blur(), true")
	b.Press("?")
	b.Wait("document.querySelector('dialog[open] .keys') !== null")
	b.Axe("keys")
	b.Faultless("keyboard")
}

// A resident's web view closes in the middle of the story: the next opening
// offers it, and a form that was sent leaves nothing on the device.
func TestTypedFormIsKeptUntilSent(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	base := serve(t, map[string]http.HandlerFunc{"POST /apply": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/apply/done/", http.StatusSeeOther)
	}})
	b := browsertest.Open(t)
	b.Size(390, 800)
	b.Go(base + "/apply/")
	b.Type("#f-story", "楼上漏水,已经三天。")
	b.Go(base + "/track/")
	b.Go(base + "/apply/")
	b.Wait("document.querySelector('[data-testid=restore]') !== null")
	b.Targets("restore", 44)
	b.Click("[data-testid=restore] .btn-primary")
	b.Wait("document.getElementById('f-story').value === '楼上漏水,已经三天。'")
	b.Click("#happened [type=submit]")
	b.Wait("location.pathname === '/apply/done/' && Object.keys(localStorage).length === 0")
	b.Go(base + "/apply/")
	b.Wait("document.documentElement.classList.contains('js')")
	if browsertest.Eval[bool](b, "document.querySelector('[data-testid=restore]') !== null") {
		t.Error("offers what was sent")
	}
	b.Faultless("keep")
}

// Without JavaScript nothing that needs it is shown, and the ways on are plain links and forms.
func TestWithoutScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	base := serve(t, nil)
	b := browsertest.Open(t)
	b.Size(390, 800)
	b.Scripts(false)
	b.Go(base + "/apply/done/")
	b.Shot(*shots, "noscript-390")
	if n := browsertest.Eval[int](b, "[...document.querySelectorAll('.js-only')].filter(e => e.getClientRects().length).length"); n != 0 {
		t.Errorf("%d dead buttons", n)
	}
	b.Click("[data-testid=elder]")
	b.Wait("document.documentElement.dataset.mode === 'elder' && location.pathname === '/elder/apply/done/'")
}
