package papers_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/papers"
	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"
	"tiaojie/db"
)

func (w table) list(who access.Actor) papers.List {
	w.t.Helper()
	return must(w.press.List(w.t.Context(), who, w.caseKey))(w.t)
}

func (w table) paper(form, subject string) papers.Paper {
	w.t.Helper()
	return must(w.press.Paper(w.t.Context(), clerk, w.caseKey, form, subject))(w.t)
}

func (w table) print(who access.Actor, form, subject, idem string) (papers.Printed, error) {
	w.t.Helper()
	return w.press.Print(w.t.Context(), who, w.caseKey, form, subject, w.paper(form, subject).Says, "form-print-00000000000000"+idem)
}

// fill gives the case what its papers need beyond the record.
func (w table) fill() {
	w.t.Helper()
	ctx, versions := w.t.Context(), map[string]int64{}
	for _, p := range must(w.cases.Page(ctx, clerk, w.caseKey))(w.t).Parties {
		versions[p.Key] = p.Version
	}
	for key, in := range map[string]docket.PartyChange{w.asking: {Name: "张喆", IDNo: "11010519491231002X", Address: "演示花园 1 栋 101"}, w.answered: {Name: "李彧", Address: "演示路 8 号"}} {
		in.Reason, in.Version = "核对证件", versions[key]
		must(0, w.cases.ChangeParty(ctx, clerk, w.caseKey, key, in))(w.t)
	}
	must(0, w.cases.AddAgent(ctx, clerk, w.caseKey, w.answered, docket.AgentInput{Name: "欧阳䶮", Relation: "律师", Phone: "13800000003", Level: docket.SpecialPower,
		Scopes: []string{"apply", "attend", "settle"}, GrantedOn: db.DayOf(w.d.Now())}, "form-agent-00000000000000000001"))(w.t)
	must(0, w.cases.AddParty(ctx, clerk, w.caseKey, docket.Newcomer{Side: docket.SideThird, Kind: "organisation", Name: "演示物业有限公司", Reason: "管道归物业管"}, "form-third-00000000000000000001"))(w.t)
	firm := must(w.cases.Page(ctx, clerk, w.caseKey))(w.t).Parties[2].Key
	must(0, w.Invite(ctx, her, w.rec.Key, "吉邻居", "邻居", true))(w.t)
	must(w.Save(ctx, her, w.rec.Key, papers.Edit{Name: "facts", PartyKey: w.asking, Text: "楼上漏水三个月。"}))(w.t)
	must(w.Save(ctx, her, w.rec.Key, papers.Edit{Name: "result", Text: "物业先修，再谈赔偿。"}))(w.t)
	for kind, in := range map[string]papers.Values{
		"matter":       {"claims": "1. 修好防水\n2、赔偿1.5万元", "recorder": "演示记录员"},
		"inquiry":      {"day": "2026-11-21", "from": "09:00", "to": "09:40", "place": "演示花园", "investigators": "演示一", "asked": "周维修", "relation": "维修工", "talk": "问：什么时候发现的？\n答：六月。\n还报修过。"},
		"undisputed":   {"facts": "渗漏点共三处", "on": "2026-11-22"},
		"extension":    {"reason": "等鉴定", "to": "2027-01-10"},
		"closing":      {"filled": "2026-12-31", "result": "达成协议"},
		"dossier":      {"keep": "30年", "binder": "演示立卷人", "bound": "2026-12-31", "pages": "12", "situation": "材料齐全。"},
		"served":       {"on": "2026-11-22"},
		"person":       {"nation": "汉族", "job": "退休"},
		"organisation": {"code": "91350100M000100Y43", "rep": "吉演人", "post": "经理"},
	} {
		subject := map[string]string{"inquiry": "new", "served": w.asking, "person": w.asking, "organisation": firm}[kind]
		must(0, w.press.SaveSlip(ctx, clerk, w.caseKey, kind, subject, 0, "form-slip-000000000000000000"+kind, in))(w.t)
	}
}

