package quizformat

import (
	"slices"
	"strings"
	"unicode"
)

// Kind is the kind of question (题型).
type Kind string

// The seven kinds.
const (
	Single  Kind = "single"  // 单选题
	Multi   Kind = "multi"   // 多选题
	Judge   Kind = "judge"   // 判断题
	Blank   Kind = "blank"   // 填空题
	Match   Kind = "match"   // 连线题
	Short   Kind = "short"   // 简答题, graded by hand
	Numeric Kind = "numeric" // 数值题
)

// Kinds lists all kinds in the order in which forms offer them.
var Kinds = []Kind{Single, Multi, Judge, Blank, Match, Numeric, Short}

var kindLabels = map[Kind]string{
	Single: "单选题", Multi: "多选题", Judge: "判断题", Blank: "填空题", Match: "连线题", Short: "简答题", Numeric: "数值题",
}

// Label is the Chinese name of the kind; empty for an unknown one.
func (k Kind) Label() string { return kindLabels[k] }

// Manual says that a person grades answers of this kind.
func (k Kind) Manual() bool { return k == Short }

// Full is the percentage of a wholly right option or answer.
const Full = 100

// Texts of the two options of a judge question, in this order.
const (
	True  = "对"
	False = "错"
)

// Question is one question (试题) as a version of it is stored: with JSON names, so that
// an old version stays readable. Stem and Explanation are Markdown; the other texts are
// plain and hold no line break.
type Question struct {
	ID          string   `json:"id,omitempty"` // stable, never used again; may be empty until the bank gives one
	Title       string   `json:"title,omitempty"`
	Category    string   `json:"category,omitempty"`
	Kind        Kind     `json:"kind"`
	Points      int      `json:"points"` // 1–100, what a paper gives unless it says otherwise
	Stem        string   `json:"stem"`
	Options     []Option `json:"options,omitempty"` // single, multi, judge
	Answers     []Answer `json:"answers,omitempty"` // blank, numeric, short
	Pairs       []Pair   `json:"pairs,omitempty"`   // match
	Explanation string   `json:"explanation,omitempty"`
	Tags        []string `json:"tags,omitempty"`
}

// Option is one choice. Percent is what choosing it earns in a single choice, 0–100; in
// a multiple choice 100 means right and 0 wrong.
type Option struct {
	Text     string `json:"text"`
	Percent  int    `json:"percent,omitempty"`
	Feedback string `json:"feedback,omitempty"`
}

// Right says that the option is wholly right.
func (o Option) Right() bool { return o.Percent == Full }

// Answer is an accepted answer: a text to fill in, a number with its tolerance (both
// decimal, see ParseNumber), or a reference for the person who grades.
type Answer struct {
	Text      string `json:"text"`
	Tolerance string `json:"tolerance,omitempty"` // numeric: ± this, inclusive; empty is 0
	Percent   int    `json:"percent,omitempty"`   // 1–100; unused for short
	Feedback  string `json:"feedback,omitempty"`
}

// Pair is a left side with its right one. Without a left side it is a distractor.
type Pair struct {
	Left  string `json:"left,omitempty"`
	Right string `json:"right"`
}

// Lefts gives the left sides to be matched, in order.
func (q Question) Lefts() []string {
	var out []string
	for _, p := range q.Pairs {
		if p.Left != "" {
			out = append(out, p.Left)
		}
	}
	return out
}

// Rights gives the different right sides, in order of first appearance. A response
// to a match question holds positions in this list.
func (q Question) Rights() []string {
	var out []string
	for _, p := range q.Pairs {
		if !slices.Contains(out, p.Right) {
			out = append(out, p.Right)
		}
	}
	return out
}

// courseRoot is how Moodle begins the categories of a course.
const courseRoot = "$course$/"

// Normalize brings the texts into the one form that is hashed and stored: valid UTF-8
// without control characters, plain texts on one line, decimals without needless zeros,
// a judge question with 对 before 错. It is idempotent. It doesn't make a wrong question right.
func (q *Question) Normalize() {
	q.ID = inline(q.ID)
	q.Title, q.Category = inline(q.Title), inline(q.Category)
	for strings.HasPrefix(q.Category, courseRoot) {
		q.Category = inline(strings.TrimPrefix(q.Category, courseRoot))
	}
	q.Stem, q.Explanation = block(q.Stem), block(q.Explanation)
	for i := range q.Options {
		o := &q.Options[i]
		o.Text, o.Feedback = inline(o.Text), inline(o.Feedback)
	}
	for i := range q.Answers {
		q.normalizeAnswer(&q.Answers[i])
	}
	for i := range q.Pairs {
		q.Pairs[i] = Pair{inline(q.Pairs[i].Left), inline(q.Pairs[i].Right)}
	}
	q.Tags = tagList(q.Tags)
	if q.Kind == Judge {
		q.normalizeJudge()
	}
}

func (q *Question) normalizeAnswer(a *Answer) {
	a.Text, a.Tolerance, a.Feedback = inline(a.Text), inline(a.Tolerance), inline(a.Feedback)
	if q.Kind == Short {
		a.Percent, a.Feedback = Full, ""
	}
	if q.Kind != Numeric {
		return
	}
	if n, err := ParseNumber(a.Text); err == nil {
		a.Text = n.String()
	}
	if n, err := ParseNumber(a.Tolerance); err == nil {
		a.Tolerance = n.String()
	}
	if a.Tolerance == "0" {
		a.Tolerance = ""
	}
}

var judgeWords = map[string]string{"对": True, "正确": True, "√": True, "是": True, "错": False, "错误": False, "×": False, "否": False}

func (q *Question) normalizeJudge() {
	for i, o := range q.Options {
		if w, ok := judgeWords[o.Text]; ok {
			q.Options[i].Text = w
		}
	}
	if len(q.Options) == 2 && q.Options[0].Text == False && q.Options[1].Text == True {
		q.Options[0], q.Options[1] = q.Options[1], q.Options[0]
	}
}

// inline puts a text on one line with single spaces.
func inline(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// block trims a text of several lines.
func block(s string) string {
	lines := strings.Split(printable(strings.ReplaceAll(s, "\r\n", "\n")), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRightFunc(l, unicode.IsSpace)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// printable drops what no page can show: control characters, byte order marks, broken UTF-8.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case unicode.IsControl(r), r == '\uFEFF':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// tagList splits at commas and spaces, so that a tag is one word, and drops repeats.
func tagList(tags []string) []string {
	var out []string
	for _, t := range tags {
		for _, w := range strings.FieldsFunc(printable(t), tagBreak) {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

func tagBreak(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，、;；\"[]\\", r) }
