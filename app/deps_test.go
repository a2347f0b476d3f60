package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// policy is the import graph. "a, b < c" means that c may import a and b, and all
// that those may import. It is a statement of policy: when the build breaks it,
// change the code; change this text only to change the design.
const policy = `
	NONE < fault, rota, seal, content, static;
	fault < access, db;
	db < db/dbtest;
	access, db, seal < audit, notify, files;
	audit, notify, files, content < people;
	people < rooms, orders;
	rooms < calendar;
	content < papers/doc;
	papers/doc < papers/forms;
	calendar < docket;
	NONE < school/quizformat;
	content, school/quizformat < school/textbook, school/exam;
	calendar, rota, school/quizformat, school/textbook, school/exam < school;
	docket, papers/forms < accord;
	accord, papers/doc, papers/forms < papers;
	papers < court;
	docket, calendar < market;
	docket, orders < intake;
	court, market, intake, school < command;
	NONE < views/link;
	static < views/ui;
	views/ui, views/link, access, static < views/layout;
	views/layout, court, market, intake, school, command < views/market, views/accord;
	views/market, views/accord, views/layout, court, market, intake, school, command < views/*;
	court, market, intake, school, command < seed;
	views/*, seed < web;
	web, seed < app;
	app < cmd/*;
`

// libraries are what only some packages may import.
var libraries = map[string][]string{
	"github.com/labstack/echo/v4":     {"web", "cmd/dev"}, // the bench's anchor server
	"net/http":                        {"web", "app", "static", "cmd/*", "views/*"},
	"github.com/mattn/go-sqlite3":     {"db"},
	"github.com/jackc/pgx/v5/stdlib":  {"db"},
	"github.com/jmoiron/sqlx":         {"db"},
	"github.com/a-h/templ":            {"web", "views/*", "views/ui", "views/layout", "views/market", "views/accord"},
	"github.com/pressly/goose/v3":     {"db"},
	"github.com/gorilla/sessions":     {"web"},
	"github.com/alecthomas/kong":      {"cmd/*"},
	"github.com/xuri/excelize/v2":     {"people/sheet"},
	"github.com/alexedwards/argon2id": {"people"},
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func TestImportGraph(t *testing.T) {
	allowed := closure(t, policy)
	for _, p := range list(t) {
		name := short(p.ImportPath)
		may, known := allowed[group(allowed, name)]
		if !known {
			t.Errorf("%s is not in the import policy", name)
			continue
		}
		for _, imp := range p.Imports {
			if only, limited := libraries[imp]; limited && !slices.Contains(only, name) && !slices.Contains(only, group(allowed, name)) {
				t.Errorf("%s imports %s, which only %v may", name, imp, only)
			}
			if !strings.HasPrefix(imp, "tiaojie/") {
				continue
			}
			dep := short(imp)
			if !may[dep] && !may[group(allowed, dep)] && group(allowed, dep) != group(allowed, name) {
				t.Errorf("%s may not import %s", name, dep)
			}
		}
	}
}

// short drops the module and "app/": tiaojie/app/docket is docket.
func short(path string) string {
	path = strings.TrimPrefix(path, "tiaojie/")
	if path == "app" {
		return "app"
	}
	return strings.TrimPrefix(path, "app/")
}

// group finds the policy's name for a package: itself, the nearest parent, or a pattern.
func group(allowed map[string]map[string]bool, name string) string {
	for at := name; at != "."; at = path.Dir(at) {
		if _, ok := allowed[at]; ok {
			return at
		}
		if _, ok := allowed[path.Dir(at)+"/*"]; ok {
			return path.Dir(at) + "/*"
		}
	}
	return name
}

func closure(t *testing.T, text string) map[string]map[string]bool {
	t.Helper()
	out := map[string]map[string]bool{}
	for rule := range strings.SplitSeq(text, ";") {
		if rule = strings.TrimSpace(rule); rule == "" {
			continue
		}
		left, right, ok := strings.Cut(rule, "<")
		if !ok {
			t.Fatalf("rule without <: %q", rule)
		}
		for _, r := range names(right) {
			if out[r] == nil {
				out[r] = map[string]bool{}
			}
			for _, l := range names(left) {
				if l == "NONE" {
					continue
				}
				out[r][l] = true
				for k := range out[l] {
					out[r][k] = true
				}
			}
		}
	}
	return out
}

func names(list string) []string {
	var out []string
	for n := range strings.SplitSeq(list, ",") {
		out = append(out, strings.TrimSpace(n))
	}
	return out
}

func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "sqlite_fts5", "-json=ImportPath,Imports", "tiaojie/...")
	raw, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var out []pkg
	dec := json.NewDecoder(bytes.NewReader(raw))
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
}
