package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// The loads, by name; a growth load has the name of its page and smallMark.
const (
	hello     = "echo hello"
	rendered  = "list from memory"
	list      = "list"
	unchanged = "unchanged list"
	casePage  = "case page"
	search    = "search"
	market    = "marketplace"
	desk      = "desk"
	smallMark = " of 10,000"
)

// grown are the pages whose cost must not grow with the cases.
var grown = []string{market, list, search, casePage, desk}

func get(addr, path string, headers ...string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: " + addr + "\r\n" + strings.Join(append(headers, "\r\n"), "\r\n"))
}

// always sends the same bytes.
func always(raw []byte) func(int, int) []byte {
	return func(int, int) []byte { return raw }
}

var caseLink = regexp.MustCompile(`href="(/cases/[0-9A-Za-z_-]{8,})"`)

// loads makes a site's page loads.
func (s *site) loads(mark string) ([]request, error) {
	cookie := "Cookie: " + s.cookie
	page := func(name, path string) request {
		return request{name: name + mark, addr: s.addr, pid: s.pid(), bytes: always(get(s.addr, path, cookie)), want: []int{http.StatusOK}}
	}
	// The files of a page of closed cases, the bulk of any docket.
	res, body, err := s.read("/cases?state=agreed")
	if err != nil {
		return nil, err
	}
	var files [][]byte
	for _, m := range caseLink.FindAllStringSubmatch(body, -1) {
		files = append(files, get(s.addr, m[1], cookie))
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no case on the list page (%s)", res.Status)
	}
	file := page(casePage, "/")
	file.bytes = func(worker, turn int) []byte { return files[(worker*7+turn)%len(files)] }
	return []request{page(list, "/cases"), page(search, "/cases?q="+url.QueryEscape("物业")), file,
		page(market, "/mediators"), page(desk, "/desk")}, nil
}

// unchangedLoad asks again for the list that the browser has already.
func (s *site) unchangedLoad() (request, error) {
	res, _, err := s.read("/cases")
	if err != nil {
		return request{}, err
	}
	raw := get(s.addr, "/cases", "Cookie: "+s.cookie, "If-None-Match: "+res.Header.Get("ETag"))
	return request{name: unchanged, addr: s.addr, pid: s.pid(), bytes: always(raw), want: []int{http.StatusNotModified}}, nil
}

// pages runs all page loads in turns and makes the rows of the pages.
func (b *benchmark) pages(ctx context.Context) error {
	// The same browser asks the anchor: it sends the same cookies.
	anchor := func(name, path string) request {
		return request{name: name, addr: b.anchor.addr, pid: b.anchor.pid(), bytes: always(get(b.anchor.addr, path, "Cookie: "+b.big.cookie)), want: []int{http.StatusOK}}
	}
	loads, err := b.big.loads("")
	if err != nil {
		return err
	}
	loads = append(loads, anchor(hello, "/hello"), anchor(rendered, "/list"))
	if b.small != nil {
		more, err := b.small.loads(smallMark)
		if err != nil {
			return err
		}
		loads = append(loads, more...)
	}
	for range b.rounds {
		for _, r := range loads {
			if err := b.load(ctx, r); err != nil {
				return err
			}
		}
		// Last, with a tag just read: the server's own work may change cases in between.
		fresh, err := b.big.unchangedLoad()
		if err != nil {
			return err
		}
		if err := b.load(ctx, fresh); err != nil {
			return err
		}
	}
	b.pageRows()
	return nil
}

func (b *benchmark) load(ctx context.Context, r request) error {
	s, err := closedLoop(ctx, r, conns, b.span)
	if err != nil {
		return err
	}
	if s.done == 0 || s.failed > s.done/100 {
		return fmt.Errorf("%s: %d answers, %d failures", r.name, s.done, s.failed)
	}
	b.samples[r.name] = append(b.samples[r.name], s)
	return nil
}

