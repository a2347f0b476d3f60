package market_test

import (
	"slices"
	"strings"
	"testing"

	"tiaojie/app/docket"
	"tiaojie/app/people"
)

// application is a request that isn't stored yet, of a resident of the first community.
func application(code string) docket.Application {
	return docket.Application{TypeCode: code, CommunityID: 1, Parties: []docket.PartyInput{
		{Side: docket.SideApplicant, Name: "安示民", Facts: docket.PartyFacts{Phone: "13800000001", Address: "演示路1号101"}},
		{Side: docket.SideRespondent, Name: "乐演邻", Facts: docket.PartyFacts{Phone: "13800000002", Address: "演示路1号201", Employer: "演示公司"}},
	}}
}

// suggested lists who is proposed, with the reasons given.
func (w *world) suggested(a docket.Application, typeName string) (names []string, reasons map[string]string) {
	w.t.Helper()
	list, err := w.Suggest(w.t.Context(), a, typeName)
	w.must(err)
	reasons = map[string]string{}
	for _, s := range list {
		names, reasons[s.Name] = append(names, s.Name), strings.Join(s.Reasons, "/")
	}
	return names, reasons
}

func TestSuggestionsSayWhy(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.add(person{"周演明", "pro", []string{"neighbour"}, nil, []int64{2}, 3, 540, 720}, 8)
		names, why := w.suggested(application("neighbour-leak"), "房屋漏水")
		if !slices.Equal(names, []string{zhang, "周演明", li}) {
			t.Errorf("of the community first, then who is free sooner: %v", names)
		}
		for name, want := range map[string]string{
			zhang: "办理“房屋漏水”类纠纷/负责您所在的社区/明天就有空/与双方没有已知的利害关系",
			"周演明": "办理“房屋漏水”类纠纷/明天就有空/与双方没有已知的利害关系",
			li:    "办理“房屋漏水”类纠纷/11月26日 周四有空/与双方没有已知的利害关系",
		} {
			if why[name] != want {
				t.Errorf("%s because %q, want %q", name, why[name], want)
			}
		}
	})
}

func TestFewWhoKnowTheKindComeBeforeOthers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.add(person{"周演明", "pro", []string{"labour"}, nil, []int64{2}, 5, 540, 720}, 8)
		names, why := w.suggested(application("labour-wage"), "欠薪")
		// 单演平 has no hours; the two who know wages come first, 周演明 although free last.
		if !slices.Equal(names, []string{wang, "周演明", zhang}) {
			t.Errorf("suggested: %v", names)
		}
		if !strings.Contains(why[wang], "欠薪") || !strings.Contains(why["周演明"], "欠薪") || strings.Contains(why[zhang], "欠薪") {
			t.Errorf("who knows the kind, by the reasons: %v", why)
		}
		if names, why = w.suggested(application("medical"), "医疗纠纷"); !slices.Equal(names, []string{wang, zhang, li}) || strings.Contains(why[wang], "医疗") {
			t.Errorf("nobody knows the kind: %v, %v", names, why)
		}
	})
}

func TestWhoHasAConflictIsNotSuggested(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tie := func(name string, x people.Tie) {
			w.must(w.people.AddTie(t.Context(), clerk, w.form(), w.of[name].Key, x))
		}
		a := application("neighbour")
		if names, _ := w.suggested(a, "邻里纠纷"); !slices.Equal(names, []string{zhang, li, wang}) {
			t.Fatalf("before: %v", names)
		}
		tie(zhang, people.Tie{Kind: "household", Words: "同住一户", Value: "演示路 1号,201"})
		if names, _ := w.suggested(a, "邻里纠纷"); !slices.Equal(names, []string{li, wang}) {
			t.Errorf("who lives with the other side: %v", names)
		}
		tie(li, people.Tie{Kind: "employer", Words: "演示公司职工", Value: "演示公司"})
		if names, _ := w.suggested(a, "邻里纠纷"); !slices.Equal(names, []string{wang}) {
			t.Errorf("who works for the other side's employer: %v", names)
		}
		a.Parties[1].Facts.Phone = "19900000001" // the mediator's own
		if names, _ := w.suggested(a, "邻里纠纷"); len(names) != 0 {
			t.Errorf("who is the other side: %v", names)
		}
		b := application("neighbour")
		b.Parties[1].Facts = docket.PartyFacts{Phone: "13800000009"}
		if names, _ := w.suggested(b, "邻里纠纷"); !slices.Equal(names, []string{zhang, li, wang}) {
			t.Errorf("against somebody else: %v", names)
		}
	})
}
