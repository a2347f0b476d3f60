package seed

import (
	"context"
	"fmt"

	"tiaojie/app/access"
	"tiaojie/app/accord"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/people"
)

// agreements adds four agreements that stand at different points, made by the same acts as on the pages: a draft,
// one half signed, one with three instalments of which one came late and one is overdue, and an oral one performed
// on the spot. A further one belongs to another mediator.
func (d *demo) agreements(ctx context.Context) error {
	for i, act := range []func(*accordCase, context.Context) error{(*accordCase).draft, (*accordCase).halfSigned, (*accordCase).instalments, (*accordCase).oral, (*accordCase).instalments} {
		c, err := d.settled(ctx, d.signedIn("mediator", i < 4), i)
		if err != nil {
			return fmt.Errorf("demonstration agreement %d: %w", i, err)
		}
		if err := act(c, ctx); err != nil {
			return fmt.Errorf("demonstration agreement %d: %w", i, err)
		}
	}
	return nil
}

// signedIn is the mediator of that sign-in, or another one.
func (d *demo) signedIn(login string, is bool) people.Mediator {
	for _, m := range d.mediators {
		for _, a := range d.street.Accounts {
			if a.ID == *m.AccountID && (a.Login == login) == is {
				return m
			}
		}
	}
	return d.mediators[0]
}

// accordCase is a case whose parties came to an agreement, and the mediator who writes it.
type accordCase struct {
	*demo
	who  access.Actor
	file docket.File
	key  string // of the agreement
	n    int
}

// settled loads a case of the past with a leak between neighbours, which ended in an agreement.
func (d *demo) settled(ctx context.Context, m people.Mediator, i int) (*accordCase, error) {
	l, err := d.Docket.NewLoader(ctx, system, 1)
	if err != nil {
		return nil, err
	}
	applied := d.DB.Now().AddDate(0, 0, -90+i)
	state := docket.Agreed
	if i == 0 {
		state, applied = docket.Mediating, d.DB.Now().AddDate(0, 0, -9)
	}
	err = l.Add(ctx, docket.LoadCase{State: state, AppliedAt: applied, AcceptedAt: applied.AddDate(0, 0, 2), Committee: d.street.Committees[0],
		RoomID: d.street.Rooms[0], MediatorID: m.ID, Application: docket.Application{TypeCode: "neighbour-leak", CommunityID: d.street.Communities[1],
			Place: "示例花园 3 栋", Summary: "楼上卫生间渗水，楼下天花板起皮发霉，双方对维修费用协商不成。", Words: "楼上卫生间渗水，天花板起皮发霉。", Channel: "window", Privacy: "2026-11",
			Parties: []docket.PartyInput{person(d.rng, docket.SideApplicant), person(d.rng, docket.SideRespondent)}}})
	if err != nil {
		return nil, err
	}
	if err := l.Flush(ctx); err != nil {
		return nil, err
	}
	who := access.Actor{AccountID: *m.AccountID, MediatorID: m.ID, Name: m.Name, Roles: []access.Role{access.Mediator}}
	mine, err := d.Docket.List(ctx, who, docket.Filter{Mine: true, Type: "neighbour-leak"}, "")
	if err != nil {
		return nil, err
	}
	c := &accordCase{demo: d, who: who, n: i * 100}
	c.file, err = d.Docket.Page(ctx, who, newest(mine.Rows).Key)
	return c, err
}

func newest(rows []docket.Row) docket.Row {
	best := rows[0]
	for _, r := range rows {
		if r.ID > best.ID {
			best = r
		}
	}
	return best
}

func (c *accordCase) form() string {
	c.n++
	return fmt.Sprintf("demo-agreement-%032d", c.n)
}

func (c *accordCase) day(n int) string {
	return (calendar.DayOf(c.DB.Now()) + calendar.Day(n)).String()
}

// draft leaves some of it to be written, so that the check has something to say.
func (c *accordCase) draft(ctx context.Context) error {
	if err := c.begin(ctx, accord.Written); err != nil {
		return err
	}
	if err := c.Accord.AddIssue(ctx, c.who, c.file.Case.Key, "今后管道由谁负责检修", c.form()); err != nil {
		return err
	}
	if err := c.Accord.AddItem(ctx, c.who, c.key, 0, c.form(), "neighbour-leak-wall", "", ""); err != nil {
		return err
	}
	return c.owe(ctx, accord.DutyInput{Kind: accord.Pay, What: "天花板维修费", Yuan: "3200", When: accord.ByDay, How: "银行转账"})
}

func (c *accordCase) begin(ctx context.Context, form accord.Form) error {
	if err := c.Accord.AddIssue(ctx, c.who, c.file.Case.Key, "天花板的维修费由谁承担、承担多少", c.form()); err != nil {
		return err
	}
	var err error
	c.key, err = c.Accord.NewAgreement(ctx, c.who, c.file.Case.Key, accord.NewDraft{Form: form,
		Items: []string{c.file.Parties[1].Name + "赔偿" + c.file.Parties[0].Name + "天花板维修费，数额和日期见履行义务。"}}, c.form())
	return err
}

