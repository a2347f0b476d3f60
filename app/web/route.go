package web

import (
	"net/http"
	"strings"

	"tiaojie/app/access"
)

// Handler answers one route: parse, one operation, render or redirect. It returns
// errors; the server turns them into pages.
type Handler func(c *Ctx) error

// Route is one line of the registry. There is no other way to add a route, so a
// route without a permission can't exist.
type Route struct {
	Method     string
	Path       string
	Permission access.Permission
	handle     Handler
	maxBody    int64    // bytes; forms are small, uploads say so
	topics     []string // the page changes only when one of these does
	raw        bool     // answers machines or downloads: errors are short text
}

const (
	formBytes   = 1 << 20
	uploadBytes = 24 << 20
)

// registry collects the routes of all areas.
type registry struct{ routes []Route }

type option func(*Route)

// uploads lets a form carry files.
func uploads(r *Route) { r.maxBody = uploadBytes }

// raw marks answers that are no pages: files, feeds, JSON.
func raw(r *Route) { r.raw = true }

// unchangedWith answers 304 while none of the topics was touched, the person is
// the same and the program is the same. For pages that depend on nothing else:
// not on the present minute, not on the address of the visitor.
func unchangedWith(topics ...string) option {
	return func(r *Route) { r.topics = topics }
}

func (g *registry) add(method, path string, p access.Permission, h Handler, opts []option) {
	r := Route{Method: method, Path: path, Permission: p, handle: h, maxBody: formBytes}
	for _, o := range opts {
		o(&r)
	}
	g.routes = append(g.routes, r)
}

func (g *registry) get(path string, p access.Permission, h Handler, opts ...option) {
	g.add(http.MethodGet, path, p, h, opts)
}

func (g *registry) post(path string, p access.Permission, h Handler, opts ...option) {
	g.add(http.MethodPost, path, p, h, opts)
}

// Params lists the names of the route's path parameters.
func (r Route) Params() []string {
	var out []string
	for part := range strings.SplitSeq(r.Path, "/") {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			out = append(out, name)
		}
	}
	return out
}
