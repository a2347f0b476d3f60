package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"tiaojie/app"
)

type backupCmd struct {
	Data string `help:"数据目录"`
	To   string `help:"备份放到哪个目录" default:"backups"`
}

// Run writes a backup beside the running server.
func (b *backupCmd) Run(ctx context.Context) error {
	c, err := config("", b.Data)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, c, logger(), false)
	if err != nil {
		return err
	}
	defer closing(a)
	out, err := a.Backup(ctx, b.To)
	if err != nil {
		return err
	}
	fmt.Printf("备份完成：%s\n密钥文件 %s 不在备份内，请另行妥善保管；没有它，备份无法读取\n", out, a.Config.KeyFile)
	return nil
}

type restoreCmd struct {
	From string `arg:"" help:"备份所在的目录（tiaojie-年月日-时分秒）"`
	Data string `help:"恢复到哪个空目录" required:""`
}

// Run restores into an empty folder and proves that everything came back.
func (r *restoreCmd) Run(ctx context.Context) error {
	m, err := app.Restore(r.From, r.Data)
	if err != nil {
		return err
	}
	c, err := config("", r.Data)
	if err != nil {
		return err
	}
	c.DatabaseURL = filepath.Join(r.Data, "tiaojie.db")
	a, err := app.Open(ctx, c, logger(), false)
	if err != nil {
		return fmt.Errorf("文件已恢复；请把密钥文件放到 %s 后运行 tiaojie doctor: %w", c.KeyFile, err)
	}
	defer closing(a)
	off, err := m.SameCounts(ctx, a.DB)
	if err != nil {
		return err
	}
	for _, line := range off {
		fmt.Println("不一致：", line)
	}
	if len(off) > 0 {
		return errors.New("恢复的数据与备份清单不一致")
	}
	fmt.Printf("恢复完成：%d 张表的行数与备份一致\n", len(m.Counts))
	return printDoctor(ctx, a)
}

type doctorCmd struct {
	Data string `help:"数据目录"`
}

// Run prints the configuration and the check-up; a fault makes the exit code 1.
func (d *doctorCmd) Run(ctx context.Context) error {
	c, err := config("", d.Data)
	if err != nil {
		return err
	}
	for _, line := range c.Lines() {
		fmt.Println("配置  " + line)
	}
	a, err := app.Open(ctx, c, logger(), false)
	if err != nil {
		return err
	}
	defer closing(a)
	return printDoctor(ctx, a)
}

func printDoctor(ctx context.Context, a *app.App) error {
	bad := 0
	for _, f := range a.Doctor(ctx) {
		mark := "正常"
		switch {
		case !f.OK:
			mark = "异常"
			bad++
		case f.Warn:
			mark = "注意"
		}
		fmt.Printf("%s  %s：%s\n", mark, f.Name, f.Text)
	}
	if bad > 0 {
		return fmt.Errorf("体检发现 %d 处异常", bad)
	}
	return nil
}
