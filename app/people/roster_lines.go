package people

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tiaojie/app/fault"
	"tiaojie/app/people/sheet"
	"tiaojie/db"
)

// ImportLine is one line of a roster as it would be taken in.
type ImportLine struct {
	Line   int           `json:"line"`
	Input  MediatorInput `json:"input"`
	Match  string        `json:"match"` // name of the mediator it would be a double of; such lines are left out
	Note   string        `json:"note"`  // what to look at although the line is taken in
	Errors []string      `json:"errors"`
}

// Good tells whether the line will be taken in.
func (l ImportLine) Good() bool { return l.Match == "" && len(l.Errors) == 0 }

// rosterColumn is one column of a roster: what it is called, in the order it is
// written; how a cell is read, and how it is given out.
type rosterColumn struct {
	names []string
	read  func(d *directory, cell string, in *MediatorInput) string // what is wrong, "" for nothing
	write func(d *directory, m Mediator, phone string) string
}

var rosterColumns = []rosterColumn{
	{[]string{"姓名"}, func(_ *directory, cell string, in *MediatorInput) string {
		in.Name = cell
		return ""
	}, func(_ *directory, m Mediator, _ string) string { return m.Name }},
	{[]string{"拼音"}, func(_ *directory, cell string, in *MediatorInput) string {
		in.Pinyin = cell
		return ""
	}, func(_ *directory, m Mediator, _ string) string { return m.Pinyin }},
	{[]string{"性别"}, func(_ *directory, cell string, in *MediatorInput) string {
		in.Gender = cell
		return unless(cell == "" || cell == "女" || cell == "男", "性别请写女或男")
	}, func(_ *directory, m Mediator, _ string) string { return m.Gender }},
	{[]string{"类别", "代表类别"}, func(d *directory, cell string, in *MediatorInput) string {
		cell = or(cell, repKinds[0].Name)
		in.RepKind = d.kinds[tidy(cell)]
		return unless(in.RepKind != "", "没有“"+cell+"”这个类别，或还没有启用")
	}, func(_ *directory, m Mediator, _ string) string { return m.RepName }},
	{[]string{"聘任", "专兼职", "聘任方式"}, func(_ *directory, cell string, in *MediatorInput) string {
		in.Employment = keyOf(employmentLabels, or(cell, employmentLabels["part"]))
		return unless(in.Employment != "", "聘任请写专职、兼职或特邀")
	}, func(_ *directory, m Mediator, _ string) string { return EmploymentLabel(m.Employment) }},
	{[]string{"法院特邀"}, func(_ *directory, cell string, in *MediatorInput) string {
		in.CourtInvited = cell == "是"
		return unless(slices.Contains([]string{"", "是", "否"}, cell), "法院特邀请写是或否")
	}, func(_ *directory, m Mediator, _ string) string { return yesNo(m.CourtInvited) }},
	{[]string{"等级"}, readGrade, func(_ *directory, m Mediator, _ string) string { return GradeLabel(m.Grade) }},
	{[]string{"手机", "手机号", "电话", "联系电话"}, func(_ *directory, cell string, in *MediatorInput) string {
		phone, ok := NormPhone(cell)
		in.Phone = phone
		return unless(ok || cell == "", "手机号不对")
	}, func(_ *directory, _ Mediator, phone string) string { return phone }},
	{[]string{"擅长", "纠纷类型", "擅长纠纷"}, func(d *directory, cell string, in *MediatorInput) string {
		var wrong []string
		in.Types, wrong = lookUp(cell, d.types)
		if len(in.Types)+len(wrong) == 0 {
			return "没有填擅长的纠纷"
		}
		return unless(len(wrong) == 0, "没有“"+strings.Join(wrong, "、")+"”这类纠纷")
	}, func(d *directory, m Mediator, _ string) string { return words(m.Types, d.types) }},
	{[]string{"语言", "方言", "语言方言"}, func(_ *directory, cell string, in *MediatorInput) string {
		in.Languages = list(cell)
		return ""
	}, func(_ *directory, m Mediator, _ string) string { return strings.Join(m.Languages, "、") }},
	{[]string{"社区", "服务社区"}, func(d *directory, cell string, in *MediatorInput) string {
		var wrong []string
		in.Communities, wrong = lookUp(cell, d.communities)
		return unless(len(wrong) == 0, "没有“"+strings.Join(wrong, "、")+"”这个社区")
	}, func(d *directory, m Mediator, _ string) string { return words(m.Communities, d.communities) }},
	{[]string{"单位", "工作单位"}, func(d *directory, cell string, in *MediatorInput) string {
		in.UnitID = d.units[tidy(cell)]
		return unless(cell == "" || in.UnitID != 0, "没有“"+cell+"”这个单位")
	}, func(d *directory, m Mediator, _ string) string {
		if m.UnitID == nil {
			return ""
		}
		return keyOf(d.units, *m.UnitID)
	}},
	{[]string{"在办上限"}, func(_ *directory, cell string, in *MediatorInput) string {
		n, err := strconv.Atoi(or(cell, "8"))
		in.LoadCap = n
		return unless(err == nil, "在办上限请写数字")
	}, func(_ *directory, m Mediator, _ string) string { return strconv.Itoa(m.LoadCap) }},
	{[]string{"加入日期", "入职日期"}, func(_ *directory, cell string, in *MediatorInput) string {
		day, ok := sheet.Day(cell)
		in.JoinedOn = day
		return unless(ok, "日期请写成 2026-01-31 这样")
	}, func(_ *directory, m Mediator, _ string) string { return m.JoinedOn }},
	{[]string{"介绍", "简介"}, func(_ *directory, cell string, in *MediatorInput) string {
		in.Story = cell
		return ""
	}, func(_ *directory, m Mediator, _ string) string { return m.Story }},
}

