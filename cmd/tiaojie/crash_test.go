package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tiaojie/app"
	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/people"
)

const (
	crashRounds      = 20
	crashRoundsShort = 3
	crashTime        = time.Minute // a slow machine makes fewer rounds, at least the short ones
	crashResidents   = 6
	crashPassword    = "Demo-Crash-2026"
)

// TestKilledUnderLoadLosesNothing kills the running program in the middle of people's
// acts, again and again. What a person was told is done must be done afterwards; what
// was cut off without an answer and is sent again must be done once, never twice; and
// the check-up finds nothing wrong with what the killing left.
func TestKilledUnderLoadLosesNothing(t *testing.T) {
	rounds := crashRounds
	if testing.Short() {
		rounds = crashRoundsShort
	}
	seed := uint64(time.Now().UnixNano())
	if fixed, err := strconv.ParseUint(os.Getenv("CRASH_SEED"), 10, 64); err == nil {
		seed = fixed
	}
	t.Logf("CRASH_SEED=%d", seed)
	c := newCrash(t, rand.New(rand.NewPCG(seed, 1)))
	c.start()
	c.signIn()
	begun := time.Now()
	for round := range rounds {
		if round >= crashRoundsShort && time.Since(begun) > crashTime {
			t.Logf("%d rounds of %d: the machine is slow today", round, rounds)
			break
		}
		c.load(round)
		if round%2 == 0 { // the administrator looks first; otherwise the program finds the mess itself
			c.doctor()
		}
		c.start()
		c.count()
		c.sendAgain()
		c.track()
		c.doctor()
		c.settle()
	}
	answered, cut := c.tally()
	t.Logf("%d acts answered, %d cut off, of which %d had been stored", answered, cut, c.stored)
	if answered == 0 || cut == 0 && !testing.Short() {
		t.Fatalf("%d answered and %d cut off prove nothing", answered, cut)
	}
}

// crash is a street whose program is killed. Acts are the ledger of all that was asked.
type crash struct {
	t         *testing.T
	rng       *rand.Rand
	config    app.Config
	committee int64
	mediators []int64
	before    int // cases at the beginning
	clerk     *browser
	child     *child

	mu   sync.Mutex
	acts []*act

	seen   int // acts of earlier rounds
	stored int // acts carried out although their answer was cut off
}

// act is one thing that a person asked for.
type act struct {
	what         string // apply, register, accept, schedule
	by           *browser
	path         string
	form         url.Values
	answered     bool // before the program was killed
	again        bool // sent again after it
	number, code string
	file         string // address of a case at the desk
}

func newCrash(t *testing.T, rng *rand.Rand) *crash {
	t.Helper()
	config, err := app.LoadConfig()
	if err != nil {
		t.Fatal(err)
	}
	config.Data, config.Demo = t.TempDir(), true
	config.KeyFile = filepath.Join(config.Data, "keys", "keys.json")
	config.DatabaseURL = filepath.Join(config.Data, "tiaojie.db")
	c := &crash{t: t, rng: rng, config: config}
	c.must(fill(t.Context(), config, crashPassword, 20, nil))
	c.must(os.WriteFile(filepath.Join(config.Data, "demo-password"), []byte(crashPassword), 0o600))
	c.inside(func(a *app.App) {
		committees, err := a.People.Committees(t.Context(), a.DB)
		c.must(err)
		listed, err := a.People.Mediators(t.Context(), a.DB, people.MediatorFilter{State: people.Listed})
		c.must(err)
		c.committee = committees[0].ID
		for _, m := range listed {
			c.mediators = append(c.mediators, m.ID)
		}
		c.before = c.cases(a)
	})
	t.Cleanup(func() {
		if c.child != nil {
			c.child.kill()
		}
	})
	return c
}

func (c *crash) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// inside looks at the data folder beside the program.
func (c *crash) inside(look func(a *app.App)) {
	c.t.Helper()
	a, err := app.Open(c.t.Context(), c.config, logger(), false)
	c.must(err)
	defer func() { c.must(a.Close()) }()
	look(a)
}

func (c *crash) cases(a *app.App) int {
	counts, err := a.Docket.Counts(c.t.Context(), a.DB, docket.ScopeAll, "")
	c.must(err)
	n := 0
	for x := range maps.Values(counts) {
		n += x
	}
	return n
}

func (c *crash) start() {
	c.t.Helper()
	c.child = startChild(c.t, c.config.Data)
}

