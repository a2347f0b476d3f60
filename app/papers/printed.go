package papers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"tiaojie/app/access"
	"tiaojie/app/audit"
	"tiaojie/app/docket"
	"tiaojie/app/fault"
	"tiaojie/app/files"
	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"
	"tiaojie/app/seal"
	"tiaojie/db"
)

// Printed is a paper as it was printed (留存): its exact bytes lie in the files under FileKey.
type Printed struct {
	ID      int64   `db:"id"`
	Key     string  `db:"key"`
	CaseID  int64   `db:"case_id"`
	Form    string  `db:"form"`
	Subject string  `db:"subject"`
	Seq     int     `db:"seq"`  // 1 is the first print of this paper
	Name    string  `db:"name"` // the name of the file
	FileKey string  `db:"file_key"`
	SHA256  string  `db:"sha256"`
	Says    string  `db:"says"` // keyed fingerprint of its words
	Pages   int     `db:"pages"`
	By      string  `db:"printed_by"`
	At      db.Time `db:"printed_at"`
	MAC     string  `db:"mac"`
	Again   int     `db:"again"` // how often it was handed out again
}

const printedColumns = `p.id, p.key, p.case_id, p.form, p.subject, p.seq, p.name, p.file_key, p.sha256, p.says, p.pages, p.printed_by,
	p.printed_at, p.mac, (SELECT COUNT(*) FROM papers_reprinted r WHERE r.printed_id = p.id) AS again`

// printedKind is what printed papers are in the store of files.
const printedKind = "paper"

// printed lists the prints of a case, oldest first.
func (p *Press) printed(ctx context.Context, r db.Reader, caseID int64) ([]Printed, error) {
	var out []Printed
	return out, r.Select(ctx, &out, `SELECT `+printedColumns+` FROM papers_printed p WHERE p.case_id = ? ORDER BY p.id`, caseID)
}

// says is the fingerprint of a paper's words: two papers that say the same have the same. It is
// keyed, so that it tells nothing of a name or number.
func (p *Press) says(d doc.Document) string {
	return p.s.box.Blind("papers_printed.says", doc.Text(d)+strings.Join(doc.Blanks(d), "|"))
}

// seal binds a print's row together, so that doctor finds a changed one.
func (p *Press) sealOf(x Printed) string {
	return p.s.box.Blind("papers_printed.mac", fmt.Sprint(x.Key, "|", x.CaseID, "|", x.Form, "|", x.Subject, "|", x.Seq, "|", x.Name, "|",
		x.FileKey, "|", x.SHA256, "|", x.Says, "|", x.Pages, "|", x.By, "|", x.At.Unix()))
}

// Print prints a paper and keeps its bytes. says is what the page showed: when the facts moved on
// meanwhile nothing is printed. When nothing changed since the latest print, that one is handed
// out again, byte for byte. Errors: Invalid naming the characters that no typeface has.
func (p *Press) Print(ctx context.Context, who access.Actor, caseKey, form, subject, says, idem string) (Printed, error) {
	c, err := p.enterToWork(ctx, p.s.db, who, caseKey)
	if err != nil {
		return Printed{}, err
	}
	kind, d, err := p.paperOf(ctx, c, form, subject)
	if err != nil {
		return Printed{}, err
	}
	if p.says(d) != says {
		return Printed{}, fault.New(fault.Conflict, "文书的内容刚刚变了，请看一遍再打印")
	}
	x := Printed{CaseID: c.ID, Form: form, Subject: subject, Says: says, By: who.Name, Name: fileName(c, kind, d, subject, ".pdf")}
	last, err := p.latest(ctx, p.s.db, x)
	if err != nil {
		return last, err
	}
	var file files.File
	if last.Says != says { // setting is the slow part and stays outside the transaction
		if file, x.Pages, err = p.set(d, x.Name); err != nil {
			return last, err
		}
		x.FileKey, x.SHA256 = file.Key, file.SHA256
	}
	err = p.s.db.Write(ctx, func(tx *db.Tx) error {
		if c, err = p.enterToWork(ctx, tx, who, caseKey); err != nil {
			return err
		}
		if last, err = p.latest(ctx, tx, x); err != nil {
			return err
		}
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		if last.Says == says {
			return p.again(ctx, tx, who, c, last)
		}
		if file.Key == "" {
			return fault.New(fault.Conflict, "刚刚有人打印了这份文书，请看一遍再打印")
		}
		x.Key, x.Seq, x.At = seal.NewKey(), last.Seq+1, db.At(tx.Now)
		x.MAC = p.sealOf(x)
		last = x
		return p.keep(ctx, tx, who, c, x, file)
	})
	return last, err
}

