package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// request is one kind of request of a load: the bytes on the wire, made anew for
// each turn when body is set.
type request struct {
	name  string
	addr  string
	pid   int // the server whose CPU time is counted
	bytes func(worker, turn int) []byte
	want  []int // statuses that count as success
}

// sample is what one round of one request gave.
type sample struct {
	done    int
	failed  int
	seconds float64
	cpu     float64 // µs of the server per request
	waits   []time.Duration
}

func (s sample) rate() float64 { return float64(s.done) / s.seconds }

// quantile gives the q-quantile of the waits.
func (s sample) quantile(q float64) time.Duration {
	if len(s.waits) == 0 {
		return 0
	}
	return s.waits[min(len(s.waits)-1, int(q*float64(len(s.waits))))]
}

// closedLoop keeps n connections busy for d: the load for throughput and CPU per
// request. The client is bare sockets, since it shares two cores with the server.
func closedLoop(ctx context.Context, r request, n int, d time.Duration) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	results := make([]sample, n)
	errs := make([]error, n)
	var wg sync.WaitGroup
	before, begun := cpuTime(r.pid), time.Now()
	for w := range n {
		wg.Go(func() { results[w], errs[w] = worker(ctx, r, w, func(int) time.Time { return time.Time{} }) })
	}
	wg.Wait()
	return merge(results, errs, time.Since(begun), cpuTime(r.pid)-before)
}

// openLoop sends at a fixed rate whether or not answers come, so that a stalled
// server is felt as its users would feel it.
func openLoop(ctx context.Context, r request, n int, perSecond float64, d time.Duration) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, d+10*time.Second)
	defer cancel()
	begun, before := time.Now(), cpuTime(r.pid)
	gap := time.Duration(float64(time.Second) / perSecond)
	total := int(d.Seconds() * perSecond)
	results := make([]sample, n)
	errs := make([]error, n)
	var wg sync.WaitGroup
	for w := range n {
		wg.Go(func() {
			results[w], errs[w] = worker(ctx, r, w, func(turn int) time.Time {
				k := turn*n + w
				if k >= total {
					return begun.Add(-time.Hour)
				}
				return begun.Add(time.Duration(k) * gap)
			})
		})
	}
	wg.Wait()
	return merge(results, errs, time.Since(begun), cpuTime(r.pid)-before)
}

// worker drives one connection. due gives when a turn should begin: zero means at
// once, a time long past means stop. Waits count from when a turn was due.
func worker(ctx context.Context, r request, w int, due func(turn int) time.Time) (sample, error) {
	var s sample
	c, err := dial(r.addr)
	if err != nil {
		return s, err
	}
	defer func() { c.Close() }()
	for turn := 0; ctx.Err() == nil; turn++ {
		begun := time.Now()
		if at := due(turn); !at.IsZero() {
			if time.Since(at) > 30*time.Minute {
				return s, nil
			}
			time.Sleep(time.Until(at))
			begun = at
		}
		status, err := c.roundTrip(r.bytes(w, turn))
		if err != nil {
			s.failed++
			c.Close()
			if c, err = dial(r.addr); err != nil {
				return s, err
			}
			continue
		}
		if !slices.Contains(r.want, status) {
			s.failed++
			continue
		}
		s.done++
		s.waits = append(s.waits, time.Since(begun))
	}
	return s, nil
}

func merge(parts []sample, errs []error, took time.Duration, cpu time.Duration) (sample, error) {
	var out sample
	for i, p := range parts {
		if errs[i] != nil {
			return out, errs[i]
		}
		out.done += p.done
		out.failed += p.failed
		out.waits = append(out.waits, p.waits...)
	}
	out.seconds = took.Seconds()
	slices.Sort(out.waits)
	if out.done > 0 {
		out.cpu = float64(cpu.Microseconds()) / float64(out.done)
	}
	return out, nil
}

// conn is a bare HTTP/1.1 connection.
type conn struct {
	net.Conn
	r *bufio.Reader
}

func dial(addr string) (*conn, error) {
	c, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, r: bufio.NewReaderSize(c, 64<<10)}, nil
}

func (c *conn) roundTrip(req []byte) (status int, err error) {
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return 0, err
	}
	if _, err := c.Write(req); err != nil {
		return 0, err
	}
	line, err := c.r.ReadString('\n')
	if err != nil {
		return 0, err
	}
	if _, err := fmt.Sscanf(line, "HTTP/1.1 %d", &status); err != nil {
		return 0, err
	}
	head, err := textproto.NewReader(c.r).ReadMIMEHeader()
	if err != nil {
		return 0, err
	}
	if n, err := strconv.ParseInt(head.Get("Content-Length"), 10, 64); err == nil {
		_, err = io.CopyN(io.Discard, c.r, n)
		return status, err
	}
	if head.Get("Transfer-Encoding") == "chunked" {
		return status, fmt.Errorf("an answer without a length")
	}
	return status, nil
}

// ticksPerSecond is Linux's USER_HZ.
const ticksPerSecond = 100

// cpuTime is the user and system time a process has used.
func cpuTime(pid int) time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(f[11], 10, 64)
	system, _ := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * time.Second / ticksPerSecond
}

// memory is a process's resident memory that is its own, in bytes: mapped file
// pages belong to the page cache.
func memory(pid int) int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(raw), "\n") {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kb << 10
		}
	}
	return 0
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(values))
	return s[len(s)/2]
}
