package app_test

import (
	"os"
	"strings"
	"testing"

	"tiaojie/app"
)

// trail is what the check-up says of the audit chain.
func (s *site) trail() app.Finding {
	s.t.Helper()
	for _, f := range s.Doctor(s.t.Context()) {
		if f.Name == "审计链" {
			return f
		}
	}
	s.t.Fatal("no line about the trail")
	return app.Finding{}
}

// TestATornHeadIsNoFault cuts the file of chain heads as a power loss does, at every
// byte of its last line.
func TestATornHeadIsNoFault(t *testing.T) {
	s := newSite(t, "")
	ctx, path := t.Context(), s.AuditHeadFile()
	if f := s.trail(); !f.OK || !f.Warn {
		t.Errorf("without a head: %+v", f)
	}
	if err := s.KeepAuditHead(ctx); err != nil {
		t.Fatal(err)
	}
	if f := s.trail(); !f.OK || f.Warn {
		t.Errorf("with one head: %+v", f)
	}
	one, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, cut := range []int{1, 3, len(one) / 2, len(one) - 1} {
		torn := string(one[:cut])
		if write(string(one) + torn); !s.trail().OK || !s.trail().Warn || !strings.Contains(s.trail().Text, "没有写完") {
			t.Errorf("%d bytes of a second line: %+v", cut, s.trail())
		}
		if write(torn); !s.trail().OK || !s.trail().Warn {
			t.Errorf("%d bytes of the only line: %+v", cut, s.trail())
		}
		// The next head stands on a line of its own.
		write(string(one) + torn)
		if err := s.KeepAuditHead(ctx); err != nil {
			t.Fatal(err)
		}
		if f := s.trail(); !f.OK || f.Warn {
			t.Errorf("after the next head: %+v", f)
		}
	}
	// What is whole and wrong is a fault, also with a torn line behind it.
	write("7 deadbeef\n" + string(one[:5]))
	if f := s.trail(); f.OK {
		t.Errorf("a head that stands nowhere: %+v", f)
	}
	write(strings.Repeat("x", 20) + "\n")
	if f := s.trail(); f.OK {
		t.Errorf("a head that can't be read: %+v", f)
	}
}
