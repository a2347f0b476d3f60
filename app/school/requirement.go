package school

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Rule tells whom a requirement asks: everybody on the roster whom none of its parts shuts
// out. A list holds words separated by blanks; an empty one shuts out nobody.
type Rule struct {
	Posts      string `db:"posts" json:"posts"`
	Units      string `db:"units" json:"units"` // ids
	Tags       string `db:"tags" json:"tags"`   // one of them is enough
	JoinedFrom string `db:"joined_from" json:"joined_from"`
	JoinedTo   string `db:"joined_to" json:"joined_to"`
}

// Matches tells whether the rule asks the person.
func (r Rule) Matches(l Learner) bool {
	unit := ""
	if l.UnitID != nil {
		unit = strconv.FormatInt(*l.UnitID, 10)
	}
	return oneOf(r.Posts, l.Post) && oneOf(r.Units, unit) && oneOf(r.Tags, strings.Fields(l.Tags)...) &&
		(r.JoinedFrom == "" || l.JoinedOn >= r.JoinedFrom) && (r.JoinedTo == "" || l.JoinedOn <= r.JoinedTo)
}

func oneOf(list string, words ...string) bool {
	if list == "" {
		return true
	}
	wanted := strings.Fields(list)
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(wanted, w) })
}

// Requirement (培训要求) is what must be learned, by whom, how often.
type Requirement struct {
	ID          int64       `db:"id" json:"-"`
	Key         string      `db:"key" json:"-"`
	Title       string      `db:"title" json:"title"`
	SubjectKind SubjectKind `db:"subject_kind" json:"subject_kind"`
	SubjectKey  string      `db:"subject_key" json:"subject_key"`
	Rule
	Terms
	Basis   string `db:"basis" json:"basis"` // on what it rests: a document, a decision
	Version int64  `db:"version" json:"-"`
}

const requirementColumns = `id, key, title, subject_kind, subject_key, posts, units, tags, joined_from, joined_to, cycle, months, cal_from, cal_to,
	window_days, grace_days, first_due_days, min_minutes, active_from, active_to, basis, version`

// Subject is what is to be learned.
func (q Requirement) Subject() Subject {
	return Subject{Kind: q.SubjectKind, Key: q.SubjectKey, Title: q.Title}
}

// ended tells whether it is out of force on a day.
func (q Requirement) ended(day string) bool { return q.ActiveTo != "" && q.ActiveTo < day }

// RequirementVersion is one wording that a requirement had.
type RequirementVersion struct {
	Version int64   `db:"version"`
	Body    string  `db:"body"`
	Note    string  `db:"note"`
	By      string  `db:"by_name"`
	At      db.Time `db:"at"`
}

// Was reads the wording.
func (v RequirementVersion) Was() Requirement {
	var q Requirement
	if err := json.Unmarshal([]byte(v.Body), &q); err != nil {
		return Requirement{Title: v.Body}
	}
	return q
}

// Requirements lists all requirements, those in force first. It needs access.School.
func (s *Service) Requirements(ctx context.Context, who access.Actor) ([]Requirement, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	var out []Requirement
	return out, s.db.Select(ctx, &out, `SELECT `+requirementColumns+` FROM requirements ORDER BY active_to <> '' AND active_to < ?, id`, db.DayOf(s.db.Now()))
}

// Requirement finds one by its key. It needs access.School.
func (s *Service) Requirement(ctx context.Context, who access.Actor, key string) (Requirement, error) {
	if err := who.Check(access.School); err != nil {
		return Requirement{}, err
	}
	return requirement(ctx, s.db, key)
}

func requirement(ctx context.Context, r db.Reader, key string) (Requirement, error) {
	var q Requirement
	err := r.Get(ctx, &q, `SELECT `+requirementColumns+` FROM requirements WHERE key = ?`, key)
	if fault.Is(err, fault.NotFound) {
		return q, fault.New(fault.NotFound, "没有这项培训要求")
	}
	return q, err
}

// RequirementVersions lists the wordings, the newest first. It needs access.School.
func (s *Service) RequirementVersions(ctx context.Context, who access.Actor, id int64) ([]RequirementVersion, error) {
	if err := who.Check(access.School); err != nil {
		return nil, err
	}
	var out []RequirementVersion
	return out, s.db.Select(ctx, &out, `SELECT version, body, note, by_name, at FROM requirement_versions WHERE requirement_id = ? ORDER BY version DESC`, id)
}

