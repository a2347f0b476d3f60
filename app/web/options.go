package web

import (
	"context"
	"slices"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/views/ui"
)

// id spells a number for a form field; 0 is "nothing chosen".
func id(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// number reads a number; 0 when it is missing or no number.
func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// Int reads a posted number; 0 when it is missing or no number.
func (c *Ctx) Int(name string) int64 { return number(c.Field(name)) }

// whole reads a typed whole number: none is what was given for it, and what is no number is
// -1, which the rules refuse.
func (c *Ctx) whole(name string, none int) int {
	text := c.Field(name)
	if text == "" {
		return none
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// QueryInt reads a number of the address; 0 when it is missing or no number.
func (c *Ctx) QueryInt(name string) int64 { return number(c.QueryParam(name)) }

// Ints reads all posted numbers of a field.
func (c *Ctx) Ints(name string) []int64 {
	var out []int64
	for _, text := range c.Form()[name] {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// communityOptions lists the communities to choose from, after an empty first choice:
// those in use and those to keep, which stand in what is changed.
func (s *Server) communityOptions(c *Ctx, none string, keep ...int64) ([]ui.Option, error) {
	d, err := s.look(c.ctx())
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Label: none}}
	for _, x := range d.places {
		if x.StoppedOn == "" {
			out = append(out, ui.Option{Value: id(x.ID), Label: x.Name})
		} else if slices.Contains(keep, x.ID) {
			out = append(out, ui.Option{Value: id(x.ID), Label: x.Name + "（已停用）"})
		}
	}
	return out, nil
}

// everyCommunity lists all communities to filter by: old cases stand under those that
// are no longer in use.
func (s *Server) everyCommunity(c *Ctx, none string) ([]ui.Option, error) {
	d, err := s.look(c.ctx())
	if err != nil {
		return nil, err
	}
	var all []int64
	for _, x := range d.places {
		all = append(all, x.ID)
	}
	return s.communityOptions(c, none, all...)
}

// unitOptions lists the member units in use, after an empty first choice, and the one to keep.
func (s *Server) unitOptions(c *Ctx, keep *int64) ([]ui.Option, error) {
	units, err := s.People.Units(c.ctx(), s.DB)
	out := []ui.Option{{Label: "不填"}}
	for _, u := range units {
		if u.StoppedOn == "" {
			out = append(out, ui.Option{Value: id(u.ID), Label: u.Name})
		} else if keep != nil && *keep == u.ID {
			out = append(out, ui.Option{Value: id(u.ID), Label: u.Name + "（已停用）"})
		}
	}
	return out, err
}

// typeOptions lists the dispute types to choose from, after an empty first choice.
func (s *Server) typeOptions(c *Ctx, none string, mainOnly bool) ([]ui.Option, error) {
	d, err := s.look(c.ctx())
	if err != nil {
		return nil, err
	}
	var out []ui.Option
	if none != "" {
		out = append(out, ui.Option{Label: none})
	}
	for _, t := range d.types {
		if t.Main() || !mainOnly {
			out = append(out, ui.Option{Value: t.Code, Label: t.Name, Hint: t.Hint})
		}
	}
	return out, nil
}

// accountAct is a handler for an administrator's one-button act on an account.
func (s *Server) accountAct(act func(context.Context, access.Actor, string, int64) error) Handler {
	return func(c *Ctx) error { return s.accountDone(c, act(c.ctx(), c.Who, c.Param("key"), c.Version())) }
}
