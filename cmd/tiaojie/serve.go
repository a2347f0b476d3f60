package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"tiaojie/app"
)

type serveCmd struct {
	Addr string `help:"监听地址，如 127.0.0.1:8080"`
	Data string `help:"数据目录"`
}

// Run serves; the first start also makes one administrator and prints its password once.
func (s *serveCmd) Run(ctx context.Context) error {
	c, err := config(s.Addr, s.Data)
	if err != nil {
		return err
	}
	if err := c.Check(); err != nil {
		return err
	}
	a, err := app.Open(ctx, c, logger(), true)
	if err != nil {
		return err
	}
	defer closing(a)
	if err := a.Migrate(ctx); err != nil {
		return err
	}
	login, password, created, err := a.People.CreateFirstAdmin(ctx)
	if err != nil {
		return err
	}
	if created {
		fmt.Printf("首次启动，已建立系统管理员账号，口令只显示这一次，首次登录须修改：\n  账号 %s\n  口令 %s\n", login, password)
	}
	return a.Run(ctx, func(addr string) { fmt.Printf("调解平台已启动：%s （监听 %s）\n", a.Config.BaseURL, addr) })
}

// config reads the environment and lets the command line win.
func config(addr, data string) (app.Config, error) {
	if addr != "" {
		os.Setenv("TIAOJIE_ADDR", addr)
	}
	if data != "" {
		os.Setenv("TIAOJIE_DATA", data)
	}
	return app.LoadConfig()
}

func logger() *slog.Logger { return slog.New(slog.NewJSONHandler(os.Stderr, nil)) }

func closing(a *app.App) {
	if err := a.Close(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "关闭时出错：", err)
	}
}

type migrateCmd struct {
	Data string `help:"数据目录"`
}

// Run brings the schema up to date and says what it did.
func (m *migrateCmd) Run(ctx context.Context) error {
	c, err := config("", m.Data)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, c, logger(), true)
	if err != nil {
		return err
	}
	defer closing(a)
	n, err := a.DB.Pending(ctx)
	if err != nil {
		return err
	}
	if err := a.Migrate(ctx); err != nil {
		return err
	}
	fmt.Printf("数据库已是最新，本次执行了 %d 步升级\n", n)
	return nil
}
