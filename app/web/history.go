package web

import (
	"io"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/views/link"
	"tiaojie/views/matrix"
)

func (s *Server) historyRoutes(g *registry) {
	g.get("/desk/school/import", access.School, s.history)
	g.post("/desk/school/import", access.School, s.historyPreview, uploads)
	g.post("/desk/school/import/confirm", access.School, s.historyConfirm)
}

func (s *Server) history(c *Ctx) error {
	return c.Page(matrix.History(c.page("导入名册"), c.newForm(), nil))
}

func (s *Server) historyPreview(c *Ctx) error {
	again := func(errs map[string]string) error {
		return c.Page(matrix.History(c.page("导入名册"), c.again(errs), nil))
	}
	form := c.Request().MultipartForm
	if form == nil || len(form.File["file"]) == 0 {
		return c.Refused(fault.At("file", "请选择文件"), again)
	}
	h := form.File["file"][0]
	r, err := h.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, files.MaxBytes))
	if err != nil {
		return err
	}
	im, err := s.School.PreviewHistory(c.ctx(), c.Who, h.Filename, raw)
	if err != nil {
		return c.Refused(err, again)
	}
	return c.Page(matrix.History(c.page("导入名册"), c.newForm(), &im))
}

func (s *Server) historyConfirm(c *Ctx) error {
	n, err := s.School.ConfirmHistory(c.ctx(), c.Who, c.Field("token"))
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error {
			return c.Page(matrix.History(c.page("导入名册"), c.again(errs), nil))
		})
	}
	c.Tell("已导入 " + strconv.Itoa(n) + " 行")
	return c.Go(link.DeskMatrix())
}
