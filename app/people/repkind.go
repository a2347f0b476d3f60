package people

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/fault"
	"tiaojie/db"
)

// RepKind is one of 一专七代表.
type RepKind struct {
	Code         string `db:"code"`
	Name         string `db:"name"`
	Words        string `db:"words"`     // who belongs to it
	Confirmed    bool   `db:"confirmed"` // the street has named it
	Enabled      bool   `db:"enabled"`
	ConfirmedBy  string `db:"confirmed_by"`
	ConfirmedOn  string `db:"confirmed_on"`  // local day
	ConfirmedDoc string `db:"confirmed_doc"` // the document it stands on
	Seq          int    `db:"seq"`
	Version      int64  `db:"version"`
}

// unnamed is how a kind that the street has not named yet is called.
const unnamed = "待街道确认"

// repKinds are the four confirmed by the street's own publication, and four that it
// has not named: they stay off until it does.
var repKinds = []RepKind{
	{Code: "pro", Name: "品牌调解员", Confirmed: true, Enabled: true}, {Code: "npc", Name: "人大代表", Confirmed: true, Enabled: true},
	{Code: "trade", Name: "行业代表", Confirmed: true, Enabled: true}, {Code: "psy", Name: "心理咨询师代表", Confirmed: true, Enabled: true},
	{Code: "tbd1", Name: unnamed + "（一）"}, {Code: "tbd2", Name: unnamed + "（二）"}, {Code: "tbd3", Name: unnamed + "（三）"}, {Code: "tbd4", Name: unnamed + "（四）"},
}

const repKindColumns = `code, name, words, confirmed, enabled, confirmed_by, confirmed_on, confirmed_doc, seq, version`

// RepKinds lists the kinds of representatives, also those that are off.
func (s *Service) RepKinds(ctx context.Context, r db.Reader) ([]RepKind, error) {
	var out []RepKind
	return out, r.Select(ctx, &out, `SELECT `+repKindColumns+` FROM rep_kinds ORDER BY seq`)
}

// RepKind reads one kind.
func (s *Service) RepKind(ctx context.Context, r db.Reader, code string) (RepKind, error) {
	var k RepKind
	return k, r.Get(ctx, &k, `SELECT `+repKindColumns+` FROM rep_kinds WHERE code = ?`, code)
}

func (k RepKind) check(today string) fault.Form {
	f := fault.Form{}
	f.Check(k.Name != "" && utf8.RuneCountInString(k.Name) <= 20, "name", "请填写街道确认的名称，最多 20 字")
	f.Check(!strings.Contains(k.Name, unnamed), "name", "请填写街道确认的名称")
	f.Check(utf8.RuneCountInString(k.Words) <= 200, "words", "说明最多 200 字")
	f.Check(k.ConfirmedBy != "" && utf8.RuneCountInString(k.ConfirmedBy) <= 40, "confirmed_by", "请填写是谁确认的，最多 40 字")
	f.Check(k.ConfirmedDoc != "" && utf8.RuneCountInString(k.ConfirmedDoc) <= 100, "confirmed_doc", "请填写依据的文件，最多 100 字")
	_, err := time.Parse(time.DateOnly, k.ConfirmedOn)
	f.Check(err == nil, "confirmed_on", "请填写确认的日期")
	f.Check(err != nil || k.ConfirmedOn <= today, "confirmed_on", "确认的日期不能晚于今天")
	return f
}

// ConfirmRepKind names a kind after the street decided, with who confirmed it, when and
// on what document. It switches nothing on or off. It needs access.Settings.
func (s *Service) ConfirmRepKind(ctx context.Context, who access.Actor, k RepKind) error {
	k.Name = NormName(k.Name)
	return s.setting(ctx, who, "rep_kind.confirm", k.Code, func(tx *db.Tx) error {
		f := k.check(tx.Day())
		var there bool
		if err := tx.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM rep_kinds WHERE name = ? AND code <> ?)`, k.Name, k.Code); err != nil {
			return err
		}
		f.Check(!there, "name", "已经有这个类别了")
		if err := f.Err(); err != nil {
			return err
		}
		return tx.Swap(ctx, `UPDATE rep_kinds SET name=?, words=?, confirmed=TRUE, confirmed_by=?, confirmed_on=?, confirmed_doc=?, version=version+1
			WHERE code=? AND version=?`, k.Name, k.Words, k.ConfirmedBy, k.ConfirmedOn, k.ConfirmedDoc, k.Code, k.Version)
	})
}

// SwitchRepKind switches a confirmed kind on or off. Switched off, its mediators keep
// their listing and their cases, but nobody can choose them; each one's record says so.
// seen is how many listed mediators the person was shown: no one is taken off the
// shelf unseen. It needs access.Settings.
func (s *Service) SwitchRepKind(ctx context.Context, who access.Actor, code string, on bool, seen int, version int64) error {
	action, note := "rep_kind.off", "所属类别停用，居民暂时不能选择；在办案件照常办理"
	if on {
		action, note = "rep_kind.on", "所属类别启用，居民可以选择"
	}
	return s.setting(ctx, who, action, code, func(tx *db.Tx) error {
		concerned, err := s.Mediators(ctx, tx, MediatorFilter{RepKind: code, State: Listed})
		if err != nil {
			return err
		}
		if !on && len(concerned) != seen {
			return fault.New(fault.Conflict, "这一类的调解员名单刚刚有变化，请再看一遍名单")
		}
		k, err := s.RepKind(ctx, tx, code)
		if err != nil {
			return err
		}
		if on && !k.Confirmed {
			return fault.New(fault.Conflict, "街道还没有确认这个类别，请先填写确认的名称和依据")
		}
		if err := tx.Swap(ctx, `UPDATE rep_kinds SET enabled=?, version=version+1 WHERE code=? AND enabled<>? AND version=?`, on, code, on, version); err != nil {
			return err
		}
		for _, m := range concerned {
			if err := s.recorded(ctx, tx, who, m, "kind", m.State, note); err != nil {
				return err
			}
		}
		return nil
	})
}
