package web

import (
	"encoding/base64"

	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/views/link"

	"github.com/skip2/go-qrcode"
)

// qrImage is an address as a picture inside the page.
func qrImage(address string) (string, error) { return qrSized(address, 240) }

func qrSized(address string, pixels int) (string, error) {
	png, err := qrcode.Encode(address, qrcode.Medium, pixels)
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(png), err
}

func (s *Server) caseReveal(c *Ctx) error {
	facts, err := s.Docket.Reveal(c.ctx(), c.Who, c.Param("key"), c.Field("party"), c.Field("reason"))
	if err != nil {
		return s.caseDone(c, err, "")
	}
	return s.casePage(c, c.newForm(), map[string]docket.PartyFacts{c.Field("party"): facts}, nil)
}

func (s *Server) caseInvite(c *Ctx) error {
	inv, err := s.Docket.Invite(c.ctx(), c.Who, c.Param("key"), c.Field("party"), c.Field("channel"))
	if err != nil {
		return s.caseDone(c, err, "")
	}
	return s.casePage(c, c.newForm(), nil, &inv)
}

func (s *Server) caseConsent(c *Ctx) error {
	if c.Field("agree") == "" {
		return s.caseDone(c, fault.At("agree", "请选择对方是否同意"), "")
	}
	err := s.Docket.RecordConsent(c.ctx(), c.Who, c.Param("key"), c.Field("party"),
		docket.AnswerInput{Agree: c.Field("agree") == "yes", Words: c.Field("words"), AnyOne: true, Privacy: PrivacyVersion}, c.Field("how"))
	return s.caseDone(c, err, "已记下对方的答复")
}

func (s *Server) caseAccept(c *Ctx) error {
	number, err := s.Docket.AcceptCase(c.ctx(), c.Who, c.Param("key"), docket.Acceptance{CommitteeID: c.Int("committee"),
		MediatorID: c.Int("mediator"), Over: c.Field("over"), RoomID: c.Int("room"), NeedsLiaison: c.Field("liaison") != "", Version: c.Version()})
	return s.caseDone(c, err, "已受理，案号 "+number)
}

func (s *Server) caseRefuse(c *Ctx) error {
	return s.caseDone(c, s.Docket.RefuseCase(c.ctx(), c.Who, c.Param("key"), c.Version(), c.ending()), "已登记不予受理，并告知其他途径")
}

func (s *Server) caseAppoint(c *Ctx) error {
	return s.caseDone(c, s.Docket.Appoint(c.ctx(), c.Who, c.Param("key"), c.Version(), c.Int("mediator"), c.Field("over")), "已确定调解员")
}

// disclosureWords reads the disclosure form: nothing to tell is a choice of its own,
// so that an empty field by mistake is not taken for it.
func (c *Ctx) disclosureWords() (string, error) {
	words := c.Field("disclosure")
	if c.Field("none") != "" {
		return "", nil
	}
	if words == "" {
		return "", fault.At("disclosure", "请写明是什么关系；没有的话，点“没有利害关系”")
	}
	return words, nil
}

func (s *Server) caseDisclose(c *Ctx) error {
	words, err := c.disclosureWords()
	if err == nil {
		err = s.Docket.Disclose(c.ctx(), c.Who, c.Param("key"), words)
	}
	return s.caseDone(c, err, "已记下披露")
}

func (s *Server) caseSchedule(c *Ctx) error {
	plan, err := c.plan()
	if err == nil {
		_, err = s.Docket.Schedule(c.ctx(), c.Who, c.Param("key"), plan)
	}
	return s.caseDone(c, err, "已发出排期，等待确认")
}

func (s *Server) caseReplace(c *Ctx) error {
	err := s.Docket.ReplaceFor(c.ctx(), c.Who, c.Param("key"), c.Field("party"), c.Field("words"))
	return s.caseReleased(c, err, "已更换，请重新确定调解员")
}

func (s *Server) caseDecline(c *Ctx) error {
	err := s.Docket.DeclineFor(c.ctx(), c.Who, c.Param("key"), c.Field("party"), c.Field("words"))
	return s.caseReleased(c, err, "调解已终止，已告知各方其他途径")
}

// caseReleased ends an act after which the actor may no longer see the case.
func (s *Server) caseReleased(c *Ctx, err error, said string) error {
	if err == nil {
		if _, _, scope := s.Docket.InScope(c.ctx(), s.DB, c.Who, c.Param("key")); scope != nil {
			c.Tell(said)
			return c.Go(link.Desk())
		}
	}
	return s.caseDone(c, err, said)
}

func (s *Server) caseWithdraw(c *Ctx) error {
	return s.caseDone(c, s.Docket.WithdrawFor(c.ctx(), c.Who, c.Param("key"), c.Version()), "已登记撤回")
}

func (s *Server) caseSuspend(c *Ctx) error {
	return s.caseDone(c, s.Docket.Suspend(c.ctx(), c.Who, c.Param("key"), c.Version(), c.Field("words")), "已中止，期限暂停计算")
}

func (s *Server) caseResume(c *Ctx) error {
	return s.caseDone(c, s.Docket.Resume(c.ctx(), c.Who, c.Param("key"), c.Version()), "已恢复调解")
}

func (s *Server) caseEnd(c *Ctx) error {
	return s.caseDone(c, s.Docket.EndCase(c.ctx(), c.Who, c.Param("key"), c.Version(), c.ending()), "调解已终止，已告知各方其他途径")
}

// sessionDone ends an act on a date and returns to its case.
func (s *Server) sessionDone(c *Ctx, act func() error, said string) error {
	ses, err := s.sessionOf(c)
	if err != nil {
		return err
	}
	file, _, err := s.Docket.InScopeID(c.ctx(), s.DB, c.Who, ses.CaseID)
	if err != nil {
		return err
	}
	err = act()
	c.SetParamNames("key")
	c.SetParamValues(file.Key)
	return s.caseReleased(c, err, said)
}

func (s *Server) sessionAnswer(c *Ctx) error {
	yes := c.Field("answer") == "yes"
	said := "已答复：可以参加"
	if !yes {
		said = "已答复：不能参加，系统会另行安排"
	}
	key := c.Param("key")
	return s.sessionDone(c, func() error { return s.Docket.AnswerSession(c.ctx(), c.Who, key, yes, c.Field("reason")) }, said)
}

func (s *Server) sessionMove(c *Ctx) error {
	key := c.Param("key")
	return s.sessionDone(c, func() error {
		plan, err := c.plan()
		if err != nil {
			return err
		}
		version := plan.Version
		plan.Version = 0
		return s.Docket.Reschedule(c.ctx(), c.Who, key, version, plan)
	}, "已改期，各方会收到通知")
}

func (s *Server) sessionCancel(c *Ctx) error {
	key := c.Param("key")
	return s.sessionDone(c, func() error {
		return s.Docket.CancelSession(c.ctx(), c.Who, key, c.Version(), c.Field("reason"))
	}, "已取消，各方会收到通知")
}
