package rooms_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/app/rooms"
)

// step makes a move that must succeed, as of the room's present version.
func (w *world) step(key string, in rooms.Step) rooms.Room {
	w.t.Helper()
	in.Version = w.read(key).Version
	w.must(w.Advance(w.t.Context(), clerk, key, in))
	return w.read(key)
}

func TestARoomFromApplicationToWithdrawal(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.create(input(rooms.Brand, "示例·和邻"))
		if r.State != rooms.Applied || r.ReviewDueOn != "" || !slices.Equal(r.Types, []string{"neighbour"}) || r.Community != "示例1社区" {
			t.Fatalf("applied for: %+v", r)
		}
		if _, err := w.Public(t.Context(), r.Key); !fault.Is(err, fault.NotFound) {
			t.Errorf("residents see a room that is only applied for: %v", err)
		}
		r = w.step(r.Key, rooms.Step{Verb: rooms.VerbName, NamingAuthority: "演示区司法局", ApprovalNo: "演示司〔2026〕1 号", ApprovedOn: "2026-11-20", Note: "准予命名"})
		r = w.step(r.Key, rooms.Step{Verb: rooms.VerbHang, PlaqueOn: "2026-11-24", Note: "挂牌"})
		if r.NamingAuthority != "演示区司法局" || r.ApprovalNo == "" || r.ApprovedOn != "2026-11-20" || r.PlaqueOn != "2026-11-24" || r.ReviewDueOn != "2027-11-24" {
			t.Errorf("with its plaque: %+v", r)
		}
		if _, err := w.Public(t.Context(), r.Key); err != nil {
			t.Errorf("residents don't see it: %v", err)
		}
		w.clock.Advance(360 * 24 * 60 * 60 * 1e9)
		if r = w.step(r.Key, rooms.Step{Verb: rooms.VerbReview, Note: "年度复核合格"}); r.State != rooms.Open || r.ReviewDueOn != "2028-11-19" {
			t.Errorf("after the review: %s, next %s", r.State, r.ReviewDueOn)
		}
		if r = w.step(r.Key, rooms.Step{Verb: rooms.VerbRectify, Note: "台账不全"}); r.State != rooms.Rectifying || r.StateReason != "台账不全" {
			t.Errorf("to be put right: %s, %q", r.State, r.StateReason)
		}
		if _, err := w.Public(t.Context(), r.Key); !fault.Is(err, fault.NotFound) {
			t.Errorf("residents see a room that takes no sessions: %v", err)
		}
		w.step(r.Key, rooms.Step{Verb: rooms.VerbRestore, Note: "已补齐"})
		r = w.step(r.Key, rooms.Step{Verb: rooms.VerbRevoke, Note: "场地收回"})
		steps, notes := w.record(r)
		if want := []string{"apply:>applied", "name:applied>named", "hang:named>open", "review:open>open", "rectify:open>rectifying",
			"restore:rectifying>open", "withdraw:open>withdrawn"}; !slices.Equal(steps, want) {
			t.Errorf("the record:\n%v, want\n%v", steps, want)
		}
		if want := []string{"提出申报", "准予命名", "挂牌", "年度复核合格", "台账不全", "已补齐", "场地收回"}; !slices.Equal(notes, want) {
			t.Errorf("its words: %v", notes)
		}
		in := input(rooms.Brand, "示例·和邻")
		in.Version = r.Version
		wantFault(t, w.Edit(t.Context(), clerk, r.Key, in), fault.Conflict, "editing what is withdrawn")
		if moves := rooms.MovesOf(r, clerk); len(moves) != 0 {
			t.Errorf("a withdrawn room can still: %v", moves)
		}
		rows, err := w.trail.List(t.Context(), w.d, access.Actor{AccountID: 9, Roles: []access.Role{access.Auditor}}, audit.Filter{Ref: r.Key})
		if w.must(err); len(rows) != len(steps) {
			t.Errorf("%d changes leave %d lines in the trail", len(steps), len(rows))
		}
	})
}

