//go:build !sqlite_fts5

package db

// The binary needs SQLite's full text search. This line does not compile, so that
// a forgotten tag is found by the compiler and not by a resident: build with
// -tags sqlite_fts5 (the README's commands do).
var _ = build_with_tags_sqlite_fts5