// over is the median of one load's CPU time per request over another's, round by round.
func (b *benchmark) over(above, below string) (ratio float64, detail string) {
	var ratios, a, z []float64
	for i, s := range b.samples[above] {
		ratios = append(ratios, s.cpu/max(1, b.samples[below][i].cpu))
		a, z = append(a, s.cpu), append(z, b.samples[below][i].cpu)
	}
	return median(ratios), fmt.Sprintf("%.0f : %.0f µs CPU", median(a), median(z))
}

func (b *benchmark) pageRows() {
	add := func(name, above, below string, aim float64, s sense) {
		v, detail := b.over(above, below)
		b.row(name, v, aim, s, detail)
	}
	add("same page from memory / list page", rendered, list, .40, atLeast)
	add("echo hello / unchanged list page", hello, unchanged, .80, atLeast)
	add("search of two characters / list page", search, list, 1.2, atMost)
	add("echo hello / case page", hello, casePage, 0, figure)
	add("case page / list page", casePage, list, 0, figure)
	add("marketplace / list page", market, list, 0, figure)
	add("desk / list page", desk, list, 0, figure)
	if b.small == nil {
		return
	}
	for _, name := range grown {
		add(name+", growth from 10,000 cases", name, name+smallMark, 1.3, atMost)
	}
}

// storm are the accounts that sign in while others read.
var storm = []string{"mediator2", "mediator3", "mediator4", "mediator5", "mediator6", "roomlead", "trainer", "leader"}

// signIns measures what readers feel while eight people sign in again and again: passwords
// are hashed with much work and memory, and must not take the server from the readers.
// Readers come at a fixed rate, a quarter of what the server can do.
func (b *benchmark) signIns(ctx context.Context) error {
	var rates []float64
	for _, s := range b.samples[list] {
		rates = append(rates, s.rate())
	}
	rate := max(10, median(rates)/4)
	reader := request{name: "readers", addr: b.big.addr, pid: b.big.pid(), want: []int{http.StatusOK},
		bytes: always(get(b.big.addr, "/cases", "Cookie: "+b.big.cookie))}
	login, err := b.loginLoad()
	if err != nil {
		return err
	}
	var ratios, alone, beside, signed []float64
	for range b.rounds {
		calm, err := openLoop(ctx, reader, conns, rate, b.span)
		if err != nil {
			return err
		}
		logins := make(chan sample, 1)
		go func() {
			s, err := closedLoop(ctx, login, len(storm), b.span)
			if err != nil {
				s = sample{}
			}
			logins <- s
		}()
		busy, err := openLoop(ctx, reader, conns, rate, b.span)
		s := <-logins
		if err != nil {
			return err
		}
		if s.done == 0 || s.failed > 0 {
			return fmt.Errorf("signing in: %d times, %d failures", s.done, s.failed)
		}
		a, z := calm.quantile(.95), busy.quantile(.95)
		ratios = append(ratios, float64(z)/float64(a))
		alone, beside, signed = append(alone, ms(a)), append(beside, ms(z)), append(signed, s.rate())
	}
	b.row("readers' p95 beside 8 sign-ins / alone", median(ratios), 3, atMost,
		fmt.Sprintf("%.1f : %.1f ms at %.0f reads/s, %.0f sign-ins/s", median(beside), median(alone), rate, median(signed)))
	b.row("memory of its own after all this, MB", float64(memory(b.big.pid()))/(1<<20), 80, atMost, "RssAnon")
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// loginLoad signs in with right passwords, each time from another address.
func (b *benchmark) loginLoad() (request, error) {
	type visitor struct{ cookie, body string }
	var visitors []visitor
	for _, login := range storm {
		c, form, err := b.big.loginForm()
		if err != nil {
			return request{}, err
		}
		form.Set("login", login)
		visitors = append(visitors, visitor{b.big.cookiesOf(c), form.Encode()})
	}
	return request{name: "sign-ins", addr: b.big.addr, pid: b.big.pid(), want: []int{http.StatusSeeOther},
		bytes: func(worker, turn int) []byte {
			v := visitors[worker%len(visitors)]
			return fmt.Appendf(nil, "POST /login HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nX-Forwarded-For: 10.%d.%d.%d\r\n"+
				"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
				b.big.addr, v.cookie, worker, turn>>8&255, turn&255, len(v.body), v.body)
		}}, nil
}
