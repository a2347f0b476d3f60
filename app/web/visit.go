package web

import (
	"net/http"
	"sync"
	"time"

	"tiaojie/app/seal"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
)

// visit is what the browser of a person without a sign-in keeps: a random id that
// forms and drafts are bound to, and one message for the next page. It holds
// nothing personal.
type visit struct {
	ID    string
	Flash string
}

// newVisitStore sets every option: gorilla's defaults (SameSite=None, no HttpOnly,
// 30 days) are wrong for us.
func newVisitStore(hash, block []byte, secure bool) *sessions.CookieStore {
	s := sessions.NewCookieStore(hash, block)
	s.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode}
	s.MaxAge(0) // ends with the browser
	for _, c := range s.Codecs {
		if sc, ok := c.(*securecookie.SecureCookie); ok {
			sc.MaxAge(visitSeconds)
		}
	}
	return s
}

const visitSeconds = 12 * 3600

func (c *Ctx) visit() visit {
	if c.opened != nil {
		return *c.opened
	}
	var v visit
	if value := c.cookie(c.server.cookieName(visitCookie)); value != "" {
		v = c.server.opened.visit(value, c.server.DB.Now(), func() (v visit, ok bool) {
			s, err := c.server.visits.Get(c.Request(), c.server.cookieName(visitCookie))
			if err != nil {
				return v, false
			}
			v.ID, _ = s.Values["id"].(string)
			v.Flash, _ = s.Values["flash"].(string)
			return v, true
		})
	}
	c.opened = &v
	return v
}

func (c *Ctx) beginVisit() {
	v := c.visit()
	v.ID = seal.NewKey()
	c.saveVisit(v)
}

func (c *Ctx) saveVisit(v visit) {
	c.opened = &v
	// A cookie that no longer opens gives an error and a fresh session; fresh is fine.
	s, _ := c.server.visits.Get(c.Request(), c.server.cookieName(visitCookie))
	s.Values["id"], s.Values["flash"] = v.ID, v.Flash
	if err := s.Save(c.Request(), c.Response()); err != nil {
		c.server.log.Warn("visit cookie not saved", "err", err)
	}
}

// Tell leaves a message for the next page this browser shows.
func (c *Ctx) Tell(message string) {
	v := c.visit()
	v.Flash = message
	c.saveVisit(v)
}

// takeFlash gives the waiting message once.
func (c *Ctx) takeFlash() string {
	v := c.visit()
	if v.Flash == "" {
		return ""
	}
	text := v.Flash
	v.Flash = ""
	c.saveVisit(v)
	return text
}

// visitCache spares the opening of the same cookie with each request: deciphering and
// decoding it takes longer than an unchanged page. A cookie's content never changes, and
// only cookies that opened are kept.
type visitCache struct {
	mu sync.RWMutex
	m  map[string]openedVisit
}

type openedVisit struct {
	visit visit
	until time.Time
}

func (k *visitCache) visit(cookie string, now time.Time, open func() (visit, bool)) visit {
	k.mu.RLock()
	hit, ok := k.m[cookie]
	k.mu.RUnlock()
	if ok && now.Before(hit.until) {
		return hit.visit
	}
	v, ok := open()
	if !ok {
		return v
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.m == nil || len(k.m) >= cacheSize {
		k.m = map[string]openedVisit{}
	}
	k.m[cookie] = openedVisit{v, now.Add(cacheFor)}
	return v
}
