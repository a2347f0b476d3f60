// Package content embeds what is written and not programmed: code tables, texts.
package content

import (
	"embed"
	"io/fs"
)

// Disputes is the code table of dispute types: 15 of the monthly report, and local sub-types.
//
//go:embed disputes.csv
var Disputes []byte

//go:embed textbooks
var textbooks embed.FS

// Textbooks holds one folder per textbook (自编教材), named by its slug, as app/school/textbook loads it.
var Textbooks = sub(textbooks, "textbooks")

func sub(all embed.FS, folder string) fs.FS {
	files, err := fs.Sub(all, folder)
	if err != nil { // the name is a constant
		panic(err)
	}
	return files
}
