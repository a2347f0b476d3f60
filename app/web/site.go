package web

import (
	"net/http"
	"strconv"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/notify"
	"tiaojie/db"
	"tiaojie/views/link"
	"tiaojie/views/site"
)

// PrivacyVersion is the version of the data-protection notice; it is kept with every
// consent. Change it with the text of views/site.
const PrivacyVersion = "2026-11"

func (s *Server) siteRoutes(g *registry) {
	g.get("/", access.Public, s.home)
	g.get("/privacy", access.Public, s.privacy)
	g.post("/elder", access.Public, s.elder)
	g.get("/healthz", access.Public, s.healthz, raw)
	g.get("/readyz", access.Public, s.readyz, raw)
	if s.cfg.Demo {
		g.get("/demo/outbox", access.Public, s.demoOutbox)
	}
	g.get("/desk/outbox", access.Outbox, s.outbox)
	g.post("/desk/outbox/:key", access.Outbox, s.outboxHandled)
	g.get("/desk/audit", access.AuditRead, s.auditList)
	g.post("/desk/audit/verify", access.AuditRead, s.auditVerify)
}

func (s *Server) home(c *Ctx) error { return c.Page(site.Home(c.page(""), site.HomeData{})) }

func (s *Server) privacy(c *Ctx) error {
	return c.Page(site.Privacy(c.page("个人信息保护告知"), PrivacyVersion))
}

// elder switches the 长辈版 and returns to the page the visitor was on.
func (s *Server) elder(c *Ctx) error {
	k := &http.Cookie{Name: elderCookie, Path: "/", Secure: s.cfg.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1}
	if c.Field("on") == "1" {
		k.Value, k.MaxAge = "1", 365*24*3600
	}
	c.SetCookie(k)
	return c.Go(back(c.Field("back"), "/"))
}

func (s *Server) healthz(c *Ctx) error { return c.String(http.StatusOK, "ok\n") }

func (s *Server) readyz(c *Ctx) error {
	if err := s.ready(c.ctx()); err != nil {
		return err
	}
	return c.String(http.StatusOK, "ready\n")
}

func (s *Server) demoOutbox(c *Ctx) error {
	entries, err := s.Outbox.ListAll(c.ctx(), notify.Filter{Before: c.before(), Limit: 50})
	if err != nil {
		return err
	}
	return c.Page(site.DemoOutbox(c.page("演示消息箱"), site.OutboxData{Entries: entries, Next: c.nextOf(entries), Demo: true}))
}

func (s *Server) outbox(c *Ctx) error {
	f := notify.Filter{Channel: notify.Phone, State: "waiting", Before: c.before()}
	if ch := c.QueryParam("channel"); ch == "letter" {
		f.Channel = notify.Letter
	} else if ch == "all" {
		f.Channel, f.State = "", ""
	}
	entries, err := s.Outbox.List(c.ctx(), c.Who, f)
	if err != nil {
		return err
	}
	return c.Page(site.Outbox(c.page("消息"), site.OutboxData{Form: c.newForm(), Entries: entries, State: f.State,
		Channel: string(f.Channel), Next: c.nextOf(entries)}))
}

func (s *Server) outboxHandled(c *Ctx) error {
	key := c.Param("key")
	err := s.Outbox.Handled(c.ctx(), c.Who, key, "已告知", func(tx *db.Tx) error {
		return s.Trail.Record(c.ctx(), tx, c.Who, "outbox.handled", audit.Ref{Kind: "message", Key: key}, nil)
	})
	if err != nil {
		return err
	}
	c.Tell("已记下")
	return c.Go(link.DeskOutbox())
}

// before is the keyset position of the page asked for.
func (c *Ctx) before() int64 {
	n, _ := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	return n
}

func (c *Ctx) nextOf(entries []notify.Entry) string {
	if len(entries) < 50 {
		return ""
	}
	return c.withQuery("before", strconv.FormatInt(entries[len(entries)-1].ID, 10))
}

func (s *Server) auditFilter(c *Ctx) audit.Filter {
	return audit.Filter{Action: c.QueryParam("action"), Ref: c.QueryParam("ref"), Day: c.QueryParam("day"), Before: c.before(), Limit: 50}
}

func (s *Server) auditList(c *Ctx) error { return s.auditPage(c, "", false) }

func (s *Server) auditVerify(c *Ctx) error {
	n, broken, err := s.Trail.Verify(c.ctx(), s.DB)
	if err != nil {
		return err
	}
	if broken != nil {
		return s.auditPage(c, "第 "+strconv.FormatInt(broken.Seq, 10)+" 行断链："+broken.Why, true)
	}
	return s.auditPage(c, "已校验 "+strconv.FormatInt(n, 10)+" 行，没有发现改动", false)
}

func (s *Server) auditPage(c *Ctx, result string, broken bool) error {
	rows, err := s.Trail.List(c.ctx(), s.DB, c.Who, s.auditFilter(c))
	if err != nil {
		return err
	}
	d := site.AuditData{Form: c.queryForm(), Rows: rows, Result: result, Broken: broken}
	if len(rows) == 50 {
		d.Next = c.withQuery("before", strconv.FormatInt(rows[len(rows)-1].Seq, 10))
	}
	return c.Page(site.Audit(c.page("审计"), d))
}
