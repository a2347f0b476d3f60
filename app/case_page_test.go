package app_test

import (
	"strings"
	"testing"
	"time"
)

// TestTheCasePageBeginsWithWhatAwaitsTheReader looks at a case whose session is near, as
// the mediator and as others.
func TestTheCasePageBeginsWithWhatAwaitsTheReader(t *testing.T) {
	s := newSite(t, "")
	d := s.inSession(t)
	at, enter := "/cases/"+d.mine["case"], `href="/desk/sessions/`+d.session+`"`
	top := func(login string) string {
		t.Helper()
		_, acts, _ := strings.Cut(s.as(login).get(at).body, `<div class="acts">`)
		acts, _, _ = strings.Cut(acts, `<div class="columns">`)
		return acts
	}
	if acts := top("mediator"); !strings.Contains(acts, enter) || strings.Index(acts, enter) > strings.Index(acts, "<details") {
		t.Errorf("the mediator's way into the session isn't first: %s", acts)
	}
	if strings.Contains(top("clerk"), enter) {
		t.Error("the clerk is led into the session")
	}
	s.clock.Set(s.DB.Now().Add(-72 * time.Hour))
	if strings.Contains(top("mediator"), enter) {
		t.Error("a session in three days stands at the top")
	}
}
