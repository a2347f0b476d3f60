package accord_test

import (
	"slices"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/accord"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/papers/forms"
	"tiaojie/db"
)

// In force at the latest of all parties, the mediator and the seal, whatever the order (人民调解法 29).
func TestForceIsTheLatestSignature(t *testing.T) {
	each(t, func(w *world) {
		_, key := w.fixed(plan{})
		w.pass(5)
		lines := w.open(key).Signs
		if len(lines) != 4 {
			t.Fatalf("%d lines to sign, want both parties, the mediator and the seal", len(lines))
		}
		days := map[string]string{lines[0].Key: w.day(-1), lines[1].Key: w.day(-4), "mediator": w.day(-3), "seal": w.day(-2)}
		for i, line := range []string{"seal", lines[0].Key, "mediator", lines[1].Key} {
			if v := w.open(key); v.State != accord.Signing {
				t.Fatalf("in force with %d of 4 lines", i)
			}
			w.must(w.sign(key, line, days[line]))
		}
		v := w.wantState(key, accord.Effective)
		if v.EffectiveOn != w.day(-1) {
			t.Errorf("in force on %s, want %s", v.EffectiveOn, w.day(-1))
		}
		wantFault(t, w.sign(key, "seal", w.today()), fault.Conflict, "signing what is in force")
	})
}

func TestSignaturesAreRefused(t *testing.T) {
	each(t, func(w *world) {
		_, key := w.fixed(plan{})
		line := w.open(key).Signs[0].Key
		wantFault(t, w.sign(key, line, w.day(1)), fault.Invalid, "a day to come")
		wantFault(t, w.sign(key, line, w.day(-1)), fault.Invalid, "a day before the agreement")
		bare := accord.SignInput{Line: line, Way: accord.Paper, On: w.today()}
		wantFault(t, w.Sign(t.Context(), mediator(), key, bare), fault.Invalid, "identity not seen")
		tablet := accord.SignInput{Line: line, Way: accord.Tablet, IDSeen: "居民身份证", Picture: w.picture(), Hash: "other text"}
		wantFault(t, w.Sign(t.Context(), mediator(), key, tablet), fault.Invalid, "signed under another text")
		tablet.Hash = w.open(key).Hash
		w.must(w.Sign(t.Context(), mediator(), key, tablet))
		g := w.open(key).Signs[0]
		if g.Hash != tablet.Hash || g.At.IsZero() || g.IDSeen == "" || g.On != w.today() {
			t.Errorf("the tablet's signature lacks hash, time or identity: %+v", g)
		}
		tablet.Line, tablet.Picture = "seal", w.picture()
		wantFault(t, w.Sign(t.Context(), mediator(), key, tablet), fault.Invalid, "a seal drawn on the tablet")
	})
}

// Family, adoption and inheritance are signed on paper only (电子签名法 3); so is what the mediator marks so.
func TestPersonalRelationsAreSignedOnPaper(t *testing.T) {
	each(t, func(w *world) {
		marked := func(w *world, key string, f docket.File) {
			v := w.open(key)
			w.must(w.SaveText(t.Context(), mediator(), key, v.Version, accord.Text{Facts: v.Body.Facts, ReachedOn: v.ReachedOn, Personal: true, Settled: v.Body.Settled}))
		}
		for _, p := range []plan{{typeCode: "family"}, {typeCode: "housing", edit: marked}} {
			_, key := w.fixed(p)
			v := w.open(key)
			in := accord.SignInput{Line: v.Signs[0].Key, Way: accord.Tablet, IDSeen: "居民身份证", Picture: w.picture(), Hash: v.Hash}
			wantFault(t, w.Sign(t.Context(), mediator(), key, in), fault.Invalid, p.typeCode+" on the tablet")
			w.must(w.sign(key, in.Line, w.today()))
		}
	})
}

