package docket

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tiaojie/app/fault"
	"tiaojie/db"
)

// Bounds of a request.
const (
	maxRanked = 3
	maxSlots  = 5
	maxPhotos = 9
	maxWords  = 5000
	maxSide   = 20
)

// check normalises an application and refuses what can't be taken, each problem
// beside its form field (the names stand at Application).
func (s *Service) check(ctx context.Context, r db.Reader, a *Application, online bool) error {
	form := fault.Form{}
	a.Parties = slices.Clone(a.Parties) // the caller's form stays as it was typed
	a.Words, a.Place = strings.TrimSpace(a.Words), strings.TrimSpace(a.Place)
	if a.Origin == "" {
		a.Origin = "party"
	}
	if a.Channel == "" {
		a.Channel = "web"
	}
	if a.Risk == "" {
		a.Risk = "green"
	}
	_, ok, err := s.out.TypeName(ctx, r, a.TypeCode)
	if err != nil {
		return err
	}
	form.Check(ok, "type", "请选择是哪一类纠纷")
	form.Check(a.Words != "", "words", "请用几句话说说发生了什么")
	form.Check(utf8.RuneCountInString(a.Words) <= maxWords, "words", fmt.Sprintf("请写在 %d 字以内，其余可以当面说", maxWords))
	form.Check(utf8.RuneCountInString(a.Place) <= 120, "place", "地点请写在 120 字以内")
	form.Check(utf8.RuneCountInString(a.Summary) <= 80, "summary", "一句话概括请写在 80 字以内")
	form.Check(len(a.Photos) <= maxPhotos, "photos", fmt.Sprintf("照片最多 %d 张", maxPhotos))
	form.Check(Known(Origins, a.Origin), "origin", "请选择案件来源")
	form.Check(Known(Channels, a.Channel), "channel", "请选择申请方式")
	form.Check(Known(Risks, a.Risk), "risk", "请选择风险等级")
	form.Check(!online || a.Privacy != "", "privacy", "请阅读并同意个人信息告知书")
	s.checkParties(form, a)
	s.checkWishes(form, r, a)
	if err := s.checkMediators(ctx, r, form, a.Mediators); err != nil {
		return err
	}
	return form.Err()
}

// checkParties checks sides and each party's facts.
func (s *Service) checkParties(form fault.Form, a *Application) {
	n := map[Side]int{}
	for i := range a.Parties {
		p := &a.Parties[i]
		n[p.Side]++
		s.checkParty(form, fieldPrefix(p.Side, n[p.Side]), p, n[p.Side] == 1)
	}
	form.Check(n[SideApplicant] > 0, "me_name", "请填写您的姓名")
	form.Check(n[SideRespondent] > 0, "other_name", "请填写对方是谁；不清楚可以勾选“不清楚”")
	form.Check(len(a.Parties) <= maxSide, "other_name", fmt.Sprintf("当事人最多 %d 位，更多的请到窗口登记", maxSide))
}

// fieldPrefix gives the beginning of a party's field names: me_, me2_, other_, other2_, third_.
func fieldPrefix(side Side, n int) string {
	prefix := map[Side]string{SideApplicant: "me", SideRespondent: "other", SideThird: "third"}[side]
	if n > 1 {
		prefix += fmt.Sprint(n)
	}
	return prefix + "_"
}

func (s *Service) checkParty(form fault.Form, prefix string, p *PartyInput, first bool) {
	p.Name = strings.TrimSpace(p.Name)
	form.Check(p.Kind == "" || Known(PartyKinds, p.Kind), prefix+"kind", "请选择是个人还是单位")
	form.Check(Known(Sides, string(p.Side)), prefix+"side", "请选择申请人或被申请人")
	form.Check(utf8.RuneCountInString(p.Name) <= 60, prefix+"name", "名字请写在 60 字以内")
	mayLack := p.Side == SideRespondent && p.Unknown
	form.Check(p.Name != "" || mayLack, prefix+"name", "请填写姓名或单位名称")
	if p.Facts.Phone != "" {
		phone, ok := s.out.NormPhone(p.Facts.Phone)
		form.Check(ok, prefix+"phone", "这个电话号码不对，请核对；座机请带区号")
		p.Facts.Phone = phone
	} else if p.Side == SideApplicant && first {
		form.Check(p.Facts.Address != "", prefix+"phone", "请留一个能找到您的电话或住址")
	}
	if p.Facts.IDNo != "" && (p.IDKind == "" || p.IDKind == "idcard") {
		no, ok := s.out.NormIDNo(p.Facts.IDNo)
		form.Check(ok, prefix+"idno", "身份证号码不对，请核对")
		p.Facts.IDNo = no
	}
	p.Facts.Address, p.Facts.Employer = strings.TrimSpace(p.Facts.Address), strings.TrimSpace(p.Facts.Employer)
	form.Check(utf8.RuneCountInString(p.Facts.Address) <= 200, prefix+"address", "住址请写在 200 字以内")
}

func (s *Service) checkWishes(form fault.Form, r db.Reader, a *Application) {
	form.Check(len(a.Mediators) <= maxRanked, "mediators", fmt.Sprintf("最多选 %d 位调解员", maxRanked))
	seen := map[int64]bool{}
	for _, id := range a.Mediators {
		form.Check(!seen[id], "mediators", "同一位调解员只能选一次")
		seen[id] = true
	}
	checkSlots(form, a.Slots, s.db.Now())
}

func checkSlots(form fault.Form, slots []SlotInput, now time.Time) {
	form.Check(len(slots) <= maxSlots, "slots", fmt.Sprintf("最多选 %d 个时间段", maxSlots))
	for _, sl := range slots {
		form.Check(sl.End.After(sl.Start) && sl.End.Sub(sl.Start) <= 12*time.Hour, "slots", "时间段的结束应晚于开始")
		form.Check(sl.Start.After(now), "slots", "时间段已经过去了，请另选")
	}
}

// checkMediators refuses mediators who can't be chosen now.
func (s *Service) checkMediators(ctx context.Context, r db.Reader, form fault.Form, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	ms, err := s.out.Mediators(ctx, r, ids)
	if err != nil {
		return err
	}
	listed := 0
	for _, m := range ms {
		if m.Listed {
			listed++
		}
	}
	form.Check(listed == len(ids), "mediators", "您选的调解员现在不能接案，请另选一位")
	for _, m := range ms {
		load, err := s.loadOf(ctx, r, m)
		if err != nil {
			return err
		}
		form.Check(!m.full(load), "mediators", m.Name+"手上的案件近期已满，请另选一位，或请街道安排")
	}
	return nil
}
