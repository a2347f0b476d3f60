package docket_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
)

func TestTrackAnswersAllFailuresAlike(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.apply(w.application())
		other := w.apply(w.application())
		var first string
		queries := int64(-1)
		for name, try := range map[string][2]string{
			"wrong code":     {r.ApplyNo, "0000 0000 0000 0000"},
			"wrong number":   {"TJ26112400000000", r.QueryCode},
			"another's code": {r.ApplyNo, other.QueryCode},
			"nothing":        {"", ""},
		} {
			before := w.d.Queries()
			_, err := w.Track(ctx, try[0], try[1], "2.2.2."+name)
			wantFault(t, err, fault.NotFound, name)
			n := w.d.Queries() - before
			if first == "" {
				first, queries = err.Error(), n
			}
			if err.Error() != first || n != queries {
				t.Errorf("%s: %v by %d queries, others %s by %d", name, err, n, first, queries)
			}
		}
		// Typed with other spaces and in full width it is still the code.
		tr, err := w.Track(ctx, strings.ToLower(r.ApplyNo), strings.ReplaceAll(r.QueryCode, " ", "-"), "3.3.3.3")
		if w.must(err); tr.ApplyNo != r.ApplyNo || tr.Holder != docket.HeldByClerk || len(tr.Steps) != 1 {
			t.Errorf("%+v", tr)
		}
	})
}

func TestTrackTellsNothingPersonal(t *testing.T) {
	each(t, func(w *world) {
		r, _ := w.mediating(w.application())
		tr, err := w.Track(t.Context(), r.ApplyNo, r.QueryCode, "1.1.1.1")
		w.must(err)
		raw, err := json.Marshal(tr)
		w.must(err)
		for _, secret := range []string{"张三", "李四", "13800000001", "13800000002", "演示路1号", "漏水"} {
			if strings.Contains(string(raw), secret) {
				t.Errorf("the track page tells %s: %s", secret, raw)
			}
		}
		if tr.DueOn == "" || tr.DueRule == "" || len(tr.Steps) < 6 {
			t.Errorf("the track page lacks steps or the due day: %s", raw)
		}
	})
}

func TestGuessingIsLimited(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.apply(w.application())
		for i := range 10 {
			_, err := w.Track(ctx, r.ApplyNo, "1", string(rune('a'+i)))
			wantFault(t, err, fault.NotFound, "a wrong code")
		}
		_, err := w.Track(ctx, r.ApplyNo, r.QueryCode, "fresh")
		wantFault(t, err, fault.TooMany, "a number guessed at from many addresses")
		_, err = w.Track(ctx, "TJ26112499999999", "1", "fresh")
		wantFault(t, err, fault.NotFound, "another number")
		for i := range 30 {
			_, _ = w.InviteByCode(ctx, string(rune('a'+i))+"2345678", "9.9.9.9")
		}
		_, err = w.InviteByCode(ctx, "zzzzzzzz", "9.9.9.9")
		wantFault(t, err, fault.TooMany, "one address with many codes")
		for i := range 30 { // who has one address of IPv6 has a whole network of them
			_, _ = w.InviteByCode(ctx, string(rune('A'+i))+"2345678", fmt.Sprintf("2001:db8:1:2::%x", i+1))
		}
		_, err = w.InviteByCode(ctx, "yyyyyyyy", "2001:db8:1:2:ffff::1")
		wantFault(t, err, fault.TooMany, "many addresses of one network")
		_, err = w.InviteByCode(ctx, "yyyyyyyy", "2001:db8:1:3::1")
		wantFault(t, err, fault.NotFound, "another network")
		w.clock.Advance(2 * 60 * 60 * 1e9)
		_, err = w.Track(ctx, r.ApplyNo, r.QueryCode, "fresh")
		w.must(err)
	})
}

func TestAResidentSeesOnlyOwnCases(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		r := w.apply(w.application())
		signedIn := func(phone string) access.Actor {
			w.must(w.people.RequestCode(ctx, phone, "1.1.1.1"))
			list, err := w.outbox.ListAll(ctx, notify.Filter{Limit: 1})
			w.must(err)
			code := ""
			for _, field := range strings.FieldsFunc(list[0].Body, func(c rune) bool { return c < '0' || c > '9' }) {
				if len(field) == 6 {
					code = field
				}
			}
			token, err := w.people.ConfirmCode(ctx, phone, code, "1.1.1.1", "test")
			w.must(err)
			in, err := w.people.Resolve(ctx, token)
			w.must(err)
			return in.Actor
		}
		me, him := signedIn("13800000001"), signedIn("13800000002")
		rows, err := w.MyCases(ctx, me)
		if w.must(err); len(rows) != 1 {
			t.Fatalf("the applicant sees %d cases", len(rows))
		}
		rows, err = w.MyCases(ctx, him)
		if w.must(err); len(rows) != 0 {
			t.Fatal("the other side sees the case before being invited")
		}
		_, err = w.PassOfResident(ctx, him, r.ApplyNo)
		wantFault(t, err, fault.NotFound, "the other side before being invited")
		w.invite(r.CaseKey)
		pass, err := w.PassOfResident(ctx, him, r.ApplyNo)
		w.must(err)
		wantFault(t, w.Withdraw(ctx, pass), fault.Forbidden, "the other side withdraws the request")
		wantFault(t, w.Withdraw(ctx, docket.Pass{}), fault.NotFound, "a pass made up")
		w.must(w.Decline(ctx, pass, ""))
		w.wantState(r.CaseKey, docket.Ended)
	})
}
