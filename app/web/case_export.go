package web

import (
	"net/url"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/people/sheet"
	"tiaojie/db"
	"tiaojie/views/cases"
	"tiaojie/views/ui"
)

func (s *Server) caseExportRoutes(g *registry) {
	g.get("/cases/export", access.CaseOut, func(c *Ctx) error { return s.exportPage(c, c.queryForm()) })
	g.post("/cases/export", access.CaseOut, s.caseExport)
}

// caseFilter reads the filters of the list, from its address or from the form that carries them on.
func (s *Server) caseFilter(q url.Values) docket.Filter {
	f := docket.Filter{Type: q.Get("type"), Community: number(q.Get("community")), Mediator: number(q.Get("mediator")),
		Room: number(q.Get("room")), Mine: q.Get("mine") == "1", Due: q.Get("due"), Query: strings.TrimSpace(q.Get("q"))}
	switch state := q.Get("state"); state {
	case "":
	case "open":
		f.Open = true
	default:
		f.State = docket.State(state)
	}
	if f.Due == "today" {
		f.Due = db.DayOf(s.DB.Now())
	}
	return f
}

func (s *Server) exportPage(c *Ctx, f ui.Form) error {
	d := cases.ExportData{Form: f, Filter: s.caseFilter(f.Values)}
	var err error
	if d.Names, err = s.names(c.ctx()); err != nil {
		return err
	}
	return c.Page(cases.Export(c.page("导出案件列表"), d))
}

func (s *Server) caseExport(c *Ctx) error {
	rows, err := s.Docket.ExportList(c.ctx(), c.Who, s.caseFilter(c.Form()), c.Field("reason"))
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return s.exportPage(c, c.again(errs)) })
	}
	names, err := s.names(c.ctx())
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", `attachment; filename*=UTF-8''`+url.PathEscape("案件列表 "+db.DayOf(s.DB.Now())+".xlsx"))
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	var failed error
	err = sheet.WriteXLSX(c.Response(), "案件", exportHeader, func(yield func([]string) bool) {
		for r, err := range rows {
			if failed = err; err != nil || !yield(exportLine(r, names)) {
				return
			}
		}
	})
	if failed != nil {
		return failed
	}
	return err
}

var exportHeader = []string{"案号或申请编号", "事由", "类型", "状态", "社区", "申请日期", "期限", "在谁手里", "调解员", "调解室", "风险",
	"申请人", "申请人电话", "被申请人", "被申请人电话", "第三人"}

func exportLine(r docket.ExportRow, names cases.Names) []string {
	side := func(s docket.Side) (who, phones string) {
		var a, b []string
		for _, p := range r.Sides[s] {
			a = append(a, p.Name)
			if p.Phone != "" {
				b = append(b, p.Phone)
			}
		}
		return strings.Join(a, "、"), strings.Join(b, "、")
	}
	me, mine := side(docket.SideApplicant)
	other, others := side(docket.SideRespondent)
	third, _ := side(docket.SideThird)
	return []string{r.No(), r.Title, names.Types[r.TypeCode], r.State.Label(), names.Communities[r.CommunityID], r.AppliedDay, r.DueOn, r.Holder.Label(),
		names.Mediators[r.MediatorID], names.Rooms[r.RoomID], docket.LabelOf(docket.Risks, r.Risk), me, mine, other, others, third}
}
