// Package rota plans the rotation of all staff through training (全员轮训). It is pure: no database, no
// clock, no goroutines of its own; the same input gives the same output, byte for byte. Two different
// problems hide under the one name.
//
// # Classes: 集中轮训
//
// Everyone attends one of several batches of the same class. Classes.Solve is exact: a min-cost flow
//
//	source → person → (unit, batch) → batch → sink
//
// in which a (unit, batch) carries the unit's away cap and a batch carries its seats in up to three parts:
// below the minimum, up to the target, up to the maximum. As many people as possible are placed, and of all
// such plans a cheapest one is given. The flow is found by the primal-dual method: each phase computes the
// shortest distances (bucket queue, costs are small whole numbers) and then sends a blocking flow over all
// shortest paths at once. There are as many phases as distinct path costs, about a dozen; each is
// O(arcs) for the distances and in practice little more for the blocking flow. Who is left over is
// explained by the minimum cut (Shortage): these people, these full batches, these used-up caps, the
// numbers, and fixes that have been tried out on a copy of the net.
//
// # Rotation: 跟岗轮训
//
// People × blocks × sites: each person is owed some placements, at given sites or chosen among several.
// Rules of a plan, in three ranks:
//
//	H1  one place in a block                      H6  Gap empty blocks between two placements
//	H2  at most Seats.Max at a site in a block    H7  at most Unit.MaxAway of a unit away in a block
//	H3  not in hard absences and closed blocks    H8  locked and past cells stay
//	H4  each site once, earlier plans included    H9  only sites of Person.Must or May
//	H5  stages and Site.Needs come first          H0  nothing owed is left out (未安排)
//	M1  at least Seats.Min at a site in a block
//	S1  wishes: squared ranks                     S3  stability: few cells differ from Base
//	S2  load: few people above Seats.Target       S4  few placements in soft absences
//
// A plan's Cost is the number of hard violations, counted by how far they go, then one sum of M1 and the
// S goals at the prices of Weights. Plans compare by the first, then by the second. A minimum (M1) is
// dearer than any wish but never keeps a plan from being shown. Squaring the ranks is what makes the plan
// fair: taking somebody from rank 3 to 5 costs 16, which no two neighbours' steps from 3 to 2 pay for.
//
// In general the problem is NP-complete, so Rotation.Solve is a search, bounded by tried changes and not by
// time:
//
//  1. For each person, a walk over the blocks with the set of placements made so far (2^placements states a
//     block) finds in which blocks a placement can stand at all in a plan that keeps H1 and H3–H6. Only
//     those are tried later. The same walk tells Precheck who can't be planned.
//  2. Greedy start, or the told plan (Base).
//  3. Simulated annealing: move one placement, exchange the blocks of two placements of one person, exchange
//     the blocks of two people at one site. Where the target is full the exchange is tried first, which is
//     what keeps tasks without slack solvable. A change is scored in O(placements of the person) by
//     differences; all arithmetic of the search is in whole numbers.
//  4. A last stretch in which hard rules weigh ten times as much.
//  5. For each site in turn, all its people are re-seated exactly by the flow above, the rest of the plan
//     standing, until nothing gets better.
//  6. If hard violations are left that could be helped, some rounds of 3 to 5 more.
//
// Everyone visiting every site once is a bipartite edge colouring and could be started from one; the search
// solves Latin squares up to 20 × 20 without slack by itself, so there is no special case for it.
//
// # Around the search
//
// Check refuses what has no meaning (a circle of prerequisites), Precheck says what can't work, with numbers
// and a fix. Evaluate counts a plan from nothing and names every violation with its people and places.
// Alternatives gives the exact cost and reasons of every other place for a cell, Suggest the three best
// single steps out of a violation, Apply carries moves out, CheckSwap judges what people want to exchange,
// Relax finds the smallest loosening of the rules that makes a plan possible, Clear turns what breaks rules
// into a list of 未安排, Diff compares drafts, Fingerprint tells a stale plan from a current one.
//
// Sentences are Chinese and name people and places; they are for the trainer's page and not for logs.
// Errors name no person.
//
// Benchmarks: go test -bench . ./app/rota. Quality against an independent solver (cbc or glpsol has to be
// installed): ROTA_COMPARE=1 go test -run Compare -v -timeout 3h ./app/rota.
package rota
