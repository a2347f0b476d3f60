// Package exam holds the rules of exams (考试) that need no database: which questions a
// paper gets, until when an attempt runs, who passed, and what the answers say about the
// questions. Points are whole numbers throughout; nothing is rounded up.
package exam
