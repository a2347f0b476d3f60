package rota

// Rotation is one planning task of 跟岗轮训: which person stands at which site in which block. People,
// blocks, sites and units are known by their index in the slices; names serve the explaining sentences
// alone. A Rotation is only read by this package and may be shared between goroutines.
type Rotation struct {
	Blocks []Block
	Sites  []Site
	Units  []Unit
	People []Person

	// Gap is how many empty blocks must lie between two placements of one person (rule H6).
	Gap int
	// Past is how many leading blocks have already run: what Base holds there stands, and nothing is added.
	Past int
	// Fixed are the cells a person has locked (锁定), in addition to the past (rule H8).
	Fixed []Placement
	// Base is the plan people have been told about, if any: each changed cell costs Weights.Move, and
	// its cells in past blocks are fixed.
	Base []Placement

	Weights Weights
}

// Block is a span of working days (期) in which a person stands at one site.
type Block struct {
	Name   string // as it is read: 第 3 期, 3 月上旬
	Closed bool   // no working day is left in it (holidays), so nobody is placed
}

// Site is a place of learning (岗位): a brand room, the court station, the police, the justice office.
type Site struct {
	Name string
	// Stage orders the places for everyone: all of a person's placements of a lower stage come before
	// those of a higher one (rule H5). Equal stages are free.
	Stage int
	// Needs are sites that each visitor must have been to before, in this plan or an earlier one (rule H5).
	Needs []int
	// Seats is the room for visitors in one block.
	Seats Seats
	// SeatsAt replaces Seats block by block. Empty, or as long as Rotation.Blocks.
	SeatsAt []Seats
}

// Seats bounds how many people one place takes in one block.
type Seats struct {
	Min    int // fewer is reported and costs Weights.Min for each missing person (rule M1)
	Target int // above it each person costs Weights.Load, which levels the load; 0: no target
	Max    int // more is forbidden (rule H2)
}

// Unit is an employer (派出单位) whose posts must stay staffed.
type Unit struct {
	Name    string
	MaxAway int // most people away in one block (rule H7); 0: no limit. See AwayCap.
}

// Person is one member of staff to be rotated.
type Person struct {
	Name string
	Unit int // index in Rotation.Units, or -1
	// Count is how many placements the plan owes the person, Must included.
	Count int
	// Must are sites the person has to visit; May are the sites the rest is chosen from. Neither: not there.
	Must, May []int
	// Done are sites visited in earlier plans: they satisfy Site.Needs and are not visited again (rule H4).
	Done []int
	// Away are the blocks the person can't or would rather not be placed in.
	Away []Absence
	// Wishes are the stated preferences. A wish for a site and a block decides that cell; else the worse
	// of the site's and the block's ranks counts; else Neutral.
	Wishes []Wish
	// Weight multiplies the person's wishes; 0 counts as 1.
	Weight int
}

// Absence is a block a person is not free in: leave, duty, other training.
type Absence struct {
	Block int
	Soft  bool // placing is possible but costs Weights.Away; otherwise it is forbidden (rule H3)
}

// Any stands in a Wish for every site or every block.
const Any = -1

// Neutral is the rank of a cell nobody has said anything about.
const Neutral = 3

// Wish is a stated preference, from Rank 1 (gladly) to 5 (as a last resort). A cell costs the square of its
// rank, so that one 5 weighs more than two 3s: nobody's plan is bought with somebody else's misery.
type Wish struct {
	Site, Block int // Any: all of them
	Rank        int
}

// Placement is one cell of a plan (格): a person at a site in a block.
type Placement struct {
	Person, Site, Block int
}

// Weights are the prices of the soft goals, in the unit of a squared rank. The zero value means the
// defaults of DefaultWeights.
type Weights struct {
	Min  int // each person below a site's minimum in a block (M1)
	Load int // each person above a site's target in a block
	Move int // each placement that differs from Base
	Away int // each placement in a soft absence
}

// DefaultWeights price a missing person at a site above any change of wish (25-1), and the other goals
// between one and three steps of a wish.
func DefaultWeights() Weights { return Weights{Min: 40, Load: 4, Move: 6, Away: 16} }

// AwayCap turns a share into a Unit.MaxAway: at most percent of size people away at once, rounded up so
// that even a unit of one person can send that person.
func AwayCap(size, percent int) int {
	return max(1, (size*percent+99)/100)
}

// seats is the room of a site in a block; a closed block has none.
func (r *Rotation) seats(site, block int) Seats {
	s := r.Sites[site]
	switch {
	case r.Blocks[block].Closed:
		return Seats{}
	case len(s.SeatsAt) > 0:
		return s.SeatsAt[block]
	default:
		return s.Seats
	}
}

func (r *Rotation) weights() Weights {
	if r.Weights == (Weights{}) {
		return DefaultWeights()
	}
	return r.Weights
}