// ImportColumns are the headings understood, for the form's hint.
var ImportColumns = func() string {
	var out []string
	for _, c := range rosterColumns {
		out = append(out, c.names[0])
	}
	return strings.Join(out, "、")
}()

func readGrade(_ *directory, cell string, in *MediatorInput) string {
	for _, g := range Grades {
		if g.Label == or(cell, "无等级") {
			in.Grade = g.Code
			return ""
		}
	}
	return "等级请写一级、二级、三级、四级或无等级"
}

func unless(ok bool, message string) string {
	if ok {
		return ""
	}
	return message
}

func yesNo(on bool) string {
	if on {
		return "是"
	}
	return "否"
}

// list splits a cell that holds several words.
func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,;/ \n\uff0c\uff1b\u3000", r) })
}

func lookUp[T any](cell string, known map[string]T) (found []T, wrong []string) {
	for _, name := range list(cell) {
		if v, ok := known[tidy(name)]; ok {
			found = append(found, v)
		} else {
			wrong = append(wrong, name)
		}
	}
	return found, wrong
}

func keyOf[T comparable](m map[string]T, want T) string {
	for k, v := range m {
		if v == want {
			return k
		}
	}
	return ""
}

func words[T comparable](values []T, names map[string]T) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = keyOf(names, v)
	}
	return strings.Join(out, "、")
}

// directory is what a roster's words are looked up in, by their tidy spelling.
type directory struct {
	s                  *Service
	kinds, types       map[string]string
	communities, units map[string]int64
	byPhone            map[string]string // blind index → name
	byName             map[string]bool
}

func (s *Service) directory(ctx context.Context, r db.Reader) (*directory, error) {
	d := &directory{s: s, kinds: map[string]string{}, types: map[string]string{}, communities: map[string]int64{}, units: map[string]int64{}}
	kinds, err := s.RepKinds(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		if k.Enabled {
			d.kinds[tidy(k.Name)] = k.Code
		}
	}
	types, err := s.DisputeTypes(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, t := range types {
		d.types[tidy(t.Name)] = t.Code
	}
	places, err := s.Communities(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, c := range places {
		if c.StoppedOn == "" {
			d.communities[tidy(c.Name)] = c.ID
		}
	}
	units, err := s.Units(ctx, r)
	for _, u := range units {
		if u.StoppedOn == "" {
			d.units[tidy(u.Name)] = u.ID
		}
	}
	return d, err
}

// known reads who is in the roster already.
func (d *directory) known(ctx context.Context, r db.Reader) error {
	var rows []struct {
		Name  string `db:"name"`
		Index string `db:"phone_index"`
	}
	if err := r.Select(ctx, &rows, `SELECT name, phone_index FROM mediators`); err != nil {
		return err
	}
	d.byPhone, d.byName = map[string]string{}, map[string]bool{}
	for _, k := range rows {
		d.byName[k.Name] = true
		if k.Index != "" {
			d.byPhone[k.Index] = k.Name
		}
	}
	return nil
}

// match names the mediator that an input would be a double of: by phone, and by name
// where there is no phone to tell two people of one name apart.
func (d *directory) match(in MediatorInput) string {
	if in.Phone != "" {
		return d.byPhone[d.s.box.Blind("phone", in.Phone)]
	}
	if d.byName[in.Name] {
		return in.Name
	}
	return ""
}

func (d *directory) line(t sheet.Table, row sheet.Row) ImportLine {
	l := ImportLine{Line: row.Line}
	for _, c := range rosterColumns {
		if wrong := c.read(d, row.Get(t.Column(c.names...)), &l.Input); wrong != "" {
			l.Errors = append(l.Errors, wrong)
		}
	}
	if len(l.Errors) == 0 {
		l.Errors = problems(l.Input.tidy())
	}
	if l.Match = d.match(l.Input); l.Match == "" && d.byName[l.Input.Name] {
		l.Note = "册内有同名的人，请核对"
	}
	return l
}

func problems(f fault.Form) []string {
	var out []string
	for _, message := range f {
		out = append(out, message)
	}
	slices.Sort(out)
	return out
}

// doubles marks the lines that repeat an earlier one of the same file.
func doubles(lines []ImportLine) {
	seen := map[string]int{}
	for i := range lines {
		l := &lines[i]
		key := or(l.Input.Phone, l.Input.Name)
		if key == "" {
			continue
		}
		if first := seen[key]; first != 0 {
			l.Errors = append(l.Errors, fmt.Sprintf("与第 %d 行重复", first))
			continue
		}
		seen[key] = l.Line
	}
}