// owe adds an obligation of the respondent to the applicant.
func (c *accordCase) owe(ctx context.Context, in accord.DutyInput) error {
	in.From, in.To = c.file.Parties[1].Key, c.file.Parties[0].Key
	return c.Accord.AddDuty(ctx, c.who, c.key, 0, c.form(), in)
}

// fix dates the agreement and makes it final.
func (c *accordCase) fix(ctx context.Context, ago int) error {
	v, err := c.Accord.Open(ctx, c.who, c.key)
	if err != nil {
		return err
	}
	text := accord.Text{Facts: v.Body.Facts, ReachedOn: c.day(-ago), Settled: v.Body.Settled}
	if err := c.Accord.SaveText(ctx, c.who, c.key, 0, text); err != nil {
		return err
	}
	return c.Accord.Fix(ctx, c.who, c.key, 0, true)
}

// sign notes the first lines of the signing list, on paper.
func (c *accordCase) sign(ctx context.Context, lines, ago int) error {
	v, err := c.Accord.Open(ctx, c.who, c.key)
	if err != nil {
		return err
	}
	for _, g := range v.Signs[:min(lines, len(v.Signs))] {
		in := accord.SignInput{Line: g.Key, Way: accord.Paper, On: c.day(-ago), IDSeen: "居民身份证"}
		if err := c.Accord.Sign(ctx, c.who, c.key, in); err != nil {
			return err
		}
	}
	return nil
}

func (c *accordCase) halfSigned(ctx context.Context) error {
	if err := c.begin(ctx, accord.Written); err != nil {
		return err
	}
	err := c.owe(ctx, accord.DutyInput{Kind: accord.Do, What: "请有资质的人员修复卫生间防水，闭水四十八小时不渗漏", When: accord.ByDay, Due: c.day(20), How: "双方到场验收并签字"})
	if err != nil {
		return err
	}
	if err := c.fix(ctx, 1); err != nil {
		return err
	}
	return c.sign(ctx, 1, 0)
}

func (c *accordCase) instalments(ctx context.Context) error {
	if err := c.begin(ctx, accord.Written); err != nil {
		return err
	}
	err := c.owe(ctx, accord.DutyInput{Kind: accord.Pay, What: "天花板维修费", Yuan: "9000", When: accord.ByDay, Due: c.day(-80), How: "银行转账", Parts: 4, Every: "month"})
	if err != nil {
		return err
	}
	if err := c.fix(ctx, 85); err != nil {
		return err
	}
	if err := c.sign(ctx, 4, 84); err != nil {
		return err
	}
	v, err := c.Accord.Open(ctx, c.who, c.key)
	if err != nil {
		return err
	}
	if _, err := c.Accord.Urge(ctx, c.who, v.Duties[1].Key, c.file.Parties[0].Key, c.day(7), c.form()); err != nil {
		return err
	}
	for i, ago := range []int{81, 0} { // one on time, one late after a letter; the third is overdue
		err := c.Accord.Receive(ctx, c.who, v.Duties[i].Key, accord.ReceiptInput{Yuan: "2250", On: c.day(-ago), Note: "银行转账，收款方已确认"}, c.form())
		if err != nil {
			return err
		}
	}
	if err := c.Accord.PlanVisit(ctx, c.who, c.key, c.day(0), "第二期付款后回访", c.form()); err != nil {
		return err
	}
	return c.visit(ctx)
}

func (c *accordCase) oral(ctx context.Context) error {
	if err := c.begin(ctx, accord.Oral); err != nil {
		return err
	}
	if err := c.owe(ctx, accord.DutyInput{Kind: accord.Pay, What: "清洁费", Yuan: "200", When: accord.Once, How: "现金，当场点清"}); err != nil {
		return err
	}
	return c.fix(ctx, 30)
}

// visit makes the visit that was just planned, and plans one more.
func (c *accordCase) visit(ctx context.Context) error {
	v, err := c.Accord.OfCase(ctx, c.who, c.file.Case.Key)
	if err != nil {
		return err
	}
	for _, x := range v.Visits {
		if x.DueOn != c.day(0) {
			continue
		}
		words := accord.VisitWords{Who: c.file.Parties[0].Name, Way: "电话", Performance: "第一、二期已经付清，第二期晚了几天。", Satisfaction: "基本满意", Hidden: "无"}
		if err := c.Accord.MakeVisit(ctx, c.who, x.Key, x.Version, c.day(0), words); err != nil {
			return err
		}
	}
	return c.Accord.PlanVisit(ctx, c.who, c.key, c.day(0), "提醒第三期的付款日", c.form())
}