// TestPapersSayWhatTheCaseKnows looks for facts of every home in the papers that carry them.
func TestPapersSayWhatTheCaseKnows(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		w.fill()
		l := w.list(clerk)
		for form, words := range map[string][]string{
			"application":      {"张喆", "女", "汉族", "演示物业有限公司", "91350100M000100Y43", "吉演人", "第三人", "李彧", "欧阳䶮", "楼上漏水", "1. 修好防水", "2. 赔偿1.5万元", "演示调委会"},
			"register":         {"☑①当事人申请", "当事人申请（网上）"},
			"acceptance":       {"演示民调字第001号", "演示1", "《深圳经济特区矛盾纠纷多元化解条例》第二十五条"},
			"mediation-notice": {"演示调解室（演示路 1 号）"},
			"mandate":          {"☑4. 代为承认、变更、放弃请求（特别授权），具体为：达成并签署调解协议", "☑5.", "☐2.", "委托期限"},
			"record":           {"楼上漏水三个月。", "物业先修，再谈赔偿。", "吉邻居（邻居", "演示记录员", "演示调解员"},
			"inquiry":          {"周维修", "问：什么时候发现的？", "答：六月。", "还报修过。", "9时00分至9时40分"},
			"undisputed":       {"1. 渗漏点共三处"},
			"extension":        {"等鉴定", "2027年1月10日"},
			"closing":          {"达成协议", "☑当事人申请"},
			"cover":            {"张喆与李彧", "30年"},
			"back":             {"12"},
			"served":           {"演示花园 1 栋 101"},
		} {
			said := ""
			for _, it := range items(l) {
				if it.Form.Code == form && (!it.Empty || form == "guest-consent") {
					said += doc.Text(w.paper(form, it.Subject.Key).Doc)
				}
			}
			for _, word := range words {
				if !strings.Contains(said, word) {
					t.Errorf("%s doesn't say %q:\n%s", form, word, said)
				}
			}
		}
	})
}

func items(l papers.List) []papers.Item {
	var out []papers.Item
	for _, g := range slices.Concat(l.Now, l.Others) {
		out = append(out, g.Items...)
	}
	return out
}

// TestEveryPaperIsListedInEveryState prints whatever the list offers, from an empty case on.
func TestEveryPaperIsListedInEveryState(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		check := func(when string) {
			t.Helper()
			seen := map[string]bool{}
			for _, it := range items(w.list(clerk)) {
				seen[it.Form.Code] = true
				if when == "filled" {
					w.looksRight(it)
				}
				for _, b := range it.Blanks {
					if k, ok := papers.KindOf(b.Where.Kind); b.Where.Place == papers.AtSlip && !ok {
						t.Errorf("%s: %s is typed in no slip %q", it.Form.Code, b.Name, k.Code)
					}
				}
			}
			for _, f := range forms.All {
				if !seen[f.Code] && f.Per != forms.PerSession && f.Per != forms.PerParty {
					t.Errorf("%s: %s is nowhere on the list", when, f.Code)
				}
			}
		}
		for _, state := range docket.States {
			hand := "closed_at = NULL, closed_day = '', holder = 'clerk', holder_due = 1795500000"
			if !state.Open() {
				hand = "end_reason = 'other', remedies = 'court', closed_at = 1795500000, closed_day = '2026-11-24', holder = '', holder_due = NULL"
			}
			must(0, w.d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `UPDATE cases SET state = ?, `+hand+` WHERE key = ?`, state, w.caseKey)
				return err
			}))(t)
			check(string(state))
			if state == docket.Mediating {
				w.fill()
				check("filled")
			}
		}
	})
}

// looksRight opens a paper, and finds its own name on it.
func (w table) looksRight(it papers.Item) {
	w.t.Helper()
	x := w.paper(it.Form.Code, it.Subject.Key)
	name := strings.TrimPrefix(it.Form.Title, "人民调解")
	if it.Form.Code == "back" || it.Form.Code == "cover" {
		name = "卷"
	}
	if text := doc.Text(x.Doc); !strings.Contains(text, name) || len(x.Missing) > 0 {
		w.t.Errorf("%s doesn't say %s, or lacks %q: %s", it.Form.Code, name, string(x.Missing), text)
	}
}

