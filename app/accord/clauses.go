package accord

import (
	"fmt"
	"strings"
	"sync"

	"tiaojie/app/docket"
	"tiaojie/content/clauses"
)

// Clause is a text of the library (条款).
type Clause struct{ Code, Title, Text, Version string }

var library = sync.OnceValue(func() map[string][]Clause {
	entries, err := clauses.Files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	out := map[string][]Clause{}
	for _, e := range entries {
		kind, _ := strings.CutSuffix(e.Name(), ".md")
		if kind == "README" {
			continue
		}
		raw, err := clauses.Files.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		if out[kind], err = parseClauses(string(raw)); err != nil {
			panic(e.Name() + ": " + err.Error()) // embedded files are tested
		}
	}
	return out
})

// parseClauses reads a file of the library; content/clauses/README.md tells the format.
func parseClauses(text string) ([]Clause, error) {
	first, rest, _ := strings.Cut(text, "\n")
	version, ok := strings.CutPrefix(first, "version ")
	if !ok {
		return nil, fmt.Errorf("first line %q is no version", first)
	}
	var out []Clause
	for line := range strings.Lines(rest) {
		line = strings.TrimSpace(line)
		if head, ok := strings.CutPrefix(line, "# "); ok {
			code, title, ok := strings.Cut(head, " ")
			if !ok {
				return nil, fmt.Errorf("clause %q has no title", head)
			}
			out = append(out, Clause{Code: code, Title: title, Version: version})
			continue
		}
		if line == "" {
			continue
		}
		if len(out) == 0 {
			return nil, fmt.Errorf("text before the first clause: %q", line)
		}
		last := &out[len(out)-1]
		last.Text = strings.TrimPrefix(last.Text+"\n"+line, "\n")
	}
	return out, nil
}

// Clauses are the library's clauses for a type of dispute, the general ones last.
func Clauses(typeCode string) []Clause {
	lib := library()
	return append(append([]Clause{}, lib[docket.MainType(typeCode)]...), lib["common"]...)
}

// clauseFor finds a clause and puts the parties' names into it.
func clauseFor(typeCode, code string, parties []docket.PartyView) (Clause, bool) {
	for _, c := range Clauses(typeCode) {
		if c.Code != code {
			continue
		}
		names := map[docket.Side][]string{}
		for _, p := range parties {
			names[p.Side] = append(names[p.Side], p.Name)
		}
		for mark, side := range map[string]docket.Side{"【申请人】": docket.SideApplicant, "【被申请人】": docket.SideRespondent} {
			if list := names[side]; len(list) > 0 {
				c.Text = strings.ReplaceAll(c.Text, mark, strings.Join(list, "、"))
			}
		}
		return c, true
	}
	return Clause{}, false
}
