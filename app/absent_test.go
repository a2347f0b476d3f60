package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/people"
	"tiaojie/app/people/sheet"
)

// dated finds a date of the mediator that is fixed, with its case.
func (s *site) dated() (key, caseKey string, starts time.Time) {
	s.t.Helper()
	var row struct {
		Key  string `db:"key"`
		Case string `db:"case_key"`
		At   int64  `db:"starts_at"`
	}
	err := s.DB.Get(s.t.Context(), &row, `SELECT s.key, c.key AS case_key, s.starts_at FROM case_sessions s JOIN cases c ON c.id = s.case_id
		JOIN mediators m ON m.id = s.mediator_id JOIN accounts a ON a.id = m.account_id WHERE a.login = 'mediator' AND s.state = 'fixed' ORDER BY s.starts_at LIMIT 1`)
	if err != nil {
		s.t.Fatal(err)
	}
	return row.Key, row.Case, time.Unix(row.At, 0)
}

// The mediator waits, notes that one side did not come, and the case page counts it.
func TestTheMediatorNotesWhoDidNotCome(t *testing.T) {
	s := newSite(t, "")
	session, key, starts := s.dated()
	path, page := "/desk/sessions/"+session+"/absent", "/cases/"+key
	if text := s.as("mediator").get(path).text(); !strings.Contains(text, "起可以登记未到场") || strings.Contains(text, "登记后案件不会") {
		t.Fatalf("before the time: %s", text)
	}
	s.clock.Advance(starts.Sub(s.clock.Now()) + docket.AbsentAfter)
	v := s.as("mediator")
	if text := v.get(page).text(); !strings.Contains(text, "约定的时间到了，还没有开始") {
		t.Fatalf("the case page doesn't lead there: %s", text)
	}
	form := v.get(path)
	refused := v.submit(form, path, url.Values{"words": {"打了两次电话"}})
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, "打了两次电话") {
		t.Fatalf("%d: %s", refused.status, refused.text())
	}
	fill := url.Values{"words": {"打了两次电话"}, "then": {"end"}}
	for i, name := range fieldNames(form.body, "came-") {
		fill.Set(name, []string{"yes", "no"}[min(i, 1)])
	}
	if refused = v.submit(form, path, fill); refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.text(), "请选择原因") {
		t.Fatalf("ended without a reason: %d %s", refused.status, refused.text())
	}
	fill.Set("then", "again")
	done := v.follow(v.submit(refused, path, fill))
	if text := done.text(); !strings.Contains(text, "未到场 1 次") || !strings.Contains(text, "有人未到场") || !strings.Contains(text, "排定时间") {
		t.Fatalf("after it: %s", text)
	}
}

// fieldNames lists the different field names on a page that begin so, in their order.
func fieldNames(body, prefix string) (out []string) {
	for _, part := range strings.Split(body, `name="`+prefix)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		if name = prefix + name; len(out) == 0 || out[len(out)-1] != name {
			out = append(out, name)
		}
	}
	return out
}

// The clerk takes out the list as it is filtered, with a reason.
func TestTheClerkTakesTheListOut(t *testing.T) {
	s := newSite(t, "")
	clerk := s.as("clerk")
	if list := clerk.get("/cases?state=open"); !strings.Contains(list.body, `href="/cases/export?state=open"`) {
		t.Fatal("the list leads to no export")
	}
	if list := s.as("mediator").get("/cases"); strings.Contains(list.body, "/cases/export") {
		t.Fatal("a mediator is offered the export")
	}
	page := clerk.get("/cases/export?state=open")
	refused := clerk.submit(page, "/cases/export", url.Values{"reason": {""}})
	if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.text(), "办理中") {
		t.Fatalf("%d without a reason: %s", refused.status, refused.text())
	}
	file := clerk.submit(refused, "/cases/export", url.Values{"reason": {"季度总结"}})
	if file.status != http.StatusOK || !strings.Contains(file.header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v", file.status, file.header)
	}
	table, err := sheet.Read("list.xlsx", []byte(file.body))
	if err != nil || len(table.Rows) == 0 {
		t.Fatalf("%d rows: %v", len(table.Rows), err)
	}
	state, phone := table.Column("状态"), table.Column("申请人电话")
	for _, row := range table.Rows {
		if row.Get(state) == "已终止" || row.Get(phone) != "" && !strings.Contains(row.Get(phone), "*") {
			t.Errorf("row %v", row.Cells)
		}
	}
}

