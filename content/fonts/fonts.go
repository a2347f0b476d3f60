// Package fonts carries the typefaces that official papers are set in, compressed.
// README.md beside this file names their sources, licences and how each file was cut.
package fonts

import "embed"

// Files holds one WOFF2 file per cut, named <cut>.woff2.
// The bytes stay in the program file: nothing is on the heap until a paper is printed.
//
//go:embed *.woff2
var Files embed.FS
