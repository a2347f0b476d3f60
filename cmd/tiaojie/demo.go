package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"tiaojie/app"
	"tiaojie/app/seal"
	"tiaojie/app/seed"
)

type demoCmd struct {
	Addr string `help:"监听地址" default:"127.0.0.1:8080"`
	Data string `help:"数据目录；再次启动会接着用" default:"demo-data"`
}

// history is how many cases of the past the demonstration has.
const history = 320

// Run fills a data folder with the fictitious street the first time, then serves it.
func (d *demoCmd) Run(ctx context.Context) error {
	c, err := config(d.Addr, d.Data)
	if err != nil {
		return err
	}
	c.Demo = true
	begun := time.Now()
	password, err := d.prepare(ctx, c)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, c, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), false)
	if err != nil {
		return err
	}
	defer closing(a)
	if err := a.Migrate(ctx); err != nil {
		return err
	}
	return a.Run(ctx, func(addr string) {
		fmt.Printf("演示已就绪（%.1f 秒）：http://%s\n消息箱：http://%s/demo/outbox\n\n数据均为虚构，保存在 %s\n\n登录账号（口令都是 %s）：\n",
			time.Since(begun).Seconds(), addr, addr, c.Data, password)
		for _, l := range seed.Logins {
			fmt.Printf("  %-10s %s\n", l.Login, l.Role.Label())
		}
		fmt.Println("\n居民不用登录：在首页点“申请调解”。按 Ctrl+C 停止。")
	})
}

// prepare makes the folder's database when there is none. It fills without waiting
// for the disk: a half-filled folder is thrown away and filled again.
func (d *demoCmd) prepare(ctx context.Context, c app.Config) (string, error) {
	mark := filepath.Join(c.Data, "demo-password")
	if raw, err := os.ReadFile(mark); err == nil {
		return string(raw), nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(c.Data, "keys")); err == nil {
		return "", fmt.Errorf("%s 里有别的数据，演示不会动它；请换一个 --data 目录", c.Data)
	}
	password := os.Getenv("TIAOJIE_DEMO_PASSWORD")
	if password == "" {
		password = "Demo-" + seal.NewKey()[:8] + "-1"
	}
	if err := fill(ctx, c, password, history, nil); err != nil {
		return "", err
	}
	return password, os.WriteFile(mark, []byte(password), 0o600)
}

// fill makes the street and its cases in an empty database.
func fill(ctx context.Context, c app.Config, password string, cases int, progress func(int)) error {
	c.Relaxed = true
	a, err := app.Open(ctx, c, slog.New(slog.DiscardHandler), true)
	if err != nil {
		return err
	}
	defer closing(a)
	if err := a.Migrate(ctx); err != nil {
		return err
	}
	services := seed.Services{DB: a.DB, People: a.People, Rooms: a.Rooms, Calendar: a.Calendar, Docket: a.Docket, Accord: a.Accord, School: a.School}
	street, err := seed.Fill(ctx, services, password)
	if err != nil {
		return err
	}
	if progress != nil {
		if err := seed.Bulk(ctx, services, street, cases, progress); err != nil {
			return err
		}
	} else if err := seed.Demo(ctx, services, street, cases); err != nil {
		return err
	}
	return a.DB.Optimize(ctx)
}

type seedCmd struct {
	Cases int    `help:"案件数量" default:"10000"`
	Data  string `help:"数据目录，须为空" default:"seed-data"`
}

// Run fills an empty folder with many cases, for measuring.
func (s *seedCmd) Run(ctx context.Context) error {
	c, err := config("", s.Data)
	if err != nil {
		return err
	}
	if entries, err := os.ReadDir(c.Data); err == nil && len(entries) > 0 && c.DatabaseURL == filepath.Join(c.Data, "tiaojie.db") {
		return fmt.Errorf("%s 不是空目录", c.Data)
	}
	password := os.Getenv("TIAOJIE_DEMO_PASSWORD")
	if password == "" {
		password = "Demo-" + seal.NewKey()[:8] + "-1"
	}
	bar := newBar(s.Cases)
	if err := fill(ctx, c, password, s.Cases, bar.set); err != nil {
		return err
	}
	bar.end()
	fmt.Printf("账号 clerk、mediator 等，口令 %s\n", password)
	return os.WriteFile(filepath.Join(c.Data, "demo-password"), []byte(password), 0o600)
}
