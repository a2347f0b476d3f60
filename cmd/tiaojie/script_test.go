package main

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run this very binary as "tiaojie".
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tiaojie": func() {
		if err := run(context.Background(), os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "错误：", words(err))
			os.Exit(1)
		}
	}})
}

// TestScripts types the commands as an administrator would at a server's console.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true})
}
