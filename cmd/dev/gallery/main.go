// Command gallery serves every view part on made-up pages, on loopback until
// interrupted: go run ./cmd/dev/gallery [address]. It is not part of cmd/dev,
// because a template that does not compile must not stop the tool that generates it.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"tiaojie/views/gallery"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	addr := "127.0.0.1:0"
	if len(os.Args) > 1 {
		addr = os.Args[1]
	}
	if err := serve(ctx, addr); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, addr string) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/ and http://%s%s/, with:\n", l.Addr(), l.Addr(), gallery.ElderPrefix)
	for _, s := range gallery.Samples(false) {
		fmt.Println("  ", s.Path)
	}
	srv := &http.Server{Handler: gallery.Handler(), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = srv.Close() })
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
