package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"tiaojie/views/gallery"
)

// showGallery serves every view part on made-up pages, on loopback until interrupted.
func showGallery(ctx context.Context, args []string) error {
	addr := "127.0.0.1:0"
	if len(args) > 0 {
		addr = args[0]
	}
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