func dayOK(day string) bool {
	at, err := time.Parse(time.DateOnly, day)
	return err == nil && at.Year() >= 1900 && at.Year() <= 2200
}

// monthDayOK takes 02-29 too.
func monthDayOK(md string) bool {
	_, err := time.Parse(time.DateOnly, "2024-"+md)
	return err == nil
}

// tidied drops what the chosen cycle doesn't use and brings texts to one spelling.
func (q Requirement) tidied() Requirement {
	q.Title, q.Basis = strings.TrimSpace(q.Title), strings.TrimSpace(q.Basis)
	q.SubjectKey = strings.TrimSpace(q.SubjectKey)
	switch q.SubjectKind {
	case AnySubject:
		q.SubjectKey = ""
	case TitleSubject:
		if q.SubjectKey == "" {
			q.SubjectKey = q.Title
		}
		q.SubjectKey = spelling(q.SubjectKey)
	}
	q.Posts, q.Units, q.Tags = strings.Join(strings.Fields(q.Posts), " "), strings.Join(strings.Fields(q.Units), " "), strings.Join(tagList(q.Tags), " ")
	if q.Cycle != Rolling {
		q.Months = 0
	}
	if q.Cycle != Calendar {
		q.CalFrom, q.CalTo = "", ""
	}
	return q
}

// tagList reads tags as people type them.
func tagList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,; \t\n\uff0c\uff1b\u3000", r) })
}

// check tells what is wrong with a requirement, beside its field.
func (q Requirement) check() error {
	f := fault.Form{}
	f.Check(q.Title != "" && utf8.RuneCountInString(q.Title) <= 40, "title", "请填名称，最多 40 字")
	f.Check(slices.Contains([]SubjectKind{AnySubject, CourseSubject, ExamSubject, BookSubject, TitleSubject}, q.SubjectKind), "subject_kind", "请选择要学什么")
	f.Check(q.SubjectKind == AnySubject || q.SubjectKey != "" && utf8.RuneCountInString(q.SubjectKey) <= 60, "subject_key", "请填课程代码、考试编号、教材代号或培训名称，最多 60 字")
	for _, p := range strings.Fields(q.Posts) {
		f.Check(PostLabel(p) != "", "posts", "没有这个岗位")
	}
	f.Check(utf8.RuneCountInString(q.Tags) <= 100, "tags", "标签最多 100 字")
	f.Check(q.JoinedFrom == "" || dayOK(q.JoinedFrom), "joined_from", "日期不对")
	f.Check(q.JoinedTo == "" || dayOK(q.JoinedTo), "joined_to", "日期不对")
	f.Check(q.JoinedFrom == "" || q.JoinedTo == "" || q.JoinedFrom <= q.JoinedTo, "joined_to", "应不早于前一个日期")
	switch q.Cycle {
	case Once:
	case Rolling:
		f.Check(q.Months >= 1 && q.Months <= 120, "months", "请填 1 到 120 个月")
	case Calendar:
		f.Check(monthDayOK(q.CalFrom), "cal_from", "请写成 01-01 这样")
		f.Check(monthDayOK(q.CalTo), "cal_to", "请写成 12-31 这样")
		f.Check(q.CalFrom != q.CalTo || q.CalFrom == "", "cal_to", "起止不能是同一天")
	default:
		f.Add("cycle", "请选择多久一次")
	}
	f.Check(q.WindowDays >= 0 && q.WindowDays <= 366, "window_days", "请填 0 到 366 天")
	f.Check(q.GraceDays >= 0 && q.GraceDays <= 366, "grace_days", "请填 0 到 366 天")
	f.Check(q.FirstDueDays >= 0 && q.FirstDueDays <= 3660, "first_due_days", "请填 0 到 3660 天")
	f.Check(q.MinMinutes >= 0 && q.MinMinutes <= 60_000, "hours", "学时请写 0 到 1000 的数字")
	f.Check(dayOK(q.ActiveFrom), "active_from", "请填从哪天起施行")
	f.Check(q.ActiveTo == "" || dayOK(q.ActiveTo) && q.ActiveTo >= q.ActiveFrom, "active_to", "应不早于施行的日期")
	f.Check(utf8.RuneCountInString(q.Basis) <= 200, "basis", "最多 200 字")
	return f.Err()
}

// What becomes of people whom the new wording doesn't ask any more.
const (
	KeepLeavers = "keep" // they are still asked, as assigned by hand
	DropLeavers = "drop" // they are released, and it stands in their history
)

