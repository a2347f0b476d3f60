package web

import (
	"net/http"
	"net/url"
	"strings"

	"tiaojie/views/link"
)

// signInPath sends a visitor to sign in and afterwards back to the page asked for.
func signInPath(c *Ctx) string {
	return link.With(link.Login(), "next", c.Request().URL.RequestURI())
}

func sameHost(r *http.Request, address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host == r.Host
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "/"
	}
	return u.RequestURI()
}

// withQuery changes one value of the present address, for pagers and tabs.
func (c *Ctx) withQuery(name, value string) string {
	q := url.Values{}
	for k, v := range c.QueryParams() {
		q[k] = v
	}
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return c.Request().URL.Path
	}
	return c.Request().URL.Path + "?" + q.Encode()
}

func cut(text string) (first, rest string, found bool) { return strings.Cut(text, "\n") }
