package ui

import (
	"maps"
	"strconv"

	"github.com/a-h/templ"
)

// formAttrs gives a form its class: an element with two class attributes keeps only the first.
func formAttrs(attrs templ.Attributes) templ.Attributes {
	out := templ.Attributes{"class": "form"}
	maps.Copy(out, attrs)
	return out
}

func orText(kind string) string {
	if kind == "" {
		return "text"
	}
	return kind
}

func rowsOf(in Input) string {
	if in.Rows == 0 {
		return "5"
	}
	return strconv.Itoa(in.Rows)
}

// typed sets what DateField and TimeField fix, keeping a size that was asked for.
func typed(in Input, kind, size string) Input {
	in.Type = kind
	if in.Size == "" {
		in.Size = size
	}
	return in
}

// groupNames lists the groups of the options in order of appearance; "" is none.
func groupNames(options []Option) []string {
	var names []string
	for i, o := range options {
		if i == 0 || o.Group != options[i-1].Group {
			names = append(names, o.Group)
		}
	}
	return names
}
