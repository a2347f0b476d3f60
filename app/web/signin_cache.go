package web

import (
	"fmt"
	"sync"
	"time"

	"tiaojie/app/notify"
	"tiaojie/app/people"
)

const (
	signInCookie = "sid"
	signInTopic  = "signins" // people touches it when a sign-in, a role or an account changes
	cacheSize    = 4096
	cacheFor     = 30 * time.Second // idle times are counted in the database at least this often
)

// signInCache spares the read of the sign-in while nothing about sign-ins changed:
// an unchanged page is then answered without any query.
type signInCache struct {
	mu sync.RWMutex
	m  map[string]cachedSignIn
}

type cachedSignIn struct {
	signed  people.SignedIn
	rights  string
	version string
	until   time.Time
}

func (s *Server) resolve(c *Ctx, token string) (cachedSignIn, error) {
	version, err := s.DB.Version(c.Request().Context(), signInTopic, notify.InboxTopic)
	if err != nil {
		return cachedSignIn{}, err
	}
	now := s.DB.Now()
	s.signIns.mu.RLock()
	hit, ok := s.signIns.m[token]
	s.signIns.mu.RUnlock()
	if ok && hit.version == version && now.Before(hit.until) {
		return hit, nil
	}
	signed, err := s.People.Resolve(c.ctx(), token)
	if err != nil {
		return cachedSignIn{}, err
	}
	hit = cachedSignIn{signed: signed, rights: s.rights(signed), version: version, until: now.Add(cacheFor)}
	s.signIns.mu.Lock()
	defer s.signIns.mu.Unlock()
	if s.signIns.m == nil || len(s.signIns.m) >= cacheSize {
		s.signIns.m = map[string]cachedSignIn{}
	}
	s.signIns.m[token] = hit
	return hit, nil
}

// rights names the sign-in with all that decides what its pages show.
func (s *Server) rights(signed people.SignedIn) string {
	return s.box.HashToken("rights", fmt.Sprint(signed.CSRFKey, signed.Actor, signed.Unfinished(), signed.Unread))[:22]
}
