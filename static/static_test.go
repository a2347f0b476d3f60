package static

import (
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sources reads every file under the roots with one of the endings.
func sources(t *testing.T, roots []string, endings ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			for _, e := range endings {
				if strings.HasSuffix(path, e) {
					body, err := os.ReadFile(path)
					out[path] = string(body)
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(out) < 5 {
		t.Fatalf("only %d sources found: the test looks in the wrong place", len(out))
	}
	return out
}

var (
	assetCall = regexp.MustCompile(`static\.URL\("([^"]+)"\)`)
	iconCall  = regexp.MustCompile(`(?:\bIcon\(|\bIconButton\(|\bEmpty\(|Icon: +)"([a-z0-9-]+)"`)
)

// A misspelt name would break a page at run time: each one in the views exists.
func TestReferencedAssetsExist(t *testing.T) {
	icons := string(plain["icons.svg"].body)
	seen := 0
	for path, text := range sources(t, []string{"../views"}, ".templ", ".go") {
		for _, m := range assetCall.FindAllStringSubmatch(text, -1) {
			seen++
			if plain[m[1]] == nil {
				t.Errorf("%s: no asset %q", path, m[1])
			}
		}
		for _, m := range iconCall.FindAllStringSubmatch(text, -1) {
			seen++
			if !strings.Contains(icons, `<symbol id="`+m[1]+`"`) {
				t.Errorf("%s: no icon %q in icons.txt", path, m[1])
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d references found: the patterns have gone stale", seen)
	}
}

// What the strict content policy would refuse in the browser is refused here first.
var forbidden = map[string]*regexp.Regexp{
	"inline style":         regexp.MustCompile(`<style\b|\sstyle=`),
	"inline script":        regexp.MustCompile(`<script>|\son[a-z]+=|javascript:`),
	"htmx that needs eval": regexp.MustCompile(`hx-on|hx-vals="js:|hx-trigger="[^"]*\[`),
	"another host":         regexp.MustCompile(`(?:src|href|action|url\(|import|fetch\()[ =("']*(?:https?:)?//`),
}

func TestSourcesStayWithinThePolicy(t *testing.T) {
	for path, text := range sources(t, []string{"../views", "src"}, ".templ", ".js", ".css") {
		text = strings.ReplaceAll(text, "http://www.w3.org/", "")
		for what, pattern := range forbidden {
			if hit := pattern.FindString(text); hit != "" {
				t.Errorf("%s: %s: %q", path, what, hit)
			}
		}
	}
}

// A built file must not carry an address of another host, whoever wrote it.
func TestBuiltFilesNameNoHost(t *testing.T) {
	host := regexp.MustCompile(`(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+`)
	for name, a := range plain {
		text := strings.ReplaceAll(string(a.body), "http://www.w3.org/", "")
		text = regexp.MustCompile(`/\*[\s\S]*?\*/`).ReplaceAllString(text, "") // licences name their homes
		if hit := host.FindString(text); hit != "" {
			t.Errorf("%s names %q", name, hit)
		}
	}
}

func TestHandler(t *testing.T) {
	get := func(method, path, accept string) *http.Response {
		r := httptest.NewRequest(method, path, nil)
		if accept != "" {
			r.Header.Set("Accept-Encoding", accept)
		}
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, r)
		return w.Result()
	}
	css := URL("app.css")
	for _, c := range []struct {
		name, method, path, accept string
		status                     int
		encoding                   string
	}{
		{"plain", "GET", css, "", 200, ""},
		{"compressed", "GET", css, "br, gzip", 200, "gzip"},
		{"with a weight", "GET", css, "gzip;q=0.5", 200, "gzip"},
		{"refused", "GET", css, "gzip;q=0, identity", 200, ""},
		{"head", "HEAD", css, "gzip", 200, "gzip"},
		{"without its hash", "GET", Prefix + "app.css", "", 404, ""},
		{"a step up", "GET", Prefix + "../static.go", "", 404, ""},
		{"the folder", "GET", Prefix, "", 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := get(c.method, c.path, c.accept)
			if res.StatusCode != c.status || res.Header.Get("Content-Encoding") != c.encoding {
				t.Fatalf("status %d, encoding %q", res.StatusCode, res.Header.Get("Content-Encoding"))
			}
			if c.status == 200 && !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("not kept: %q", res.Header.Get("Cache-Control"))
			}
			if c.method == "HEAD" {
				if n, _ := io.Copy(io.Discard, res.Body); n != 0 {
					t.Errorf("HEAD sent %d bytes", n)
				}
			}
		})
	}
	zipped, err := gzip.NewReader(get("GET", css, "gzip").Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(zipped)
	if err != nil || string(body) != string(plain["app.css"].body) {
		t.Errorf("unpacked differs from packed (%v)", err)
	}
}

func TestUnknownAssetPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown name gave an address")
		}
	}()
	URL("nothing.css")
}
