package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run this very binary as "tiaojie".
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tiaojie": func() {
		if os.Getenv(leash) != "" {
			go func() {
				_, _ = io.Copy(io.Discard, os.Stdin)
				os.Exit(3)
			}()
		}
		if err := run(context.Background(), os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "错误：", words(err))
			os.Exit(1)
		}
	}})
}

// leash names the variable that ties a program to the test that started it: when the
// test is gone, in whatever way, the other end of its input closes.
const leash = "TEST_LEASH"

// TestScripts types the commands as an administrator would at a server's console.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true})
}
