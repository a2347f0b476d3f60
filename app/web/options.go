package web

import (
	"context"
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

// Int reads a posted number; 0 when it is missing or no number.
func (c *Ctx) Int(name string) int64 {
	n, _ := strconv.ParseInt(c.Field(name), 10, 64)
	return n
}

// QueryInt reads a number of the address; 0 when it is missing or no number.
func (c *Ctx) QueryInt(name string) int64 {
	n, _ := strconv.ParseInt(c.QueryParam(name), 10, 64)
	return n
}

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

// communityOptions lists the communities to choose from, after an empty first choice.
func (s *Server) communityOptions(c *Ctx, none string) ([]ui.Option, error) {
	d, err := s.look(c.ctx())
	if err != nil {
		return nil, err
	}
	out := []ui.Option{{Label: none}}
	for _, x := range d.places {
		out = append(out, ui.Option{Value: id(x.ID), Label: x.Name})
	}
	return out, nil
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