func (c *crash) signIn() {
	c.t.Helper()
	c.clerk = newBrowser()
	page, err := c.clerk.get(c.child.base + "/login?as=staff")
	c.must(err)
	form := page.form("/login")
	form.Set("login", "clerk")
	form.Set("password", crashPassword)
	if res, err := c.clerk.post(c.child.base+"/login", form); err != nil || res.status != http.StatusSeeOther {
		c.t.Fatalf("the clerk can't sign in: %d %v", res.status, err)
	}
}

// load lets residents and the clerk act until the program is killed, a chance moment
// after a chance number of answers.
func (c *crash) load(round int) {
	c.t.Helper()
	c.seen = len(c.acts)
	answers := make(chan struct{}, 10_000)
	base := c.child.base
	var wg sync.WaitGroup
	for i := range crashResidents {
		wg.Go(func() { c.resident(base, fmt.Sprintf("%02d%d", round, i), answers) })
	}
	wg.Go(func() { c.window(base, fmt.Sprintf("%02d9", round), answers) })
	for range 1 + c.rng.IntN(60) {
		select {
		case <-answers:
		case <-time.After(20 * time.Second):
			c.t.Errorf("round %d: nothing is answered", round)
		}
	}
	time.Sleep(time.Duration(c.rng.IntN(8000)) * time.Microsecond)
	c.child.kill()
	wg.Wait()
	if c.t.Failed() {
		c.t.FailNow()
	}
}

// resident walks through the four screens once, then asks again and again.
func (c *crash) resident(base, id string, answers chan<- struct{}) {
	b := newBrowser()
	for n := 0; ; n++ {
		form, err := b.wizard(base, fmt.Sprintf("%s%05d", id, n), n == 0)
		if err != nil && !errors.Is(err, errCut) {
			c.t.Error(err)
		}
		if err != nil || !c.send(base, &act{what: "apply", by: b, path: "/apply", form: form}, answers) {
			return
		}
	}
}

// window is the clerk, who registers both sides, accepts and sets a date.
func (c *crash) window(base, id string, answers chan<- struct{}) {
	for n := 0; ; n++ {
		page, err := c.clerk.get(base + "/cases/new")
		if err != nil {
			return
		}
		form := page.form("/cases/new")
		if form == nil {
			c.t.Errorf("/cases/new has no form:\n%s", page.body)
			return
		}
		story(form, fmt.Sprintf("%s%05d", id, n))
		for k, v := range map[string]string{"channel": "window", "origin": "party", "risk": "green", "other_agrees": "1"} {
			form.Set(k, v)
		}
		made := &act{what: "register", by: c.clerk, path: "/cases/new", form: form}
		if !c.send(base, made, answers) || !c.next(base, made.file, "accept", answers) || !c.next(base, made.file, "schedule", answers) {
			return
		}
	}
}

var slotMark = regexp.MustCompile(`name="slot"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="slot"`)

// next takes one step with a case, as its page offers it.
func (c *crash) next(base, file, verb string, answers chan<- struct{}) bool {
	page, err := c.clerk.get(base + file + "?open=schedule&room=" + fmt.Sprint(docket.Any))
	if err != nil {
		return false
	}
	a := &act{what: verb, by: c.clerk, path: file + "/" + verb, form: page.form(file + "/" + verb), file: file}
	switch slots := slotMark.FindAllStringSubmatch(page.body, -1); {
	case a.form == nil:
		c.t.Errorf("%s can't be done at the desk:\n%s", verb, page.body)
		return false
	case verb == "accept":
		a.form.Set("committee", fmt.Sprint(c.committee))
		a.form.Set("mediator", fmt.Sprint(c.mediators[len(c.ledger())%len(c.mediators)]))
	case len(slots) == 0:
		return true // this mediator is booked out
	default:
		a.form.Set("slot", slots[0][1]+slots[0][2])
	}
	return c.send(base, a, answers)
}

func (c *crash) ledger() []*act {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.acts)
}

// send carries an act to the program and notes the answer; false when it was cut off.
func (c *crash) send(base string, a *act, answers chan<- struct{}) bool {
	c.mu.Lock()
	c.acts = append(c.acts, a)
	c.mu.Unlock()
	res, err := a.by.post(base+a.path, a.form)
	if err != nil {
		return false
	}
	if !a.take(res) {
		c.t.Errorf("%s is answered %d:\n%s", a.what, res.status, res.body)
		return false
	}
	a.answered = true
	answers <- struct{}{}
	return true
}

var receiptMark = regexp.MustCompile(`(?s)<dd>(TJ\d+)</dd>.*?<dd>(\d{4} \d{4} \d{4} \d{4})</dd>`)