// TestOnlyLawfulStepsAreTaken tries every step in every state of every kind: what the
// page doesn't offer, the operation refuses.
func TestOnlyLawfulStepsAreTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		full := rooms.Step{NamingAuthority: "演示区司法局", ApprovalNo: "1 号", ApprovedOn: "2026-11-20", PlaqueOn: "2026-11-24", Note: "说明"}
		ways := map[rooms.Kind]map[rooms.State][]rooms.Verb{
			rooms.Studio: {rooms.Applied: nil, rooms.Named: {rooms.VerbName}, rooms.Open: {rooms.VerbName, rooms.VerbHang},
				rooms.Rectifying: {rooms.VerbName, rooms.VerbHang, rooms.VerbRectify}, rooms.Withdrawn: {rooms.VerbRefuse}},
			rooms.Stationed: {rooms.Applied: nil, rooms.Open: {rooms.VerbOpen}},
		}
		lawful := map[rooms.Kind]map[rooms.State]string{
			rooms.Studio: {rooms.Applied: "name refuse", rooms.Named: "hang withdraw", rooms.Open: "review rectify withdraw",
				rooms.Rectifying: "restore withdraw", rooms.Withdrawn: ""},
			rooms.Stationed: {rooms.Applied: "open refuse", rooms.Open: "review rectify withdraw"},
		}
		n := 0
		for kind, states := range ways {
			for state, way := range states {
				for _, m := range rooms.Moves {
					n++
					r := w.create(input(kind, fmt.Sprint("示例", n)))
					for _, v := range way {
						in := full
						in.Verb = v
						r = w.step(r.Key, in)
					}
					if r.State != state {
						t.Fatalf("%s is %s, want %s", kind, r.State, state)
					}
					may := slices.Contains(strings.Fields(lawful[kind][state]), string(m.Verb))
					offered := slices.ContainsFunc(rooms.MovesOf(r, clerk), func(o rooms.Move) bool { return o.Verb == m.Verb })
					in := full
					in.Verb, in.Version = m.Verb, r.Version
					err := w.Advance(t.Context(), clerk, r.Key, in)
					if may != offered || may != (err == nil) || !may && !fault.Is(err, fault.Conflict) {
						t.Errorf("%s, %s, %s: lawful %v, offered %v, %v", kind, state, m.Verb, may, offered, err)
					}
				}
			}
		}
	})
}

func TestAStepWithoutItsFactsIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.create(input(rooms.Feature, "示例·乡音"))
		try := func(in rooms.Step, fields ...string) {
			t.Helper()
			in.Version = r.Version
			got := fault.FieldsOf(w.Advance(t.Context(), clerk, r.Key, in))
			for _, f := range fields {
				if got[f] == "" {
					t.Errorf("%s: nothing said beside %s: %v", in.Verb, f, got)
				}
			}
			if now := w.read(r.Key); now.State != r.State || now.Version != r.Version {
				t.Errorf("%s was refused and changed the room", in.Verb)
			}
		}
		try(rooms.Step{Verb: rooms.VerbName}, "naming_authority", "approval_no", "approved_on")
		try(rooms.Step{Verb: rooms.VerbName, NamingAuthority: "局", ApprovalNo: "1", ApprovedOn: "2026-11-25"}, "approved_on") // tomorrow
		try(rooms.Step{Verb: rooms.VerbRefuse}, "note")
		r = w.step(r.Key, rooms.Step{Verb: rooms.VerbName, NamingAuthority: "局", ApprovalNo: "1", ApprovedOn: "2026-11-24"})
		try(rooms.Step{Verb: rooms.VerbHang, PlaqueOn: "2026-02-30"}, "plaque_on")
		r = w.step(r.Key, rooms.Step{Verb: rooms.VerbHang, PlaqueOn: "2026-11-24"})
		for _, v := range []rooms.Verb{rooms.VerbReview, rooms.VerbRectify, rooms.VerbRevoke} {
			try(rooms.Step{Verb: v}, "note")
		}
		wantFault(t, w.Advance(t.Context(), clerk, r.Key, rooms.Step{Verb: "nonsense"}), fault.NotFound, "a step that is none")
	})
}

func TestTheSecondOfTwoChangesIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.open("示例")
		in := input(rooms.Plain, "示例")
		in.Version, in.Seats = r.Version, 12
		w.must(w.Edit(t.Context(), clerk, r.Key, in))
		in.Seats = 20
		wantFault(t, w.Edit(t.Context(), clerk, r.Key, in), fault.Conflict, "editing what was changed meanwhile")
		wantFault(t, w.Advance(t.Context(), clerk, r.Key, rooms.Step{Verb: rooms.VerbRectify, Note: "旧页面", Version: r.Version}), fault.Conflict, "a step from an old page")
		now := w.read(r.Key)
		if steps, _ := w.record(r); now.Seats != 12 || now.State != rooms.Open || len(steps) != 3 {
			t.Errorf("refused changes left their mark: %d seats, %s, record %v", now.Seats, now.State, steps)
		}
	})
}

