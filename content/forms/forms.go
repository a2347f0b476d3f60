// Package forms carries the fixed wording of the official papers and the law they rest on, apart
// from the code, so that a changed law is a changed line here.
package forms

import "embed"

// Files holds citations.csv (key, law, its short name, article, gist) and one Markdown file per fixed text: a line
// is a paragraph, "# " begins a heading, {{key}} is replaced by the citation of that key.
//
//go:embed citations.csv rights.md remedies.md remedies-labour.md confirmation.md address.md
var Files embed.FS
