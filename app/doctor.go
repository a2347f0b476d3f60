package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"
)

// Finding is one line of a check-up.
type Finding struct {
	Name string
	OK   bool
	Warn bool // worth a look, not a fault
	Text string
}

// Doctor examines the installation: what is stored, the trail, the machine.
func (a *App) Doctor(ctx context.Context) []Finding {
	checks := []struct {
		name string
		run  func(context.Context) (string, bool, error)
	}{
		{"数据库结构", a.checkSchema},
		{"数据完整性", a.checkIntegrity},
		{"审计链", a.checkTrail},
		{"磁盘空间", a.checkDisk},
		{"系统时钟", a.checkClock},
	}
	checks = append(checks, a.moreChecks()...)
	var out []Finding
	for _, c := range checks {
		text, warn, err := c.run(ctx)
		f := Finding{Name: c.name, OK: err == nil, Warn: warn, Text: text}
		if err != nil {
			f.Text = err.Error()
		}
		out = append(out, f)
	}
	return out
}

type check = struct {
	name string
	run  func(context.Context) (string, bool, error)
}

func (a *App) checkSchema(ctx context.Context) (string, bool, error) {
	n, err := a.DB.Pending(ctx)
	if err == nil && n > 0 {
		return "", false, fmt.Errorf("还有 %d 步升级没有执行，请运行 tiaojie migrate", n)
	}
	return "与本程序版本一致", false, err
}

func (a *App) checkIntegrity(ctx context.Context) (string, bool, error) {
	lines, err := a.DB.Check(ctx)
	if err != nil {
		return "", false, err
	}
	if len(lines) > 0 {
		return "", false, errors.New(strings.Join(lines, "; "))
	}
	return "完整性与外键检查通过", false, nil
}

func (a *App) checkTrail(ctx context.Context) (string, bool, error) {
	n, broken, err := a.Trail.Verify(ctx, a.DB)
	if err != nil {
		return "", false, err
	}
	if broken != nil {
		return "", false, fmt.Errorf("第 %d 行断链：%s", broken.Seq, broken.Why)
	}
	kept, torn, err := lastLine(a.AuditHeadFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", false, err
	}
	if kept == "" {
		return fmt.Sprintf("%d 行，校验通过；库外尚无链头，末尾截断无法发现", n), true, nil
	}
	if broken, err = a.Trail.CheckHead(ctx, a.DB, kept); err != nil {
		return "", false, err
	}
	if broken != nil {
		return "", false, fmt.Errorf("第 %d 行：%s", broken.Seq, broken.Why)
	}
	if torn {
		return fmt.Sprintf("%d 行，与库外链头一致；链头文件的最后一行没有写完（可能断过电），以前一行为准", n), true, nil
	}
	return fmt.Sprintf("%d 行，与库外链头一致", n), false, nil
}

// lastLine gives the last whole line of a file, "" for none, and tells whether a torn
// one follows it.
func lastLine(path string) (line string, torn bool, err error) {
	raw, err := os.ReadFile(path)
	text := string(raw)
	end := strings.LastIndexByte(text, '\n') + 1
	return text[strings.LastIndexByte(text[:max(0, end-1)], '\n')+1 : end], end < len(text), err
}

// lowSpace is the share of the disk below which writing may soon fail.
const lowSpace = 10

func (a *App) checkDisk(context.Context) (string, bool, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(a.Config.Data, &st); err != nil {
		return "", false, err
	}
	free := st.Bavail * uint64(st.Bsize)
	percent := st.Bavail * 100 / max(1, st.Blocks)
	text := fmt.Sprintf("剩余 %.1f GiB(%d%%)", float64(free)/(1<<30), percent)
	if free < 1<<30 {
		return "", false, errors.New(text + "，不足 1 GiB，请尽快清理")
	}
	return text, percent < lowSpace, nil
}

// checkClock compares the machine's clock with the newest entry of the trail: a
// clock behind its own records would stamp applications before their time.
func (a *App) checkClock(ctx context.Context) (string, bool, error) {
	var newest int64
	if err := a.DB.Get(ctx, &newest, `SELECT COALESCE((SELECT at FROM audit_log ORDER BY seq DESC LIMIT 1), 0)`); err != nil {
		return "", false, err
	}
	now := a.DB.Now()
	if ahead := time.Unix(newest, 0).Sub(now); ahead > time.Minute {
		return "", false, fmt.Errorf("系统时间比最近一条记录早 %s，请校时", ahead.Round(time.Second))
	}
	return now.In(time.Local).Format("2006-01-02 15:04:05 MST"), false, nil
}