func TestTheFormOfARoom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		form := w.form()
		first, err := w.Create(t.Context(), clerk, form, input(rooms.Plain, "示例"))
		w.must(err)
		again, err := w.Create(t.Context(), clerk, form, input(rooms.Plain, "示例"))
		if w.must(err); again != first {
			t.Errorf("one form made %s and %s", first, again)
		}
		_, err = w.Create(t.Context(), clerk, w.form(), input(rooms.Plain, "示例"))
		if fault.FieldsOf(err)["full_name"] == "" {
			t.Errorf("a second room of the same name: %v", err)
		}
		for field, spoil := range map[string]func(*rooms.Input){
			"kind": func(in *rooms.Input) { in.Kind = "palace" }, "full_name": func(in *rooms.Input) { in.FullName = "" },
			"short_name": func(in *rooms.Input) { in.ShortName = strings.Repeat("长", 21) }, "committee": func(in *rooms.Input) { in.CommitteeID = 0 },
			"community": func(in *rooms.Input) { in.CommunityID = 0 }, "address": func(in *rooms.Input) { in.Address = "" },
			"seats": func(in *rooms.Input) { in.Seats = 1 }, "story": func(in *rooms.Input) { in.Story = strings.Repeat("话", 4001) },
		} {
			in := input(rooms.Plain, "别的")
			spoil(&in)
			_, err := w.Create(t.Context(), clerk, w.form(), in)
			if fault.FieldsOf(err)[field] == "" {
				t.Errorf("%s: %v", field, err)
			}
		}
		if list, err := w.List(t.Context(), w.d, clerk, rooms.Filter{}); err != nil || len(list) != 1 {
			t.Errorf("%d rooms, %v", len(list), err)
		}
	})
}

func TestEveryChangeIsOnRecordByName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for word, change := range map[string]func(*rooms.Input){
			"类别": func(in *rooms.Input) { in.Kind = rooms.Stationed }, "全称": func(in *rooms.Input) { in.FullName += "新" },
			"简称": func(in *rooms.Input) { in.ShortName += "新" }, "所属调委会": func(in *rooms.Input) { in.CommitteeID = 2 },
			"所在社区": func(in *rooms.Input) { in.CommunityID = 2 }, "地址": func(in *rooms.Input) { in.Address = "演示路 2 号" },
			"交通指引": func(in *rooms.Input) { in.Directions = "进门左转" }, "电话": func(in *rooms.Input) { in.Phone = "0755-00000000" },
			"座位": func(in *rooms.Input) { in.Seats = 12 }, "设施": func(in *rooms.Input) { in.Facilities = "圆桌" },
			"品牌故事": func(in *rooms.Input) { in.Story = "一张旧茶桌。" }, "擅长领域": func(in *rooms.Input) { in.Types = []string{"family", "labour"} },
			"负责人": func(in *rooms.Input) { in.LeadMediatorID = 2 },
		} {
			r := w.create(input(rooms.Plain, word))
			in := input(rooms.Plain, word)
			in.Version = r.Version
			change(&in)
			w.must(w.Edit(t.Context(), clerk, r.Key, in))
			if _, notes := w.record(r); notes[len(notes)-1] != "修改了"+word {
				t.Errorf("a change of %s is on record as %q", word, notes[len(notes)-1])
			}
		}
		same := input(rooms.Plain, "照旧")
		same.Types = []string{"neighbour", "family", "family"} // as a form may send them
		r := w.create(same)
		same.Version = r.Version
		w.must(w.Edit(t.Context(), clerk, r.Key, same))
		if _, notes := w.record(r); notes[1] != "未作改动" {
			t.Errorf("no change is on record as %q", notes[1])
		}
		r = w.create(input(rooms.Plain, "照片"))
		w.must(w.SetLeads(t.Context(), clerk, r.Key, nil, r.Version))
		w.must(w.SetRoster(t.Context(), clerk, r.Key, nil, w.read(r.Key).Version))
		var pic bytes.Buffer
		w.must(png.Encode(&pic, image.NewGray(image.Rect(0, 0, 8, 8))))
		f, err := w.files.Prepare(t.Context(), "a.png", pic.Bytes())
		w.must(err)
		w.must(w.AddPhoto(t.Context(), clerk, r.Key, f))
		if shown, err := w.Photos(t.Context(), r.Key); err != nil || len(shown) != 1 {
			t.Fatalf("%d pictures, %v", len(shown), err)
		}
		w.must(w.RemovePhoto(t.Context(), clerk, r.Key, f.Key))
		if shown, err := w.Photos(t.Context(), r.Key); err != nil || len(shown) != 0 {
			t.Errorf("%d pictures after it was taken off, %v", len(shown), err)
		}
		if _, notes := w.record(r); !slices.Equal(notes, []string{"提出申报", "调整了负责人账号", "调整了值班表", "添加了照片", "删除了照片"}) {
			t.Errorf("the record: %v", notes)
		}
	})
}
