package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"tiaojie/app/papers"
	"tiaojie/views/link"
	"tiaojie/views/record"
	"tiaojie/views/ui"
)

func (s *Server) recordForm(c *Ctx) error { return s.recordPage(c, c.newForm()) }

func (s *Server) recordPage(c *Ctx, f ui.Form) error {
	fr, err := s.sheetOf(c, f)
	if err != nil {
		return err
	}
	return c.Page(record.Record(c.page("笔录"), fr))
}

// fieldOf splits a form field into the record's part and the party.
func fieldOf(name string) (part, party string) {
	part, party, _ = strings.Cut(name, "~")
	return part, party
}

// recordSave is one field by autosave: the answer tells when it was saved, or where
// the difference is to be looked at.
func (s *Server) recordSave(c *Ctx) error {
	ses, rec, err := s.recordOf(c)
	if err != nil {
		return err
	}
	part, party := fieldOf(c.Field("field"))
	saved, err := s.Papers.Save(c.ctx(), c.Who, rec.Key, papers.Edit{Name: part, PartyKey: party, Text: c.Form().Get("value"), Version: c.Version()})
	if err != nil {
		return err
	}
	if saved.Rival != "" {
		return c.JSON(http.StatusConflict, map[string]string{"conflict": link.SessionDo(ses.Key, "diff") + "/" + saved.Rival})
	}
	return c.JSON(http.StatusOK, map[string]any{"saved": ui.Clock(saved.At.Time), "version": saved.Version})
}

// recordSaveAll is the form without JavaScript: all parts at once, each by its own
// version; the first difference is shown.
func (s *Server) recordSaveAll(c *Ctx) error {
	ses, rec, err := s.recordOf(c)
	if err != nil {
		return err
	}
	saved, err := s.Papers.SaveAll(c.ctx(), c.Who, rec.Key, c.recordEdits())
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.recordPage(c, c.again(errs)) })
	}
	for _, x := range saved {
		if x.Rival != "" {
			return c.Go(link.SessionDo(ses.Key, "diff") + "/" + x.Rival)
		}
	}
	c.Tell("已保存 " + ui.Clock(s.DB.Now()))
	if c.Field("go") == "proposals" {
		return c.Go(link.SessionDo(ses.Key, "proposals"))
	}
	return c.Go(link.SessionDo(ses.Key, "record"))
}

// recordEdits reads the parts of the record from the form, without those that were
// never written and are still empty.
func (c *Ctx) recordEdits() []papers.Edit {
	var out []papers.Edit
	for _, name := range slices.Sorted(maps.Keys(c.Form())) {
		part, party := fieldOf(name)
		in := papers.Edit{Name: part, PartyKey: party, Text: c.Form().Get(name), Version: c.Int("version-" + name)}
		if papers.IsPart(part) && (in.Version != 0 || strings.TrimSpace(in.Text) != "") {
			out = append(out, in)
		}
	}
	return out
}

func (s *Server) recordDiff(c *Ctx) error { return s.diffPage(c, c.newForm()) }

// diffPage shows both texts; a form that was refused keeps the text that was made of them.
func (s *Server) diffPage(c *Ctx, f ui.Form) error {
	fr, err := s.sheetOf(c, f)
	if err != nil {
		return err
	}
	diff, err := s.Papers.Difference(c.ctx(), c.Who, fr.Sheet.Record.Key, c.Param("rival"))
	if err != nil {
		return err
	}
	d := record.DiffData{Frame: fr, Diff: diff, Lines: record.Lines(diff.Current.Text, diff.Rival)}
	for _, p := range fr.Sheet.People {
		if p.Key == diff.PartyKey {
			d.Who = p.Name
		}
	}
	if !f.Failed() {
		var joined []string
		for _, l := range d.Lines {
			joined = append(joined, l.Text)
		}
		d.Form.Values.Set("text", strings.Join(joined, "\n"))
	}
	return c.Page(record.Diff(c.page("对照两份文字"), d))
}

func (s *Server) recordSettle(c *Ctx) error {
	return s.recordDo(c, "record", func(key string) error {
		text := c.Form().Get("text")
		diff, err := s.Papers.Difference(c.ctx(), c.Who, key, c.Param("rival"))
		if err != nil {
			return err
		}
		switch c.Field("take") {
		case "mine":
			text = diff.Rival
		case "theirs":
			text = diff.Current.Text
		}
		return s.Papers.Settle(c.ctx(), c.Who, key, c.Param("rival"), text, c.Version())
	}, func(f ui.Form) error { return s.diffPage(c, f) })
}
