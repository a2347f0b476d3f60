package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// moreChecks are the check-ups of single domains.
func (a *App) moreChecks() []check {
	return []check{{"工作日表", a.checkWorkdays}, {"案件计数", a.checkCounters}, {"调解协议", a.checkAgreements}, {"附件", a.checkFiles},
		{"留存文书", a.checkPapers}}
}

// checkWorkdays tells up to which year holidays are known: beyond, deadlines are 暂算.
func (a *App) checkWorkdays(ctx context.Context) (string, bool, error) {
	w, err := a.Calendar.Workdays(ctx, a.DB)
	if err != nil {
		return "", false, err
	}
	years := w.Years()
	last := years[len(years)-1]
	now := a.DB.Now().Year()
	if last < now {
		return "", false, fmt.Errorf("只录到 %d 年，今年的放假安排还没有录入", last)
	}
	text := fmt.Sprintf("已录到 %d 年", last)
	return text, last == now && a.DB.Now().YearDay() > 330, nil
}

func (a *App) checkCounters(ctx context.Context) (string, bool, error) {
	drift, err := a.Docket.CheckCounters(ctx)
	if err != nil {
		return "", false, err
	}
	if len(drift) > 0 {
		return "", false, errors.New("计数与明细不符：" + strings.Join(drift, "; "))
	}
	return "与明细一致", false, nil
}

// checkAgreements finds a fixed agreement that was changed outside this program, and figures that drifted.
func (a *App) checkAgreements(ctx context.Context) (string, bool, error) {
	n, bad, err := a.Accord.CheckAll(ctx)
	if err != nil {
		return "", false, err
	}
	drift, err := a.Accord.CheckCounts(ctx)
	if err != nil {
		return "", false, err
	}
	if bad = append(bad, drift...); len(bad) > 0 {
		return "", false, errors.New(strings.Join(bad, "; "))
	}
	return fmt.Sprintf("%d 份，定稿的逐份核对无误", n), false, nil
}

func (a *App) checkFiles(ctx context.Context) (string, bool, error) {
	n, bad, err := a.Files.Check(ctx, a.DB)
	if err != nil {
		return "", false, err
	}
	if len(bad) > 0 {
		return "", false, errors.New(strings.Join(bad, "; "))
	}
	return fmt.Sprintf("%d 个，逐个打开核对无误", n), false, nil
}

func (a *App) checkPapers(ctx context.Context) (string, bool, error) {
	n, bad, err := a.Press.Check(ctx)
	if err != nil {
		return "", false, err
	}
	if len(bad) > 0 {
		return "", false, errors.New(strings.Join(bad, "; "))
	}
	return fmt.Sprintf("%d 份，与打印时一致", n), false, nil
}
