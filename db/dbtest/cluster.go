package dbtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5"
)

type pgBase struct{ admin, name string }

// pgTemplate migrates one template database per test binary.
var pgTemplate = sync.OnceValues(func() (pgBase, error) {
	admin := os.Getenv("TEST_POSTGRES_URL")
	if admin == "" {
		var err error
		if admin, err = startCluster(); err != nil {
			return pgBase{}, err
		}
	}
	base := pgBase{admin: admin, name: fmt.Sprintf("template_%d", os.Getpid())}
	if err := pgExec(admin, "CREATE DATABASE "+base.name); err != nil {
		return base, err
	}
	return base, migrate(withDatabase(admin, base.name))
})

func pgExec(admin, query string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, query)
	return err
}

// startCluster makes a private cluster that listens on a socket file only. A
// watching shell ends it when the test binary is gone, however it went.
func startCluster() (string, error) {
	bin, err := pgBin()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "tiaojie-pg")
	if err != nil {
		return "", err
	}
	attr, owner, err := unprivileged(dir)
	if err != nil {
		return "", err
	}
	run := func(name string, args ...string) error {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.SysProcAttr, cmd.Dir = attr, dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", name, err, out)
		}
		return nil
	}
	data := filepath.Join(dir, "data")
	if err := run("initdb", "-D", data, "-U", owner, "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"); err != nil {
		return "", err
	}
	opts := fmt.Sprintf("-c listen_addresses='' -k %s -c fsync=off -c max_connections=300 -c shared_buffers=64MB", dir)
	if err := run("pg_ctl", "-D", data, "-w", "-l", filepath.Join(dir, "log"), "-o", opts, "start"); err != nil {
		return "", err
	}
	if err := endWithUs(bin, data, dir, attr); err != nil {
		return "", err
	}
	return "postgres:///postgres?" + url.Values{"host": {dir}, "user": {owner}}.Encode(), nil
}

func pgBin() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(real), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("initdb is not installed")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// unprivileged lets the servers run as nobody when we are root: PostgreSQL refuses root.
func unprivileged(dir string) (*syscall.SysProcAttr, string, error) {
	if os.Getuid() != 0 {
		return nil, "tiaojie", nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return nil, "", err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	attr := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return attr, "tiaojie", os.Chown(dir, uid, gid)
}

func endWithUs(bin, data, dir string, attr *syscall.SysProcAttr) error {
	script := fmt.Sprintf(`while kill -0 %d 2>/dev/null; do sleep 0.5; done; %q -D %q -m immediate stop >/dev/null 2>&1; rm -rf %q`,
		os.Getpid(), filepath.Join(bin, "pg_ctl"), data, dir)
	cmd := exec.Command("sh", "-c", script)
	if attr != nil {
		// kill -0 on a root process is refused to nobody, so the watcher stays root.
		script = fmt.Sprintf(`while kill -0 %d 2>/dev/null; do sleep 0.5; done; setpriv --reuid=%d --regid=%d --clear-groups %q -D %q -m immediate stop >/dev/null 2>&1; rm -rf %q`,
			os.Getpid(), attr.Credential.Uid, attr.Credential.Gid, filepath.Join(bin, "pg_ctl"), data, dir)
		cmd = exec.Command("sh", "-c", script)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait()
	return nil
}
