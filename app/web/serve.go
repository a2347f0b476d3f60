package web

import (
	"context"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/app/seal"
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

// outer is the wall around everything, also around errors of the router.
func (s *Server) outer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		maps.Copy(h, wall)
		if s.cfg.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		begun := time.Now()
		next.ServeHTTP(w, r)
		s.meters.observe(r.Method, time.Since(begun))
	})
}

// serve is the way of every request through its route: who, may they, is the form
// ours, did anything change, then the handler.
func (s *Server) serve(r Route) echo.HandlerFunc {
	return func(ec echo.Context) (err error) {
		c := &Ctx{Context: ec, server: s, route: &r}
		ctx, cancel := context.WithTimeout(ec.Request().Context(), requestTime)
		defer cancel() // after the error page, which needs the context too
		ec.SetRequest(ec.Request().WithContext(ctx))
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
	c.Who.IP = c.RealIP()
	c.Who.RequestID = seal.NewKey()
	k, err := c.Cookie(s.cookieName(signInCookie))
	if err != nil || k.Value == "" {
		return nil
	}
	signed, err := s.resolve(c.ctx(), k.Value)
	if fault.Is(err, fault.SignIn) {
		s.dropSignIn(c)
		return nil
	}
	if err != nil {
		return err
	}
	ip, id := c.Who.IP, c.Who.RequestID
	c.Signed, c.Who = signed, signed.Actor
	c.Who.IP, c.Who.RequestID = ip, id
	return nil
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
	return nil
}

// unchanged answers 304 before any query when the route's topics did not move.
func (s *Server) unchanged(c *Ctx, r Route) (bool, error) {
	if len(r.topics) == 0 {
		return false, nil
	}
	if c.visit().Flash != "" {
		return false, nil // a message is waiting to be shown
	}
	v, err := s.DB.Version(c.ctx(), r.topics...)
	if err != nil {
		return false, err
	}
	tag := `W/"` + s.cfg.Build + "." + v + "." + c.Signed.CSRFKey
	if c.Elder() {
		tag += ".e"
	}
	tag += `"`
	h := c.Response().Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	if c.Request().Header.Get("If-None-Match") == tag {
		return true, c.NoContent(http.StatusNotModified)
	}
	return false, nil
}

func (s *Server) static() {
	files := static.Handler()
	s.echo.GET("/static/*", func(c echo.Context) error {
		c.Response().Header().Del("Cache-Control")
		files.ServeHTTP(c.Response(), c.Request())
		return nil
	})
}