func TestAPrintedPaperStaysAsItWas(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		ctx := t.Context()
		w.fill()
		bytesOf := func(x papers.Printed) []byte {
			t.Helper()
			_, raw, err := w.press.Bytes(ctx, clerk, w.caseKey, x.Key)
			return must(raw, err)(t)
		}
		first := must(w.print(clerk, "register", "", "000001"))(t)
		before := bytesOf(first)
		if first.Seq != 1 || first.Pages < 1 || !bytes.HasPrefix(before, []byte("%PDF")) || !strings.HasPrefix(first.Name, "(2026)演示民调字第001号 人民调解受理登记表") {
			t.Fatalf("printed %+v, %d bytes", first, len(before))
		}
		// The same form sent again, and the same paper asked for again: no second version.
		must(w.print(clerk, "register", "", "000001"))(t)
		again := must(w.print(her, "register", "", "000002"))(t)
		third := must(w.press.Reprint(ctx, clerk, w.caseKey, first.Key, "form-reprint-0000000000000001"))(t)
		if again.Key != first.Key || third.Key != first.Key || !bytes.Equal(bytesOf(again), before) {
			t.Fatal("a reprint is another paper")
		}
		if p := w.paper("register", ""); len(p.Prints) != 1 || p.Prints[0].Again != 2 || p.Changed {
			t.Fatalf("prints %+v, changed %v", p.Prints, p.Changed)
		}
		// The facts move on: the print stays, the page says so, a new version is another paper.
		stale := w.paper("register", "").Says
		must(0, w.press.SaveSlip(ctx, clerk, w.caseKey, "matter", "", 1, "form-slip-1000000000000000matter", papers.Values{"detail": "网格员走访发现"}))(t)
		if p := w.paper("register", ""); !p.Changed {
			t.Fatal("nobody is told that the facts changed since")
		}
		if _, err := w.press.Print(ctx, clerk, w.caseKey, "register", "", stale, "form-print-00000000000000000003"); !fault.Is(err, fault.Conflict) {
			t.Fatalf("printed what nobody saw: %v", err)
		}
		second := must(w.print(clerk, "register", "", "000004"))(t)
		if second.Seq != 2 || bytes.Equal(bytesOf(second), before) || !bytes.Equal(bytesOf(first), before) {
			t.Fatalf("the second version %+v", second)
		}
		for _, sql := range []string{`UPDATE papers_printed SET name = 'x'`, `DELETE FROM papers_printed`} {
			err := w.d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, sql); return err })
			if err == nil {
				t.Errorf("%s is allowed", sql)
			}
		}
		var lines int
		must(0, w.d.Get(ctx, &lines, `SELECT COUNT(*) FROM audit_log WHERE action IN ('paper.print', 'paper.reprint')`))(t)
		if lines != 4 {
			t.Errorf("%d lines in the trail for two prints and two reprints", lines)
		}
		if n, bad, err := w.press.Check(ctx); err != nil || n != 2 || len(bad) > 0 {
			t.Fatalf("check-up: %d %v %v", n, bad, err)
		}
		w.tamper(t, first)
	})
}

// tamper changes one byte of a printed paper on disk; nobody is shown it as true.
func (w table) tamper(t *testing.T, x papers.Printed) {
	t.Helper()
	found := false
	must(0, filepath.WalkDir(w.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.Name() != x.FileKey {
			return err
		}
		found = true
		raw := must(os.ReadFile(path))(t)
		raw[len(raw)/2] ^= 1
		return os.WriteFile(path, raw, 0o600)
	}))(t)
	if _, _, err := w.press.Bytes(context.Background(), clerk, w.caseKey, x.Key); !found || !fault.Is(err, fault.Internal) {
		t.Errorf("a changed byte is shown as true: %v", err)
	}
}

func TestACharacterWithoutATypefaceStopsThePrint(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		must(0, w.press.SaveSlip(t.Context(), clerk, w.caseKey, "matter", "", 0, "form-slip-200000000000000000000", papers.Values{"detail": "表情😀来源"}))(t)
		if p := w.paper("register", ""); string(p.Missing) != "😀" {
			t.Fatalf("missing %q", string(p.Missing))
		}
		_, err := w.print(clerk, "register", "", "000001")
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.MessageOf(err), "😀") || len(w.paper("register", "").Prints) != 0 {
			t.Fatalf("printed with a hole: %v", err)
		}
	})
}

