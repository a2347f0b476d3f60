// Package papers holds the pages of a case's papers (文书): the list, one paper, and the slips in
// which facts are typed that only a paper needs.
package papers

import (
	"fmt"
	"strconv"
	"strings"

	"tiaojie/app/papers"
	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"
	"tiaojie/views/link"
	"tiaojie/views/ui"
)

// ListData is the list of a case's papers.
type ListData struct {
	papers.List
}

// PaperData is one paper.
type PaperData struct {
	papers.Paper
	Form    ui.Form
	Printed *papers.Printed // what this visit printed
}

// SlipData is a slip in its form.
type SlipData struct {
	papers.SlipPage
	Form ui.Form
}

// html is the paper for the screen, phones and numbers hidden.
func (d PaperData) html() (string, error) {
	var out strings.Builder
	err := doc.HTML(&out, d.Doc)
	return out.String(), err
}

func (d PaperData) at(verb string) string { return link.PaperDo(d.Case.Key, d.Item.Form.Code, verb) }

func (d PaperData) title() string { return name(d.Item) }

// name calls a paper: the form, and for whom.
func name(it papers.Item) string {
	switch {
	case it.Subject.Label != "":
		return it.Form.Title + "（" + strings.TrimSpace(it.Subject.Label) + "）"
	case it.Empty:
		return it.Form.Title + "（空白）"
	}
	return it.Form.Title
}

// state tells where a paper stands, and how loud.
func state(it papers.Item) (string, ui.Tone) {
	switch {
	case it.Last != nil && it.Changed:
		return "已打印，之后内容有变", ui.Wait
	case it.Last != nil:
		return "已打印 " + ui.Day(it.Last.At.Time), ui.Finished
	case it.Empty:
		return "空白表，手写", ui.None
	case len(it.Blanks) > 0:
		return fmt.Sprintf("待填 %d 处", len(it.Blanks)), ui.Wait
	}
	return "可打印", ui.Act
}

// missing is a place with all the blanks that are typed there.
type missing struct {
	title, href, note string
	names             []string
}

func (d PaperData) missing() []missing {
	var out []missing
	for _, b := range d.Blanks {
		m := place(d.Case.Key, b.Where)
		at := -1
		for i := range out {
			if out[i].title == m.title && out[i].href == m.href {
				at = i
			}
		}
		if at < 0 {
			out = append(out, m)
			at = len(out) - 1
		}
		out[at].names = append(out[at].names, b.Name)
	}
	return out
}

func place(caseKey string, w papers.Where) missing {
	switch w.Place {
	case papers.AtSlip:
		k, _ := papers.KindOf(w.Kind)
		return missing{title: "填写“" + k.Title + "”", href: link.Slip(caseKey, w.Kind, w.Key)}
	case papers.AtParty:
		return missing{title: "补充当事人信息", href: party(caseKey, w.Key)}
	case papers.AtAgent:
		return missing{title: "补充代理人信息", href: party(caseKey, w.Key)}
	case papers.AtCase:
		return missing{title: "在案件页办理后自动填上", href: link.Case(caseKey)}
	case papers.AtSchedule:
		return missing{title: "排定调解时间后自动填上", href: link.With(link.Case(caseKey), "open", "schedule")}
	case papers.AtRecord:
		return missing{title: "写在调解笔录里", href: link.SessionDo(w.Key, "record")}
	case papers.AtAccord:
		return missing{title: "写在调解协议里", href: link.CaseAgreements(caseKey)}
	case papers.AtCommittee:
		return missing{title: "写在调解委员会的资料里", note: "由系统管理员在设置里填写"}
	}
	return missing{title: "打印后手写", note: "这些内容不在系统里填写"}
}

// party is where a party and who acts for it are typed.
func party(caseKey, key string) string {
	if key == "" {
		return link.Case(caseKey)
	}
	return link.Party(caseKey, key)
}

func (m missing) text() string { return strings.Join(m.names, "、") }

// sure is the question before a paper with blanks is printed.
func (d PaperData) sure() string {
	if len(d.Blanks) == 0 {
		return ""
	}
	return fmt.Sprintf("还有 %d 处空白，打印后要手写。确定打印？", len(d.Blanks))
}

func printedBy(x papers.Printed) string {
	text := ui.DayTime(x.At.Time) + " " + x.By + "，" + strconv.Itoa(x.Pages) + " 页"
	if x.Again > 0 {
		text += "，又打过 " + strconv.Itoa(x.Again) + " 次"
	}
	return text
}

func nth(x papers.Printed) string { return "第 " + strconv.Itoa(x.Seq) + " 版" }

func version(v int64) string { return strconv.FormatInt(v, 10) }

// lacking are the characters that no typeface has.
func (d PaperData) lacking() string {
	var out []string
	for _, r := range d.Missing {
		out = append(out, fmt.Sprintf("“%c”（U+%04X）", r, r))
	}
	return strings.Join(out, "、")
}

func slipTitle(k papers.Kind, s papers.Subject) string {
	if s.Key == "new" {
		return "新的" + k.Title
	}
	if label := strings.TrimSpace(s.Label); label != "" {
		return k.Title + "（" + label + "）"
	}
	return k.Title
}

// keep names what was typed and not yet sent, so that a lost network loses nothing.
func (d SlipData) keep() string {
	return "slip-" + d.Case.Key + "-" + d.Kind.Code + "-" + d.Subject.Key
}

func (d SlipData) title() string { return slipTitle(d.Kind, d.Subject) }

// paper is the paper that the slip fills; a new slip has none yet.
func (d SlipData) paper() string {
	if d.Slip.Version == 0 {
		return ""
	}
	return link.Paper(d.Case.Key, d.Kind.Form, d.subjectOfPaper())
}

func (d SlipData) subjectOfPaper() string {
	if form, ok := forms.Find(d.Kind.Form); ok && form.Per == forms.PerCase {
		return ""
	}
	return d.Subject.Key
}

func (d SlipData) names() []string {
	var out []string
	for _, a := range d.Kind.Asks {
		out = append(out, a.Name)
	}
	return out
}

func input(a papers.Ask) ui.Input {
	in := ui.Input{Name: a.Name, Label: a.Label, Hint: a.Hint, Optional: !a.Need, Size: "l"}
	switch a.Type {
	case papers.Text:
		in.Rows = 4
	case papers.Items:
		in.Rows = 5
	case papers.Talk:
		in.Rows = 16
	case papers.Whole:
		in.Mode, in.Size = "numeric", "s"
	case papers.Pick:
		in.Size = "m"
	}
	return in
}

func choices(a papers.Ask) []ui.Option {
	out := []ui.Option{{Label: "请选择"}}
	for _, c := range a.Choices {
		out = append(out, ui.Option{Value: c, Label: c})
	}
	return out
}

func filled(it papers.SlipLink) (string, ui.Tone) {
	if it.Filled {
		return "已填", ui.Finished
	}
	return "未填", ui.None
}

func printLabel(d PaperData) string {
	switch {
	case d.Changed:
		return "按现在的内容打印新的一版"
	case d.Empty:
		return "打印空白表"
	}
	return "打印并留存"
}