// Where a party has to be elsewhere the clerk sees it, and says why to call it twice all the same.
func TestTheClerkSeesThatAPartyIsBusy(t *testing.T) {
	s := newSite(t, "")
	_, key, starts := s.dated()
	clerk := s.as("clerk")
	other := s.caseOfTheSame(key, starts)
	page := "/cases/" + other
	shown := clerk.get(page + "?open=schedule&room=0")
	if !strings.Contains(shown.text(), "当事人这些时间另有调解") || !strings.Contains(shown.body, `href="/cases/`+key+`"`) {
		t.Fatalf("the clerk is not told: %s", shown.text())
	}
	slot := fmt.Sprintf("%d-%d", starts.Unix(), starts.Add(calendar.SessionLength).Unix())
	all := clerk.get(page + "?open=schedule&room=0&busy=yes")
	if strings.Contains(shown.body, slot) {
		t.Fatal("the taken time is offered without asking for it")
	}
	refused := clerk.submit(all, page+"/schedule", url.Values{"slot": {slot}})
	if refused.status != http.StatusConflict || !strings.Contains(refused.text(), "已有另一场调解") {
		t.Fatalf("%d: %s", refused.status, refused.text())
	}
	done := clerk.follow(clerk.submit(refused, page+"/schedule", url.Values{"slot": {slot}, "together": {"两场都只谈同一笔物业费"}}))
	if !strings.Contains(done.text(), "说明原因后仍排在这个时间") {
		t.Fatalf("after the override: %s", done.text())
	}
}

// caseOfTheSame makes an accepted case of the applicant of another one, before a mediator who
// is free at that time.
func (s *site) caseOfTheSame(key string, at time.Time) string {
	s.t.Helper()
	ctx, clerk := s.t.Context(), access.Actor{AccountID: 1, Name: "演示受理员", Roles: []access.Role{access.Clerk}}
	ok := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	file, err := s.Docket.Page(ctx, clerk, key)
	ok(err)
	facts, err := s.Docket.OpenParty(file.Parties[0])
	ok(err)
	list, err := s.People.Mediators(ctx, s.DB, people.MediatorFilter{State: people.Listed})
	ok(err)
	for i, m := range list {
		if m.ID == file.Case.MediatorID {
			continue
		}
		r, err := s.Docket.Register(ctx, clerk, docket.Application{TypeCode: "neighbour-leak", Words: "楼道堆物", Channel: "window", Mediators: []int64{m.ID}, Privacy: "2026-11",
			Parties: []docket.PartyInput{{Side: docket.SideApplicant, Name: "金演仁", Agrees: true, Facts: docket.PartyFacts{Phone: facts.Phone}},
				{Side: docket.SideRespondent, Name: "乐演邻", Facts: docket.PartyFacts{Phone: fmt.Sprintf("136%08d", i)}}}}, fmt.Sprintf("busy-apply-%020d", i))
		ok(err)
		other, err := s.Docket.Page(ctx, clerk, r.CaseKey)
		ok(err)
		in, err := s.Docket.Invite(ctx, clerk, r.CaseKey, other.Parties[1].Key, "sms")
		ok(err)
		_, err = s.Docket.Respond(ctx, in.Code, "127.0.0.1", docket.AnswerInput{Agree: true, Approve: []int64{m.ID}, Privacy: "2026-11"}, fmt.Sprintf("busy-answer-%020d", i))
		ok(err)
		_, err = s.Docket.AcceptCase(ctx, clerk, r.CaseKey, docket.Acceptance{CommitteeID: s.street.Committees[0].ID})
		ok(err)
		found, err := s.Docket.CommonSlots(ctx, clerk, r.CaseKey, docket.Search{From: s.DB.Now(), To: s.DB.Now().AddDate(0, 0, 28), Limit: 40, Together: true})
		ok(err)
		for _, sl := range found.Slots {
			if sl.Start.Equal(at) {
				return r.CaseKey
			}
		}
	}
	s.t.Fatal("no mediator is free at that time")
	return ""
}
