package people

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/people/sheet"
	"tiaojie/db"
)

// ImportLine is one line of a roster as it would be taken in.
type ImportLine struct {
	Line   int           `json:"line"`
	Input  MediatorInput `json:"input"`
	Match  string        `json:"match"` // name of the mediator it would be a double of; such lines are left out
	Errors []string      `json:"errors"`
}

// Good tells whether the line will be taken in.
func (l ImportLine) Good() bool { return l.Match == "" && len(l.Errors) == 0 }

// Import is a roster read and checked, with nothing written yet. Token is what the
// confirmation carries back.
type Import struct {
	Lines []ImportLine `json:"lines"`
	Token string       `json:"-"`
}

// Good counts the lines that will be taken in.
func (im Import) Good() int {
	n := 0
	for _, l := range im.Lines {
		if l.Good() {
			n++
		}
	}
	return n
}

// ImportColumns are the headings understood, for the form's hint.
const ImportColumns = "姓名、性别、类别、聘任、等级、手机、擅长、语言、社区、加入日期"

// PreviewRoster reads a file of mediators and says line by line what would happen.
// It writes nothing. It needs access.RosterRun.
func (s *Service) PreviewRoster(ctx context.Context, who access.Actor, name string, raw []byte) (Import, error) {
	if err := who.Check(access.RosterRun); err != nil {
		return Import{}, err
	}
	t, err := sheet.Read(name, raw)
	if err != nil {
		return Import{}, fault.At("file", err.Error())
	}
	if t.Column("姓名") < 0 {
		return Import{}, fault.At("file", "第一行要有“姓名”这一列。认得的列有:"+ImportColumns)
	}
	dir, err := s.importDirectory(ctx)
	if err != nil {
		return Import{}, err
	}
	var im Import
	seen := map[string]int{}
	for _, row := range t.Rows {
		line := dir.line(t, row)
		if key := line.Input.Name + line.Input.Phone; line.Input.Name != "" {
			if first := seen[key]; first != 0 {
				line.Errors = append(line.Errors, fmt.Sprintf("与第 %d 行重复", first))
			}
			seen[key] = row.Line
		}
		im.Lines = append(im.Lines, line)
	}
	text, err := json.Marshal(im)
	if err != nil {
		return im, err
	}
	// The preview travels sealed through the page: what is confirmed is what was shown.
	im.Token = fmt.Sprintf("%x", s.box.Seal("roster-import:"+fmt.Sprint(who.AccountID), string(text)))
	return im, nil
}

type importDirectory struct {
	kinds, types map[string]string
	communities  map[string]int64
	byPhone      map[string]string
	byName       map[string]string
	s            *Service
}

func (s *Service) importDirectory(ctx context.Context) (*importDirectory, error) {
	d := &importDirectory{kinds: map[string]string{}, types: map[string]string{}, communities: map[string]int64{}, byPhone: map[string]string{}, byName: map[string]string{}, s: s}
	kinds, err := s.RepKinds(ctx, s.db)
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		if k.Enabled {
			d.kinds[k.Name] = k.Code
		}
	}
	types, err := s.DisputeTypes(ctx, s.db)
	if err != nil {
		return nil, err
	}
	for _, t := range types {
		d.types[t.Name] = t.Code
	}
	places, err := s.Communities(ctx, s.db)
	if err != nil {
		return nil, err
	}
	for _, c := range places {
		d.communities[c.Name] = c.ID
	}
	var known []struct {
		Name  string `db:"name"`
		Index string `db:"phone_index"`
	}
	if err := s.db.Select(ctx, &known, `SELECT name, phone_index FROM mediators`); err != nil {
		return nil, err
	}
	for _, k := range known {
		d.byName[k.Name] = k.Name
		if k.Index != "" {
			d.byPhone[k.Index] = k.Name
		}
	}
	return d, nil
}

func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,,;; /", r) })
}

func (d *importDirectory) line(t sheet.Table, row sheet.Row) ImportLine {
	get := func(names ...string) string { return row.Get(t.Column(names...)) }
	l := ImportLine{Line: row.Line, Input: MediatorInput{Name: get("姓名"), Gender: get("性别"), Employment: "part", LoadCap: 8, Languages: list(get("语言", "方言")), JoinedOn: get("加入日期", "入职日期")}}
	bad := func(cond bool, format string, args ...any) {
		if cond {
			l.Errors = append(l.Errors, fmt.Sprintf(format, args...))
		}
	}
	in := &l.Input
	bad(in.Name == "", "没有姓名")
	kind := or(get("类别", "代表类别"), "品牌调解员")
	in.RepKind = d.kinds[kind]
	bad(in.RepKind == "", "没有“%s”这个类别,或还没有启用", kind)
	for code, label := range employmentLabels {
		if get("聘任", "专兼职") == label {
			in.Employment = code
		}
	}
	for _, g := range Grades {
		if get("等级") == g.Label {
			in.Grade = g.Code
		}
	}
	for _, name := range list(get("擅长", "纠纷类型")) {
		bad(d.types[name] == "", "没有“%s”这类纠纷", name)
		if d.types[name] != "" {
			in.Types = append(in.Types, d.types[name])
		}
	}
	bad(len(in.Types) == 0, "没有填擅长的纠纷")
	for _, name := range list(get("社区")) {
		bad(d.communities[name] == 0, "没有“%s”这个社区", name)
		if d.communities[name] != 0 {
			in.Communities = append(in.Communities, d.communities[name])
		}
	}
	if phone := get("手机", "电话", "手机号"); phone != "" {
		n, ok := NormPhone(phone)
		bad(!ok, "手机号不对")
		in.Phone = n
		l.Match = d.byPhone[d.s.box.Blind("phone", n)]
	}
	if l.Match == "" && in.Phone == "" {
		l.Match = d.byName[in.Name]
	}
	return l
}

// ConfirmRoster takes in the good lines of a preview, all or none. It needs
// access.RosterRun; the same confirmation twice is one import.
func (s *Service) ConfirmRoster(ctx context.Context, who access.Actor, idem, token string) (int, error) {
	if err := who.Check(access.RosterRun); err != nil {
		return 0, err
	}
	sealed := make([]byte, len(token)/2)
	if _, err := fmt.Sscanf(token, "%x", &sealed); err != nil {
		return 0, fault.New(fault.Invalid, "预览已失效,请重新上传")
	}
	text, err := s.box.Open("roster-import:"+fmt.Sprint(who.AccountID), sealed)
	if err != nil {
		return 0, fault.New(fault.Invalid, "预览已失效,请重新上传")
	}
	var im Import
	if err := json.Unmarshal([]byte(text), &im); err != nil {
		return 0, err
	}
	n := 0
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		n = 0
		for _, l := range im.Lines {
			if !l.Good() {
				continue
			}
			m, err := s.InsertMediator(ctx, tx, l.Input)
			if err != nil {
				return fmt.Errorf("line %d: %w", l.Line, err)
			}
			_, err = tx.Exec(ctx, `INSERT INTO mediator_events (mediator_id, at, day, actor, verb, from_state, to_state, note) VALUES (?,?,?,?,'create','','dormant','名册导入')`,
				m.ID, db.At(tx.Now), tx.Day(), who.Name)
			if err != nil {
				return err
			}
			if s.MediatorChanged != nil {
				if err := s.MediatorChanged(ctx, tx, m); err != nil {
					return err
				}
			}
			n++
		}
		tx.Touch("market", "people")
		return s.trail.Record(ctx, tx, who, "mediator.import", audit.Ref{Kind: "roster"}, n)
	})
	return n, err
}