// take reads what an answer promises; false when it is none of the right ones.
func (a *act) take(res answer) bool {
	if a.what == "apply" {
		m := receiptMark.FindStringSubmatch(res.body)
		if m == nil || res.status != http.StatusOK {
			return false
		}
		a.number, a.code = m[1], m[2]
		return true
	}
	if a.what == "register" {
		a.file = res.location
	}
	return res.status == http.StatusSeeOther
}

// count sees what the killing left: at least what was answered, at most what was asked.
func (c *crash) count() {
	c.t.Helper()
	asked, promised := 0, 0
	for _, a := range c.acts {
		if a.what == "apply" || a.what == "register" {
			asked++
			if a.answered || a.again {
				promised++
			}
		}
	}
	c.inside(func(a *app.App) {
		got := c.cases(a) - c.before
		if got < promised || got > asked {
			c.t.Errorf("%d cases are left of %d promised and %d asked for", got, promised, asked)
		}
		c.stored += got - promised
	})
}

// sendAgain repeats what was cut off, twice, and some of what was answered: each form
// leads to the one case that it made.
func (c *crash) sendAgain() {
	c.t.Helper()
	for i, a := range c.acts[c.seen:] {
		switch a.what {
		case "apply", "register":
			if !a.answered {
				c.repeat(a)
			}
			if !a.answered || i%5 == 0 {
				number, code, file := a.number, a.code, a.file
				c.repeat(a)
				if a.number != number || a.code != code || a.file != file {
					c.t.Errorf("%s sent again leads to %s %s, first to %s %s", a.what, a.number, a.file, number, file)
				}
			}
		default: // a case's version lets a step be taken once
			if a.answered {
				continue
			}
			res, err := a.by.post(c.child.base+a.path, a.form)
			a.again = true
			if err != nil || !a.take(res) && res.status != http.StatusConflict {
				c.t.Errorf("%s sent again is answered %d %v:\n%s", a.what, res.status, err, res.body)
			}
			if res.status == http.StatusConflict {
				c.stored++
			}
		}
	}
}

func (c *crash) repeat(a *act) {
	c.t.Helper()
	res, err := a.by.post(c.child.base+a.path, a.form)
	a.again = true
	if err != nil || !a.take(res) {
		c.t.Fatalf("%s sent again is answered %d %v:\n%s", a.what, res.status, err, res.body)
	}
}

// track finds each request of the round by the number and code that its sender holds.
func (c *crash) track() {
	c.t.Helper()
	b := newBrowser()
	page, err := b.get(c.child.base + "/track")
	c.must(err)
	form := page.form("/track")
	for _, a := range c.acts[c.seen:] {
		if a.what != "apply" {
			continue
		}
		form.Set("number", a.number)
		form.Set("code", a.code)
		res, err := b.post(c.child.base+"/track", form)
		c.must(err)
		if res.status != http.StatusOK || !strings.Contains(res.body, a.number) {
			c.t.Errorf("%s was promised (answered %v, again %v) and is not found: %d", a.number, a.answered, a.again, res.status)
		}
	}
}

// settle counts: as many cases as forms, and each step of the clerk's taken once.
func (c *crash) settle() {
	c.t.Helper()
	c.inside(func(a *app.App) {
		forms, numbers := 0, map[string]bool{}
		for _, x := range c.acts {
			switch x.what {
			case "apply":
				forms++
				numbers[x.number] = true
			case "register":
				forms++
				numbers[x.file] = true
			default:
				c.stepTaken(a, x)
			}
		}
		if got := c.cases(a) - c.before; got != forms || len(numbers) != forms {
			c.t.Errorf("%d forms made %d cases with %d numbers", forms, got, len(numbers))
		}
	})
	if c.t.Failed() {
		c.t.FailNow()
	}
}

func (c *crash) stepTaken(a *app.App, x *act) {
	f, err := a.Docket.Page(c.t.Context(), access.Actor{AccountID: 1, Roles: []access.Role{access.Clerk}}, filepath.Base(x.file))
	if err != nil {
		c.t.Errorf("%s of %s: %v", x.what, x.file, err)
		return
	}
	live := 0
	for _, s := range f.Sessions {
		if s.Live() {
			live++
		}
	}
	switch {
	case x.what == "accept" && f.Case.Number == nil:
		c.t.Errorf("%s was accepted (answered %v) and is %s without a number", x.file, x.answered, f.Case.State)
	case x.what == "schedule" && (live != 1 || len(f.Sessions) != 1):
		c.t.Errorf("%s got a date (answered %v) and has %d, %d of them standing", x.file, x.answered, len(f.Sessions), live)
	}
}

func (c *crash) tally() (answered, cut int) {
	for _, a := range c.acts {
		if a.answered {
			answered++
		} else {
			cut++
		}
	}
	return answered, cut
}
