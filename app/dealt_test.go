package app_test

import (
	"maps"
	"net/url"
	"regexp"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
)

const askingPhone, answeringPhone, agentPhone = "13900000001", "13900000002", "13900000003"

var theClerk = access.Actor{AccountID: 1, Name: "演示受理员", Roles: []access.Role{access.Clerk}}

// dealt is a case in the middle of its session, with all the codes that lead to it.
type dealt struct {
	site              *site
	mediator          access.Actor
	number            string
	codes             []string // query codes: of who asks, of who answered
	session, record   string
	asking, answering string            // the parties' keys
	mine              map[string]string // the route parameters that lead to it
}

func (d dealt) ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// inSession brings a case of the demonstration's mediator to the table, with a liaison
// and an agent, by the operations behind the forms.
func (s *site) inSession(t testing.TB) dealt {
	t.Helper()
	d := dealt{site: s, mine: maps.Clone(s.objects()["mediator"].mine)}
	ctx := t.Context()
	m, err := s.People.Mediator(ctx, s.DB, d.mine["mediator"])
	d.ok(t, err)
	d.mediator = access.Actor{AccountID: *m.AccountID, MediatorID: m.ID, Name: m.Name, Roles: []access.Role{access.Mediator}}
	key := d.agreed(t)
	room, liaison := s.street.Rooms[0], s.street.Liaisons[0]
	_, err = s.Docket.AcceptCase(ctx, theClerk, key, docket.Acceptance{CommitteeID: s.street.Committees[0].ID, RoomID: room})
	d.ok(t, err)
	free, err := s.Docket.CommonSlots(ctx, theClerk, key, docket.Search{From: s.DB.Now().Add(time.Hour), To: s.DB.Now().AddDate(0, 0, 28), RoomID: room, LiaisonID: liaison})
	d.ok(t, err)
	if len(free.Slots) == 0 {
		t.Fatal("the demonstration's mediator and liaison have no common time: " + free.Why)
	}
	start := free.Slots[0].Start
	ses, err := s.Docket.Schedule(ctx, theClerk, key, docket.Plan{RoomID: room, LiaisonID: liaison, Start: start, End: start.Add(calendar.SessionLength)})
	d.ok(t, err)
	d.ok(t, s.Docket.AnswerSession(ctx, d.mediator, ses.Key, true, ""))
	d.ok(t, s.Docket.AnswerSession(ctx, access.Actor{AccountID: liaison, Name: "演示联络员", Roles: []access.Role{access.Liaison}}, ses.Key, true, ""))
	d.ok(t, s.Docket.Disclose(ctx, d.mediator, key, ""))
	d.session = ses.Key
	s.clock.Set(start.Add(-5 * time.Minute))
	d.begin(t)
	maps.Copy(d.mine, map[string]string{"case": key, "session": ses.Key, "record": d.record, "file": ses.Key + ".ics", "room": s.street.RoomKeys[0], "feed": d.feed(t)})
	return d
}

// agreed files the case, and both sides agree to mediation and to the mediator.
func (d *dealt) agreed(t testing.TB) (key string) {
	t.Helper()
	ctx, s := t.Context(), d.site
	rec, err := s.Docket.Apply(ctx, access.Actor{}, docket.Application{TypeCode: "neighbour", CommunityID: s.street.Communities[1], Words: "楼上漏水。",
		Privacy: "2026-11", Mediators: []int64{d.mediator.MediatorID}, Parties: []docket.PartyInput{
			{Side: docket.SideApplicant, Kind: "person", Name: "安示民", Facts: docket.PartyFacts{Phone: askingPhone}},
			{Side: docket.SideRespondent, Kind: "person", Name: "乐演邻", Facts: docket.PartyFacts{Phone: answeringPhone}}}}, "dealt-apply-00000000000000001")
	d.ok(t, err)
	file, err := s.Docket.Page(ctx, theClerk, rec.CaseKey)
	d.ok(t, err)
	d.asking, d.answering = file.Parties[0].Key, file.Parties[1].Key
	inv, err := s.Docket.Invite(ctx, theClerk, rec.CaseKey, d.answering, "letter")
	d.ok(t, err)
	yes, err := s.Docket.Respond(ctx, inv.Code, "127.0.0.1", docket.AnswerInput{Agree: true, Approve: []int64{d.mediator.MediatorID}, Privacy: "2026-11"}, "dealt-answer-0000000000000001")
	d.ok(t, err)
	d.ok(t, s.Docket.AddAgent(ctx, theClerk, rec.CaseKey, d.answering, docket.AgentInput{Name: "代演人", Relation: "同事", Phone: agentPhone,
		Level: docket.GeneralPower, Scopes: []string{docket.Scopes[0].Code}, GrantedOn: "2026-11-20"}, "dealt-agent-00000000000000001"))
	d.number, d.codes, d.mine["code"] = rec.ApplyNo, []string{rec.QueryCode, yes.QueryCode}, inv.Code
	return rec.CaseKey
}

// begin seats both sides, tells them what must be told and starts the record.
func (d *dealt) begin(t testing.TB) {
	t.Helper()
	ctx, p := t.Context(), d.site.Papers
	rec, err := p.Prepare(ctx, d.mediator, d.session)
	d.ok(t, err)
	d.record = rec.Key
	for _, party := range []string{d.asking, d.answering} {
		d.ok(t, p.Seen(ctx, d.mediator, rec.Key, party, "yes", "居民身份证"))
		d.ok(t, p.Tell(ctx, d.mediator, rec.Key, "rights", party, true))
		d.ok(t, p.Tell(ctx, d.mediator, rec.Key, "disclosure", party, true))
	}
	d.ok(t, p.Start(ctx, d.mediator, rec.Key))
}

var feedMark = regexp.MustCompile(`/feeds/([0-9A-Za-z_-]+\.ics)`)

// feed subscribes to the mediator's calendar and gives the file's name.
func (d dealt) feed(t testing.TB) string {
	t.Helper()
	v := d.site.as("mediator")
	a := v.submit(v.get("/desk/time"), "/desk/time/feed", url.Values{})
	m := feedMark.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("no calendar link: %d %s", a.status, a.text())
	}
	return m[1]
}
