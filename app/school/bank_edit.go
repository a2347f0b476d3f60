package school

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/school/exam"
	"tiaojie/app/school/quizformat"
	"tiaojie/db"
)

// TagCount is a tag with the number of questions that have it.
type TagCount struct {
	Tag string
	N   int
}

func countTags(bank []exam.Candidate) []TagCount {
	questions := map[string]map[int64]bool{}
	for _, c := range bank {
		for _, t := range c.Tags {
			if questions[t] == nil {
				questions[t] = map[int64]bool{}
			}
			questions[t][c.Question] = true
		}
	}
	var out []TagCount
	for t, in := range questions {
		out = append(out, TagCount{t, len(in)})
	}
	slices.SortFunc(out, func(a, b TagCount) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Tag, b.Tag)) })
	return out
}

// QuestionMove is one lawful step of a question's state.
type QuestionMove struct {
	Verb, Label string
	From        []QuestionState
	To          QuestionState
}

// QuestionMoves is the life of a question. Papers already begun keep what they hold.
var QuestionMoves = []QuestionMove{
	{"ready", "启用", []QuestionState{QuestionDraft, QuestionHidden}, QuestionReady},
	{"hide", "停用", []QuestionState{QuestionDraft, QuestionReady}, QuestionHidden},
}

// Moves gives the steps that can be taken now.
func (v QuestionVersion) Moves() []QuestionMove {
	return slices.DeleteFunc(slices.Clone(QuestionMoves), func(m QuestionMove) bool { return !slices.Contains(m.From, v.State) })
}

// MoveQuestion takes a step with the latest version, no. 停用 takes the older versions out of
// use too. It needs access.School.
func (s *Service) MoveQuestion(ctx context.Context, who access.Actor, code, verb string, no int) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	i := slices.IndexFunc(QuestionMoves, func(m QuestionMove) bool { return m.Verb == verb })
	if i < 0 {
		return fault.New(fault.NotFound, "没有这个操作")
	}
	move := QuestionMoves[i]
	return s.db.Write(ctx, func(tx *db.Tx) error {
		v, err := s.latest(ctx, tx, code)
		if err != nil {
			return err
		}
		if !slices.Contains(move.From, v.State) {
			return fault.Newf(fault.Conflict, "这道题现在是“%s”，不能%s", v.State.Label(), move.Label)
		}
		if err := tx.Swap(ctx, `UPDATE question_versions SET state = ? WHERE id = ? AND no = ? AND state = ? AND latest`, move.To, v.ID, no, v.State); err != nil {
			return err
		}
		if move.To == QuestionHidden {
			if _, err := tx.Exec(ctx, `UPDATE question_versions SET state = 'hidden' WHERE question_id = ? AND state = 'ready'`, v.QuestionID); err != nil {
				return err
			}
		}
		tx.Touch("school")
		return s.trail.Record(ctx, tx, who, "question."+verb, audit.Ref{Kind: "question", Key: code}, v.No)
	})
}

func (s *Service) latest(ctx context.Context, tx *db.Tx, code string) (QuestionVersion, error) {
	list, err := s.versions(ctx, tx, `WHERE q.code = ? AND v.latest`, code)
	if err == nil && len(list) == 0 {
		err = errNoQuestion
	}
	if err != nil {
		return QuestionVersion{}, err
	}
	return list[0], nil
}

// readOne reads the one question of an edited text, with all problems beside the field.
func readOne(text, code string) (quizformat.Question, error) {
	res := quizformat.ParseMarkdown([]byte(text))
	var bad []string
	for _, p := range res.Problems {
		if !p.Warning {
			bad = append(bad, p.String())
		}
	}
	switch {
	case len(bad) > 0:
		return quizformat.Question{}, fault.At("text", strings.Join(bad, "；"))
	case len(res.Items) == 0:
		return quizformat.Question{}, fault.At("text", "没有读到题目：第一行要以“::: question”开头，最后一行是“:::”")
	case len(res.Items) > 1:
		return quizformat.Question{}, fault.At("text", "这里一次写一道题；多道题请用“导入”")
	}
	q := res.Items[0].Question
	if code != "" && q.ID != "" && q.ID != code {
		return q, fault.At("text", "题号不能改，这道题是 "+code)
	}
	return q, nil
}

