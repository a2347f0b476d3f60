package ui

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Form is one form on one page: what stands in its fields, what was refused, and
// the tokens that every POST carries. The zero Form is an empty form.
type Form struct {
	Values url.Values
	Errors map[string]string // by field name; "" is about the form as a whole
	CSRF   string            // bound to the sign-in
	Idem   string            // idempotency key: sent twice, done once
	at     map[string]string // addresses of what is refused and is no field of this page
}

// New is an empty form.
func New(csrf, idem string) Form { return Form{Values: url.Values{}, CSRF: csrf, Idem: idem} }

// Filled is a form that shows what is stored: name, value, name, value.
func Filled(csrf, idem string, pairs ...string) Form {
	f := New(csrf, idem)
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Values.Add(pairs[i], pairs[i+1])
	}
	return f
}

// Refused is a form that comes back with everything the person typed.
func Refused(values url.Values, errors map[string]string, csrf, idem string) Form {
	return Form{Values: values, Errors: errors, CSRF: csrf, Idem: idem}
}

// Value is the field's first value, "" when there is none.
func (f Form) Value(name string) string { return f.Values.Get(name) }

// Error is the field's refusal in words, "" when it was accepted.
func (f Form) Error(name string) string { return f.Errors[name] }

// Has tells whether value is among the field's values (ticked boxes, chosen tiles).
func (f Form) Has(name, value string) bool { return slices.Contains(f.Values[name], value) }

// Elsewhere is the form whose summary of refusals leads to other addresses than the
// field's own, for what is no field of the page.
func (f Form) Elsewhere(at map[string]string) Form {
	f.at = at
	return f
}

// where is the address of a refused field.
func (f Form) where(name string) string {
	if at := f.at[name]; at != "" {
		return at
	}
	return "#f-" + name
}

// Failed tells whether anything was refused.
func (f Form) Failed() bool { return len(f.Errors) > 0 }

// Kept is a field in words: what is stored in it can be told beside what was typed.
type Kept struct {
	Name, Label string
	Options     []Option // of choices, to tell labels for values
}

// Elsewise tells, of the fields whose stored value is not what stands in the form,
// what is stored.
func (f Form) Elsewise(stored Form, fields []Kept) []Fact {
	var out []Fact
	for _, k := range fields {
		if now := plain(stored.Values[k.Name]); !slices.Equal(now, plain(f.Values[k.Name])) {
			out = append(out, Fact{Name: k.Label, Text: k.words(now)})
		}
	}
	return out
}

// plain brings values to one spelling: without blanks around, and without the empty
// choice that stands where nothing is stored.
func plain(values []string) []string {
	var out []string
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

func (k Kept) words(values []string) string {
	if len(values) == 0 {
		return "没有填写"
	}
	said := slices.Clone(values)
	for i, v := range values {
		for _, o := range k.Options {
			if o.Value == v {
				said[i] = o.Label
			}
		}
	}
	return strings.Join(said, "、")
}

// ordered lists the refused fields: first those named, in that order, then the rest.
func (f Form) ordered(names []string) []string {
	var out []string
	for _, n := range append(slices.Clone(names), slices.Sorted(maps.Keys(f.Errors))...) {
		if f.Errors[n] != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// Input describes one field.
type Input struct {
	Name, Label  string
	As           string // the id's stem where one name stands twice on a page, "" is Name
	Hint         string
	Type         string // HTML type, "" is text
	Autocomplete string // HTML autocomplete token, so that a phone fills it in
	Mode         string // inputmode: numeric, tel, decimal
	Size         string // width: s, m, l; "" is the full width
	Suffix       string // unit after the box: 元, 人
	Optional     bool   // says (选填); fields are required otherwise
	Big          bool   // the label is the page's heading
	Tiles        bool   // Checks as cards
	One          bool   // tiles in one column
	Rows         int    // Textarea
	Max          int    // most characters, 0 for no limit in the browser
	Multiple     bool   // Select, FileField
	Attrs        templ.Attributes
}

// Option is one choice of Select, Radios and Checks.
type Option struct {
	Value, Label string
	Hint         string
	Group        string // Select: <optgroup>
	Disabled     bool
}

// ID is the element id of the field: error summaries and labels point to it.
func (in Input) ID() string {
	if in.As != "" {
		return "f-" + in.As
	}
	return "f-" + in.Name
}

// described lists the ids that explain the field to a screen reader.
func (in Input) described(f Form) string {
	switch hint, bad := in.Hint != "", f.Error(in.Name) != ""; {
	case hint && bad:
		return in.ID() + "-hint " + in.ID() + "-error"
	case hint:
		return in.ID() + "-hint"
	case bad:
		return in.ID() + "-error"
	}
	return ""
}

// attrs are the attributes shared by all one-box fields.
func (in Input) attrs(f Form) templ.Attributes {
	out := templ.Attributes{"id": in.ID(), "name": in.Name}
	put := func(k, v string) {
		if v != "" {
			out[k] = v
		}
	}
	put("aria-describedby", in.described(f))
	put("autocomplete", in.Autocomplete)
	put("inputmode", in.Mode)
	if f.Error(in.Name) != "" {
		out["aria-invalid"] = "true"
	}
	if !in.Optional {
		out["aria-required"] = "true"
	}
	if in.Max > 0 {
		out["maxlength"] = in.Max
	}
	maps.Copy(out, in.Attrs)
	return out
}

// optionID is the id of the i-th choice; the first one is the field's own, so that
// the error summary lands on it.
func (in Input) optionID(i int) string {
	if i == 0 {
		return in.ID()
	}
	return in.ID() + "-" + strconv.Itoa(i)
}