func TestOralIsInForceOnItsDay(t *testing.T) {
	each(t, func(w *world) {
		f, key := w.draft(plan{form: accord.Oral, edit: func(w *world, key string, f docket.File) {
			v := w.open(key)
			d := v.Body.Duties[0]
			w.must(w.ChangeDuty(t.Context(), mediator(), key, v.Version, d.Key, accord.DutyInput{From: d.From, To: d.To, Kind: accord.Pay, What: "清洁费", Yuan: "200", When: accord.Once, How: "现金"}))
			v = w.open(key)
			w.must(w.SaveText(t.Context(), mediator(), key, v.Version, accord.Text{Facts: v.Body.Facts, ReachedOn: w.day(-2), Settled: v.Body.Settled}))
		}})
		w.must(w.Fix(t.Context(), mediator(), key, w.open(key).Version, false))
		v := w.wantState(key, accord.Performed)
		if v.EffectiveOn != w.day(-2) || len(v.Signs) != 0 {
			t.Errorf("oral agreement in force on %s with %d lines to sign, want %s and none", v.EffectiveOn, len(v.Signs), w.day(-2))
		}
		p, err := w.Facts(t.Context(), w.d, f.Case.ID)
		w.must(err)
		if a := p.Agreements[0]; !a.Oral || !a.DoneAtOnce || a.Number != *f.Case.Number || a.Obligations[0].Term == "" {
			t.Errorf("the register says %+v", a)
		}
	})
}

// What was fixed never changes: not by the forms, and a new agreement takes its place.
func TestFixedTextIsFrozen(t *testing.T) {
	each(t, func(w *world) {
		f, key := w.fixed(plan{})
		v := w.open(key)
		tries := map[string]error{
			"text":  w.SaveText(t.Context(), mediator(), key, v.Version, accord.Text{Facts: "另外的事实，与原来不同。", ReachedOn: v.ReachedOn}),
			"item":  w.AddItem(t.Context(), mediator(), key, v.Version, w.form(), "", "", "再加一条约定"),
			"duty":  w.AddDuty(t.Context(), mediator(), key, v.Version, w.form(), plan{}.pay(f, w)),
			"again": w.Fix(t.Context(), mediator(), key, v.Version, true),
		}
		for what, err := range tries {
			wantFault(t, err, fault.Conflict, what)
		}
		if again := w.open(key); again.Hash != v.Hash || again.Body.Facts != v.Body.Facts {
			t.Error("a refused change left a trace")
		}
		w.must(w.sign(key, v.Signs[0].Key, w.today()))
		wantFault(t, w.Recall(t.Context(), mediator(), key, 0), fault.Conflict, "recall after a signature")
		w.must(w.Unsign(t.Context(), mediator(), key, v.Signs[0].Key))
		w.must(w.Recall(t.Context(), mediator(), key, 0))
		if d := w.wantState(key, accord.Draft); d.No() != v.No() || len(d.Signs) != 0 {
			t.Errorf("the draft has number %q and %d lines, want the old number and none", d.No(), len(d.Signs))
		}
	})
}

func TestNewAgreementReplacesOld(t *testing.T) {
	each(t, func(w *world) {
		f, old := w.inForce(plan{parts: 3})
		next, err := w.NewAgreement(t.Context(), mediator(), f.Case.Key, accord.NewDraft{Form: accord.Written, Replaces: old}, w.form())
		w.must(err)
		w.must(w.Fix(t.Context(), mediator(), next, 0, true))
		w.wantState(old, accord.Effective)
		for _, g := range w.open(next).Signs {
			w.must(w.sign(next, g.Key, w.today()))
		}
		w.wantState(old, accord.Replaced)
		v := w.wantState(next, accord.Effective)
		if v.No() != *f.Case.Number+"-2" {
			t.Errorf("number is %s", v.No())
		}
		for _, d := range w.open(old).Duties {
			if d.Standing(w.today()) != accord.Gone {
				t.Errorf("the old agreement still owes: %+v", d)
			}
		}
		due, err := w.Due(t.Context(), mediator(), 30, 100)
		w.must(err)
		for _, r := range due {
			if r.Kind == "duty" && v.Row(r.Key) == nil {
				t.Error("the old agreement's obligation is still on the desk")
			}
		}
	})
}

