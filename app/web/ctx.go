package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"tiaojie/views/ui"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/people"
	"tiaojie/app/seal"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// Ctx is one request with the person who makes it.
type Ctx struct {
	echo.Context
	Who     access.Actor
	Signed  people.SignedIn // zero for a visitor
	rights  string          // of the sign-in, for the ETag; "" for a visitor
	server  *Server
	route   *Route
	status  int // of the next page; 0 means 200
	form    url.Values
	opened  *visit
	bounded context.Context // the request's, ended after requestTime
	cancel  context.CancelFunc
}

func (s *Server) begin(ec echo.Context, r *Route) *Ctx {
	c := &Ctx{Context: ec, server: s, route: r}
	ctx := ec.Request().Context()
	if once := s.DB.VersionsOnce(ctx); once != ctx {
		ec.SetRequest(ec.Request().WithContext(once))
	}
	return c
}

// ctx is the request's context for operations. It is made when it is first asked for:
// an unchanged page needs none.
func (c *Ctx) ctx() context.Context {
	if c.bounded == nil {
		c.bounded, c.cancel = context.WithTimeout(c.Request().Context(), requestTime)
	}
	return c.bounded
}

// end frees what the request held. A large upload lies in the clear in the system's temporary
// folder while it is read; net/http removes it only from the request it began with, and with
// PostgreSQL the handler reads the form of a copy.
func (c *Ctx) end() {
	if f := c.Request().MultipartForm; f != nil {
		if err := f.RemoveAll(); err != nil {
			c.server.log.Warn("an upload's temporary file stays", "err", err)
		}
	}
	if c.cancel != nil {
		c.cancel()
	}
}

// mark notes for trail and log where the request came from and what it is called.
func (c *Ctx) mark() {
	if c.Who.RequestID == "" {
		c.Who.IP, c.Who.RequestID = c.RealIP(), seal.NewKey()
	}
}

// cookie gives a cookie's value, "" for none. Our values are never quoted, so a look at
// the header does; the library would parse all cookies each time.
func (c *Ctx) cookie(name string) string {
	for _, line := range c.Request().Header["Cookie"] {
		for part := range strings.SplitSeq(line, ";") {
			if n, value, _ := strings.Cut(strings.TrimLeft(part, " "), "="); n == name {
				return value
			}
		}
	}
	return ""
}

// Elder tells whether the visitor chose the 长辈版.
func (c *Ctx) Elder() bool { return c.cookie(elderCookie) == "1" }

// Form gives the posted fields, from the body alone: a field in the address
// must not pass for a typed one.
func (c *Ctx) Form() url.Values {
	if c.form == nil {
		c.form = c.Request().PostForm
		if c.form == nil {
			c.form = url.Values{}
		}
	}
	return c.form
}

// Field gives a posted text without surrounding blanks.
func (c *Ctx) Field(name string) string { return strings.TrimSpace(c.Form().Get(name)) }

// Idem gives the form's idempotency key, bound to the person and the route so
// that a key can't be spent by somebody else.
func (c *Ctx) Idem() string {
	key := c.Field("idem")
	if key == "" {
		return ""
	}
	return c.server.box.HashToken("idem", c.route.Path+"|"+c.visitor()+"|"+key)
}

// NewIdem makes the key of a freshly shown form.
func (c *Ctx) NewIdem() string { return seal.NewKey() }

// IdemAgain gives the key of a form shown once more after a refusal: nothing was
// stored under it, so it stays good.
func (c *Ctx) IdemAgain() string {
	if key := c.Field("idem"); key != "" {
		return key
	}
	return c.NewIdem()
}

// Version reads the form's version field; 0 when it is missing or no number.
func (c *Ctx) Version() int64 {
	v, _ := strconv.ParseInt(c.Field("version"), 10, 64)
	return v
}

// Go answers a POST with 303 to a page of this site.
func (c *Ctx) Go(path string) error { return c.Redirect(http.StatusSeeOther, path) }

// back gives the address a form wants to return to, only if it is one of ours.
func back(next, otherwise string) string {
	if len(next) < 1 || next[0] != '/' || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return otherwise
	}
	if u, err := url.Parse(next); err != nil || u.IsAbs() || u.Host != "" {
		return otherwise
	}
	return next
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// keepBuffer bounds what goes back to the pool; one huge page must not stay in memory.
const keepBuffer = 256 << 10

// Page renders a component. It renders into memory first, so that a failure in
// the middle is a clean error page and not half a page.
func (c *Ctx) Page(page templ.Component) error {
	buf := takeBuffer()
	defer giveBuffer(buf)
	if err := page.Render(c.ctx(), buf); err != nil {
		return err
	}
	status := c.status
	if status == 0 {
		status = http.StatusOK
	}
	return c.write(status, "text/html; charset=utf-8", buf.Bytes())
}

// takeBuffer gives an empty buffer.
func takeBuffer() *bytes.Buffer {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset() // what another answer left must never reach this one
	return buf
}

func giveBuffer(buf *bytes.Buffer) {
	if buf.Cap() <= keepBuffer {
		buffers.Put(buf)
	}
}

// gzipFrom is the size from which compressing pays.
const gzipFrom = 2 << 10

var zippers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return w
}}

func (c *Ctx) write(status int, kind string, body []byte) error {
	h := c.Response().Header()
	h.Set("Content-Type", kind)
	h.Add("Vary", "Accept-Encoding")
	if len(body) < gzipFrom || !strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Length", strconv.Itoa(len(body)))
		c.Response().WriteHeader(status)
		_, err := c.Response().Write(body)
		return err
	}
	packed := takeBuffer()
	defer giveBuffer(packed)
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(packed)
	if _, err := z.Write(body); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	h.Set("Content-Encoding", "gzip")
	h.Set("Content-Length", strconv.Itoa(packed.Len()))
	c.Response().WriteHeader(status)
	_, err := c.Response().Write(packed.Bytes())
	return err
}

// Download answers with a file of that name.
func (c *Ctx) Download(name, kind string, body []byte) error {
	h := c.Response().Header()
	h.Set("Content-Disposition", `attachment; filename*=UTF-8''`+url.PathEscape(name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	return c.write(http.StatusOK, kind, body)
}

// Refused shows a form again: with 422 and every typed value when the person can
// mend it, else the error goes on to the error page.
func (c *Ctx) Refused(err error, again func(errs map[string]string) error) error {
	switch fault.CodeOf(err) {
	case fault.Invalid:
		c.status = http.StatusUnprocessableEntity
	case fault.Conflict:
		c.status = http.StatusConflict
	case fault.TooMany:
		c.status = http.StatusTooManyRequests
	default:
		return err
	}
	errs := fault.FieldsOf(err)
	if len(errs) == 0 {
		errs = map[string]string{"": fault.MessageOf(err)}
	}
	return again(errs)
}

// done ends an act. Refused, its form stands on the page again with what was typed; else
// the person is told so, if there is something to say, and led on.
func (c *Ctx) done(err error, page func(*Ctx, ui.Form) error, said, next string) error {
	if err != nil {
		return c.Refused(err, func(errs map[string]string) error { return page(c, c.again(errs)) })
	}
	if said != "" {
		c.Tell(said)
	}
	return c.Go(next)
}
