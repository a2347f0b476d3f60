package docket

import (
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/fault"
	"tiaojie/content/deadlines"
	"tiaojie/db"
)

// Step is what a clock measures.
type Step string

const (
	StepTerm           Step = "term"            // 调解期限
	StepFirstContact   Step = "first_contact"   // the clerk looks at a new request
	StepAnswer         Step = "answer"          // the other side answers the invitation
	StepSilence        Step = "silence"         // the clerk follows up a silent party
	StepChoose         Step = "choose"          // the parties settle on one mediator
	StepAccept         Step = "accept"          // the clerk accepts or refuses
	StepSchedule       Step = "schedule"        // a date is asked for
	StepMediatorAnswer Step = "mediator_answer" // the mediator takes the date
	StepLiaisonAnswer  Step = "liaison_answer"  // the liaison takes it
	StepNextSession    Step = "next_session"    // after a session: the next step
	StepReview         Step = "review"          // a suspended case is looked at again
	StepReferral       Step = "referral"        // a court's referral is taken or declined
	StepConfirmation   Step = "confirmation"    // 司法确认 is asked for
	StepRemind         Step = "remind"          // before an obligation's day, its debtor is reminded
	StepUrge           Step = "urge"            // 督促履行: until when
	StepVisit          Step = "visit"           // 回访 after the last day of performance
)

// Unit is how a period counts.
type Unit string

const (
	Natural Unit = "natural" // calendar days; a last day of rest rolls over (民法典203)
	Working Unit = "working" // working days
	Hours   Unit = "hours"   // clock time
)

var unitLabels = map[Unit]string{Natural: "日", Working: "个工作日", Hours: "小时"}

// Label names the unit as written after a number.
func (u Unit) Label() string { return unitLabels[u] }

// Rule is one deadline (期限规则). A change makes a new version; running clocks keep theirs.
type Rule struct {
	ID         int64   `db:"id"`
	Code       string  `db:"code"`
	Version    int64   `db:"version"`
	Step       Step    `db:"step"`
	TypeCode   string  `db:"type_code"` // "" for every type of dispute
	Source     string  `db:"source"`    // an Origins code, "" for every origin
	Unit       Unit    `db:"unit"`
	Length     int     `db:"length"`
	CountsFrom string  `db:"counts_from"` // act, or request: the day of the application
	Name       string  `db:"name"`
	Basis      string  `db:"basis"` // law and article, or the street's own rule
	Active     bool    `db:"active"`
	ChangedAt  db.Time `db:"changed_at"`
	ChangedBy  string  `db:"changed_by"`
}

const ruleColumns = `id, code, version, step, type_code, source, unit, length, counts_from, name, basis, active, changed_at, changed_by`

