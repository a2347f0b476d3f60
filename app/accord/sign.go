package accord

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"tiaojie/app/access"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/db"
)

// Kinds of lines on the signing list, and the ways of signing.
const (
	SignParty    = "party"
	SignMediator = "mediator"
	SignSeal     = "seal"

	Paper  = "paper"
	Tablet = "tablet"
)

// Sign is one line of the signing list. A signature drawn on the tablet is kept with the hash of the text it stood
// under, the time and how identity was seen. It is not a 可靠的电子签名 and is never called one.
type Sign struct {
	ID          int64   `db:"id"`
	AgreementID int64   `db:"agreement_id"`
	Key         string  `db:"key"` // the party's key, "mediator" or "seal"
	Kind        string  `db:"kind"`
	Seq         int     `db:"seq"`
	Name        string  `db:"name"`
	Way         string  `db:"way"` // "" while it is awaited
	On          string  `db:"signed_on"`
	At          db.Time `db:"signed_at"`
	IDSeen      string  `db:"id_seen"` // which document, never its number
	Agent       string  `db:"agent"`   // who signed for the party
	Hash        string  `db:"content_hash"`
	FileKey     string  `db:"file_key"` // the drawn signature
	By          string  `db:"by_name"`
}

const signColumns = `id, agreement_id, key, kind, seq, name, way, signed_on, signed_at, id_seen, agent, content_hash, file_key, by_name`

func signsOf(ctx context.Context, r db.Reader, agreementID int64) ([]Sign, error) {
	var out []Sign
	return out, r.Select(ctx, &out, `SELECT `+signColumns+` FROM agreement_signs WHERE agreement_id = ? ORDER BY seq`, agreementID)
}

// listSigns makes the signing list: every party, the mediator, the seal.
func (a *act) listSigns(ctx context.Context, parties []docket.PartyView) error {
	type line struct{ key, kind, name string }
	var list []line
	for _, p := range parties {
		list = append(list, line{p.Key, SignParty, p.Name})
	}
	list = append(list, line{SignMediator, SignMediator, a.a.Body.Mediator}, line{SignSeal, SignSeal, a.a.Body.Committee})
	for i, l := range list {
		_, err := a.tx.Exec(ctx, `INSERT INTO agreement_signs (agreement_id, key, kind, seq, name) VALUES (?,?,?,?,?)`, a.a.ID, l.key, l.kind, i+1, l.name)
		if err != nil {
			return err
		}
	}
	return nil
}

// SignInput notes a signature or the seal.
type SignInput struct {
	Line    string // key of the line
	Way     string
	On      string // paper: the day written beside it; tablet: today
	IDSeen  string
	Agent   string      // key of the agent who signed, "" for the party itself
	Picture *files.File // tablet: the drawn signature, prepared
	Hash    string      // tablet: of the text that was shown
}

// Sign notes one line. With the last one the agreement is in force, at the latest of all days.
// Form fields: way, on, id_seen, agent, signature.
func (s *Service) Sign(ctx context.Context, who access.Actor, key string, in SignInput) error {
	return s.act(ctx, who, key, 0, VerbSign, func(a *act) (string, any, error) {
		var g Sign
		err := a.tx.Get(ctx, &g, `SELECT `+signColumns+` FROM agreement_signs WHERE agreement_id = ? AND key = ?`, a.a.ID, in.Line)
		if err != nil {
			return "", nil, err
		}
		if g.Way != "" {
			return "", nil, fault.New(fault.Conflict, g.Name+"的签署已经登记过了")
		}
		if err := a.fill(ctx, &g, in); err != nil {
			return "", nil, err
		}
		if g.FileKey != "" {
			if err := s.files.Attach(ctx, a.tx, *in.Picture, fileKind, a.a.Key, who.Name); err != nil {
				return "", nil, err
			}
		}
		err = a.tx.Swap(ctx, `UPDATE agreement_signs SET way = ?, signed_on = ?, signed_at = ?, id_seen = ?, agent = ?, content_hash = ?, file_key = ?, by_name = ?
			WHERE id = ? AND way = ''`, g.Way, g.On, db.At(a.tx.Now), g.IDSeen, g.Agent, a.a.Hash, g.FileKey, who.Name, g.ID)
		if err != nil {
			return "", nil, err
		}
		detail := map[string]string{"line": g.Kind, "way": g.Way, "hash": a.a.Hash}
		return "agreement.sign", detail, a.complete(ctx)
	})
}

