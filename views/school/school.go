// Package school holds the pages of the training school: its public face, one's own
// learning with the reader of textbooks, and the trainer's desk.
package school

import (
	"slices"
	"strconv"
	"strings"

	"tiaojie/app/school"
	"tiaojie/app/school/quizformat"
	"tiaojie/app/school/textbook"
	"tiaojie/views/ui"
)

// PublicData is what the school shows to everybody: parts of several topics, each whole.
type PublicData struct{ Parts []ui.Component }

// HomeData is the start page of somebody's own learning.
type HomeData struct {
	Panels   []ui.Component
	Enrolled bool
}

// DeskData is the trainer's start page.
type DeskData struct {
	Doors  []ui.Door
	Panels []ui.Component
}

// BookData is a textbook's contents with one's own progress, or what a search found in it.
type BookData struct {
	school.OpenedBook
	Form    ui.Form
	Query   string
	Hits    []school.Hit
	More    bool
	Changes []school.Edition // newest first
}

// StepData lists the chapters that explain a step of the case screen.
type StepData struct {
	Label   string
	Lessons []school.Lesson
}

// ReaderData is a chapter with what its reader has done with it.
type ReaderData struct {
	school.OpenedBook
	Form       ui.Form
	Chapter    textbook.Chapter
	No         int // place from 1
	Pieces     []textbook.Piece
	Prev, Next *textbook.Chapter
	Placed     map[int][]school.Note
	Loose      []school.Note
	Opened     string // the mark for 「我读完了」
	NoteAt     int    // the block that a note is being written at, -1 for none
	NoteKey    string // the note being changed, "" for none
	Redo       string // the question to be answered again
	Gone       bool   // the chapter isn't in the current edition any more
}

// Reading is how far the chapter is read.
func (d ReaderData) Reading() school.Reading { return d.Readings[d.Chapter.ID] }

func (d ReaderData) done() bool { return d.Reading().Done(d.Edition.Since[d.Chapter.ID]) }

func (d ReaderData) again() bool { return d.Reading().Again(d.Edition.Since[d.Chapter.ID]) }

// acts tells whether answers, notes and progress can be kept.
func (d ReaderData) acts() bool { return d.Enrolled() && !d.Gone }

func (d ReaderData) status() string {
	r := d.Reading()
	switch {
	case d.done() && r.DoneHow == "quiz":
		return "已学完（练习通过）"
	case d.done():
		return "已读完"
	case r.Seconds > 0:
		return "已读约" + minutes(r.Seconds)
	}
	return "还没有读"
}

// place is a piece of a chapter with the number of its block (-1 for none) and question.
type place struct {
	textbook.Piece
	Block, Asked int
}

func (d ReaderData) places() []place {
	out := make([]place, len(d.Pieces))
	block, asked := 0, 0
	for i, p := range d.Pieces {
		out[i] = place{p, -1, 0}
		switch {
		case p.Asks:
			asked++
			out[i].Asked = asked
		case p.Hash != "":
			out[i].Block = block
			block++
		}
	}
	return out
}

// heading tells whether the block is one: notes are made on what stands under it.
func (x place) heading() bool {
	return strings.HasPrefix(x.HTML, "<h") && !strings.HasPrefix(x.HTML, "<hr")
}

// answered gives the kept answer to a question, if it is to be shown.
func (d ReaderData) answered(q quizformat.Question) (school.Answered, bool) {
	a := d.Answers[q.ID]
	return a, a.To(q) && d.Redo != q.ID && d.Form.Error(q.ID) == ""
}

// formOf is the form of one question: what was typed belongs to the one that was refused.
func (d ReaderData) formOf(q quizformat.Question) ui.Form {
	if d.Form.Error(q.ID) != "" {
		return d.Form
	}
	return ui.New(d.Form.CSRF, d.Form.Idem)
}