// set makes the PDF of a paper and writes it to disk, sealed.
func (p *Press) set(d doc.Document, name string) (files.File, int, error) {
	raw, pages, err := p.pdf(d)
	if err != nil {
		return files.File{}, 0, err
	}
	file, err := p.files.Keep(name, "application/pdf", raw)
	return file, pages, err
}

func (p *Press) keep(ctx context.Context, tx *db.Tx, who access.Actor, c docket.Case, x Printed, file files.File) error {
	if err := p.files.Attach(ctx, tx, file, printedKind, x.Key, who.Name); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO papers_printed (key, case_id, form, subject, seq, name, file_key, sha256, says, pages, printed_by, printed_at, mac)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`, x.Key, x.CaseID, x.Form, x.Subject, x.Seq, x.Name, x.FileKey, x.SHA256, x.Says, x.Pages, x.By, x.At, x.MAC)
	if err != nil {
		return err
	}
	return p.s.trail.Record(ctx, tx, who, "paper.print", audit.Ref{Kind: "case", Key: c.Key},
		map[string]any{"form": x.Form, "print": x.Key, "seq": x.Seq, "sha256": x.SHA256})
}

// latest is the newest print of the same paper, zero when there is none.
func (p *Press) latest(ctx context.Context, r db.Reader, x Printed) (Printed, error) {
	var list []Printed
	err := r.Select(ctx, &list, `SELECT `+printedColumns+` FROM papers_printed p WHERE p.case_id = ? AND p.form = ? AND p.subject = ?
		ORDER BY p.seq DESC LIMIT 1`, x.CaseID, x.Form, x.Subject)
	if err != nil || len(list) == 0 {
		return Printed{}, err
	}
	return list[0], nil
}

// again notes that a printed paper was handed out once more.
func (p *Press) again(ctx context.Context, tx *db.Tx, who access.Actor, c docket.Case, x Printed) error {
	_, err := tx.Exec(ctx, `INSERT INTO papers_reprinted (printed_id, by_name, at) VALUES (?,?,?)`, x.ID, who.Name, db.At(tx.Now))
	if err != nil {
		return err
	}
	return p.s.trail.Record(ctx, tx, who, "paper.reprint", audit.Ref{Kind: "case", Key: c.Key}, map[string]any{"form": x.Form, "print": x.Key, "seq": x.Seq})
}

// Reprint hands out a printed paper once more, as it was.
func (p *Press) Reprint(ctx context.Context, who access.Actor, caseKey, key, idem string) (Printed, error) {
	var out Printed
	err := p.s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := p.enterToWork(ctx, tx, who, caseKey)
		if err != nil {
			return err
		}
		if out, err = p.findPrinted(ctx, tx, c.ID, key); err != nil {
			return err
		}
		if _, first, err := tx.Claim(ctx, idem); err != nil || !first {
			return err
		}
		return p.again(ctx, tx, who, c, out)
	})
	return out, err
}

func (p *Press) findPrinted(ctx context.Context, r db.Reader, caseID int64, key string) (Printed, error) {
	var x Printed
	err := r.Get(ctx, &x, `SELECT `+printedColumns+` FROM papers_printed p WHERE p.case_id = ? AND p.key = ?`, caseID, key)
	if fault.Is(err, fault.NotFound) {
		err = errNoPaper
	}
	return x, err
}

// Bytes gives a printed paper for who may print it. A changed byte is an error, never shown as true.
func (p *Press) Bytes(ctx context.Context, who access.Actor, caseKey, key string) (Printed, []byte, error) {
	c, err := p.enterToWork(ctx, p.s.db, who, caseKey)
	if err != nil {
		return Printed{}, nil, err
	}
	x, err := p.findPrinted(ctx, p.s.db, c.ID, key)
	if err != nil {
		return x, nil, err
	}
	file, err := p.files.Find(ctx, p.s.db, x.FileKey)
	if err != nil {
		return x, nil, fault.Wrap(err, fault.Internal, "留存的文书缺失，请联系管理员")
	}
	raw, err := p.files.Bytes(file)
	if err == nil && (p.sealOf(x) != x.MAC || files.Digest(raw) != x.SHA256) {
		err = fault.New(fault.Internal, "留存的文书与打印时不一致，请联系管理员")
	}
	return x, raw, err
}

// Draft gives a paper as DOCX to be edited in an office suite. It is no print and is not kept,
// but who took it out stands in the trail.
func (p *Press) Draft(ctx context.Context, who access.Actor, caseKey, form, subject string) (name string, raw []byte, err error) {
	c, err := p.enterToWork(ctx, p.s.db, who, caseKey)
	if err != nil {
		return "", nil, err
	}
	kind, d, err := p.paperOf(ctx, c, form, subject)
	if err != nil {
		return "", nil, err
	}
	var out bytes.Buffer
	if err := doc.DOCX(&out, d); err != nil {
		return "", nil, err
	}
	err = p.s.db.Write(ctx, func(tx *db.Tx) error {
		return p.s.trail.Record(ctx, tx, who, "paper.draft", audit.Ref{Kind: "case", Key: c.Key}, map[string]any{"form": form})
	})
	return fileName(c, kind, d, subject, ".docx"), out.Bytes(), err
}

func (p *Press) paperOf(ctx context.Context, c docket.Case, form, subject string) (forms.Form, doc.Document, error) {
	kind, ok := forms.Find(form)
	if !ok {
		return kind, doc.Document{}, errNoPaper
	}
	f, err := p.load(ctx, p.s.db, c)
	if err != nil {
		return kind, doc.Document{}, err
	}
	d, err := f.build(kind, subject)
	if _, s, _ := f.index(kind.Per, subject); s.Label != "" {
		d.Name = kind.Title + "（" + s.Label + "）"
	}
	return kind, d, err
}

// fileName names a paper's file: case number, paper, whose.
func fileName(c docket.Case, form forms.Form, d doc.Document, subject, ext string) string {
	name := c.No() + " " + form.Title
	if subject != "" {
		name = c.No() + " " + d.Name
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, name) + ext
}

// pdf sets a paper; nothing is set when a character has no typeface.
func (p *Press) pdf(d doc.Document) (raw []byte, pages int, err error) {
	var out bytes.Buffer
	b := doc.NewBundle(&out, p.fonts, doc.Info{Title: d.Name, Author: d.Org, Created: p.s.db.Now().UTC().Format("20060102150405Z")})
	err = b.Add(d)
	var missing *doc.MissingError
	if errors.As(err, &missing) {
		return nil, 0, fault.New(fault.Invalid, missing.Error())
	}
	if err == nil {
		err = b.Close()
	}
	return out.Bytes(), b.Pages(), err
}

// Check opens every printed paper and gives one line per missing or changed one.
func (p *Press) Check(ctx context.Context) (n int, bad []string, err error) {
	var all []Printed
	if err := p.s.db.Select(ctx, &all, `SELECT `+printedColumns+` FROM papers_printed p ORDER BY p.id`); err != nil {
		return 0, nil, err
	}
	for _, x := range all {
		n++
		file, err := p.files.Find(ctx, p.s.db, x.FileKey)
		if err == nil && (p.sealOf(x) != x.MAC || file.SHA256 != x.SHA256) {
			err = errors.New("changed")
		}
		if err != nil {
			bad = append(bad, "留存文书 "+x.Key+" 的登记缺失或被改动")
		}
	}
	return n, bad, nil
}
