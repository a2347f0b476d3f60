// Command dev holds what a Makefile would: go run ./cmd/dev COMMAND.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

type command struct {
	name, help string
	run        func(ctx context.Context, args []string) error
}

var commands = []command{
	{"assets", "static/src to static/dist (Node only for the first npm ci)", assets},
	{"gallery", "serve every view part on made-up pages: gallery [address]", showGallery},
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
	fmt.Fprintln(os.Stderr, "usage: go run ./cmd/dev COMMAND")
	for _, c := range commands {
		fmt.Fprintf(os.Stderr, "  %-10s %s\n", c.name, c.help)
	}
	os.Exit(2)
}
