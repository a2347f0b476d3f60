package app

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"tiaojie/db"
)

// startLoops runs what happens beside requests: delivery of messages, clocks that
// run out, the audit chain's head kept outside the database.
func (a *App) startLoops(ctx context.Context) {
	a.loop(ctx, 5*time.Second, "messages", func(ctx context.Context) error {
		_, err := a.Outbox.Deliver(ctx, a.sender())
		return err
	})
	a.loop(ctx, time.Minute, "clocks", uncounted(a.Docket.RunClocks))
	a.loop(ctx, time.Minute, "reminders", uncounted(a.Accord.Remind))
	a.loop(ctx, time.Minute, "session reminders", uncounted(a.Docket.SendReminders))
	a.loop(ctx, 5*time.Second, "recounts", uncounted(a.Docket.RunRecounts))
	a.loop(ctx, time.Minute, "exams", uncounted(a.School.CloseDue))
	a.loop(ctx, time.Hour, "certificates", a.certificates)
	a.loop(ctx, time.Minute, "training", uncounted(a.School.Remind))
	a.loop(ctx, 5*time.Second, "reads", uncounted(a.Docket.FlushReads))
	a.loop(ctx, 5*time.Minute, "audit head", a.KeepAuditHead)
	a.loop(ctx, 24*time.Hour, "sweep", a.sweep)
}

// uncounted is a job that tells how much it did, for a loop, which doesn't ask.
func uncounted[N any](job func(context.Context) (N, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := job(ctx)
		return err
	}
}

// loop repeats a job until ctx ends. A failure is logged and the job tried again.
func (a *App) loop(ctx context.Context, every time.Duration, name string, job func(context.Context) error) {
	a.loops.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			if err := job(ctx); err != nil && ctx.Err() == nil {
				a.Log.Error("background job failed", "job", name, "err", err)
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	})
}

// AuditHeadFile is where the chain's newest position is kept, beside the data: with
// it a trail cut off at its end is found.
func (a *App) AuditHeadFile() string { return filepath.Join(a.Config.Data, "audit-head.log") }

// KeepAuditHead appends the chain's position to the head file.
func (a *App) KeepAuditHead(ctx context.Context) error {
	head, err := a.Trail.Head(ctx, a.DB)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(a.Config.Data, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(a.AuditHeadFile(), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	whole, err := endsLine(f)
	if err != nil {
		return err
	}
	if !whole {
		head = "\n" + head
	}
	if _, err := f.WriteString(head + "\n"); err != nil {
		return err
	}
	return f.Sync()
}

// endsLine tells whether a file ends with a whole line; a power loss may have torn it.
func endsLine(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return true, err
	}
	last := []byte{0}
	_, err = f.ReadAt(last, info.Size()-1)
	return last[0] == '\n', err
}

// certificates tells whose run out, and pauses the listings that stood on one.
func (a *App) certificates(ctx context.Context) error {
	if _, err := a.School.RemindExpiring(ctx); err != nil {
		return err
	}
	_, err := a.People.LapseListings(ctx)
	return err
}

// sweep forgets what is no longer needed, and refreshes the planner's statistics.
func (a *App) sweep(ctx context.Context) error {
	if err := a.People.Sweep(ctx); err != nil {
		return err
	}
	if _, err := a.People.LapseGrades(ctx); err != nil {
		return err
	}
	if err := a.Docket.ForgetTries(ctx); err != nil {
		return err
	}
	if _, err := a.Docket.RecountClocks(ctx); err != nil {
		return err
	}
	if err := a.sweepUploads(ctx); err != nil {
		return err
	}
	if _, err := a.Files.Sweep(ctx, a.DB); err != nil {
		return err
	}
	return a.DB.Optimize(ctx)
}

// sweepUploads removes files of forms that were never sent.
func (a *App) sweepUploads(ctx context.Context) error {
	old, err := a.Files.Forgotten(ctx, a.DB, db.At(a.DB.Now().Add(-24*time.Hour)))
	if err != nil {
		return err
	}
	for _, f := range old {
		used, err := a.Docket.FileUsed(ctx, a.DB, f.Key)
		if err != nil {
			return err
		}
		if used {
			continue
		}
		err = a.DB.Write(ctx, func(tx *db.Tx) error { return a.Files.Remove(ctx, tx, f.RefKind, f.RefKey, f.Key) })
		if err != nil {
			return err
		}
	}
	return nil
}
