// Package static embeds the built browser assets and serves them. Sources are in
// src; `go run -tags sqlite_fts5 ./cmd/dev assets` builds dist, which is committed.
package static

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed dist
var dist embed.FS

// Prefix is the address under which Handler serves.
const Prefix = "/static/"

// asset is one built file. It is compressed at its first use and kept.
type asset struct {
	kind    string
	body    []byte
	zipped  func() []byte
	address string
}

// assets by built name ("app-1A2B3C4D.css"), plain by name without the hash ("app.css").
var assets, plain = load()

func load() (built, plain map[string]*asset) {
	built, plain = map[string]*asset{}, map[string]*asset{}
	entries, err := fs.ReadDir(dist, "dist")
	if err != nil {
		panic(err) // embedded: cannot fail once it is compiled
	}
	for _, e := range entries {
		body, err := dist.ReadFile("dist/" + e.Name())
		if err != nil {
			panic(err)
		}
		a := &asset{kind: kindOf(e.Name()), body: body, address: Prefix + e.Name()}
		a.zipped = sync.OnceValue(func() []byte { return zip(body) })
		built[e.Name()] = a
		plain[plainName(e.Name())] = a
	}
	return built, plain
}

// kindOf does not trust the machine's own table of types, which differs from one to the next.
func kindOf(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return mime.TypeByExtension(ext)
	}
}

// plainName takes the hash out: app-1A2B3C4D.css is app.css.
func plainName(name string) string {
	ext := path.Ext(name)
	base := strings.TrimSuffix(name, ext)
	if i := strings.LastIndexByte(base, '-'); i >= 0 {
		base = base[:i]
	}
	return base + ext
}

func zip(body []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is valid
	_, _ = w.Write(body)                                    // a buffer takes all
	_ = w.Close()
	return out.Bytes()
}

// URL gives the address of an asset by its plain name: URL("app.css") is
// /static/app-1A2B3C4D.css. An unknown name is a slip in the code and panics; a
// test reads every call in the views.
func URL(name string) string {
	a, ok := plain[name]
	if !ok {
		panic("static: no asset " + strconv.Quote(name))
	}
	return a.address
}

// Handler serves the assets under Prefix. Their names change with their content,
// so browsers keep them for a year and never ask again.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := assets[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		body := a.body
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			body = a.zipped()
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(body) // the client may have gone
		}
	})
}

// acceptsGzip reads an Accept-Encoding line; "gzip;q=0" is a refusal.
func acceptsGzip(line string) bool {
	for part := range strings.SplitSeq(line, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			v, err := strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(q, " ", ""), "q="), 64)
			return q == "" || (err == nil && v > 0)
		}
	}
	return false
}
