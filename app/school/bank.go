package school

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/school/exam"
	"tiaojie/app/school/quizformat"
	"tiaojie/db"
)

// QuestionState says whether a version of a question may be asked.
type QuestionState string

// The states of a question version.
const (
	QuestionDraft  QuestionState = "draft"  // 草稿
	QuestionReady  QuestionState = "ready"  // 可用
	QuestionHidden QuestionState = "hidden" // 停用
)

// QuestionStates lists the states in the order of a question's life.
var QuestionStates = []QuestionState{QuestionDraft, QuestionReady, QuestionHidden}

var questionStateLabels = map[QuestionState]string{QuestionDraft: "草稿", QuestionReady: "可用", QuestionHidden: "停用"}

// Label is the Chinese word.
func (s QuestionState) Label() string { return questionStateLabels[s] }

// QuestionVersion is one version of a question of the bank (题库). Its content never changes.
type QuestionVersion struct {
	ID         int64         `db:"id"`
	QuestionID int64         `db:"question_id"`
	Code       string        `db:"code"` // of the question, the same for all versions
	Source     string        `db:"source"`
	No         int           `db:"no"`
	Body       string        `db:"body"`
	Hash       string        `db:"sha256"`
	State      QuestionState `db:"state"`
	Latest     bool          `db:"latest"`
	MadeBy     string        `db:"made_by"`
	MadeAt     db.Time       `db:"made_at"`

	quizformat.Question `db:"-"`
}

const versionColumns = `v.id, v.question_id, q.code, q.source, v.no, v.body, v.sha256, v.state, v.latest, v.made_by, v.made_at`

const versionTables = ` FROM question_versions v JOIN questions q ON q.id = v.question_id `

// unpack reads the content of versions.
func unpack(list []QuestionVersion) error {
	for i := range list {
		if err := json.Unmarshal([]byte(list[i].Body), &list[i].Question); err != nil {
			return fmt.Errorf("question version %d: %w", list[i].ID, err)
		}
		list[i].Question.ID = list[i].Code
	}
	return nil
}

func (s *Service) versions(ctx context.Context, r db.Reader, rest string, args ...any) ([]QuestionVersion, error) {
	var out []QuestionVersion
	if err := r.Select(ctx, &out, `SELECT `+versionColumns+versionTables+rest, args...); err != nil {
		return nil, err
	}
	return out, unpack(out)
}

// BankFilter narrows the bank; zero fields don't.
type BankFilter struct {
	Words  string // in the stem, the code or the category
	Kind   quizformat.Kind
	State  QuestionState
	Tag    string
	Source string
	Before int64 // question id; keyset paging, newest first
	Limit  int
}

// BankPage is one page of the bank; Next is the Before of the page after, 0 at the end.
type BankPage struct {
	Questions []QuestionVersion // the latest version of each
	Next      int64
}

func (f BankFilter) where() (string, []any) {
	where, args := `WHERE v.latest`, []any{}
	add := func(on bool, cond string, arg ...any) {
		if on {
			where, args = where+" AND "+cond, append(args, arg...)
		}
	}
	like := "%" + db.EscapeLike(strings.ToLower(strings.TrimSpace(f.Words))) + "%"
	add(f.Words != "", `(LOWER(v.stem) LIKE ? ESCAPE '\' OR q.code LIKE ? ESCAPE '\' OR LOWER(v.category) LIKE ? ESCAPE '\')`, like, like, like)
	add(f.Kind != "", `v.kind = ?`, f.Kind)
	add(f.State != "", `v.state = ?`, f.State)
	add(f.Tag != "", `v.tags LIKE ? ESCAPE '\'`, "% "+db.EscapeLike(f.Tag)+" %")
	add(f.Source != "", `q.source = ?`, f.Source)
	return where, args
}

// Bank lists questions, newest first. It needs access.School.
func (s *Service) Bank(ctx context.Context, who access.Actor, f BankFilter) (BankPage, error) {
	if err := who.Check(access.School); err != nil {
		return BankPage{}, err
	}
	where, args := f.where()
	if f.Before != 0 {
		where, args = where+` AND q.id < ?`, append(args, f.Before)
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	list, err := s.versions(ctx, s.db, where+` ORDER BY q.id DESC LIMIT ?`, append(args, f.Limit+1)...)
	page := BankPage{Questions: list}
	if len(list) > f.Limit {
		page.Questions = list[:f.Limit]
		page.Next = page.Questions[f.Limit-1].QuestionID
	}
	return page, err
}

// ExportGIFT writes the latest versions that fit the filter as GIFT. It needs access.School.
func (s *Service) ExportGIFT(ctx context.Context, who access.Actor, f BankFilter) (string, error) {
	if err := who.Check(access.School); err != nil {
		return "", err
	}
	where, args := f.where()
	list, err := s.versions(ctx, s.db, where+` ORDER BY q.id`, args...)
	out := make([]quizformat.Question, len(list))
	for i, v := range list {
		out[i] = v.Question
	}
	return quizformat.WriteGIFT(out), err
}

var errNoQuestion = fault.New(fault.NotFound, "题库里没有这道题")

// Question reads all versions of a question, newest first. It needs access.School.
func (s *Service) Question(ctx context.Context, who access.Actor, code string) ([]QuestionVersion, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	list, err := s.versions(ctx, s.db, `WHERE q.code = ? ORDER BY v.no DESC`, code)
	if err == nil && len(list) == 0 {
		err = errNoQuestion
	}
	return list, err
}

// BankTags lists the tags of questions that can be asked, with how many questions have
// each, most used first.
func (s *Service) BankTags(ctx context.Context) ([]TagCount, error) {
	bank, err := s.candidates(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return countTags(bank), nil
}

// candidates are all versions that may be asked.
func (s *Service) candidates(ctx context.Context, r db.Reader) ([]exam.Candidate, error) {
	var rows []struct {
		ID       int64           `db:"id"`
		Question int64           `db:"question_id"`
		Kind     quizformat.Kind `db:"kind"`
		Points   int             `db:"points"`
		Tags     string          `db:"tags"`
		Category string          `db:"category"`
	}
	err := r.Select(ctx, &rows, `SELECT id, question_id, kind, points, tags, category FROM question_versions WHERE state = 'ready' ORDER BY id`)
	out := make([]exam.Candidate, len(rows))
	for i, c := range rows {
		out[i] = exam.Candidate{Version: c.ID, Question: c.Question, Ready: true, Kind: c.Kind, Points: c.Points, Tags: strings.Fields(c.Tags), Category: c.Category}
	}
	return out, err
}