// SaveQuestion writes a new question (code "") or a new version of one, from a block of our
// Markdown; no is the version that the person saw. It gives the code. It needs access.School.
func (s *Service) SaveQuestion(ctx context.Context, who access.Actor, idem, code, text string, no int, ready bool) (string, error) {
	if err := who.Check(access.School); err != nil {
		return "", err
	}
	q, err := readOne(text, code)
	if err != nil {
		return "", err
	}
	state := QuestionDraft
	if ready {
		state = QuestionReady
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		led, first, err := tx.Claim(ctx, idem)
		if err != nil || !first {
			code = cmp.Or(led, code)
			return err
		}
		if code == "" {
			if code, err = s.newQuestion(ctx, tx, q, state, who.Name); err != nil {
				return err
			}
		} else if err = s.nextVersion(ctx, tx, q, code, no, state, who.Name); err != nil {
			return err
		}
		if err := s.trail.Record(ctx, tx, who, "question.save", audit.Ref{Kind: "question", Key: code}, map[string]any{"state": state}); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, code)
	})
	return code, err
}

func (s *Service) newQuestion(ctx context.Context, tx *db.Tx, q quizformat.Question, state QuestionState, by string) (string, error) {
	var same []string
	err := tx.Select(ctx, &same, `SELECT q.code`+versionTables+`WHERE v.sha256 = ? ORDER BY v.id LIMIT 1`, q.Hash())
	if err != nil {
		return "", err
	}
	if len(same) > 0 {
		return "", fault.At("text", "题库里已有同样的题："+same[0])
	}
	if q.ID != "" {
		var n int
		if err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM questions WHERE code = ?`, q.ID); err != nil {
			return "", err
		}
		if n > 0 {
			return "", fault.At("text", "题号 "+q.ID+" 已经有了；要改那道题，请打开它再改")
		}
	}
	return s.insertQuestion(ctx, tx, q, "", state, by)
}

func (s *Service) nextVersion(ctx context.Context, tx *db.Tx, q quizformat.Question, code string, seen int, state QuestionState, by string) error {
	old, err := s.latest(ctx, tx, code)
	if err != nil {
		return err
	}
	if old.No != seen {
		return fault.Newf(fault.Conflict, "这道题刚刚有了第%d版，请先看现在的内容", old.No)
	}
	q.ID = code
	if packed(q) == packed(old.Question) {
		return fault.At("text", "题目没有改动")
	}
	return s.insertVersion(ctx, tx, old.QuestionID, old.No+1, q, state, by)
}

func packed(q quizformat.Question) string {
	q.ID = "" // stands in its own column
	raw, err := json.Marshal(q)
	if err != nil { // strings and integers always marshal
		panic(err)
	}
	return string(raw)
}

// insertQuestion makes a question with its first version and gives its code.
func (s *Service) insertQuestion(ctx context.Context, tx *db.Tx, q quizformat.Question, source string, state QuestionState, by string) (string, error) {
	code := q.ID
	if code == "" {
		var n int64
		if err := tx.Get(ctx, &n, `SELECT COALESCE(MAX(id), 0) + 1 FROM questions`); err != nil {
			return "", err
		}
		code = fmt.Sprintf("t-%05d", n)
	}
	id, err := tx.Insert(ctx, `INSERT INTO questions (code, source, created_at) VALUES (?,?,?) RETURNING id`, code, source, db.At(tx.Now))
	if err != nil {
		return "", err
	}
	return code, s.insertVersion(ctx, tx, id, 1, q, state, by)
}

func (s *Service) insertVersion(ctx context.Context, tx *db.Tx, questionID int64, no int, q quizformat.Question, state QuestionState, by string) error {
	tx.Touch("school")
	if _, err := tx.Exec(ctx, `UPDATE question_versions SET latest = ? WHERE question_id = ? AND latest`, false, questionID); err != nil {
		return err
	}
	tags := ""
	if len(q.Tags) > 0 {
		tags = " " + strings.Join(q.Tags, " ") + " "
	}
	_, err := tx.Exec(ctx, `INSERT INTO question_versions (question_id, no, kind, points, category, tags, stem, body, sha256, state, latest, made_by, made_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`, questionID, no, q.Kind, q.Points, q.Category, tags, q.Stem, packed(q), q.Hash(), state, true, by, db.At(tx.Now))
	return err
}
