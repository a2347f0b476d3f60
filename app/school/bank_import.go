package school

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/school/quizformat"
	"tiaojie/app/school/textbook"
	"tiaojie/db"
)

// Formats are the text formats that questions come in.
var Formats = []struct{ Code, Label string }{{"auto", "自动识别"}, {"markdown", "Markdown 题块"}, {"gift", "GIFT"}, {"aiken", "Aiken"}}

// Fate is what an import does with a question.
type Fate string

// The fates of a question that is read.
const (
	FateNew     Fate = "new"     // 新题
	FateVersion Fate = "version" // 新版本, of the question with that code
	FateSame    Fate = "same"    // 重复，跳过
)

var fateLabels = map[Fate]string{FateNew: "新题", FateVersion: "新版本", FateSame: "重复，跳过"}

// Label is the Chinese word.
func (f Fate) Label() string { return fateLabels[f] }

// ImportItem is a question as read, with what will become of it.
type ImportItem struct {
	quizformat.Item
	Fate Fate
	Code string // of the question that is there already
}

// BankImport is a text of questions read and checked, with nothing written.
type BankImport struct {
	Format   string
	Items    []ImportItem
	Problems []quizformat.Problem
}

// Good counts the questions that will be taken in.
func (im BankImport) Good() int {
	n := 0
	for _, i := range im.Items {
		if i.Fate != FateSame {
			n++
		}
	}
	return n
}

var aikenAnswer = regexp.MustCompile(`(?mi)^\s*(ANSWER|答案)\s*[:：]`)

// sniff tells the format of a text.
func sniff(text string) string {
	switch {
	case strings.Contains(text, "::: question"):
		return "markdown"
	case aikenAnswer.MatchString(text) && !strings.Contains(text, "{"):
		return "aiken"
	}
	return "gift"
}

func parse(format, text string) (string, quizformat.Result, error) {
	if format == "auto" || format == "" {
		format = sniff(text)
	}
	switch format {
	case "markdown":
		return format, quizformat.ParseMarkdown([]byte(text)), nil
	case "gift":
		return format, quizformat.ParseGIFT([]byte(text)), nil
	case "aiken":
		return format, quizformat.ParseAiken([]byte(text)), nil
	}
	return format, quizformat.Result{}, fault.At("format", "请选择格式")
}

// stock is what the bank holds, to meet what comes in.
type stock struct {
	byHash map[string]string // content → code
	byCode map[string]held
}

type held struct {
	ID     int64  `db:"question_id"`
	Code   string `db:"code"`
	No     int    `db:"no"`
	MadeBy string `db:"made_by"`
}

func (s *Service) stock(ctx context.Context, r db.Reader) (stock, error) {
	st := stock{map[string]string{}, map[string]held{}}
	var rows []struct {
		held
		Hash   string `db:"sha256"`
		Latest bool   `db:"latest"`
	}
	err := r.Select(ctx, &rows, `SELECT v.question_id, q.code, v.no, v.made_by, v.sha256, v.latest`+versionTables+`ORDER BY v.id`)
	for _, row := range rows {
		st.byHash[row.Hash] = row.Code
		if row.Latest {
			st.byCode[row.Code] = row.held
		}
	}
	return st, err
}

// meet decides what becomes of questions, and counts them as there for those after them.
func (st stock) meet(items []quizformat.Item) []ImportItem {
	out := make([]ImportItem, len(items))
	for i, it := range items {
		hash := it.Hash()
		code, same := st.byHash[hash]
		old, known := st.byCode[it.ID]
		switch {
		case same:
			out[i] = ImportItem{it, FateSame, code}
		case known && it.ID != "":
			out[i] = ImportItem{it, FateVersion, old.Code}
		default:
			out[i] = ImportItem{it, FateNew, ""}
		}
		if !same {
			st.byHash[hash] = fmt.Sprintf("本文第%d行", it.Line)
		}
	}
	return out
}

