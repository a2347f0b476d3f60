package school

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// CourseKind is how a course is taught.
type CourseKind string

// CourseKinds are the street's nine kinds of training, in the order shown.
var CourseKinds = []CourseKind{"lecture", "expert", "textbook", "seminar", "court", "drill", "rotation", "online", "exam"}

var courseKindWords = map[CourseKind]string{"lecture": "集中授课", "expert": "专家讲座", "textbook": "自编教材学习", "seminar": "案例研讨", "court": "庭审观摩",
	"drill": "模拟调解", "rotation": "轮岗跟班", "online": "线上课程", "exam": "考试"}

// Label names the kind in Chinese.
func (k CourseKind) Label() string { return courseKindWords[k] }

// Course is what can be taught, with its newest edition.
type Course struct {
	ID        int64      `db:"id"`
	Key       string     `db:"key"`
	Code      string     `db:"code"`
	Kind      CourseKind `db:"kind"`
	RetiredOn string     `db:"retired_on"` // "" while it is taught
	Version   int64      `db:"version"`
	EditionID int64      `db:"edition_id"`
	No        int        `db:"no"`
	Title     string     `db:"title"`
	Aims      string     `db:"aims"`
	Minutes   int        `db:"minutes"` // counted towards a year's training
}

const courseQuery = `SELECT c.id, c.key, c.code, c.kind, c.retired_on, c.version, e.id AS edition_id, e.no, e.title, e.aims, e.minutes
	FROM courses c JOIN course_editions e ON e.course_id = c.id AND e.no = (SELECT MAX(no) FROM course_editions WHERE course_id = c.id)`

// CourseEdition is a course as it was published; it never changes.
type CourseEdition struct {
	ID          int64   `db:"id"`
	No          int     `db:"no"`
	Title       string  `db:"title"`
	Aims        string  `db:"aims"`
	Minutes     int     `db:"minutes"`
	Note        string  `db:"note"` // what is different
	PublishedBy string  `db:"published_by"`
	PublishedAt db.Time `db:"published_at"`
}

// CourseInput is what a trainer writes of a course. Form fields: code, kind, title,
// aims, minutes, needs, note.
type CourseInput struct {
	Code    string
	Kind    CourseKind
	Title   string
	Aims    string
	Minutes int
	Needs   []int64 // courses to be done before
	Note    string  // what is different from the edition before
	Version int64
}

// Courses lists all courses: those taught by code, then the retired ones.
func (s *Service) Courses(ctx context.Context, r db.Reader) ([]Course, error) {
	var out []Course
	return out, r.Select(ctx, &out, courseQuery+` ORDER BY c.retired_on <> '', c.code`)
}

// Course finds a course by key.
func (s *Service) Course(ctx context.Context, r db.Reader, key string) (Course, error) {
	var c Course
	return c, r.Get(ctx, &c, courseQuery+` WHERE c.key = ?`, key)
}

// CourseEditions lists a course's editions, newest first.
func (s *Service) CourseEditions(ctx context.Context, r db.Reader, courseID int64) ([]CourseEdition, error) {
	var out []CourseEdition
	return out, r.Select(ctx, &out, `SELECT id, no, title, aims, minutes, note, published_by, published_at FROM course_editions WHERE course_id = ? ORDER BY no DESC`, courseID)
}

// Prereqs lists the courses that must be done before a course.
func (s *Service) Prereqs(ctx context.Context, r db.Reader, courseID int64) ([]Course, error) {
	var out []Course
	return out, r.Select(ctx, &out, courseQuery+` WHERE c.id IN (SELECT needs_id FROM course_prereqs WHERE course_id = ?) ORDER BY c.code`, courseID)
}

func (in CourseInput) check(revised bool) error {
	f := fault.Form{}
	if !revised {
		f.Check(in.Code != "" && utf8.RuneCountInString(in.Code) <= 20, "code", "请填写编号，最多 20 字")
		f.Check(slices.Contains(CourseKinds, in.Kind), "kind", "请选择培训方式")
	}
	f.Check(in.Title != "" && utf8.RuneCountInString(in.Title) <= 60, "title", "请填写课程名称，最多 60 字")
	f.Check(utf8.RuneCountInString(in.Aims) <= 1000, "aims", "学习目标最多 1000 字")
	f.Check(in.Minutes >= 0 && in.Minutes <= 60000, "minutes", "学时请填 0 到 60000 之间的分钟数")
	f.Check(!revised || in.Note != "", "note", "请写明这一版改了什么")
	f.Check(utf8.RuneCountInString(in.Note) <= 300, "note", "改动说明最多 300 字")
	return f.Err()
}

