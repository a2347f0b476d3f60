package web

import (
	"fmt"
	"mime"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/static"

	"github.com/labstack/echo/v4"
)

// requestTime bounds one page; exports and uploads set their own.
const requestTime = 20 * time.Second

// csp allows nothing but our own files: no inline script or style, nothing from elsewhere.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"

// wall is what every answer carries. The slices are shared by all answers: Set puts
// another in their place and Add makes a longer copy, so none is ever written to.
var wall = http.Header{
	"Content-Security-Policy":    {csp},
	"X-Content-Type-Options":     {"nosniff"},
	"Referrer-Policy":            {"same-origin"},
	"Cross-Origin-Opener-Policy": {"same-origin"},
	"X-Frame-Options":            {"DENY"},
	"Permissions-Policy":         {"camera=(self), microphone=(), geolocation=()"},
	"Cache-Control":              {"private, no-store"},
}

// walled puts the wall on an answer when it begins, except where the handler said
// something else. An unchanged page goes without: the browser has it from the first answer.
type walled struct {
	http.ResponseWriter
	secure, begun bool
}

func (w *walled) WriteHeader(status int) {
	if status >= http.StatusOK { // else more follows
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *walled) Write(p []byte) (int, error) {
	w.begin(http.StatusOK)
	return w.ResponseWriter.Write(p)
}

func (w *walled) begin(status int) {
	if w.begun {
		return
	}
	w.begun = true
	if status == http.StatusNotModified {
		return
	}
	h := w.Header()
	for name, value := range wall {
		if _, said := h[name]; !said {
			h[name] = value
		}
	}
	if w.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// Unwrap gives http.ResponseController the writer behind.
func (w *walled) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// outer is the wall around everything, also around errors of the router.
func (s *Server) outer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		answer := &walled{ResponseWriter: w, secure: s.cfg.Secure}
		next.ServeHTTP(answer, r)
		answer.begin(http.StatusOK) // one without a body begins with its end
		s.meters.observe(r.Method, time.Since(begun))
	})
}

// serve is the way of every request through its route: who, may they, is the form
// ours, did anything change, then the handler.
func (s *Server) serve(r Route) echo.HandlerFunc {
	return func(ec echo.Context) (err error) {
		c := s.begin(ec, &r)
		defer c.end() // after the error page, which needs the context too
		defer func() {
			if p := recover(); p != nil {
				err = fault.Wrap(fmt.Errorf("panic: %v\n%s", p, debug.Stack()), fault.Internal, "系统出了点问题")
			}
			if err != nil {
				err = s.answerFailure(c, err)
			}
		}()
		if err := s.identify(c); err != nil {
			return err
		}
		if err := s.admit(c, r); err != nil {
			return err
		}
		if unsafe(r.Method) {
			if err := c.readForm(r.maxBody); err != nil {
				return err
			}
			if err := c.checkCSRF(); err != nil {
				return err
			}
		} else if done, err := s.unchanged(c, r); done || err != nil {
			return err
		}
		c.mark()
		return r.handle(c)
	}
}

// admit checks the route's permission, and keeps people with an unfinished sign-in
// (first password, second factor) to the pages that finish it.
func (s *Server) admit(c *Ctx, r Route) error {
	if c.Signed.Unfinished() && r.Permission != access.Public && !strings.HasPrefix(r.Path, "/login") {
		return fault.New(fault.SignIn, "请先完成登录")
	}
	return c.Who.Check(r.Permission)
}

// identify reads the sign-in cookie; a visitor without one costs nothing.
func (s *Server) identify(c *Ctx) error {
	token := c.cookie(s.cookieName(signInCookie))
	if token == "" {
		return nil
	}
	known, err := s.resolve(c, token)
	if fault.Is(err, fault.SignIn) {
		s.dropSignIn(c)
		return nil
	}
	c.Signed, c.Who, c.rights = known.signed, known.signed.Actor, known.rights
	return err
}

// readForm takes the body within the route's limit, before anything is done with it.
func (c *Ctx) readForm(limit int64) error {
	req := c.Request()
	req.Body = http.MaxBytesReader(c.Response(), req.Body, limit)
	kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	var err error
	switch kind {
	case "multipart/form-data":
		err = req.ParseMultipartForm(4 << 20)
		if err == nil {
			req.PostForm = req.MultipartForm.Value
		}
	case "application/x-www-form-urlencoded":
		err = req.ParseForm()
	}
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "提交的内容太大或不完整，请减少图片后再试")
	}
	for _, values := range req.PostForm {
		for i, v := range values {
			values[i] = lineEnds.Replace(v)
		}
	}
	return nil
}

// lineEnds turns what browsers send between lines into what is stored and compared.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// unchanged answers 304 before any query when the route's topics did not move and the
// person is the same with the same rights.
func (s *Server) unchanged(c *Ctx, r Route) (bool, error) {
	if len(r.topics) == 0 {
		return false, nil
	}
	if c.visit().Flash != "" {
		return false, nil // a message is waiting to be shown
	}
	v, err := s.DB.Version(c.Request().Context(), r.topics...)
	if err != nil {
		return false, err
	}
	elder := ""
	if c.Elder() {
		elder = ".e"
	}
	tag := `W/"` + s.cfg.Build + "." + v + "." + c.rights + elder + `"`
	h := c.Response().Header()
	h["Etag"] = []string{tag}
	h["Cache-Control"] = revalidate
	if h := c.Request().Header["If-None-Match"]; len(h) != 1 || h[0] != tag {
		return false, nil
	}
	c.Response().WriteHeader(http.StatusNotModified)
	return true, nil
}

// revalidate lets the browser keep the page, and ask each time whether it is still true.
var revalidate = []string{"private, no-cache"}

func (s *Server) static() {
	files := static.Handler()
	s.echo.GET("/static/*", func(c echo.Context) error {
		files.ServeHTTP(c.Response(), c.Request())
		return nil
	})
}