// Prepare puts the preset rules into an empty table; call it at start, it is idempotent.
func (s *Service) Prepare(ctx context.Context) error {
	rows, err := csv.NewReader(strings.NewReader(deadlines.Presets)).ReadAll()
	if err != nil {
		return fmt.Errorf("deadline presets: %w", err)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, row := range rows[1:] {
			length, err := strconv.Atoi(row[5])
			if err != nil {
				return fmt.Errorf("deadline preset %s: %w", row[0], err)
			}
			_, err = tx.Exec(ctx, `INSERT INTO deadline_rules (code, version, step, type_code, source, unit, length, counts_from,
				name, basis, active, changed_at, changed_by) SELECT ?,1,?,?,?,?,?,?,?,?,TRUE,?,'预设'
				WHERE NOT EXISTS (SELECT 1 FROM deadline_rules WHERE code = ?)`,
				row[0], row[1], row[2], row[3], row[4], length, row[6], row[7], row[8], db.At(tx.Now), row[0])
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Rules lists the rules in force.
func (s *Service) Rules(ctx context.Context, r db.Reader) ([]Rule, error) {
	var rules []Rule
	return rules, r.Select(ctx, &rules, `SELECT `+ruleColumns+` FROM deadline_rules WHERE active ORDER BY step, code`)
}

// RuleHistory lists every version of a rule, newest first.
func (s *Service) RuleHistory(ctx context.Context, r db.Reader, code string) ([]Rule, error) {
	var rules []Rule
	return rules, r.Select(ctx, &rules, `SELECT `+ruleColumns+` FROM deadline_rules WHERE code = ? ORDER BY version DESC`, code)
}

// ChangeRule puts a new version of a rule in force. version is the one that the
// form showed. Clocks already running keep the version they were started by.
func (s *Service) ChangeRule(ctx context.Context, who access.Actor, code string, version int64, length int, unit Unit, basis string) error {
	if err := who.Check(access.Settings); err != nil {
		return err
	}
	form := fault.Form{}
	form.Check(length > 0 && length <= 1000, "length", "期限应是 1 到 1000 之间的数")
	form.Check(unitLabels[unit] != "", "unit", "请选择计算单位")
	form.Check(strings.TrimSpace(basis) != "", "basis", "请写明依据")
	if err := form.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var old Rule
		if err := tx.Get(ctx, &old, `SELECT `+ruleColumns+` FROM deadline_rules WHERE code = ? AND active`, code); err != nil {
			return err
		}
		if err := tx.Swap(ctx, `UPDATE deadline_rules SET active = FALSE WHERE id = ? AND active AND version = ?`, old.ID, version); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO deadline_rules (code, version, step, type_code, source, unit, length, counts_from,
			name, basis, active, changed_at, changed_by) VALUES (?,?,?,?,?,?,?,?,?,?,TRUE,?,?)`, code, version+1, old.Step, old.TypeCode,
			old.Source, unit, length, old.CountsFrom, ruleName(old, length, unit), basis, db.At(tx.Now), who.Name)
		if err != nil {
			return err
		}
		return s.trail.Record(ctx, tx, who, "deadline.change", audit.Ref{Kind: "deadline_rule", Key: code},
			map[string]any{"from": old.Length, "to": length, "unit": unit})
	})
}

// ruleName keeps the length inside a rule's name true: 人民调解期限30日 becomes …45日.
func ruleName(old Rule, length int, unit Unit) string {
	was := strconv.Itoa(old.Length) + old.Unit.Label()
	now := strconv.Itoa(length) + unit.Label()
	if strings.Contains(old.Name, was) {
		return strings.Replace(old.Name, was, now, 1)
	}
	return old.Name + "（" + now + "）"
}

// ruleFor picks the rule in force for a step: one for the case's origin before one
// for its type of dispute before the general one.
func ruleFor(ctx context.Context, r db.Reader, step Step, typeCode, source string) (Rule, error) {
	var rules []Rule
	err := r.Select(ctx, &rules, `SELECT `+ruleColumns+` FROM deadline_rules WHERE active AND step = ? ORDER BY code`, step)
	if err != nil {
		return Rule{}, err
	}
	return bestRule(rules, step, typeCode, source)
}

// isType tells whether a dispute's type is the given one or a sub-type of it: a rule for
// labour disputes holds for labour-wage too.
func isType(code, of string) bool { return code == of || strings.HasPrefix(code, of+"-") }

// MainType gives the type of the reports that a code belongs to: labour for labour-wage.
func MainType(code string) string {
	main, _, _ := strings.Cut(code, "-")
	return main
}

func bestRule(rules []Rule, step Step, typeCode, source string) (Rule, error) {
	best, score := Rule{}, -1
	for _, r := range rules {
		if r.Step != step || r.TypeCode != "" && !isType(typeCode, r.TypeCode) || r.Source != "" && r.Source != source {
			continue
		}
		n := 0
		if r.Source != "" {
			n += 2
		}
		if r.TypeCode != "" {
			n++
		}
		if n > score {
			best, score = r, n
		}
	}
	if score < 0 {
		return best, fmt.Errorf("docket: no deadline rule for step %s", step)
	}
	return best, nil
}