// AddCourse makes a course with its first edition. It needs access.School.
func (s *Service) AddCourse(ctx context.Context, who access.Actor, idem string, in CourseInput) (key string, err error) {
	if err := who.Check(access.School); err != nil {
		return "", err
	}
	if err := in.check(false); err != nil {
		return "", err
	}
	if in.Note == "" {
		in.Note = "首版"
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		at, first, err := tx.Claim(ctx, idem)
		if key = at; err != nil || !first {
			return err
		}
		var n int
		if err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM courses WHERE code = ?`, in.Code); err != nil || n > 0 {
			if err == nil {
				err = fault.At("code", "这个编号已经有了")
			}
			return err
		}
		key = seal.NewKey()
		id, err := tx.Insert(ctx, `INSERT INTO courses (key, code, kind, created_at) VALUES (?,?,?,?) RETURNING id`, key, in.Code, in.Kind, db.At(tx.Now))
		if err != nil {
			return err
		}
		if err := s.publishCourse(ctx, tx, who, id, 1, in); err != nil {
			return err
		}
		if err := s.trail.Record(ctx, tx, who, "course.add", audit.Ref{Kind: "course", Key: key}, map[string]any{"code": in.Code, "title": in.Title}); err != nil {
			return err
		}
		return tx.Fulfil(ctx, idem, key)
	})
	return key, err
}

// ReviseCourse publishes a new edition; classes that are announced keep theirs. It needs access.School.
func (s *Service) ReviseCourse(ctx context.Context, who access.Actor, key string, in CourseInput) error {
	if err := in.check(true); err != nil {
		return err
	}
	return s.alterCourse(ctx, who, key, in.Version, "course.revise", func(tx *db.Tx, c Course) (any, error) {
		if c.RetiredOn != "" {
			return nil, fault.New(fault.Invalid, "课程已停开，请先恢复再修订")
		}
		return map[string]any{"no": c.No + 1, "note": in.Note}, s.publishCourse(ctx, tx, who, c.ID, c.No+1, in)
	})
}

// RetireCourse stops a course: no new classes, what was taught stays. It needs access.School.
func (s *Service) RetireCourse(ctx context.Context, who access.Actor, key string, version int64) error {
	return s.setRetired(ctx, who, key, version, "course.retire", true)
}

// ResumeCourse takes a retired course up again. It needs access.School.
func (s *Service) ResumeCourse(ctx context.Context, who access.Actor, key string, version int64) error {
	return s.setRetired(ctx, who, key, version, "course.resume", false)
}

func (s *Service) setRetired(ctx context.Context, who access.Actor, key string, version int64, action string, on bool) error {
	return s.alterCourse(ctx, who, key, version, action, func(tx *db.Tx, c Course) (any, error) {
		day := ""
		if on {
			day = tx.Day()
		}
		_, err := tx.Exec(ctx, `UPDATE courses SET retired_on = ? WHERE id = ?`, day, c.ID)
		return nil, err
	})
}

func (s *Service) alterCourse(ctx context.Context, who access.Actor, key string, version int64, action string, act func(*db.Tx, Course) (any, error)) error {
	if err := who.Check(access.School); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.Course(ctx, tx, key)
		if err != nil {
			return err
		}
		if err := tx.Swap(ctx, `UPDATE courses SET version = version + 1 WHERE id = ? AND version = ?`, c.ID, version); err != nil {
			return err
		}
		detail, err := act(tx, c)
		if err != nil {
			return err
		}
		tx.Touch("courses")
		return s.trail.Record(ctx, tx, who, action, audit.Ref{Kind: "course", Key: key}, detail)
	})
}

func (s *Service) publishCourse(ctx context.Context, tx *db.Tx, who access.Actor, courseID int64, no int, in CourseInput) error {
	_, err := tx.Exec(ctx, `INSERT INTO course_editions (course_id, no, title, aims, minutes, note, published_by, published_at) VALUES (?,?,?,?,?,?,?,?)`,
		courseID, no, in.Title, in.Aims, in.Minutes, in.Note, who.Name, db.At(tx.Now))
	if err != nil {
		return err
	}
	tx.Touch("courses")
	return s.setPrereqs(ctx, tx, courseID, in.Needs)
}

// setPrereqs replaces what must be done before. The courses are locked together, so that
// two who save at once can't close a circle between them.
func (s *Service) setPrereqs(ctx context.Context, tx *db.Tx, courseID int64, needs []int64) error {
	var known []int64
	if err := tx.Select(ctx, &known, `SELECT id FROM courses ORDER BY id`+tx.Locking()); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM course_prereqs WHERE course_id = ?`, courseID); err != nil {
		return err
	}
	for _, n := range slices.Compact(slices.Sorted(slices.Values(needs))) {
		if n == courseID {
			return fault.At("needs", "一门课不能是自己的先修课")
		}
		if !slices.Contains(known, n) {
			return fault.At("needs", "没有这门先修课")
		}
		if _, err := tx.Exec(ctx, `INSERT INTO course_prereqs (course_id, needs_id) VALUES (?,?)`, courseID, n); err != nil {
			return err
		}
	}
	var edges []edge
	if err := tx.Select(ctx, &edges, `SELECT course_id, needs_id FROM course_prereqs ORDER BY course_id, needs_id`); err != nil {
		return err
	}
	circle := circleFrom(courseID, edges)
	if circle == nil {
		return nil
	}
	all, err := s.Courses(ctx, tx)
	if err != nil {
		return err
	}
	names := make([]string, len(circle))
	for i, id := range circle {
		for _, c := range all {
			if c.ID == id {
				names[i] = "《" + c.Title + "》"
			}
		}
	}
	return fault.At("needs", "先修课绕成了圈，谁也学不了："+strings.Join(names, " 要先学 "))
}

type edge struct {
	Course int64 `db:"course_id"`
	Needs  int64 `db:"needs_id"`
}

// circleFrom follows what must be done before from a course back to itself: the way
// round with the course at both ends, nil when there is none.
func circleFrom(start int64, edges []edge) []int64 {
	next := map[int64][]int64{}
	for _, e := range edges {
		next[e.Course] = append(next[e.Course], e.Needs)
	}
	seen := map[int64]bool{}
	var walk func(at int64, way []int64) []int64
	walk = func(at int64, way []int64) []int64 {
		for _, n := range next[at] {
			if n == start {
				return append(slices.Clone(way), n)
			}
			if !seen[n] {
				seen[n] = true
				if found := walk(n, append(way, n)); found != nil {
					return found
				}
			}
		}
		return nil
	}
	return walk(start, []int64{start})
}
