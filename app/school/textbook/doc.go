// Package textbook reads the school's own textbooks (自编教材) from files or drafts, checks
// them, renders them, compares editions and merges drafts. It knows no database.
//
// A book is a folder with book.yaml (title, edition, order of chapters, …) and one Markdown
// file per chapter, which begins with YAML between two lines "---": a stable id that is
// never used again, title, minutes, objectives, laws, tags, steps of the case screen that
// it explains, draft. Questions stand in the text as blocks (package quizformat). A link to
// chapter:ID leads to another chapter, chapter:ID#2 to its second heading. Images lie in the
// book's folder. Raw HTML isn't taken.
//
// Line numbers in problems count from 1 in the file, the front matter included.
package textbook
