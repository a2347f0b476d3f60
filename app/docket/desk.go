package docket

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// Names of the desk's queues.
const (
	QueueClerk    = "clerk"    // cases in the window's hands
	QueueMediator = "mediator" // the mediator's own open cases
	QueueRoom     = "room"     // open cases of the rooms led
	QueueLiaison  = "liaison"  // dates asked of the liaison
	QueueStreet   = "street"   // all open cases, for the leader
)

var queueLabels = map[string]string{
	QueueClerk: "窗口待办", QueueMediator: "我的案件", QueueRoom: "本室案件", QueueLiaison: "我的出席安排", QueueStreet: "全街道在办",
}

// Queue is one list of the desk, most urgent first.
type Queue struct {
	Name, Label string
	Listing
}

// queueNames tells which queues a person's roles give.
func queueNames(who access.Actor) []string {
	var out []string
	add := func(on bool, name string) {
		if on {
			out = append(out, name)
		}
	}
	add(who.MediatorID != 0 && who.Can(access.CaseWork), QueueMediator)
	add(who.Can(access.CaseTake), QueueClerk)
	add(who.Has(access.RoomLead) && len(who.RoomIDs) > 0, QueueRoom)
	add(who.Has(access.Liaison), QueueLiaison)
	add(who.Can(access.CaseLead), QueueStreet)
	return out
}

// Desk reads the first page of each of the person's queues.
func (s *Service) Desk(ctx context.Context, who access.Actor) ([]Queue, error) {
	if err := who.Check(access.CaseRead); err != nil {
		return nil, err
	}
	var out []Queue
	for _, name := range queueNames(who) {
		l, err := s.Queue(ctx, who, name, "")
		if err != nil {
			return nil, err
		}
		out = append(out, Queue{Name: name, Label: queueLabels[name], Listing: l})
	}
	return out, nil
}

// Queue reads one page of a queue. A queue that the person's roles don't give is NotFound.
func (s *Service) Queue(ctx context.Context, who access.Actor, name, cursor string) (Listing, error) {
	if err := who.Check(access.CaseRead); err != nil {
		return Listing{}, err
	}
	allowed := false
	for _, n := range queueNames(who) {
		allowed = allowed || n == name
	}
	if !allowed {
		return Listing{}, fault.New(fault.NotFound, "没有这个待办列表")
	}
	due, id, err := readDueCursor(cursor)
	if err != nil {
		return Listing{}, err
	}
	var rows []Row
	for _, q := range queueQueries(who, name, due, id) {
		var part []Row
		if err := s.db.Select(ctx, &part, q.text, q.args...); err != nil {
			return Listing{}, err
		}
		rows = append(rows, part...)
	}
	if name == QueueRoom && len(who.RoomIDs) > 1 {
		sortByDue(rows)
	}
	return pageByDue(rows), nil
}

// queueQueries builds the queries of a queue: one, but for a lead of several rooms.
func queueQueries(who access.Actor, name string, due, id int64) []query {
	urgent := func(where string, args ...any) query {
		text := `SELECT ` + rowColumns + ` FROM cases c WHERE ` + where + ` AND c.closed_at IS NULL`
		if id != 0 {
			text += ` AND (c.holder_due, c.id) > (?, ?)`
			args = append(args, due, id)
		}
		return query{text + ` ORDER BY c.holder_due, c.id LIMIT ` + strconv.Itoa(PageSize+1), args}
	}
	switch name {
	case QueueClerk:
		return []query{urgent(`c.holder = 'clerk'`)}
	case QueueMediator:
		return []query{urgent(`c.mediator_id = ?`, who.MediatorID)}
	case QueueRoom:
		var qs []query
		for _, room := range who.RoomIDs {
			qs = append(qs, urgent(`c.room_id = ?`, room))
		}
		return qs
	case QueueLiaison:
		return []query{liaisonQueue(who, due, id)}
	}
	return []query{urgent(`c.holder_due IS NOT NULL`)}
}

