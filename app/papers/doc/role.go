package doc

// look is how paragraphs of a role are set in every rendering.
type look struct {
	class  string  // HTML class and DOCX style
	indent float64 // first line, in characters
	align  align
	scale  float64 // of the body size
	bold   bool
}

type align int

const (
	justified align = iota
	left
	centered
	right
)

var looks = map[Role]look{
	Body:   {"body", 2, justified, 1, false},
	Plain:  {"plain", 0, justified, 1, false},
	Head:   {"head", 2, left, 1, true},
	Center: {"center", 0, centered, 1, false},
	Right:  {"right", 0, right, 1, false},
	Ask:    {"ask", 2, justified, 1, false},
	Answer: {"answer", 2, justified, 1, false},
	Note:   {"note", 0, left, 0.8, false},
	Large:  {"large", 0, centered, 1.4, true},
	Signed: {"signed", 0, right, 1, false},
}

// measure are the sizes of a paper in points (三号 = 16, 四号 = 14, 小四 = 12).
type measure struct {
	class       string
	title, body float64
	leading     float64 // from base line to base line
	cell        float64 // text in tables
	cellLeading float64
}

var measures = map[Size]measure{
	Letter: {"letter", 22, 16, 29, 14, 22},
	Record: {"record", 22, 14, 25, 12, 20},
	Form:   {"form", 20, 12, 21, 12, 20},
}

// The sheet: A4, margins after GB/T 9704 drawn in a little for binding on the left.
const (
	pageWidth, pageHeight = 595.28, 841.89
	marginLeft            = 79.37 // 28 mm
	marginRight           = 70.87 // 25 mm
	marginTop             = 85.04 // 30 mm
	marginBottom          = 73.70 // 26 mm
	textWidth             = pageWidth - marginLeft - marginRight
)
