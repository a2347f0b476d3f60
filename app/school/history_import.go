package school

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/app/people/sheet"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// HistoryColumns are the headings understood, for the form's hint.
const HistoryColumns = "姓名、手机、单位、岗位、加入日期、标签、培训名称、完成日期、学时、依据"

// HistoryLine is one line of a file as it would be taken in: a person, and with it a past training or none.
type HistoryLine struct {
	Line    int      `json:"line"`
	Name    string   `json:"name"`
	Phone   string   `json:"phone"`
	Unit    int64    `json:"unit"`
	Post    string   `json:"post"`
	Joined  string   `json:"joined"`
	Tags    string   `json:"tags"`
	Title   string   `json:"title"`
	On      string   `json:"on"`
	Minutes int      `json:"minutes"`
	Note    string   `json:"note"`
	Learner int64    `json:"learner"` // who it is, 0 for somebody new
	Same    int      `json:"same"`    // an earlier line of the file with the same new person, 0 for none
	Known   bool     `json:"known"`   // the training stands in the history already
	Errors  []string `json:"errors"`
}

// Good tells whether the line will be taken in.
func (l HistoryLine) Good() bool { return len(l.Errors) == 0 && !l.Nothing() }

// Nothing tells that there is nothing new on the line.
func (l HistoryLine) Nothing() bool {
	return len(l.Errors) == 0 && (l.Learner != 0 || l.Same != 0) && (l.Title == "" || l.Known)
}

// HistoryImport is a file read and checked, of which nothing is taken in yet.
type HistoryImport struct {
	Lines []HistoryLine `json:"lines"`
	Token string        `json:"-"`
}

// People and Trainings count what the confirmation would add.
func (im HistoryImport) People() (n int) {
	for _, l := range im.Lines {
		if l.Good() && l.Learner == 0 && l.Same == 0 {
			n++
		}
	}
	return n
}

// Trainings counts the completions that the confirmation would add.
func (im HistoryImport) Trainings() (n int) {
	for _, l := range im.Lines {
		if l.Good() && l.Title != "" && !l.Known {
			n++
		}
	}
	return n
}

// known is whom and what the roster holds already.
type known struct {
	byPhone map[string]int64
	phoned  map[int64]bool // whose phone is known
	names   map[int64]string
	byName  map[string][]Learner
	units   map[string]int64
	done    map[string]bool
}

func doneKey(learner int64, title, on string) string {
	return strconv.FormatInt(learner, 10) + "|" + spelling(title) + "|" + on
}

func (s *Service) known(ctx context.Context, r db.Reader) (known, error) {
	k := known{byPhone: map[string]int64{}, phoned: map[int64]bool{}, names: map[int64]string{}, byName: map[string][]Learner{}, units: map[string]int64{}, done: map[string]bool{}}
	var list []Learner
	if err := r.Select(ctx, &list, `SELECT `+LearnerColumns+` FROM learners`); err != nil {
		return k, err
	}
	for _, l := range list {
		k.byName[l.Name] = append(k.byName[l.Name], l)
		k.names[l.ID] = l.Name
	}
	var phones []struct {
		ID    int64  `db:"id"`
		Index string `db:"phone_index"`
	}
	err := r.Select(ctx, &phones, `SELECT l.id, COALESCE(NULLIF(l.phone_index, ''), m.phone_index) AS phone_index FROM learners l LEFT JOIN mediators m ON m.id = l.mediator_id
		WHERE l.phone_index <> '' OR m.phone_index <> ''`)
	if err != nil {
		return k, err
	}
	for _, p := range phones {
		k.byPhone[p.Index], k.phoned[p.ID] = p.ID, true
	}
	units, err := s.people.Units(ctx, r)
	if err != nil {
		return k, err
	}
	for _, u := range units {
		k.units[spelling(u.Name)] = u.ID
	}
	var done []struct {
		Learner int64  `db:"learner_id"`
		Key     string `db:"subject_key"`
		On      string `db:"done_on"`
	}
	if err := r.Select(ctx, &done, `SELECT learner_id, subject_key, done_on FROM completions WHERE subject_kind = 'title' AND voided_at IS NULL`); err != nil {
		return k, err
	}
	for _, d := range done {
		k.done[doneKey(d.Learner, d.Key, d.On)] = true
	}
	return k, nil
}