// SaveRequirement adds a requirement (key "") or gives it a new wording, and tells its key.
// People asked before and not any more are kept or released as leavers says; it is
// refused when there are such people and nothing is said. It needs access.School.
func (s *Service) SaveRequirement(ctx context.Context, who access.Actor, idem, key string, q Requirement, leavers, note string) (string, error) {
	if err := who.Check(access.School); err != nil {
		return "", err
	}
	q = q.tidied()
	if err := q.check(); err != nil {
		return "", err
	}
	if note = strings.TrimSpace(note); utf8.RuneCountInString(note) > 100 {
		return "", fault.At("note", "最多 100 字")
	}
	b, err := s.board(ctx)
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		was, first, err := tx.Claim(ctx, idem)
		if err != nil {
			return err
		}
		if !first {
			key = was
			return nil
		}
		verb := "requirement.change"
		if key == "" {
			verb, key = "requirement.add", seal.NewKey()
			q.Key = key
			err = s.insertRequirement(ctx, tx, &q)
		} else {
			err = s.updateRequirement(ctx, tx, who, b, key, &q, leavers)
		}
		if err != nil {
			return err
		}
		body, err := json.Marshal(q)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO requirement_versions (requirement_id, version, body, note, by_name, at) VALUES (?,?,?,?,?,?)`,
			q.ID, q.Version, string(body), note, who.Name, db.At(tx.Now))
		if err != nil {
			return err
		}
		tx.Touch(RequirementTopic)
		if err := tx.Fulfil(ctx, idem, key); err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, verb, audit.Ref{Kind: "requirement", Key: key}, map[string]any{"version": q.Version, "note": note, "leavers": leavers})
	})
	return key, err
}

func (s *Service) insertRequirement(ctx context.Context, tx *db.Tx, q *Requirement) (err error) {
	q.Version = 1
	q.ID, err = tx.Insert(ctx, `INSERT INTO requirements (key, title, subject_kind, subject_key, posts, units, tags, joined_from, joined_to, cycle, months, cal_from, cal_to,
		window_days, grace_days, first_due_days, min_minutes, active_from, active_to, basis) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id`,
		q.Key, q.Title, q.SubjectKind, q.SubjectKey, q.Posts, q.Units, q.Tags, q.JoinedFrom, q.JoinedTo, q.Cycle, q.Months, q.CalFrom, q.CalTo,
		q.WindowDays, q.GraceDays, q.FirstDueDays, q.MinMinutes, q.ActiveFrom, q.ActiveTo, q.Basis)
	return err
}

func (s *Service) updateRequirement(ctx context.Context, tx *db.Tx, who access.Actor, b *board, key string, q *Requirement, leavers string) error {
	old, err := requirement(ctx, tx, key)
	if err != nil {
		return err
	}
	given := q.Version
	q.ID, q.Key, q.Version = old.ID, old.Key, given+1
	err = tx.Swap(ctx, `UPDATE requirements SET title = ?, subject_kind = ?, subject_key = ?, posts = ?, units = ?, tags = ?, joined_from = ?, joined_to = ?, cycle = ?,
		months = ?, cal_from = ?, cal_to = ?, window_days = ?, grace_days = ?, first_due_days = ?, min_minutes = ?, active_from = ?, active_to = ?, basis = ?,
		version = version + 1 WHERE id = ? AND version = ?`, q.Title, q.SubjectKind, q.SubjectKey, q.Posts, q.Units, q.Tags, q.JoinedFrom, q.JoinedTo, q.Cycle,
		q.Months, q.CalFrom, q.CalTo, q.WindowDays, q.GraceDays, q.FirstDueDays, q.MinMinutes, q.ActiveFrom, q.ActiveTo, q.Basis, old.ID, given)
	if err != nil {
		return err
	}
	left := b.leavers(old, *q, tx.Day())
	if len(left) == 0 {
		return nil
	}
	if leavers != KeepLeavers && leavers != DropLeavers {
		return fault.At("leavers", "有人将不再被要求，请选择怎样处理")
	}
	for _, l := range left {
		kind, on, reason := "assign", l.since, "规则修改前已经要求，保留"
		if leavers == DropLeavers {
			kind, on, reason = "release", tx.Day(), "规则修改后不再要求"
		}
		if err := addAct(ctx, tx, Act{RequirementID: old.ID, LearnerID: l.Learner.ID, Kind: kind, OnDay: on, Reason: reason, By: who.Name}); err != nil {
			return err
		}
	}
	return nil
}
