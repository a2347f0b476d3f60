package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"time"

	"tiaojie/app"
	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/people"
	"tiaojie/app/rooms"
	"tiaojie/views/cases"
	"tiaojie/views/layout"
	"tiaojie/views/ui"

	"github.com/labstack/echo/v4"
)

var quietLog = slog.New(slog.DiscardHandler)

// startAnchor runs this program once more as the server that the pages are compared with.
func startAnchor(ctx context.Context, at place) (*process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	p, _, err := startProcess(ctx, exec.CommandContext(ctx, exe, "anchor", "--addr", addr, "--data", at.dir, "--db", at.db), addr, "/hello")
	return p, err
}

// anchor serves what echo and templ alone cost: a few bytes, and the list page with
// rows that are in memory already.
func anchor(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("anchor", flag.ContinueOnError)
	addr := f.String("addr", "", "loopback address")
	dir, address := f.String("data", "", "folder the rows are read from once"), f.String("db", "", "or the database")
	if err := f.Parse(args); err != nil {
		return err
	}
	p, d, err := rowsOnce(ctx, place{*dir, *address})
	if err != nil {
		return err
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.GET("/hello", func(c echo.Context) error { return c.String(http.StatusOK, "你好") })
	e.GET("/list", func(c echo.Context) error {
		var buf bytes.Buffer
		if err := cases.List(p, d).Render(c.Request().Context(), &buf); err != nil {
			return err
		}
		c.Response().Header().Set("Content-Length", strconv.Itoa(buf.Len()))
		return c.HTMLBlob(http.StatusOK, buf.Bytes())
	})
	go func() {
		<-ctx.Done()
		_ = e.Close()
	}()
	if err := e.Start(*addr); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// rowsOnce reads the first page of the list as a clerk sees it.
func rowsOnce(ctx context.Context, at place) (layout.Page, cases.ListData, error) {
	clerk := access.Actor{AccountID: 1, Name: "演示", Roles: []access.Role{access.Clerk}}
	p := layout.Page{Title: "案件", Path: "/cases", Street: "演示街道", Actor: clerk, CSRF: "0123456789abcdef0123456789abcdef"}
	d := cases.ListData{Now: time.Now()}
	a, err := openData(ctx, at)
	if err != nil {
		return p, d, err
	}
	defer a.Close()
	if d.Listing, err = a.Docket.List(ctx, clerk, docket.Filter{}, ""); err != nil {
		return p, d, err
	}
	d.Next = "/cases?after=" + d.Listing.Next
	for _, label := range []string{"全部", "办理中", "我的", "期限已到"} {
		d.Saved = append(d.Saved, ui.Tab{Label: label, Href: "/cases", Current: label == "全部"})
	}
	return p, d, words(ctx, a, &d)
}

// words fills in the names and choices that the page shows.
func words(ctx context.Context, a *app.App, d *cases.ListData) error {
	d.Names = cases.Names{Types: map[string]string{}, Communities: map[int64]string{}, Mediators: map[int64]string{}, Rooms: map[int64]string{}}
	types, err := a.People.DisputeTypes(ctx, a.DB)
	if err != nil {
		return err
	}
	for _, t := range types {
		d.Names.Types[t.Code] = t.Name
		d.Types = append(d.Types, ui.Option{Value: t.Code, Label: t.Name})
	}
	places, err := a.People.Communities(ctx, a.DB)
	if err != nil {
		return err
	}
	for _, p := range places {
		d.Names.Communities[p.ID] = p.Name
		d.Places = append(d.Places, ui.Option{Value: strconv.FormatInt(p.ID, 10), Label: p.Name})
	}
	mediators, err := a.People.Mediators(ctx, a.DB, people.MediatorFilter{})
	if err != nil {
		return err
	}
	for _, m := range mediators {
		d.Names.Mediators[m.ID] = m.Name
	}
	all, err := a.Rooms.List(ctx, a.DB, access.System("测速"), rooms.Filter{})
	for _, r := range all {
		d.Names.Rooms[r.ID] = r.ShortName
	}
	return err
}