// fill checks a signature against its line.
func (a *act) fill(ctx context.Context, g *Sign, in SignInput) error {
	f := fault.Form{}
	g.Way, g.On, g.IDSeen = in.Way, in.On, strings.TrimSpace(in.IDSeen)
	f.Check(in.Way == Paper || in.Way == Tablet, "way", "请选择是在纸上签的还是在平板上签的")
	if in.Way == Tablet {
		g.On = a.tx.Day()
		f.Check(!a.a.PaperOnly, "way", "涉及婚姻、收养、继承等人身关系的协议只能在纸上签名（电子签名法第三条）")
		f.Check(g.Kind != SignSeal, "way", "印章要盖在纸上")
		f.Check(in.Picture != nil, "signature", "请在框里手写签名；没有笔的，请用纸质文本签署")
		f.Check(in.Hash == a.a.Hash, "signature", "签名时看到的内容与现在的协议不一致，请重新打开页面再签")
		if in.Picture != nil {
			g.FileKey = in.Picture.Key
		}
	} else {
		f.Check(isDay(g.On), "on", "请填写落款日期")
		f.Check(g.On <= a.tx.Day(), "on", "落款日期不能晚于今天")
		f.Check(g.On >= a.a.ReachedOn, "on", "落款日期不能早于达成协议的日期")
	}
	f.Check(g.Kind != SignParty || g.IDSeen != "", "id_seen", "请选择核对的是什么证件")
	f.Check(utf8.RuneCountInString(g.IDSeen) <= 40, "id_seen", "请从列表中选择")
	if g.Kind == SignParty && in.Agent != "" {
		var err error
		if g.Agent, err = a.agent(ctx, g.Key, in.Agent); err != nil {
			return err
		}
	}
	return f.Err()
}

// agent finds who signed for a party: only one with the express power to settle may.
func (a *act) agent(ctx context.Context, partyKey, agentKey string) (string, error) {
	parties, agents, err := a.parties(ctx)
	if err != nil {
		return "", err
	}
	for _, g := range agents {
		own := slices.ContainsFunc(parties, func(p docket.PartyView) bool { return p.ID == g.PartyID && p.Key == partyKey })
		if g.Key != agentKey || !own {
			continue
		}
		if !slices.Contains(strings.Split(g.Scopes, ","), "settle") {
			return "", fault.At("agent", g.Name+"没有“达成并签署调解协议”的特别授权，不能代签")
		}
		return g.Name, nil
	}
	return "", fault.At("agent", "请选择这一方的委托代理人")
}

// complete puts the agreement in force when every line is there.
func (a *act) complete(ctx context.Context) error {
	signs, err := signsOf(ctx, a.tx, a.a.ID)
	if err != nil {
		return err
	}
	if on, all := forceDay(signs); all {
		return a.takeEffect(ctx, on)
	}
	return nil
}

// forceDay is the latest day of all lines (人民调解法 29); all is false while one is missing.
func forceDay(signs []Sign) (on string, all bool) {
	for _, g := range signs {
		if g.Way == "" {
			return "", false
		}
		on = max(on, g.On)
	}
	return on, len(signs) > 0
}

// Unsign takes back a line that was noted by mistake, before the agreement is in force.
func (s *Service) Unsign(ctx context.Context, who access.Actor, key, line string) error {
	return s.act(ctx, who, key, 0, VerbUnsign, func(a *act) (string, any, error) {
		var file string
		err := a.tx.Get(ctx, &file, `SELECT file_key FROM agreement_signs WHERE agreement_id = ? AND key = ? AND way <> ''`, a.a.ID, line)
		if err != nil {
			return "", nil, err
		}
		if file != "" {
			if err := s.files.Remove(ctx, a.tx, fileKind, a.a.Key, file); err != nil {
				return "", nil, err
			}
		}
		_, err = a.tx.Exec(ctx, `UPDATE agreement_signs SET way = '', signed_on = '', signed_at = NULL, id_seen = '', agent = '', content_hash = '', file_key = '', by_name = ''
			WHERE agreement_id = ? AND key = ?`, a.a.ID, line)
		return "agreement.unsign", nil, err
	})
}

// fileKind marks the files of agreements: drawn signatures, scans, evidence of performance.
const fileKind = "agreement"

// AttachScan keeps scans of the signed paper with the agreement.
func (s *Service) AttachScan(ctx context.Context, who access.Actor, key, idem string, scans []files.File) error {
	if len(scans) == 0 {
		return fault.At("scan", "请选择签署件的照片或者扫描件")
	}
	return s.act(ctx, who, key, 0, VerbScan, func(a *act) (string, any, error) {
		if _, first, err := a.tx.Claim(ctx, idem); err != nil || !first {
			return "", nil, err
		}
		for _, f := range scans {
			if err := s.files.Attach(ctx, a.tx, f, fileKind, a.a.Key, who.Name); err != nil {
				return "", nil, err
			}
		}
		return "agreement.scan", map[string]int{"n": len(scans)}, nil
	})
}

// FileOf opens the description of a file of an agreement for a reader of it.
func (s *Service) FileOf(ctx context.Context, who access.Actor, key, fileKey string) (files.File, error) {
	a, err := s.byKey(ctx, s.db, key)
	if err != nil {
		return files.File{}, err
	}
	if _, _, err := s.scope(ctx, s.db, who, a.CaseID); err != nil {
		return files.File{}, err
	}
	f, err := s.files.Find(ctx, s.db, fileKey)
	if err == nil && (f.RefKind != fileKind || f.RefKey != key) {
		return files.File{}, errNone
	}
	return f, err
}
