package textbook

import "unicode"

// readingPace is how many Chinese characters a minute of reading takes in: slow on
// purpose, because the text is to be learnt and many readers are old.
const readingPace = 250

// countWords counts as Chinese word processors do: each character of Chinese, and each
// run of letters or digits, is one. Punctuation doesn't count.
func countWords(s string) int {
	n := 0
	inWord := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r):
			n++
			inWord = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !inWord {
				n++
			}
			inWord = true
		default:
			inWord = false
		}
	}
	return n
}

// ReadingMinutes is how long reading the text takes, exercises aside; at least 1.
func (c Chapter) ReadingMinutes() int { return max(1, (c.Words+readingPace-1)/readingPace) }
