package people_test

import (
	"strings"
	"testing"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/notify"
	"tiaojie/app/people"
	"tiaojie/db"
	"tiaojie/db/dbtest"
)

// sentTo gives the newest message to a phone.
func sentTo(t *testing.T, out *notify.Outbox, phone string) string {
	t.Helper()
	all, err := out.ListAll(t.Context(), notify.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if e.To == phone {
			return e.Body
		}
	}
	return ""
}

func TestTheOwnPhoneChangesByACodeSentToIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, out := service(t, d)
		a := account(t, d, s, "clerk1", access.Clerk)
		account(t, d, s, "clerk2", access.Clerk)
		_, me := signed(t, s, "clerk1")
		_, other := signed(t, s, "clerk2")
		if err := s.EditAccount(t.Context(), sys, a.Key, a.Version, people.AccountEdit{Name: "示例员", Phone: "13800138001"}); err != nil {
			t.Fatal(err)
		}
		const fresh = "13800138002"
		if err := s.AskOwnPhone(t.Context(), me.Actor, "0755-1234567"); !fault.Is(err, fault.Invalid) {
			t.Errorf("a phone without text messages: %v", err)
		}
		if err := s.AskOwnPhone(t.Context(), me.Actor, fresh); err != nil {
			t.Fatal(err)
		}
		code := sixDigits.FindString(sentTo(t, out, fresh))
		if _, err := s.ConfirmCode(t.Context(), fresh, code, "127.0.0.1", ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("the code signed a resident in: %v", err)
		}
		if err := s.ConfirmOwnPhone(t.Context(), other.Actor, fresh, code); !fault.Is(err, fault.Invalid) {
			t.Errorf("a colleague's code was taken: %v", err)
		}
		if err := s.ConfirmOwnPhone(t.Context(), me.Actor, "13800138003", code); !fault.Is(err, fault.Invalid) {
			t.Errorf("another phone than the one proved: %v", err)
		}
		if err := s.ConfirmOwnPhone(t.Context(), me.Actor, fresh, code); err != nil {
			t.Fatal(err)
		}
		if err := s.ConfirmOwnPhone(t.Context(), me.Actor, fresh, code); !fault.Is(err, fault.Invalid) {
			t.Errorf("the code counted twice: %v", err)
		}
		own, err := s.Own(t.Context(), me.Actor)
		if err != nil || own.Phone != "138****8002" {
			t.Errorf("%+v, %v", own, err)
		}
		if told := sentTo(t, out, "13800138001"); !strings.Contains(told, "8002") || strings.Contains(told, fresh) {
			t.Errorf("the phone that was there read %q", told)
		}
		if n := actions(t, d, "account.own-phone"); n != 1 {
			t.Errorf("%d lines on the trail", n)
		}
		clock.Advance(2 * time.Minute)
		if err := s.AskOwnPhone(t.Context(), me.Actor, "13800138004"); err != nil {
			t.Fatal(err)
		}
		code = sixDigits.FindString(sentTo(t, out, "13800138004"))
		clock.Advance(6 * time.Minute)
		if err := s.ConfirmOwnPhone(t.Context(), me.Actor, "13800138004", code); !fault.Is(err, fault.Invalid) {
			t.Errorf("a code of six minutes: %v", err)
		}
	})
}

func TestOthersOfOnesOwnSignInsEndAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		a := account(t, d, s, "clerk1", access.Clerk)
		account(t, d, s, "clerk2", access.Clerk)
		first, _ := signed(t, s, "clerk1")
		here, me := signed(t, s, "clerk1")
		stranger, _ := signed(t, s, "clerk2")
		if err := s.EndOtherSignIns(t.Context(), me.Actor, stranger.Token); !fault.Is(err, fault.SignIn) {
			t.Errorf("by somebody else's sign-in: %v", err)
		}
		if err := s.EndOtherSignIns(t.Context(), me.Actor, here.Token); err != nil {
			t.Fatal(err)
		}
		ended(t, s, first.Token, "ended from another device")
		for what, token := range map[string]string{"the one that asked": here.Token, "a colleague's": stranger.Token} {
			if _, err := s.Resolve(t.Context(), token); err != nil {
				t.Errorf("%s ended too: %v", what, err)
			}
		}
		a, err := s.AccountByKey(t.Context(), sec, a.Key)
		if err != nil {
			t.Fatal(err)
		}
		list, err := s.SignInsOf(t.Context(), sec, a)
		if err != nil || len(list) != 1 || list[0].Hash != "" || list[0].Current {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestNewRecoveryCodesReplaceTheOldOnes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, _ := service(t, d)
		account(t, d, s, "clerk1", access.Clerk)
		in, me := signed(t, s, "clerk1")
		if _, err := s.NewRecoveryCodes(t.Context(), me.Actor, in.Token); !fault.Is(err, fault.Conflict) {
			t.Errorf("without a second factor: %v", err)
		}
		_, old := enrolled(t, s, clock, "clerk1")
		in, _ = signed(t, s, "clerk1")
		if _, err := s.NewRecoveryCodes(t.Context(), me.Actor, in.Token); !fault.Is(err, fault.SignIn) {
			t.Errorf("before the second factor was shown: %v", err)
		}
		token, err := s.ConfirmTOTP(t.Context(), me.Actor, in.Token, old[0])
		if err != nil {
			t.Fatal(err)
		}
		if own, err := s.Own(t.Context(), me.Actor); err != nil || own.Codes != 9 {
			t.Errorf("%d codes left, %v", own.Codes, err)
		}
		fresh, err := s.NewRecoveryCodes(t.Context(), me.Actor, token)
		if err != nil || len(fresh) != 10 {
			t.Fatal(fresh, err)
		}
		clock.Advance(11 * time.Minute)
		if _, err := s.NewRecoveryCodes(t.Context(), me.Actor, token); !fault.Is(err, fault.Conflict) {
			t.Errorf("a desk left open for 11 minutes: %v", err)
		}
		in, _ = signed(t, s, "clerk1")
		if _, err := s.ConfirmTOTP(t.Context(), me.Actor, in.Token, old[1]); !fault.Is(err, fault.Invalid) {
			t.Errorf("an old code still opens: %v", err)
		}
		if _, err := s.ConfirmTOTP(t.Context(), me.Actor, in.Token, fresh[1]); err != nil {
			t.Error(err)
		}
	})
}

func TestAnAccountIsLinkedToItsMediator(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, _ := service(t, d)
		m := mediator(t, d, s, people.MediatorInput{Name: "某"})
		works, clerks := account(t, d, s, "med1", access.Mediator), account(t, d, s, "clerk1", access.Clerk)
		second, auditor := account(t, d, s, "med2", access.Mediator), account(t, d, s, "audit1", access.Auditor)
		link := func(a people.Account, mediatorID int64) error {
			now, err := s.AccountByKey(t.Context(), sys, a.Key)
			if err != nil {
				t.Fatal(err)
			}
			return s.EditAccount(t.Context(), sys, a.Key, now.Version, people.AccountEdit{Name: a.Name, MediatorID: mediatorID})
		}
		if err := link(clerks, m.ID); !strings.Contains(fault.FieldsOf(err)["mediator"], "没有调解员角色") {
			t.Errorf("a clerk's account: %v", err)
		}
		if err := link(auditor, m.ID); !strings.Contains(fault.FieldsOf(err)["mediator"], "三员分立") {
			t.Errorf("an auditor's account: %v", err)
		}
		if err := link(works, m.ID); err != nil {
			t.Fatal(err)
		}
		if _, me := signed(t, s, "med1"); me.Actor.MediatorID != m.ID {
			t.Errorf("signed in as mediator %d, want %d", me.Actor.MediatorID, m.ID)
		}
		if got, err := s.MediatorOf(t.Context(), d, works.ID); err != nil || got.Key != m.Key {
			t.Errorf("%+v, %v", got, err)
		}
		if err := link(second, m.ID); fault.FieldsOf(err)["mediator"] == "" {
			t.Errorf("a profile of another account: %v", err)
		}
		if err := link(works, 0); err != nil {
			t.Fatal(err)
		}
		if err := link(second, m.ID); err != nil {
			t.Errorf("a profile that is free again: %v", err)
		}
	})
}
