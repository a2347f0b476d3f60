package textbook

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// Text writes book.yaml anew, for a book whose chapters don't come from files.
func (m Meta) Text() string { return toYAML(m) }

// MarshalYAML leaves the line out.
func (e Entry) MarshalYAML() (any, error) { return e.File, nil }

// Text writes the lines between the two lines "---".
func (f Front) Text() string { return toYAML(f) }

func toYAML(v any) string {
	raw, err := yaml.Marshal(v)
	if err != nil { // texts, numbers and lists always marshal
		panic(err)
	}
	return string(raw)
}

// ParseMeta reads a book.yaml without its chapters.
func ParseMeta(text string) (Meta, Problems) {
	var ps Problems
	var m Meta
	decode(&ps, bookFile, 1, []byte(text), &m)
	return m, ps
}

// ParseFront reads the lines between the two lines "---".
func ParseFront(text string) (Front, Problems) {
	var ps Problems
	var f Front
	decode(&ps, "", 1, []byte(text), &f)
	return f, ps
}

// Split parts a chapter's file into what it says of itself and its text.
func Split(source string) (front, body string) {
	front, _, ok := frontMatter(source)
	if !ok {
		return "", source
	}
	if front != "" {
		front += "\n"
	}
	return front, strings.TrimPrefix(source[len(fence)+len(front)+len(fence):], "\n")
}

// Join is the file of both; first is the line on which the text begins.
func Join(front, body string) (source string, first int) {
	head := fence + front + fence + "\n"
	return head + body, strings.Count(head, "\n") + 1
}
