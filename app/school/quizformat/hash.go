package quizformat

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Hash is the SHA-256 of the question's content in hexadecimal. Two questions with the
// same hash are the same for whoever answers, so an import skips the second. ID, title,
// category and tags are labels, not content. The hashed form is the JSON of a normalized
// question behind a version mark; changing it would make every stored version look new.
func (q Question) Hash() string {
	q = q.clone()
	q.Normalize()
	q.ID, q.Title, q.Category, q.Tags = "", "", "", nil
	raw, err := json.Marshal(q)
	if err != nil { // strings and integers always marshal
		panic(err)
	}
	sum := sha256.Sum256(append([]byte("question/1\n"), raw...))
	return hex.EncodeToString(sum[:])
}

// clone copies the slices, so that normalizing a copy leaves the original alone.
func (q Question) clone() Question {
	q.Options = append([]Option(nil), q.Options...)
	q.Answers = append([]Answer(nil), q.Answers...)
	q.Pairs = append([]Pair(nil), q.Pairs...)
	q.Tags = append([]string(nil), q.Tags...)
	return q
}