// PreviewQuestions reads a text and says line by line what would happen; nothing is
// written. It needs access.School.
func (s *Service) PreviewQuestions(ctx context.Context, who access.Actor, format, text string) (BankImport, error) {
	if err := who.Check(access.School); err != nil {
		return BankImport{}, err
	}
	if strings.TrimSpace(text) == "" {
		return BankImport{}, fault.At("text", "请选择文件，或者把题目贴在这里")
	}
	format, res, err := parse(format, text)
	if err != nil {
		return BankImport{}, err
	}
	st, err := s.stock(ctx, s.db)
	return BankImport{Format: format, Items: st.meet(res.Items), Problems: res.Problems}, err
}

// ConfirmQuestions takes in the sound questions of a text that are not in the bank, all or
// none, and tells how many. It needs access.School.
func (s *Service) ConfirmQuestions(ctx context.Context, who access.Actor, idem, format, text string, ready bool) (n int, err error) {
	if err := who.Check(access.School); err != nil {
		return 0, err
	}
	format, res, err := parse(format, text)
	if err != nil {
		return 0, err
	}
	state := QuestionDraft
	if ready {
		state = QuestionReady
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		st, err := s.stock(ctx, tx)
		if err != nil {
			return err
		}
		n = 0
		for _, it := range st.meet(res.Items) {
			switch it.Fate {
			case FateNew:
				_, err = s.insertQuestion(ctx, tx, it.Question, "", state, who.Name)
			case FateVersion:
				old := st.byCode[it.Code]
				err = s.insertVersion(ctx, tx, old.ID, old.No+1, it.Question, state, who.Name)
			default:
				continue
			}
			if err != nil {
				return err
			}
			n++
		}
		return s.trail.Record(ctx, tx, who, "question.import", audit.Ref{Kind: "bank", Key: format}, n)
	})
	return n, err
}

// shipped is who makes the versions that come with the program's textbooks.
const shipped = "自编教材"

// PrepareBank takes the questions of the shipped textbooks into the bank, those that are not
// there. A question that a trainer has changed keeps the trainer's version in use: the new
// text of the book waits as a draft.
func (s *Service) PrepareBank(ctx context.Context, books fs.FS) error {
	slugs, err := textbook.Slugs(books)
	if err != nil {
		return err
	}
	for _, slug := range slugs {
		book, problems := textbook.Load(books, slug)
		if problems.Failed() {
			return errors.New("textbook " + slug + ": " + problems[0].String())
		}
		if err := s.takeBook(ctx, slug, questionsOf(book)); err != nil {
			return err
		}
	}
	return nil
}

// questionsOf labels a book's questions with their chapters, so that papers can be drawn
// by subject.
func questionsOf(b *textbook.Book) []quizformat.Item {
	var out []quizformat.Item
	for _, c := range b.Published() {
		for _, q := range c.Questions {
			if q.Category == "" {
				q.Category = c.Title
			}
			for _, t := range c.Tags {
				if !slices.Contains(q.Tags, t) {
					q.Tags = append(slices.Clone(q.Tags), t)
				}
			}
			q.Normalize()
			out = append(out, q)
		}
	}
	return out
}

func (s *Service) takeBook(ctx context.Context, slug string, items []quizformat.Item) error {
	st, err := s.stock(ctx, s.db)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(st.meet(items), func(i ImportItem) bool { return i.Fate == FateSame })
	if len(fresh) == 0 {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, it := range fresh {
			var err error
			if it.Fate == FateNew {
				_, err = s.insertQuestion(ctx, tx, it.Question, slug, QuestionReady, shipped)
			} else {
				old, state := st.byCode[it.Code], QuestionReady
				if old.MadeBy != shipped {
					state = QuestionDraft
				}
				err = s.insertVersion(ctx, tx, old.ID, old.No+1, it.Question, state, shipped)
			}
			if err != nil {
				return err
			}
		}
		return s.trail.Record(ctx, tx, access.System(shipped), "question.import", audit.Ref{Kind: "bank", Key: slug}, len(fresh))
	})
}
