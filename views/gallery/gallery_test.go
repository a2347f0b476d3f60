package gallery_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tiaojie/views/browsertest"
	"tiaojie/views/gallery"
)

var shots = flag.String("shots", "", "directory for screenshots of every sample at every width")

// serve shows the samples; extra adds what a test needs.
func serve(t *testing.T, extra map[string]http.HandlerFunc) string {
	t.Helper()
	mux := gallery.Handler()
	for pattern, h := range extra {
		mux.HandleFunc(pattern, h)
	}
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv.URL
}

// Every sample at every width, in both modes: no serious fault by axe, targets
// and text large enough, nothing wider than the window, the policy unbroken.
func TestSamplesInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	base := serve(t, nil)
	b := browsertest.Open(t)
	for _, elder := range []bool{false, true} {
		prefix, target, text, largest := "", 44, 13, 0
		if elder {
			prefix, target, text, largest = gallery.ElderPrefix, 60, 18, 30
		}
		for _, width := range browsertest.Widths {
			b.Size(width, 900)
			for _, s := range gallery.Samples(elder) {
				name := fmt.Sprintf("%s%s@%d", prefix, s.Path, width)
				b.Go(base + prefix + strings.TrimSuffix(s.Path, "/") + "/")
				b.Wait("document.documentElement.classList.contains('js')")
				b.Shot(*shots, strings.NewReplacer("/", "_", "@", "-").Replace(name))
				b.Fits(name)
				b.Targets(name, target)
				b.SmallestText(name, text, largest)
				b.Axe(name)
				b.Faultless(name)
			}
		}
	}
}
