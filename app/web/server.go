// Package web is all of HTTP: the route registry, sign-in, forms, errors, and one
// file of handlers per area. It knows every domain; no domain knows it.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"tiaojie/app/accord"
	"tiaojie/app/audit"
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/files"
	"tiaojie/app/market"
	"tiaojie/app/notify"
	"tiaojie/app/papers"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/app/school"
	"tiaojie/app/seal"
	"tiaojie/db"
	"tiaojie/views/site"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"
)

// Config is how the server faces the world.
type Config struct {
	Street         string            // the street's name as shown
	BaseURL        string            // what QR codes and messages point to, without a closing slash
	Demo           bool              // every page says so, and /demo/outbox exists
	DemoSignIns    []site.DemoSignIn // shown on the sign-in page of the demonstration
	Secure         bool              // cookies only over TLS; off on loopback HTTP
	TrustedProxies []netip.Prefix    // whose X-Forwarded-For is believed
	Build          string            // the program's version, part of every ETag
	VisitHash      []byte            // 64 bytes that authenticate the visit cookie
	VisitBlock     []byte            // 32 bytes that encrypt it
}

// Domains are the services that pages are made of.
type Domains struct {
	DB       *db.DB
	Box      *seal.Box
	Trail    *audit.Trail
	Outbox   *notify.Outbox
	Files    *files.Store
	People   *people.Service
	Rooms    *rooms.Service
	Calendar *calendar.Service
	Docket   *docket.Service
	Accord   *accord.Service
	Papers   *papers.Service
	Press    *papers.Press
	Market   *market.Service
	School   *school.Service
}

// Server answers HTTP.
type Server struct {
	Domains
	cfg         Config
	log         *slog.Logger
	echo        *echo.Echo
	box         *seal.Box
	visits      *sessions.CookieStore
	crossOrigin *http.CrossOriginProtection
	signIns     signInCache
	opened      visitCache
	routes      []Route
	meters      *meters
	dir         sync.Mutex
	known       *directory // guarded by dir
	pieces      sync.Map   // rendered chapters of textbooks; editions never change
}

// New builds the server from its parts; it does not listen yet.
func New(cfg Config, d Domains, log *slog.Logger) *Server {
	s := &Server{Domains: d, cfg: cfg, log: log, box: d.Box, echo: echo.New(),
		visits:      newVisitStore(cfg.VisitHash, cfg.VisitBlock, cfg.Secure),
		crossOrigin: http.NewCrossOriginProtection(), meters: newMeters()}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.IPExtractor = clientIP(cfg.TrustedProxies)
	s.echo.HTTPErrorHandler = s.failure
	g := &registry{}
	s.register(g)
	s.routes = g.routes
	for _, r := range g.routes {
		s.echo.Add(r.Method, r.Path, s.serve(r))
	}
	s.static()
	return s
}

// Routes lists every route, for the access matrix.
func (s *Server) Routes() []Route { return s.routes }

// Handler is the whole site with its outer wall: panics, headers, timing.
func (s *Server) Handler() http.Handler { return s.outer(s.echo) }

// HTTP gives a server with the limits that echo and net/http leave open.
func (s *Server) HTTP(addr string) *http.Server {
	return &http.Server{
		Addr: addr, Handler: s.Handler(),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 60 * time.Second,
		WriteTimeout: 120 * time.Second, IdleTimeout: 120 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
}

// clientIP believes X-Forwarded-For only from the proxies named in the
// configuration; else anybody could forge the address in the trail.
func clientIP(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	opts := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		_, ipnet, err := net.ParseCIDR(p.String())
		if err == nil {
			opts = append(opts, echo.TrustIPRange(ipnet))
		}
	}
	return echo.ExtractIPFromXFFHeader(opts...)
}

func (s *Server) cookieName(name string) string {
	if s.cfg.Secure {
		return "__Host-" + name
	}
	return name
}

// ready tells whether the store answers.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var one int
	if err := s.DB.Get(ctx, &one, `SELECT 1`); err != nil {
		return err
	}
	if one != 1 {
		return errors.New("the store answers nonsense")
	}
	return nil
}