// Several agreements, each over its part (深圳条例 26): a point is settled once, and open ones are told.
func TestPartialAgreements(t *testing.T) {
	each(t, func(w *world) {
		f, first := w.draft(plan{})
		w.must(w.AddIssue(t.Context(), mediator(), f.Case.Key, "漏水点今后由谁维护", w.form()))
		v := w.open(first)
		if len(v.Body.Settled) != 2 {
			t.Fatalf("a new point is not ticked in the draft: %v", v.Body.Settled)
		}
		w.must(w.SaveText(t.Context(), mediator(), first, v.Version, accord.Text{Facts: v.Body.Facts, ReachedOn: v.ReachedOn, Settled: []string{v.Issues[0].Key}}))
		w.must(w.Fix(t.Context(), mediator(), first, 0, true))
		for _, g := range w.open(first).Signs {
			w.must(w.sign(first, g.Key, w.today()))
		}
		v = w.wantState(first, accord.Effective)
		if v.No() != *f.Case.Number+"-1" || !v.Partial {
			t.Errorf("a partial agreement has number %s", v.No())
		}
		p, err := w.Facts(t.Context(), w.d, f.Case.ID)
		w.must(err)
		if a := p.Agreements[0]; !slices.Equal(a.Open, []string{"漏水点今后由谁维护"}) || !strings.Contains(a.Disputed, "维修费由谁承担") {
			t.Errorf("paper says settled %q, open %q", a.Disputed, a.Open)
		}
		second, err := w.NewAgreement(t.Context(), mediator(), f.Case.Key, accord.NewDraft{Form: accord.Written}, w.form())
		w.must(err)
		if got := w.open(second).Body.Settled; !slices.Equal(got, []string{v.Issues[1].Key}) {
			t.Errorf("the second agreement begins with points %v, want the open one", got)
		}
		wantFault(t, w.DropIssue(t.Context(), mediator(), f.Case.Key, v.Issues[0].Key), fault.Conflict, "dropping a settled point")
	})
}

// law.md 10.3: the last day of asking for confirmation is thirty natural days from force, moved past days of rest.
func TestConfirmationDay(t *testing.T) {
	each(t, func(w *world) {
		for _, c := range []struct{ force, want string }{
			{"2026-09-01", "2026-10-08"}, {"2026-09-04", "2026-10-08"}, {"2026-09-10", "2026-10-10"},
			{"2026-01-15", "2026-02-14"}, {"2026-01-19", "2026-02-24"},
		} {
			at, err := docketDay(c.force)
			w.must(err)
			w.clock.Set(at)
			_, key := w.inForce(plan{})
			v := w.wantState(key, accord.Effective)
			if v.EffectiveOn != c.force || len(v.Steps) == 0 || v.Steps[0].Due != c.want {
				t.Errorf("in force %s (want %s): confirmation until %v, want %s", v.EffectiveOn, c.force, v.Steps, c.want)
			}
		}
	})
}

// One byte changed in the database is found, wherever it is.
func TestTamperingIsFound(t *testing.T) {
	each(t, func(w *world) {
		_, key := w.inForce(plan{parts: 2})
		w.wantState(key, accord.Effective)
		was := w.keep(key)
		id := was.agreement.ID
		for what, query := range map[string]string{
			"text":       `UPDATE agreements SET body_sealed = (SELECT text_sealed FROM case_issues LIMIT 1) WHERE id = ?`,
			"hash":       `UPDATE agreements SET content_hash = '00' || substr(content_hash, 3) WHERE id = ?`,
			"day":        `UPDATE agreements SET effective_on = '2026-11-25' WHERE id = ?`,
			"amount":     `UPDATE agreement_duties SET amount = amount + 1 WHERE agreement_id = ? AND seq = 1`,
			"due day":    `UPDATE agreement_duties SET due_on = '2029-01-01' WHERE agreement_id = ? AND seq = 2`,
			"signed day": `UPDATE agreement_signs SET signed_on = '2026-12-01' WHERE agreement_id = ? AND kind = 'seal'`,
			"paid":       `UPDATE agreement_duties SET paid = 1 WHERE agreement_id = ? AND seq = 1`,
		} {
			w.must(w.d.Write(t.Context(), func(tx *db.Tx) error {
				if n, err := tx.Exec(t.Context(), query, id); err != nil || n == 0 {
					t.Errorf("%s: %d rows, %v", what, n, err)
				}
				return nil
			}))
			if _, bad, err := w.CheckAll(t.Context()); err != nil || len(bad) != 1 {
				t.Errorf("a changed %s is not found: %v %v", what, bad, err)
			}
			w.put(was)
		}
		w.wantState(key, accord.Effective)
	})
}

