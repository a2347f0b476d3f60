package web

import (
	"errors"
	"net/http"

	"tiaojie/app/access"
	"tiaojie/app/fault"

	"github.com/labstack/echo/v4"
)

// statuses turns fault codes into HTTP; the only place that knows both.
var statuses = map[fault.Code]int{
	fault.Invalid: http.StatusUnprocessableEntity, fault.SignIn: http.StatusUnauthorized,
	fault.Forbidden: http.StatusForbidden, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
	fault.Internal: http.StatusInternalServerError,
}

// failure answers what echo itself refuses: no such route, wrong method.
func (s *Server) failure(err error, ec echo.Context) {
	if ec.Response().Committed {
		return
	}
	c := s.begin(ec, &Route{Permission: access.Public})
	defer c.end()
	_ = s.identify(c) // an unknown page still greets who is signed in
	if he, ok := errors.AsType[*echo.HTTPError](err); ok {
		err = fault.Wrap(err, fault.NotFound, "没有这个页面")
		if he.Code == http.StatusMethodNotAllowed {
			err = fault.Wrap(err, fault.Invalid, "这个操作要从页面上的按钮进行")
		}
	}
	if err := s.answerFailure(c, err); err != nil {
		s.log.Error("the error page failed", "err", err)
	}
}

// answerFailure shows the person what happened, and the log the cause. An internal
// error shows a reference number only.
func (s *Server) answerFailure(c *Ctx, err error) error {
	c.mark()
	code := fault.CodeOf(err)
	if code == fault.Internal || code == fault.Unavailable {
		s.log.Error("request failed", "ref", c.Who.RequestID, "route", c.Path(), "err", err)
	}
	if c.Response().Committed {
		return nil
	}
	h := c.Response().Header()
	h.Del("ETag")
	h.Set("Cache-Control", "private, no-store")
	if code == fault.TooMany || code == fault.Unavailable {
		h.Set("Retry-After", "60")
	}
	if code == fault.SignIn && c.Request().Method == http.MethodGet && !c.route.raw {
		return c.Go(signInPath(c))
	}
	if c.route.raw {
		return c.JSON(statuses[code], map[string]string{"error": fault.MessageOf(err)})
	}
	c.status = statuses[code]
	return c.errorPage(code, err)
}