// who finds the person of a line: by phone, else by name and unit, else by a name that only
// one person has. why is set when it can't be decided.
func (k known) who(s *Service, l HistoryLine) (id int64, why string) {
	if l.Phone != "" {
		if id := k.byPhone[s.box.Blind("phone", l.Phone)]; id != 0 {
			if k.names[id] != l.Name {
				return 0, "这个手机号在名册里是" + k.names[id] + "的，请核对姓名和手机"
			}
			return id, ""
		}
	}
	var fits []Learner
	for _, x := range k.byName[l.Name] {
		other := l.Phone != "" && k.phoned[x.ID] // another phone: another person of that name
		if !other && (l.Unit == 0 || x.UnitID == nil || *x.UnitID == l.Unit) {
			fits = append(fits, x)
		}
	}
	switch {
	case len(fits) == 1:
		return fits[0].ID, ""
	case len(fits) > 1:
		return 0, "名册里有几个同名的人，请填手机或单位"
	}
	return 0, ""
}

// PreviewHistory reads a file of people and past training and says line by line what would
// happen. It is kept sealed for the confirmation; nothing of it is taken in. It needs access.School.
func (s *Service) PreviewHistory(ctx context.Context, who access.Actor, name string, raw []byte) (HistoryImport, error) {
	if err := who.Check(access.School); err != nil {
		return HistoryImport{}, err
	}
	t, err := sheet.Read(name, raw)
	if err != nil {
		return HistoryImport{}, fault.At("file", err.Error())
	}
	if t.Column("姓名") < 0 {
		return HistoryImport{}, fault.At("file", "第一行要有“姓名”这一列。认得的列有："+HistoryColumns)
	}
	k, err := s.known(ctx, s.db)
	if err != nil {
		return HistoryImport{}, err
	}
	im := HistoryImport{Token: seal.NewKey()}
	fresh, twice := map[string]int{}, map[string]int{}
	for _, row := range t.Rows {
		l := s.historyLine(t, row, k)
		if len(l.Errors) == 0 {
			person := fmt.Sprint(l.Learner)
			if l.Learner == 0 {
				person = l.Name + "|" + l.Phone + "|" + fmt.Sprint(l.Unit)
				l.Same = fresh[person]
				if l.Same == 0 {
					fresh[person] = l.Line
				}
			}
			if l.Title != "" {
				at := person + "|" + spelling(l.Title) + "|" + l.On
				if first := twice[at]; first != 0 {
					l.Errors = append(l.Errors, fmt.Sprintf("与第 %d 行重复", first))
				} else {
					twice[at] = l.Line
				}
			}
		}
		im.Lines = append(im.Lines, l)
	}
	text, err := json.Marshal(im)
	if err != nil {
		return im, err
	}
	return im, s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO history_imports (key, account_id, lines_sealed, created_at) VALUES (?,?,?,?)`,
			im.Token, who.AccountID, s.box.Seal("history_imports.lines:"+im.Token, string(text)), db.At(tx.Now))
		return err
	})
}

func (s *Service) historyLine(t sheet.Table, row sheet.Row, k known) HistoryLine {
	get := func(names ...string) string { return row.Get(t.Column(names...)) }
	l := HistoryLine{Line: row.Line, Name: people.NormName(get("姓名")), Tags: strings.Join(tagList(get("标签")), " "), Title: strings.Join(strings.Fields(get("培训名称", "培训")), " "),
		Note: get("依据", "证书编号")}
	wrong := func(ok bool, text string) {
		if !ok {
			l.Errors = append(l.Errors, text)
		}
	}
	n := utf8.RuneCountInString(l.Name)
	wrong(n > 0 && n <= 40, "姓名没有填，或太长")
	if cell := get("手机", "手机号", "电话", "联系电话"); cell != "" {
		phone, ok := people.NormPhone(cell)
		l.Phone = phone
		wrong(ok, "手机号不对")
	}
	if cell := get("单位", "工作单位"); cell != "" {
		l.Unit = k.units[spelling(cell)]
		wrong(l.Unit != 0, "没有“"+cell+"”这个单位")
	}
	l.Post = "staff"
	if cell := get("岗位", "岗位类别"); cell != "" {
		i := slices.IndexFunc(Posts, func(p struct{ Code, Label string }) bool {
			return p.Label == cell || strings.TrimSuffix(p.Label, "调解员") == cell
		})
		if wrong(i >= 0, "岗位请写专职调解员、兼职调解员、特邀调解员、工作人员或负责人"); i >= 0 {
			l.Post = Posts[i].Code
		}
	}
	today := db.DayOf(s.db.Now())
	day, ok := sheet.Day(get("加入日期", "入职日期"))
	l.Joined = day
	wrong(ok && day <= today, "加入日期请写成 2026-01-31 这样，不能在今天之后")
	day, ok = sheet.Day(get("完成日期", "培训日期"))
	l.On = day
	wrong(ok && day <= today, "完成日期请写成 2026-01-31 这样，不能在今天之后")
	wrong((l.Title == "") == (l.On == "") || !ok, "培训名称和完成日期要一起填")
	wrong(utf8.RuneCountInString(l.Title) <= 60 && utf8.RuneCountInString(l.Note) <= 100 && utf8.RuneCountInString(l.Tags) <= 100, "培训名称最多 60 字，依据和标签最多 100 字")
	if cell := get("学时"); cell != "" {
		hours, err := strconv.ParseFloat(cell, 64)
		if wrong(err == nil && hours >= 0 && hours <= 1000, "学时请写 0 到 1000 的数字"); len(l.Errors) == 0 {
			l.Minutes = int(hours*MinutesPerHour + 0.5)
		}
	}
	if len(l.Errors) > 0 {
		return l
	}
	var why string
	if l.Learner, why = k.who(s, l); why != "" {
		l.Errors = append(l.Errors, why)
	}
	l.Known = l.Learner != 0 && l.Title != "" && k.done[doneKey(l.Learner, l.Title, l.On)]
	return l
}

// ConfirmHistory takes in the good lines of one's own preview, all or none, and tells how many
// lines; the same confirmation twice is one import. Errors: Invalid when there is no such preview,
// Conflict when the roster has changed under it. It needs access.School.
func (s *Service) ConfirmHistory(ctx context.Context, who access.Actor, token string) (n int, err error) {
	if err := who.Check(access.School); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		var row struct {
			Sealed      []byte  `db:"lines_sealed"`
			ConfirmedAt db.Time `db:"confirmed_at"`
			Taken       int     `db:"taken"`
		}
		err := tx.Get(ctx, &row, `SELECT lines_sealed, confirmed_at, taken FROM history_imports WHERE key = ? AND account_id = ?`, token, who.AccountID)
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.Invalid, "预览已失效，请重新上传")
		}
		if err != nil || !row.ConfirmedAt.IsZero() {
			n = row.Taken
			return err
		}
		if n, err = s.takeHistory(ctx, tx, who, token, row.Sealed); err != nil {
			return err
		}
		// The lines are not needed any more; names and phones don't lie about.
		err = tx.Swap(ctx, `UPDATE history_imports SET confirmed_at = ?, taken = ?, lines_sealed = NULL WHERE key = ? AND confirmed_at IS NULL`, db.At(tx.Now), n, token)
		if err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "history.import", audit.Ref{Kind: "history", Key: token}, n)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func (s *Service) takeHistory(ctx context.Context, tx *db.Tx, who access.Actor, token string, sealed []byte) (n int, err error) {
	text, err := s.box.Open("history_imports.lines:"+token, sealed)
	if err != nil {
		return 0, err
	}
	var im HistoryImport
	if err := json.Unmarshal([]byte(text), &im); err != nil {
		return 0, err
	}
	k, err := s.known(ctx, tx)
	if err != nil {
		return 0, err
	}
	made := map[int]int64{} // of a line: the person made
	for _, l := range im.Lines {
		if !l.Good() {
			continue
		}
		if id, why := k.who(s, l); id != l.Learner || why != "" {
			return 0, fault.Newf(fault.Conflict, "第 %d 行的人在名册里刚刚有变动，请重新上传预览", l.Line)
		}
		id := l.Learner
		switch {
		case l.Same != 0:
			id = made[l.Same]
		case id == 0:
			if id, err = s.addImported(ctx, tx, l); err != nil {
				return 0, err
			}
			made[l.Line] = id
		}
		if l.Title != "" && !l.Known {
			if _, err := s.Complete(ctx, tx, id, Titled(l.Title), l.On, l.Minutes, nil, Evidence{Kind: "import", Ref: token, Note: l.Note, By: who.Name}); err != nil {
				return 0, err
			}
		}
		n++
	}
	return n, nil
}

func (s *Service) addImported(ctx context.Context, tx *db.Tx, l HistoryLine) (int64, error) {
	full, initials := people.Pinyin(l.Name)
	key, joined := seal.NewKey(), l.Joined
	if joined == "" {
		joined = tx.Day()
	}
	var unit *int64
	if l.Unit != 0 {
		unit = &l.Unit
	}
	index := ""
	var sealed []byte
	if l.Phone != "" {
		index, sealed = s.box.Blind("phone", l.Phone), s.box.Seal("learners.phone:"+key, l.Phone)
	}
	tx.Touch("school", learnerTopic)
	return tx.Insert(ctx, `INSERT INTO learners (key, name, pinyin, unit_id, post, tags, phone_sealed, phone_index, joined_on, created_at) VALUES (?,?,?,?,?,?,?,?,?,?) RETURNING id`,
		key, l.Name, full+" "+initials, unit, l.Post, l.Tags, sealed, index, joined, db.At(tx.Now))
}