// score sums up the exercises in words.
func (d ReaderData) score() string {
	answered := 0
	var points, of int64
	for _, q := range d.Chapter.Questions {
		a := d.Answers[q.ID]
		if !a.To(q.Question) {
			continue
		}
		answered++
		if !q.Kind.Manual() {
			points, of = points+a.Points, of+a.OfPoints
		}
	}
	words := "练习共" + n(len(d.Chapter.Questions)) + "题，已答" + n(answered) + "题"
	if of > 0 {
		words += "，得" + n64(points) + "/" + n64(of) + "分"
	}
	return words
}

func verdict(q quizformat.Question, a school.Answered) (string, ui.Tone) {
	switch {
	case q.Kind.Manual():
		return "请自己对照参考答案", ui.Act
	case a.Points == a.OfPoints:
		return "答对了", ui.Finished
	case a.Points > 0:
		return "对了一部分", ui.Wait
	}
	return "不对，看看解析", ui.Wait
}

// rightOrder is a fixed order in which the right sides of a match question are shown.
func rightOrder(q quizformat.Question) []int { return q.RightOrder(uint64(len(q.Stem)) + 7) }

func matched(r quizformat.Response, i int) int {
	if i < len(r.Match) {
		return r.Match[i]
	}
	return -1
}

func n(i int) string { return strconv.Itoa(i) }

func n64(i int64) string { return strconv.FormatInt(i, 10) }

func minutes(seconds int64) string {
	if seconds < 60 {
		return "1分钟"
	}
	return n64((seconds+30)/60) + "分钟"
}

func chapters(p school.Progress) string {
	done, all := p.Chapters()
	return "已读" + n(done) + "章，共" + n(all) + "章"
}

func laws(c textbook.Chapter) string {
	var out []string
	for _, g := range c.LawGroups() {
		out = append(out, "《"+g.Name+"》"+strings.Join(g.Articles, "、"))
	}
	return strings.Join(out, "；")
}

// ShelfData lists the textbooks for the trainer.
type ShelfData struct{ Books []school.Shelved }

// BookFormData is the form of a textbook's facts.
type BookFormData struct {
	Form      ui.Form
	Slug      string // "" for a new book
	Version   int64
	Meanwhile []ui.Fact
}

// BookFields names the fields of that form, for what was stored meanwhile.
var BookFields = []ui.Kept{{Name: "title", Label: "书名"}, {Name: "subtitle", Label: "副题"}, {Name: "authors", Label: "作者"}, {Name: "organiser", Label: "主办单位"},
	{Name: "licence", Label: "使用许可"}, {Name: "summary", Label: "内容简介"}}

// DraftData is a textbook with its editions and, if there is one, its draft.
type DraftData struct {
	Form     ui.Form
	Slug     string
	Current  *school.Edition // nil for a book that was never published
	Editions []school.Edition
	Draft    *school.Prospect
	Again    []school.Rereader
}

// title is the book's name, as the draft has it when there is one.
func (d DraftData) title() string {
	if d.Draft != nil {
		return d.Draft.Draft.Meta.Title
	}
	return d.Current.Book.Title
}

// ReviewData is a draft before it is submitted or published.
type ReviewData struct {
	Form     ui.Form
	Prospect school.Prospect
	Finished map[string]int // how many people have finished each chapter
	Own      bool           // the reader submitted it
}

// change finds what the draft does to a chapter.
func change(p school.Prospect, id string) textbook.ChapterDiff {
	for _, c := range p.Changes {
		if c.ID == id {
			return c
		}
	}
	return textbook.ChapterDiff{}
}

func changeTone(c textbook.ChapterChange) ui.Tone {
	switch c {
	case textbook.Same:
		return ui.None
	case textbook.Removed:
		return ui.Wait
	}
	return ui.Act
}

// changed lists the chapters that the draft changes in any way.
func (d ReviewData) changed() (out []textbook.ChapterDiff) {
	for _, c := range d.Prospect.Changes {
		if c.Change != textbook.Same {
			out = append(out, c)
		}
	}
	return out
}

