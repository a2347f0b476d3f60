// Package doc is the shape of an official Chinese paper (文书) and its three renderings: a PDF to
// print and keep, a DOCX to edit, an HTML fragment for the print page. All three come from one
// Document, so that a fact stands in every rendering or in none.
//
// The package knows nothing of cases: app/papers/forms builds the documents.
package doc

// Size is how large a paper is set.
type Size int

const (
	Letter Size = iota // 三号 body, as official letters: notices, applications
	Record             // 四号 body: records and agreements, which are long
	Form               // 小四 body: papers that are one table
)

// Document is one paper.
type Document struct {
	Code   string // the form's code; names downloaded files
	Name   string // what bookmarks and file lists call it; the title when empty
	Title  string
	Org    string // the issuing committee, printed above the title; may be empty
	Number string // 文号, printed below the title on the right; may be empty
	Header string // small line at the head of every page after the first; may be empty
	Size   Size
	Bare   bool // no page numbers: covers and backs
	Blocks []Block
}

// Block is one part of a paper, from top to bottom.
type Block interface{ block() }

// Para is a paragraph. A newline in its text breaks the line.
type Para struct {
	Role Role
	Runs []Run
}

// Role is what a paragraph is for; it decides indent, alignment and weight in every rendering.
type Role int

const (
	Body   Role = iota // first line indented by two characters
	Plain              // from the left edge: the addressee, a list
	Head               // a section's heading, 「一、」
	Center             // in the middle
	Right              // at the right edge
	Ask                // a question put in an interview, 「问:」
	Answer             // its answer, 「答:」
	Note               // small print below the paper
	Large              // the large centred line of a cover
	Signed             // the line a paper is dated and signed off with
)

// Fields are rows of labels with the value underlined (时间、地点 at the head of a record).
type Fields struct {
	Cols  int // pairs side by side: 1 to 3
	Items []Field
}

// Field is one label and its value. Wide fields take a whole row.
type Field struct {
	Label string
	Value []Run
	Wide  bool
}

// Table has ruled cells. Cols are the widths in twenty-fourths of the page and sum to 24.
type Table struct {
	Cols []int
	Head int // rows repeated at the head of each page
	Rows []Row
}

// Row is one row of cells, left to right, leaving out what a cell above covers.
type Row struct {
	Cells []Cell
}

// Cell is one cell. Cols and Rows below 1 count as 1.
type Cell struct {
	Paras []Para
	Cols  int
	Rows  int
	Label bool // a caption: centred, not a value
	Lines int  // least height in lines, room for handwriting
}

// Signs are lines to sign on, one below the other, on the right half of the page.
type Signs struct{ Items []Sign }

// Sign is one place for a signature (签名、盖章或按指印).
type Sign struct {
	Label string // whose: 「申请人」
	Name  string // the name in print, so that a signature can be told; may be empty
	Hint  string // 「签名、盖章或按指印」
	Image []byte // a signature drawn on a screen, PNG or JPEG; nil leaves room for ink
	Date  string // the day it was signed; empty leaves room
	Dated bool   // has a place for the day
}

// Seal is where the committee's seal goes: its name, a thin place mark and the day below.
type Seal struct {
	Org  string
	Date []Run
}

// Picture is an image on its own lines, such as the scan of a paper.
type Picture struct {
	Data    []byte // JPEG or PNG
	Caption string
}

// Space is empty height, in lines.
type Space struct{ Lines int }

// Break begins a new page.
type Break struct{}

func (Para) block()    {}
func (Fields) block()  {}
func (Table) block()   {}
func (Signs) block()   {}
func (Seal) block()    {}
func (Picture) block() {}
func (Space) block()   {}
func (Break) block()   {}
