package rota

import "slices"

// network is a directed graph with integer capacities and costs ≥ 0, kept as paired arcs: arc e and its
// reverse e^1. It is built with arc, closed with freeze and solved with run; afterwards cap holds the
// residual capacities, from which cuts are read.
type network struct {
	nodes int
	to    []int32
	cap   []int32
	cost  []int32 // cost of one unit; the reverse arc carries the negative

	start []int32 // arcs leaving node v: order[start[v]:start[v+1]]
	order []int32

	potential []int32
	level     []int32
	next      []int32
	queue     []int32
	buckets   [][]int32
}

const unreached = int32(1) << 30

// node adds n nodes and returns the number of the first.
func (g *network) node(n int) int32 {
	first := g.nodes
	g.nodes += n
	return int32(first)
}

// arc adds an arc and returns its number, by which used and open read it later.
func (g *network) arc(from, to, capacity, cost int32) int32 {
	e := int32(len(g.to))
	g.to = append(g.to, to, from)
	g.cap = append(g.cap, capacity, 0)
	g.cost = append(g.cost, cost, -cost)
	return e
}

// grow makes room for n further arcs.
func (g *network) grow(n int) {
	g.to = append(make([]int32, 0, 2*n), g.to...)
	g.cap = append(make([]int32, 0, 2*n), g.cap...)
	g.cost = append(make([]int32, 0, 2*n), g.cost...)
}

// used is the flow on an arc.
func (g *network) used(e int32) int32 { return g.cap[e^1] }

// freeze sorts the arcs by the node they leave. Call it once, after the last arc.
func (g *network) freeze() {
	g.start = make([]int32, g.nodes+1)
	for e := range g.to {
		g.start[g.to[e^1]+1]++
	}
	for v := 0; v < g.nodes; v++ {
		g.start[v+1] += g.start[v]
	}
	g.order = make([]int32, len(g.to))
	fill := append([]int32(nil), g.start[:g.nodes]...)
	for e := range g.to {
		v := g.to[e^1]
		g.order[fill[v]] = int32(e)
		fill[v]++
	}
	g.potential = make([]int32, g.nodes)
	g.level = make([]int32, g.nodes)
	g.next = make([]int32, g.nodes)
}

// run sends as much flow as can be sent from s to t, and of all such flows the cheapest, by the
// primal-dual method: each phase finds the shortest distances and then sends a blocking flow over all
// shortest paths at once. stop is asked before each phase; when it answers true run ends early with what
// was sent so far (which is the cheapest flow of that size).
func (g *network) run(s, t int32, stop func() bool) (flow, cost int64) {
	for !stop() && g.shorten(s, t) {
		for g.levels(s, t) {
			copy(g.next, g.start)
			for {
				sent := g.push(s, t, unreached)
				if sent == 0 {
					break
				}
				flow += int64(sent)
				cost += int64(sent) * int64(g.potential[t]-g.potential[s])
			}
		}
	}
	return flow, cost
}

// shorten raises the potentials by the distances from s under reduced costs, so that every arc of a
// shortest s–t path has reduced cost 0. Distances are small integers, so the queue is an array of
// buckets. It reports whether t can be reached.
func (g *network) shorten(s, t int32) bool {
	dist := g.level
	for v := range dist {
		dist[v] = unreached
	}
	dist[s] = 0
	g.enqueue(s, 0)
	for d := int32(0); int(d) < len(g.buckets) && dist[t] > d; d++ {
		for i := 0; i < len(g.buckets[d]); i++ {
			v := g.buckets[d][i]
			if dist[v] != d {
				continue
			}
			base := d + g.potential[v]
			for _, e := range g.order[g.start[v]:g.start[v+1]] {
				if g.cap[e] == 0 {
					continue
				}
				w := g.to[e]
				if nd := base + g.cost[e] - g.potential[w]; nd < dist[w] {
					dist[w] = nd
					g.enqueue(w, nd)
				}
			}
		}
	}
	for d := range g.buckets {
		g.buckets[d] = g.buckets[d][:0]
	}
	reach := dist[t]
	if reach == unreached {
		return false
	}
	for v, d := range dist {
		g.potential[v] += min(d, reach)
	}
	return true
}

func (g *network) enqueue(v, d int32) {
	for int(d) >= len(g.buckets) {
		g.buckets = append(g.buckets, nil)
	}
	g.buckets[d] = append(g.buckets[d], v)
}

// tight reports whether the arc can carry more and lies on shortest paths.
func (g *network) tight(v, e int32) bool {
	return g.cap[e] > 0 && g.potential[v]+g.cost[e] == g.potential[g.to[e]]
}

// levels numbers the nodes by their distance from s in tight arcs and reports whether t is among them.
func (g *network) levels(s, t int32) bool {
	for v := range g.level {
		g.level[v] = -1
	}
	g.level[s] = 0
	g.queue = append(g.queue[:0], s)
	for i := 0; i < len(g.queue) && g.level[t] < 0; i++ {
		v := g.queue[i]
		for _, e := range g.order[g.start[v]:g.start[v+1]] {
			if w := g.to[e]; g.level[w] < 0 && g.tight(v, e) {
				g.level[w] = g.level[v] + 1
				g.queue = append(g.queue, w)
			}
		}
	}
	return g.level[t] >= 0
}

// push sends one augmentation of at most limit along levelled tight arcs.
func (g *network) push(v, t, limit int32) int32 {
	if v == t {
		return limit
	}
	for ; g.next[v] < g.start[v+1]; g.next[v]++ {
		e := g.order[g.next[v]]
		w := g.to[e]
		if g.level[w] != g.level[v]+1 || !g.tight(v, e) {
			continue
		}
		if sent := g.push(w, t, min(limit, g.cap[e])); sent > 0 {
			g.cap[e] -= sent
			g.cap[e^1] += sent
			return sent
		}
	}
	return 0
}

// reach marks every node that can still be reached from the given ones in the residual graph without
// passing through the barred ones. After a full run, from what was left over and with source and sink
// barred, the marked set is one side of a minimum cut.
func (g *network) reach(from []int32, barred ...int32) []bool {
	seen := make([]bool, g.nodes)
	queue := slices.Clone(from)
	for _, v := range append(barred, from...) {
		seen[v] = true
	}
	for len(queue) > 0 {
		v := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, e := range g.order[g.start[v]:g.start[v+1]] {
			if w := g.to[e]; g.cap[e] > 0 && !seen[w] {
				seen[w] = true
				queue = append(queue, w)
			}
		}
	}
	for _, v := range barred {
		seen[v] = false
	}
	return seen
}

// cleared is a copy with the flow as it is and all costs 0, open for more arcs.
func (g *network) cleared() *network {
	return &network{nodes: g.nodes, to: slices.Clone(g.to), cap: slices.Clone(g.cap), cost: make([]int32, len(g.cost))}
}
