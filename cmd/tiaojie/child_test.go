package main

import (
	"bufio"
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// child is the program, running in a process of its own.
type child struct {
	t      *testing.T
	cmd    *exec.Cmd
	base   string
	errors bytes.Buffer
	once   sync.Once
}

func childEnv() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "TIAOJIE_") })
}

var addressMark = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// startChild waits until the program takes requests.
func startChild(t *testing.T, data string) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.Command("tiaojie", "demo", "--addr", "127.0.0.1:0", "--data", data)}
	c.cmd.Env = append(childEnv(), leash+"=1")
	c.cmd.Stderr = &c.errors
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	_, err := c.cmd.StdinPipe() // open as long as the test lives
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	lines := bufio.NewScanner(out)
	for c.base == "" && lines.Scan() {
		c.base = addressMark.FindString(lines.Text())
	}
	go func() {
		for lines.Scan() { // so that it can go on writing
		}
	}()
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if res, err := newBrowser().get(c.base + "/readyz"); err == nil && res.status == http.StatusOK {
			return c
		}
		if c.base == "" || time.Now().After(until) {
			c.kill()
			t.Fatalf("the program does not come up:\n%s", c.errors.String())
		}
	}
}

// kill is kill -9 for the program and whatever it started.
func (c *child) kill() {
	c.once.Do(func() {
		_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL)
		_ = c.cmd.Wait() // says that it was killed
		if s, ok := c.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && s.Signal() != syscall.SIGKILL {
			c.t.Errorf("the program ended by itself: %s\n%s", c.cmd.ProcessState, c.errors.String())
		}
	})
}

// doctor is the administrator's check-up of the folder.
func (c *crash) doctor() {
	c.t.Helper()
	cmd := exec.CommandContext(c.t.Context(), "tiaojie", "doctor", "--data", c.config.Data)
	cmd.Env = childEnv()
	out, err := cmd.CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("异常")) {
		c.t.Fatalf("doctor: %v\n%s", err, out)
	}
}
