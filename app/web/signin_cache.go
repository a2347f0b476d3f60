package web

import (
	"context"
	"sync"
	"time"

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
	version string
	until   time.Time
}

func (s *Server) resolve(ctx context.Context, token string) (people.SignedIn, error) {
	version, err := s.DB.Version(ctx, signInTopic)
	if err != nil {
		return people.SignedIn{}, err
	}
	now := s.DB.Now()
	s.signIns.mu.RLock()
	hit, ok := s.signIns.m[token]
	s.signIns.mu.RUnlock()
	if ok && hit.version == version && now.Before(hit.until) {
		return hit.signed, nil
	}
	signed, err := s.People.Resolve(ctx, token)
	if err != nil {
		return signed, err
	}
	s.signIns.mu.Lock()
	defer s.signIns.mu.Unlock()
	if s.signIns.m == nil || len(s.signIns.m) >= cacheSize {
		s.signIns.m = map[string]cachedSignIn{}
	}
	s.signIns.m[token] = cachedSignIn{signed: signed, version: version, until: now.Add(cacheFor)}
	return signed, nil
}
