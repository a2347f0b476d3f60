// Package app wires the parts together: configuration, services, the web server
// and the loops that run beside it.
package app

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
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
	"tiaojie/app/papers/doc"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/app/school"
	"tiaojie/app/seal"
	"tiaojie/app/seed"
	"tiaojie/app/web"
	"tiaojie/content"
	"tiaojie/db"
	"tiaojie/views/site"
)

// App is one running installation.
type App struct {
	Config   Config
	Log      *slog.Logger
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
	Web      *web.Server

	loops sync.WaitGroup
}

// Open connects to the data and builds every service. With create, a missing key
// file is made; it does not migrate.
func Open(ctx context.Context, c Config, log *slog.Logger, create bool) (*App, error) {
	c.fill()
	ring, err := seal.LoadKeyring(c.KeyFile, create)
	if err != nil {
		return nil, fmt.Errorf("读不到密钥文件 %s: %w", c.KeyFile, err)
	}
	box, err := seal.New(ring)
	if err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, db.Config{URL: c.DatabaseURL, Clock: c.Clock, Relaxed: c.Relaxed})
	if err != nil {
		return nil, err
	}
	a := &App{Config: c, Log: log, DB: d, Box: box, Trail: audit.New(box), Outbox: notify.New(d, box)}
	if err := a.build(ring); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return a, nil
}

func (a *App) build(ring seal.Keyring) error {
	a.Files = files.New(a.Box, a.UploadDir())
	a.People = people.New(a.DB, a.Box, a.Trail, a.Outbox, people.Options{Profile: a.Config.AuthProfile})
	a.Rooms = rooms.New(a.DB, a.Trail, a.Files)
	a.Calendar = calendar.New(a.DB, a.Box, a.Trail)
	a.Docket = docket.New(a.DB, a.Box, a.Trail, a.Outbox, docket.Neighbours(a.People, a.Rooms, a.Calendar, a.Config.BaseURL))
	a.Accord = accord.New(a.DB, a.Box, a.Trail, a.Files, a.Docket, a.Calendar)
	a.Papers = papers.New(a.DB, a.Box, a.Trail, a.Outbox, a.Docket)
	a.Press = papers.NewPress(a.Papers, a.People, a.Rooms, a.Accord, a.Files, doc.NewFonts())
	a.Market = market.New(a.DB, a.People, a.Rooms, a.Calendar, a.Docket)
	a.School = school.New(a.DB, a.Box, a.Trail, a.Outbox, a.Files, a.People, a.Calendar)
	a.hooks()
	proxies, err := a.Config.proxies()
	if err != nil {
		return err
	}
	// The visit cookie's keys come from the installation's token key, so that a
	// restart does not end the forms people are filling in.
	keys, err := hkdf.Key(sha256.New, ring.Token, nil, "visit cookie", 96)
	if err != nil {
		return err
	}
	a.Web = web.New(web.Config{
		Street: a.Config.Street, BaseURL: a.Config.BaseURL, Demo: a.Config.Demo, Secure: a.Config.Secure(),
		DemoSignIns: demoSignIns(a.Config.Demo), TrustedProxies: proxies, Build: build(), VisitHash: keys[:64], VisitBlock: keys[64:],
	}, web.Domains{DB: a.DB, Box: a.Box, Trail: a.Trail, Outbox: a.Outbox, Files: a.Files, People: a.People, Rooms: a.Rooms,
		Calendar: a.Calendar, Docket: a.Docket, Accord: a.Accord, Papers: a.Papers, Press: a.Press, Market: a.Market, School: a.School}, a.Log)
	return nil
}

// build names the program's version for ETags: a new program must not answer "unchanged".
func build() string {
	info, ok := debug.ReadBuildInfo()
	if exe, err := os.Executable(); err == nil {
		if st, err := os.Stat(exe); err == nil {
			return fmt.Sprintf("%x", st.ModTime().UnixNano()/1e6)
		}
	}
	if ok {
		return info.Main.Version
	}
	return "0"
}

// Close lets go of the data after the loops have ended.
func (a *App) Close() error {
	a.loops.Wait()
	return a.DB.Close()
}

// drain is how long running requests may take to end after a stop signal.
const drain = 10 * time.Second

// Run serves until ctx ends, then lets running requests finish. ready is called
// with the address once requests are taken.
func (a *App) Run(ctx context.Context, ready func(addr string)) error {
	if err := a.Config.Check(); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", a.Config.Addr)
	if err != nil {
		return fmt.Errorf("不能监听 %s: %w", a.Config.Addr, err)
	}
	srv := a.Web.HTTP(a.Config.Addr)
	failed := make(chan error, 2)
	go func() { failed <- srv.Serve(ln) }()
	metrics, err := a.serveMetrics(failed)
	if err != nil {
		return errors.Join(err, srv.Close())
	}
	loops, stop := context.WithCancel(ctx)
	defer stop()
	a.startLoops(loops)
	if ready != nil {
		ready(ln.Addr().String())
	}
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = nil
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	return errors.Join(err, srv.Shutdown(grace), metrics(grace))
}

// serveMetrics opens the monitoring address, when one is configured.
func (a *App) serveMetrics(failed chan<- error) (stop func(context.Context) error, err error) {
	if a.Config.MetricsAddr == "" {
		return func(context.Context) error { return nil }, nil
	}
	ln, err := net.Listen("tcp", a.Config.MetricsAddr)
	if err != nil {
		return nil, fmt.Errorf("不能监听监控地址 %s: %w", a.Config.MetricsAddr, err)
	}
	m := &http.Server{Handler: a.Web.Metrics(), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := m.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	return m.Shutdown, nil
}

// Migrate brings the schema up to date and fills the code tables.
func (a *App) Migrate(ctx context.Context) error {
	if err := a.DB.Migrate(ctx); err != nil {
		return err
	}
	if err := a.People.Prepare(ctx); err != nil {
		return err
	}
	if err := a.Docket.Prepare(ctx); err != nil {
		return err
	}
	if err := a.School.Prepare(ctx, content.Textbooks); err != nil {
		return err
	}
	return a.School.PrepareBank(ctx, content.Textbooks)
}

// demoSignIns lists the demonstration's accounts for its sign-in page.
func demoSignIns(demo bool) []site.DemoSignIn {
	if !demo {
		return nil
	}
	out := make([]site.DemoSignIn, len(seed.Logins))
	for i, l := range seed.Logins {
		out[i] = site.DemoSignIn{Role: l.Role.Label(), Login: l.Login}
	}
	return out
}
