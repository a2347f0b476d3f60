package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// bar shows how far a long job is, and how fast.
type bar struct {
	total int
	done  int
	begun time.Time
	drawn time.Time
}

func newBar(total int) *bar { return &bar{total: total, begun: time.Now()} }

const barWidth = 40

// set draws at most four times a second.
func (b *bar) set(done int) {
	b.done = done
	if done < b.total && time.Since(b.drawn) < 250*time.Millisecond {
		return
	}
	b.drawn = time.Now()
	full := barWidth * done / max(1, b.total)
	fmt.Fprintf(os.Stderr, "\r[%s%s] %d/%d  %.0f 件/秒 ", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done, b.total, b.rate())
}

func (b *bar) rate() float64 { return float64(b.done) / max(0.001, time.Since(b.begun).Seconds()) }

func (b *bar) end() {
	fmt.Fprintf(os.Stderr, "\n%d 件，用时 %.1f 秒，平均 %.0f 件/秒\n", b.done, time.Since(b.begun).Seconds(), b.rate())
}
