package rota_test

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"tiaojie/app/rota"
)

// lpWriter writes a planning task as a mixed-integer program in CPLEX LP format, from the public meaning
// of the task alone: nothing of the planner's own arithmetic is used, so that a solver's optimum judges it.
type lpWriter struct {
	out  *bufio.Writer
	obj  []string
	rows [][]string
	rel  []string
	bin  []string
}

func (w *lpWriter) cost(c int, v string) {
	if c != 0 {
		w.obj = append(w.obj, fmt.Sprintf("+%d %s", c, v))
	}
}

func (w *lpWriter) row(terms []string, relation string, rhs int) {
	if len(terms) > 0 {
		w.rows = append(w.rows, terms)
		w.rel = append(w.rel, fmt.Sprintf("%s %d", relation, rhs))
	}
}

func (w *lpWriter) lines(terms []string) {
	for i := 0; i < len(terms); i += 8 {
		fmt.Fprintln(w.out, " "+strings.Join(terms[i:min(i+8, len(terms))], " "))
	}
}

func (w *lpWriter) flush(to io.Writer) error {
	w.out = bufio.NewWriter(to)
	fmt.Fprintln(w.out, "Minimize\n obj:")
	w.lines(w.obj)
	fmt.Fprintln(w.out, "Subject To")
	for i, terms := range w.rows {
		fmt.Fprintf(w.out, " r%d:", i)
		w.lines(terms)
		fmt.Fprintln(w.out, " "+w.rel[i])
	}
	fmt.Fprintln(w.out, "Binary")
	w.lines(w.bin)
	fmt.Fprintln(w.out, "End")
	return w.out.Flush()
}

// rank is the reading of a person's wishes for one cell, as documented at Person.Wishes.
func rank(p rota.Person, site, block int) int {
	worse := 0
	for _, w := range p.Wishes {
		if w.Site == site && w.Block == block {
			return w.Rank
		}
		if w.Site == rota.Any && w.Block == block || w.Site == site && w.Block == rota.Any {
			worse = max(worse, w.Rank)
		}
	}
	if worse == 0 {
		return rota.Neutral
	}
	return worse
}

// writeRotation states a Rotation without past, locks, base plan or soft absences.
func writeRotation(to io.Writer, r *rota.Rotation) error {
	w := &lpWriter{}
	costs := rota.DefaultWeights()
	inCell := map[[2]int][]string{}
	inUnit := map[[2]int][]string{}
	for i, p := range r.People {
		w.person(r, i, p, func(k, b int, x string) {
			inCell[[2]int{k, b}] = append(inCell[[2]int{k, b}], x)
			inUnit[[2]int{p.Unit, b}] = append(inUnit[[2]int{p.Unit, b}], x)
		})
	}
	for k, site := range r.Sites {
		for b := range r.Blocks {
			cell, seats := inCell[[2]int{k, b}], site.SeatsAt[b]
			w.row(cell, "<=", seats.Max)
			if seats.Min > 0 {
				short := fmt.Sprintf("s_%d_%d", k, b)
				w.cost(costs.Min, short)
				w.row(append(slices.Clone(cell), "+ "+short), ">=", seats.Min)
			}
			if seats.Target > 0 {
				over := fmt.Sprintf("o_%d_%d", k, b)
				w.cost(costs.Load, over)
				w.row(append(slices.Clone(cell), "- "+over), "<=", seats.Target)
			}
		}
	}
	for u, unit := range r.Units {
		for b := range r.Blocks {
			w.row(inUnit[[2]int{u, b}], "<=", unit.MaxAway)
		}
	}
	return w.flush(to)
}

// person writes one person's variables x_i_k_b and the rules H1, H3–H6.
func (w *lpWriter) person(r *rota.Rotation, i int, p rota.Person, each func(k, b int, x string)) {
	away := make([]bool, len(r.Blocks))
	for _, a := range p.Away {
		away[a.Block] = true
	}
	inBlock := make([][]string, len(r.Blocks))
	ofSite := make([][]string, len(r.Sites))
	at := map[[2]int]string{}
	sites := slices.Clone(p.Must)
	for _, k := range p.May {
		if !slices.Contains(sites, k) {
			sites = append(sites, k)
		}
	}
	var chosen []string
	for _, k := range sites {
		for b := range r.Blocks {
			if away[b] || r.Sites[k].SeatsAt[b].Max == 0 {
				continue
			}
			x := fmt.Sprintf("x_%d_%d_%d", i, k, b)
			w.bin = append(w.bin, x)
			g := rank(p, k, b)
			w.cost(g*g, x)
			x = "+ " + x
			at[[2]int{k, b}] = x
			inBlock[b] = append(inBlock[b], x)
			ofSite[k] = append(ofSite[k], x)
			each(k, b, x)
		}
		if slices.Contains(p.Must, k) {
			w.row(ofSite[k], "=", 1)
		} else {
			w.row(ofSite[k], "<=", 1)
			chosen = append(chosen, ofSite[k]...)
		}
	}
	if p.Count > len(p.Must) {
		w.row(chosen, "=", p.Count-len(p.Must))
	}
	for b := range r.Blocks {
		var window []string
		for c := b; c <= b+r.Gap && c < len(r.Blocks); c++ {
			window = append(window, inBlock[c]...)
		}
		w.row(window, "<=", 1)
	}
	w.stages(r, i, sites, at)
}

// stages orders two stages by a switch y_i_b: 1 once the second stage may have begun.
func (w *lpWriter) stages(r *rota.Rotation, i int, sites []int, at map[[2]int]string) {
	if !slices.ContainsFunc(r.Sites, func(s rota.Site) bool { return s.Stage == 2 }) {
		return
	}
	for b := range r.Blocks {
		y := fmt.Sprintf("y_%d_%d", i, b)
		w.bin = append(w.bin, y)
		for _, k := range sites {
			late := r.Sites[k].Stage == 2
			var terms []string
			for c := range r.Blocks {
				if x := at[[2]int{k, c}]; x != "" && (late && c <= b || !late && c >= b) {
					terms = append(terms, x)
				}
			}
			if len(terms) == 0 {
				continue
			}
			if late {
				w.row(append(terms, "- "+y), "<=", 0)
			} else {
				w.row(append(terms, "+ "+y), "<=", 1)
			}
		}
	}
}
