package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"tiaojie/app"
)

// process is a server that was started for the run.
type process struct {
	cmd  *exec.Cmd
	addr string
}

// startProcess runs a server and waits until path answers 200; it tells how long that took.
func startProcess(ctx context.Context, cmd *exec.Cmd, addr, path string) (*process, time.Duration, error) {
	cmd.Stderr = os.Stderr
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	p := &process{cmd: cmd, addr: addr}
	for ctx.Err() == nil && time.Since(begun) < time.Minute {
		if res, err := http.Get("http://" + addr + path); err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return p, time.Since(begun), nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	p.stop()
	return nil, 0, fmt.Errorf("%s does not answer", strings.Join(cmd.Args, " "))
}

func (p *process) stop() {
	if p == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// freeAddr finds a loopback address that nobody listens on.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// site is the server under load, with a clerk signed in.
type site struct {
	*process
	firstPage time.Duration
	password  string
	cases     int
	cookie    string
}

func startSite(ctx context.Context, bin string, p place) (*site, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(filepath.Join(p.dir, "demo-password"))
	if err != nil {
		return nil, err
	}
	s := &site{password: strings.TrimSpace(string(raw))}
	if s.cases, err = countCases(ctx, p); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, bin, "serve", "--addr", addr, "--data", p.dir)
	// The sign-ins come from many addresses, or the limit per address would answer them.
	cmd.Env = append(os.Environ(), "TIAOJIE_TRUSTED_PROXIES=127.0.0.1/32")
	if s.process, s.firstPage, err = startProcess(ctx, cmd, addr, "/"); err != nil {
		return nil, err
	}
	if s.cookie, err = s.signIn("clerk"); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// countCases reads the counters, before the server has the data.
func countCases(ctx context.Context, p place) (int, error) {
	a, err := openData(ctx, p)
	if err != nil {
		return 0, err
	}
	defer a.Close()
	var n int
	return n, a.DB.Get(ctx, &n, `SELECT CAST(SUM(n) AS BIGINT) FROM case_counts WHERE scope = 'all'`)
}

// openData opens a filled place in this process.
func openData(ctx context.Context, p place) (*app.App, error) {
	if err := p.here(); err != nil {
		return nil, err
	}
	c, err := app.LoadConfig()
	if err != nil {
		return nil, err
	}
	return app.Open(ctx, c, quietLog, false)
}

var csrfValue = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// loginForm opens the sign-in page as a new visitor: its cookies and its token.
func (s *site) loginForm() (*http.Client, url.Values, error) {
	jar, _ := cookiejar.New(nil)
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Get("http://" + s.addr + "/login")
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, nil, err
	}
	m := csrfValue.FindSubmatch(page)
	if m == nil {
		return nil, nil, fmt.Errorf("no token on the sign-in page")
	}
	return c, url.Values{"csrf": {string(m[1])}, "password": {s.password}}, nil
}

// cookiesOf spells a visitor's cookies as a header's value.
func (s *site) cookiesOf(c *http.Client) string {
	var out []string
	for _, k := range c.Jar.Cookies(&url.URL{Scheme: "http", Host: s.addr, Path: "/"}) {
		out = append(out, k.Name+"="+k.Value)
	}
	return strings.Join(out, "; ")
}

// signIn gives the cookies of somebody signed in.
func (s *site) signIn(login string) (string, error) {
	c, form, err := s.loginForm()
	if err != nil {
		return "", err
	}
	form.Set("login", login)
	res, err := c.PostForm("http://"+s.addr+"/login", form)
	if err != nil {
		return "", err
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/desk" {
		return "", fmt.Errorf("%s can't sign in: %s to %q", login, res.Status, res.Header.Get("Location"))
	}
	return s.cookiesOf(c), nil
}

// read gets a page as the clerk.
func (s *site) read(path string) (*http.Response, string, error) {
	req, err := http.NewRequest(http.MethodGet, "http://"+s.addr+path, nil)
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Cookie", s.cookie)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res, string(body), err
}