func TestWhoMayDoWhat(t *testing.T) {
	each(t, func(w *world) {
		f, key := w.draft(plan{})
		other := access.Actor{AccountID: 102, MediatorID: 2, Name: "另一位", Roles: []access.Role{access.Mediator}}
		lead := access.Actor{AccountID: 50, Name: "负责人", Roles: []access.Role{access.RoomLead}, RoomIDs: []int64{f.Case.RoomID}}
		leader := access.Actor{AccountID: 60, Name: "领导", Roles: []access.Role{access.Leader}}
		for name, who := range map[string]access.Actor{"another mediator": other, "room lead": lead} {
			_, err := w.Open(t.Context(), who, key)
			wantFault(t, err, fault.NotFound, name)
			wantFault(t, w.Fix(t.Context(), who, key, 0, true), fault.NotFound, name)
		}
		_, err := w.Open(t.Context(), leader, key)
		w.must(err)
		wantFault(t, w.Fix(t.Context(), leader, key, 0, true), fault.Forbidden, "leader fixes")
		wantFault(t, w.Void(t.Context(), leader, key, 0, "不做了"), fault.Forbidden, "leader voids")
		v := w.open(key)
		w.must(w.SaveText(t.Context(), clerk(), key, v.Version, accord.Text{Facts: "楼上漏水泡坏天花板，已修好。", ReachedOn: v.ReachedOn, Settled: v.Body.Settled}))
		stale := w.SaveText(t.Context(), mediator(), key, v.Version, accord.Text{Facts: "另一台设备上写的另一段话。", ReachedOn: v.ReachedOn})
		wantFault(t, stale, fault.Conflict, "a stale editor")
	})
}

// The same form sent twice is done once.
func TestFormsSentTwice(t *testing.T) {
	each(t, func(w *world) {
		f := w.caseOf("neighbour-leak")
		idem := w.form()
		a, err := w.NewAgreement(t.Context(), mediator(), f.Case.Key, accord.NewDraft{Form: accord.Written}, idem)
		w.must(err)
		b, err := w.NewAgreement(t.Context(), mediator(), f.Case.Key, accord.NewDraft{Form: accord.Written}, idem)
		w.must(err)
		if a != b {
			t.Errorf("two agreements: %s, %s", a, b)
		}
		idem = w.form()
		for range 2 {
			w.must(w.AddDuty(t.Context(), mediator(), a, 0, idem, plan{}.pay(f, w)))
		}
		if n := len(w.open(a).Body.Duties); n != 1 {
			t.Errorf("%d obligations, want 1", n)
		}
	})
}

// Every verb in every state, for who works on the case and for who only reads it.
func TestMoves(t *testing.T) {
	want := map[accord.State]string{
		accord.Draft: "write fix void", accord.Signing: "recall void sign unsign scan", accord.Effective: "scan perform urge",
		accord.Performed: "scan perform", accord.Replaced: "", accord.Voided: "",
	}
	for _, s := range accord.States {
		var got []string
		for _, v := range accord.Verbs {
			view := accord.View{Agreement: accord.Agreement{State: s}, Hands: []docket.Hand{docket.HandClerk}}
			if view.May(v) {
				got = append(got, string(v))
			}
			view.Hands = []docket.Hand{docket.HandLeader, docket.HandLiaison}
			if view.May(v) {
				t.Errorf("a reader may %s in %s", v, s)
			}
		}
		if strings.Join(got, " ") != want[s] {
			t.Errorf("%s allows %v, want %s", s, got, want[s])
		}
	}
}

func TestYuan(t *testing.T) {
	for text, want := range map[string]forms.Fen{"8600": 860000, "8,600.5": 860050, "８６００元": 860000, "0.01": 1, "100000000": 100_000_000_00} {
		if got, ok := accord.ParseYuan(text); !ok || got != want {
			t.Errorf("%q is %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-5", "1.234", "1.", ".5", "一百", "1e5", "100000001", "9999999999999999999"} {
		if got, ok := accord.ParseYuan(text); ok {
			t.Errorf("%q is taken as %d", text, got)
		}
	}
}
