package accord

import (
	"strings"

	"tiaojie/app/papers/doc"
	"tiaojie/app/papers/forms"
)

// PaperData is a paper of an agreement: the agreement itself, a letter, a visit.
type PaperData struct {
	Form  string // code of the form
	At    int    // which paper of its kind
	Back  string
	Draft bool
	Case  forms.Case
}

// HTML is the paper in its legal layout.
func (d PaperData) HTML() (string, error) {
	form, _ := forms.Find(d.Form)
	var out strings.Builder
	err := doc.HTML(&out, form.Build(d.Case, d.At))
	return out.String(), err
}