func TestWhoSeesAndPrintsPapers(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		ctx := t.Context()
		w.fill()
		leader := access.Actor{AccountID: 7, Name: "演示领导", Roles: []access.Role{access.Leader}}
		lead := access.Actor{AccountID: 8, Name: "演示室长", Roles: []access.Role{access.RoomLead}, RoomIDs: []int64{1}}
		for who, want := range map[*access.Actor]fault.Code{&other: fault.NotFound, &lead: fault.Forbidden, {}: fault.SignIn} {
			if _, err := w.press.List(ctx, *who, w.caseKey); fault.CodeOf(err) != want {
				t.Errorf("%q lists the papers: %v", who.Name, err)
			}
			if _, err := w.press.Print(ctx, *who, w.caseKey, "register", "", "", "form-print-00000000000000000009"); fault.CodeOf(err) != want {
				t.Errorf("%q prints: %v", who.Name, err)
			}
			if err := w.press.SaveSlip(ctx, *who, w.caseKey, "extension", "", 1, "form-slip-3000000000000000000", papers.Values{"reason": "x", "to": "2027-02-01"}); fault.CodeOf(err) != want {
				t.Errorf("%q fills a slip: %v", who.Name, err)
			}
		}
		if l := w.list(leader); l.May {
			t.Error("the leader is offered to print")
		}
		if _, err := w.print(leader, "register", "", "000001"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the leader prints: %v", err)
		}
		if _, _, err := w.press.Draft(ctx, leader, w.caseKey, "register", ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the leader takes a draft out: %v", err)
		}
		// On the screen numbers are hidden; the draft, which leaves a line in the trail, has them.
		screen := doc.Text(w.paper("undisputed", "").Doc)
		if strings.Contains(screen, "11010519491231002X") || strings.Contains(screen, "13800000001") || !strings.Contains(screen, "110***") {
			t.Errorf("the screen shows:\n%s", screen)
		}
		name, raw, err := w.press.Draft(ctx, her, w.caseKey, "undisputed", "")
		if err != nil || !strings.HasSuffix(name, "无争议事实记载.docx") || !bytes.HasPrefix(raw, []byte("PK")) {
			t.Errorf("draft %q %v", name, err)
		}
	})
}

func TestSlipsKeepVersionsAndRefuseWhatCannotBe(t *testing.T) {
	each(t, func(t *testing.T, w table) {
		ctx := t.Context()
		save := func(kind, subject string, version int64, idem string, v papers.Values) error {
			return w.press.SaveSlip(ctx, clerk, w.caseKey, kind, subject, version, "form-slip-40000000000000000000"+idem, v)
		}
		for field, v := range map[string]papers.Values{
			"to":     {"reason": "等鉴定"},
			"reason": {"to": "2027-01-10"},
			"on":     {"reason": "等鉴定", "to": "2027-01-10", "on": "明天"},
		} {
			if err := save("extension", "", 0, "x", v); fault.FieldsOf(err)[field] == "" {
				t.Errorf("%v: %v says nothing of %s", v, err, field)
			}
		}
		if err := save("inquiry", "new", 0, "x", papers.Values{"talk": "他说楼上漏水", "from": "10:00", "to": "09:00"}); fault.FieldsOf(err)["talk"] == "" || fault.FieldsOf(err)["to"] == "" {
			t.Errorf("a talk without questions: %v", err)
		}
		good := papers.Values{"reason": "等鉴定", "to": "2027-01-10"}
		must(0, save("extension", "", 0, "1", good))(t)
		must(0, save("extension", "", 0, "1", good))(t) // the same form again
		must(0, save("extension", "", 1, "2", papers.Values{"reason": "等鉴定结果", "to": "2027-01-10"}))(t)
		if err := save("extension", "", 1, "3", good); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale form overwrites: %v", err)
		}
		d := must(w.press.Slip(ctx, clerk, w.caseKey, "extension", ""))(t)
		if d.Slip.Version != 2 || len(d.Past) != 1 || d.Past[0].Values["reason"] != "等鉴定" {
			t.Errorf("version %d, past %+v", d.Slip.Version, d.Past)
		}
		if err := save("served", "nobody", 0, "4", papers.Values{"on": "2026-11-22"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("an address of nobody: %v", err)
		}
		talk := papers.Values{"day": "2026-11-21", "from": "09:00", "place": "演示花园", "investigators": "演示一", "asked": "周维修", "relation": "维修工", "talk": "问：修了吗？\n答：修了。"}
		must(0, save("inquiry", "new", 0, "5", talk))(t)
		var subject string
		for _, x := range w.list(clerk).Slips {
			if x.Kind.Code == "inquiry" && x.Subject.Key != "new" {
				subject = x.Subject.Key
			}
		}
		must(w.print(clerk, "inquiry", subject, "000001"))(t)
		must(0, w.press.RemoveSlip(ctx, clerk, w.caseKey, "inquiry", subject, 1))(t)
		if l := w.list(clerk); len(l.Loose) != 1 || len(l.Slips) == 0 {
			t.Errorf("what was printed of a removed talk is lost: %+v", l.Loose)
		}
	})
}
