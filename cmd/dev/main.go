// Command dev holds what a Makefile would: generate, fmt, check, assets, bench.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// flags are the same for every build, so that SQLite is compiled once.
const flags = "-buildvcs=false -tags=sqlite_fts5"

type command struct {
	name, help string
	run        func(ctx context.Context, args []string) error
}

var commands = []command{
	{"check", "everything CI checks: format, generated files, vet, tests with the race detector", check},
	{"test", "the tests without the race detector, for quick rounds", test},
	{"generate", "templates to Go", generate},
	{"fmt", "format Go and templates", format},
	{"bench", "the built server under load, as ratios taken in one run; see bench --help", bench},
	{"anchor", "the bare echo server that bench starts to compare with", anchor},
	{"assets", "static/src to static/dist (Node only for the first npm ci)", assets},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 {
		for _, c := range commands {
			if c.name == os.Args[1] {
				if err := c.run(ctx, os.Args[2:]); err != nil {
					fmt.Fprintln(os.Stderr, "dev:", err)
					os.Exit(1)
				}
				return
			}
		}
	}
	fmt.Fprintln(os.Stderr, "usage: go run -tags sqlite_fts5 ./cmd/dev COMMAND")
	for _, c := range commands {
		fmt.Fprintf(os.Stderr, "  %-10s %s\n", c.name, c.help)
	}
	os.Exit(2)
}

// step runs one command with the project's flags and says how long it took.
func step(ctx context.Context, name string, args ...string) error {
	fmt.Println("==>", name, strings.Join(args, " "))
	begun := time.Now()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "GOFLAGS="+flags)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	fmt.Printf("    %.1f s\n", time.Since(begun).Seconds())
	return nil
}

func output(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "GOFLAGS="+flags)
	raw, err := cmd.Output()
	return strings.TrimSpace(string(raw)), err
}

func check(ctx context.Context, _ []string) error {
	files, err := output(ctx, "git", "ls-files", "*.go")
	if err != nil {
		return err
	}
	bad, err := output(ctx, "gofmt", append([]string{"-l"}, strings.Fields(files)...)...)
	if err != nil {
		return err
	}
	if bad != "" {
		return fmt.Errorf("not formatted: %s", bad)
	}
	if err := sameGenerated(ctx); err != nil {
		return err
	}
	for _, args := range [][]string{{"vet", "./..."}, {"test", "-race", "-timeout=15m", "./..."}} {
		if err := step(ctx, "go", args...); err != nil {
			return err
		}
	}
	return nil
}

// sameGenerated proves that the committed templates' Go is what the templates say.
func sameGenerated(ctx context.Context) error {
	before, err := output(ctx, "git", "status", "--porcelain", "--", "*_templ.go")
	if err != nil {
		return err
	}
	if err := generate(ctx, nil); err != nil {
		return err
	}
	after, err := output(ctx, "git", "status", "--porcelain", "--", "*_templ.go")
	if err != nil {
		return err
	}
	if before != after {
		return fmt.Errorf("generated files differ from the templates: commit the output of \"go run -tags sqlite_fts5 ./cmd/dev generate\"\n%s", after)
	}
	return nil
}

func test(ctx context.Context, args []string) error {
	if len(args) == 0 {
		args = []string{"./..."}
	}
	return step(ctx, "go", append([]string{"test"}, args...)...)
}

func generate(ctx context.Context, _ []string) error {
	return step(ctx, "go", "tool", "templ", "generate", "-path", "views")
}

func format(ctx context.Context, _ []string) error {
	if err := step(ctx, "gofmt", "-w", "app", "cmd", "db", "views", "content", "static"); err != nil {
		return err
	}
	return step(ctx, "go", "tool", "templ", "fmt", "views")
}