// liaisonQueue is by the date asked for; a case has one live date at most.
func liaisonQueue(who access.Actor, due, id int64) query {
	text := `SELECT ` + strings.Replace(rowColumns, "c.holder_due", "s.starts_at AS holder_due", 1) + ` FROM case_sessions s
		JOIN cases c ON c.id = s.case_id WHERE s.liaison_id = ? AND s.liaison_id <> 0 AND s.state IN ('asked', 'fixed', 'begun')`
	args := []any{who.AccountID}
	if id != 0 {
		text += ` AND s.starts_at >= ? AND (s.starts_at, c.id) > (?, ?)`
		args = append(args, due, due, id)
	}
	return query{text + ` ORDER BY s.starts_at, c.id LIMIT ` + strconv.Itoa(PageSize+1), args}
}

func pageByDue(rows []Row) Listing {
	if len(rows) <= PageSize {
		return Listing{Rows: rows}
	}
	rows = rows[:PageSize]
	last := rows[PageSize-1]
	return Listing{Rows: rows, Next: fmt.Sprintf("%d.%d", last.HolderDue.Unix(), last.ID)}
}

func readDueCursor(cursor string) (due, id int64, err error) {
	if cursor == "" {
		return 0, 0, nil
	}
	if _, err := fmt.Sscanf(cursor, "%d.%d", &due, &id); err != nil {
		return 0, 0, fault.New(fault.Invalid, "这个翻页地址不对，请从第一页开始看")
	}
	return due, id, nil
}

// AgendaRow is a date with the case that it is for.
type AgendaRow struct {
	Session
	CaseKey  string  `db:"case_key"`
	ApplyNo  string  `db:"apply_no"`
	Number   *string `db:"number"`
	Title    string  `db:"title"`
	TypeCode string  `db:"type_code"`
	Risk     string  `db:"risk"`
}

// Agenda lists the dates that stand for the person between two instants: a mediator's own,
// a lead's rooms, a liaison's own; the clerk and the leader see all of the street.
func (s *Service) Agenda(ctx context.Context, who access.Actor, from, to time.Time) ([]AgendaRow, error) {
	if err := who.Check(access.CaseRead); err != nil {
		return nil, err
	}
	conds, args := agendaScope(who)
	if len(conds) == 0 {
		return nil, nil
	}
	var rows []AgendaRow
	err := s.db.Select(ctx, &rows, `SELECT s.id, s.key, s.case_id, s.booking_id, s.mediator_id, s.room_id, s.liaison_id, s.starts_at,
		s.ends_at, s.day, s.state, s.mediator_answer, s.liaison_answer, s.answered_at, s.sequence, s.reason, s.version,
		c.key AS case_key, c.apply_no, c.number, c.title, c.type_code, c.risk
		FROM case_sessions s JOIN cases c ON c.id = s.case_id
		WHERE (`+strings.Join(conds, " OR ")+`) AND s.state IN ('asked', 'fixed', 'begun') AND s.starts_at >= ? AND s.starts_at < ?
		ORDER BY s.starts_at, s.id LIMIT 500`, append(args, db.At(from), db.At(to))...)
	return rows, err
}

func agendaScope(who access.Actor) (conds []string, args []any) {
	if who.Can(access.CaseTake) || who.Can(access.CaseLead) {
		return []string{"1 = 1"}, nil
	}
	if who.MediatorID != 0 {
		conds, args = append(conds, "s.mediator_id = ?"), append(args, who.MediatorID)
	}
	for _, id := range who.RoomIDs {
		conds, args = append(conds, "s.room_id = ?"), append(args, id)
	}
	if id := liaisonID(who); id != 0 {
		conds, args = append(conds, "s.liaison_id = ? AND s.liaison_id <> 0"), append(args, id)
	}
	return conds, args
}
