package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"tiaojie/app/fault"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
)

// OverlapMark is the text by which both engines' overlap guards name themselves:
// the SQLite triggers raise it, the PostgreSQL constraint carries it in its name.
const OverlapMark = "booking_overlap"

// ErrOverlap is the cause of a Conflict that the calendar's overlap guard raised.
var ErrOverlap = errors.New("db: the time is taken")

// ErrUnique is the cause of a Conflict that a unique index raised.
var ErrUnique = errors.New("db: there is one already")

// translate turns driver errors into faults; a *fault.Error passes through.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Wrap(err, fault.NotFound, "没有找到")
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.Wrap(err, fault.Unavailable, "系统繁忙，请稍后再试")
	}
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		return translateSQLite(e)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return translatePostgres(e)
	}
	return err
}

func translateSQLite(e sqlite3.Error) error {
	switch {
	case strings.Contains(e.Error(), OverlapMark):
		return fault.Wrap(errors.Join(ErrOverlap, e), fault.Conflict, "该时段刚被占用")
	case e.ExtendedCode == sqlite3.ErrConstraintUnique, e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey:
		return fault.Wrap(errors.Join(ErrUnique, e), fault.Conflict, "已经有一条相同的记录")
	case e.Code == sqlite3.ErrConstraint:
		return fault.Wrap(e, fault.Conflict, "这项内容正被别处使用，或不符合约束")
	// A file-size limit and a read-only disk come as IOERR, not as FULL.
	case e.Code == sqlite3.ErrFull, e.Code == sqlite3.ErrIoErr, e.Code == sqlite3.ErrReadonly, e.Code == sqlite3.ErrCantOpen:
		return fault.Wrap(e, fault.Unavailable, "存储暂时不可写，您填的内容请先不要关闭页面，稍后再提交")
	case e.Code == sqlite3.ErrBusy, e.Code == sqlite3.ErrLocked:
		return fault.Wrap(e, fault.Unavailable, "系统繁忙，请稍后再试")
	}
	return e
}

func translatePostgres(e *pgconn.PgError) error {
	switch {
	case e.Code == "23P01", strings.Contains(e.ConstraintName, OverlapMark):
		return fault.Wrap(errors.Join(ErrOverlap, e), fault.Conflict, "该时段刚被占用")
	case e.Code == "23505":
		return fault.Wrap(errors.Join(ErrUnique, e), fault.Conflict, "已经有一条相同的记录")
	case strings.HasPrefix(e.Code, "23"):
		return fault.Wrap(e, fault.Conflict, "这项内容正被别处使用，或不符合约束")
	case strings.HasPrefix(e.Code, "53"), strings.HasPrefix(e.Code, "57P"), strings.HasPrefix(e.Code, "08"),
		e.Code == "40001", e.Code == "40P01":
		return fault.Wrap(e, fault.Unavailable, "系统繁忙，请稍后再试")
	}
	return e
}
