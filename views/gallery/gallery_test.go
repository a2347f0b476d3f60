package gallery_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tiaojie/static"
	"tiaojie/views/browsertest"
	"tiaojie/views/gallery"
)

var shots = flag.String("shots", "", "directory for screenshots of every sample at every width")

// policy is the strict one the product sends; the gallery must live under it too.
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// serve shows the samples; /elder/… in 长辈版. extra adds what a test needs.
func serve(t *testing.T, extra map[string]http.HandlerFunc) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	for _, mode := range []struct {
		prefix string
		elder  bool
	}{{"", false}, {"/elder", true}} {
		for _, s := range gallery.Samples(mode.elder) {
			mux.HandleFunc("GET "+mode.prefix+strings.TrimSuffix(s.Path, "/")+"/{$}", func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Security-Policy", policy)
				if err := s.Page.Render(r.Context(), w); err != nil {
					t.Error(err)
				}
			})
		}
	}
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
			prefix, target, text, largest = "/elder", 60, 18, 30
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
