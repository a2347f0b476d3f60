package doc

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"weak"

	"tiaojie/app/papers/doc/truetype"
	"tiaojie/content/fonts"
)

// cut is one compressed font file. Its outlines are on the heap only while some paper is being
// set: the weak pointer lets them go afterwards, so an idle server carries none.
type cut struct {
	name string
	path string // an operator's own font on disk; empty for the embedded ones
	mu   sync.Mutex
	font weak.Pointer[truetype.Font]
}

// stretch is a cut that serves the code points from first up to the next stretch.
type stretch struct {
	first rune
	cut   *cut
}

// Fonts is the stack of typefaces papers are set in. One per program; safe for concurrent use.
type Fonts struct {
	song, bold, ming *cut
	stretches        []stretch
	extra            []*cut
}

// NewFonts gives the embedded typefaces and, after them, further TrueType files on disk for
// characters the embedded ones lack (Debian's HanaMinB.ttf holds all of Extension B to F).
func NewFonts(extra ...string) *Fonts {
	embedded := func(name string) *cut { return &cut{name: name} }
	f := &Fonts{song: embedded("song"), bold: embedded("bold"), ming: embedded("ming")}
	for _, first := range []rune{0x3400, 0x3c00, 0x4400, 0x4e00, 0x5600, 0x5e00, 0x6600, 0x6e00, 0x7600, 0x7e00, 0x8600, 0x8e00, 0x9600, 0xf900, 0x20000} {
		f.stretches = append(f.stretches, stretch{first, embedded(fmt.Sprintf("song-%x", first))})
	}
	for _, path := range extra {
		f.extra = append(f.extra, &cut{name: path, path: path})
	}
	return f
}

// Check reads every font once and tells the first that cannot be used.
func (f *Fonts) Check() error {
	all := append([]*cut{f.song, f.bold, f.ming}, f.extra...)
	for _, s := range f.stretches {
		all = append(all, s.cut)
	}
	for _, c := range all {
		if _, err := c.load(); err != nil {
			return err
		}
	}
	return nil
}

func (c *cut) load() (*truetype.Font, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.font.Value(); f != nil {
		return f, nil
	}
	data, err := c.read()
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", c.name, err)
	}
	f, err := truetype.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", c.name, err)
	}
	c.font = weak.Make(f)
	return f, nil
}

func (c *cut) read() ([]byte, error) {
	if c.path != "" {
		return os.ReadFile(c.path)
	}
	return fonts.Files.ReadFile(c.name + ".woff2")
}

// lease holds the fonts one file uses for as long as it is being made.
type lease struct {
	fonts *Fonts
	held  map[*cut]*truetype.Font
	found map[styled]glyph
}

type styled struct {
	r    rune
	bold bool
}

// glyph is a character in the font that has it. A zero cut means that none has.
type glyph struct {
	cut   *cut
	width float64 // in type sizes
}

func (f *Fonts) lease() *lease {
	return &lease{f, map[*cut]*truetype.Font{}, map[styled]glyph{}}
}

func (l *lease) font(c *cut) (*truetype.Font, error) {
	if f := l.held[c]; f != nil {
		return f, nil
	}
	f, err := c.load()
	if err == nil {
		l.held[c] = f
	}
	return f, err
}

// find looks for a character in the fonts that may have it, the best looking first.
func (l *lease) find(r rune, bold bool) (glyph, error) {
	key := styled{r, bold}
	if g, ok := l.found[key]; ok {
		return g, nil
	}
	var g glyph
	for _, c := range l.fonts.candidates(r, bold) {
		f, err := l.font(c)
		if err != nil {
			return glyph{}, err
		}
		if id := f.Glyph(r); id != 0 {
			g = glyph{c, float64(f.Advance(id)) / 1000}
			break
		}
	}
	l.found[key] = g
	return g, nil
}

func (f *Fonts) candidates(r rune, bold bool) []*cut {
	var list []*cut
	if bold {
		list = append(list, f.bold)
	}
	if r < 0x10000 {
		list = append(list, f.song)
	}
	for i := len(f.stretches) - 1; i >= 0; i-- {
		if s := f.stretches[i]; r >= s.first {
			list = append(list, s.cut)
			break
		}
	}
	if r > 0xffff || r >= 0x2600 && r < 0x2700 || r == 0xfffd {
		list = append(list, f.ming)
	}
	return append(list, f.extra...)
}

// MissingError tells that a paper holds characters no font has. Nothing was printed.
type MissingError struct{ Runes []rune }

func (e *MissingError) Error() string {
	var b strings.Builder
	b.WriteString("字库缺少以下字符，未打印：")
	for i, r := range e.Runes {
		if i > 0 {
			b.WriteString("、")
		}
		fmt.Fprintf(&b, "%c（U+%04X）", r, r)
	}
	return b.String()
}

// Missing returns the characters of a paper that no font has, each once, in reading order.
func (f *Fonts) Missing(d Document) ([]rune, error) { return f.lease().missing(d) }

func (l *lease) missing(d Document) ([]rune, error) {
	var none []rune
	seen := map[rune]bool{'\n': true}
	for _, r := range Text(d) + oneLine(d.Header) {
		if seen[r] {
			continue
		}
		seen[r] = true
		g, err := l.find(r, false)
		if err != nil {
			return nil, err
		}
		if g.cut == nil {
			none = append(none, r)
		}
	}
	return none, nil
}