func (d ReviewData) sum() string {
	changed := len(d.changed())
	switch same := len(d.Prospect.Changes) - changed; {
	case changed == 0:
		return "各章的文字都没有变化"
	case same > 0:
		return n(changed) + "章有变化，其余" + n(same) + "章文字未改"
	}
	return n(changed) + "章有变化"
}

// again offers the chapters that may have to be read again.
func (d ReviewData) again() []ui.Option {
	var out []ui.Option
	for _, c := range d.Prospect.Changes {
		if c.Change == textbook.Removed || c.Change == textbook.Added || d.Prospect.Before == nil {
			continue
		}
		hint := c.Change.Label()
		if c.Change == textbook.Edited {
			hint += "，新增或改动" + n(c.Fresh) + "段，删去" + n(c.Gone) + "段"
		}
		out = append(out, ui.Option{Value: c.ID, Label: "第" + n(c.To) + "章 " + c.Title, Hint: hint + "；已有" + n(d.Finished[c.ID]) + "人读完"})
	}
	return out
}

// ChapterFormData is a chapter while it is written.
type ChapterFormData struct {
	Form      ui.Form
	Draft     school.Draft
	Chapter   school.DraftChapter
	No        int
	Problems  textbook.Problems
	Clashes   []string
	Meanwhile []ui.Fact
	Opened    string // which part has to stand open: facts
}

// ChapterFields names the fields of a chapter's facts.
var ChapterFields = []ui.Kept{{Name: "title", Label: "标题"}, {Name: "minutes", Label: "学习时长"}, {Name: "objectives", Label: "学习目标"}, {Name: "laws", Label: "依据"},
	{Name: "tags", Label: "标签"}, {Name: "steps", Label: "用在哪一步", Options: stepOptions()}}

func stepOptions() []ui.Option {
	var out []ui.Option
	for _, s := range school.CaseSteps {
		out = append(out, ui.Option{Value: s.Code, Label: s.Label})
	}
	return out
}

// PreviewData is a draft's chapter as a reader would see it.
type PreviewData struct {
	Draft   school.Draft
	Chapter textbook.Chapter
	No      int
	Pieces  []textbook.Piece
}

// ClashData shows two texts of a chapter.
type ClashData struct {
	Form  ui.Form
	Draft school.Draft
	Clash school.Clash
}

// clashPart is a run of lines of the difference, as the record's difference page shows them.
type clashPart struct{ Kind, Text string }

// linesAround is how many unchanged lines stand beside a difference.
const linesAround = 2

func (d ClashData) parts() []clashPart {
	var out []clashPart
	add := func(kind string, lines []string) {
		if len(lines) > 0 {
			out = append(out, clashPart{kind, strings.Join(lines, "\n")})
		}
	}
	for _, r := range d.Clash.Regions {
		switch r.Kind {
		case textbook.Unchanged, textbook.Agreed:
			if lines := r.Mine; len(lines) > 2*linesAround+1 {
				add("same", slices.Concat(lines[:linesAround], []string{"……"}, lines[len(lines)-linesAround:]))
			} else {
				add("same", lines)
			}
		case textbook.Mine:
			add("mine", r.Mine)
		case textbook.Theirs:
			add("theirs", r.Theirs)
		default:
			add("theirs", r.Theirs)
			add("mine", r.Mine)
		}
	}
	return out
}

// PrintData is a book or chapter for paper.
type PrintData struct {
	Edition *school.Edition
	HTML    string // clean
	Back    string
	Other   string // the same with answers, or without
	Answers bool
	QR      string // of the web edition, "" for none
}

func (d PrintData) runningHead() string {
	return "《" + d.Edition.Book.Title + "》" + d.Edition.Book.Edition + " · " + ui.LongDay(d.Edition.PublishedAt.Time)
}
