package app_test

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var printedMark = regexp.MustCompile(`/cases/[^"/]+/printed/[^"]+\.pdf`)

// TestAClerkFillsAndPrintsAPaper walks from the list to the file, twice, and lets doctor find one
// changed byte of it.
func TestAClerkFillsAndPrintsAPaper(t *testing.T) {
	s := newSite(t, "")
	v, base := s.as("clerk"), "/cases/"+s.objects()["clerk"].mine["case"]
	if list := v.get(base + "/papers"); list.status != 200 || !strings.Contains(list.body, base+"/papers/register") {
		t.Fatalf("the list: %d\n%s", list.status, list.text())
	}
	slip := v.get(base + "/slips/extension")
	if bad := v.submit(slip, base+"/slips/extension", url.Values{"reason": {"等鉴定"}, "to": {"明天"}}); bad.status != 422 || !strings.Contains(bad.body, "等鉴定") || !strings.Contains(bad.body, "2026-12-31 的样子") {
		t.Fatalf("a day that is none: %d\n%s", bad.status, bad.text())
	}
	if list := v.follow(v.submit(slip, base+"/slips/extension", url.Values{"reason": {"等鉴定"}, "to": {"2027-01-10"}})); !strings.Contains(list.text(), "延长调解期限同意书") {
		t.Fatalf("after the slip the paper isn't among those needed:\n%s", list.text())
	}
	page := v.get(base + "/papers/register")
	done := v.follow(v.submit(page, base+"/papers/register/print", nil))
	file := printedMark.FindString(done.body)
	if !strings.Contains(done.text(), "已打印并留存") || file == "" {
		t.Fatalf("after the print:\n%s", done.text())
	}
	first := v.get(file)
	again := strings.TrimSuffix(file, ".pdf") + "/again"
	second := v.follow(v.submit(done, again, nil))
	if first.status != 200 || !strings.HasPrefix(first.body, "%PDF") || second.body != first.body {
		t.Fatalf("the file: %d, %d bytes; again %d bytes", first.status, len(first.body), len(second.body))
	}
	if draft := v.submit(page, base+"/papers/register/docx", nil); !strings.HasPrefix(draft.body, "PK") {
		t.Errorf("the draft: %d %.40q", draft.status, draft.body)
	}
	if a := s.as("leader").get(file); a.status != 403 {
		t.Errorf("the leader takes the file: %d", a.status)
	}
	s.corrupt("留存文书|附件")
}

// corrupt flips one byte of the newest stored file and wants doctor to say so.
func (s *site) corrupt(checks string) {
	s.t.Helper()
	var key string
	if err := s.DB.Get(s.t.Context(), &key, `SELECT file_key FROM papers_printed ORDER BY id DESC LIMIT 1`); err != nil {
		s.t.Fatal(err)
	}
	found := func() (bad bool) {
		for _, f := range s.Doctor(s.t.Context()) {
			bad = bad || !f.OK && strings.Contains(checks, f.Name)
		}
		return bad
	}
	if found() {
		s.t.Fatal("doctor complains of an untouched file")
	}
	path := filepath.Join(s.UploadDir(), key[:2], key)
	raw, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		s.t.Fatal(err)
	}
	if !found() {
		s.t.Error("doctor doesn't find one changed byte of a printed paper")
	}
}
