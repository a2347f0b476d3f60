// Package clauses carries the clause library of agreements: one versioned text file per dispute type.
package clauses

import "embed"

// Files holds common.md and one file per main type of dispute; README.md tells the format.
//
//go:embed *.md
var Files embed.FS
