package textbook

import "strings"

// SearchText is what a search over chapters looks through, one line for each part: title,
// objectives, laws, tags, then the text. The store's index cuts it into pairs of characters.
func (c Chapter) SearchText() string {
	lines := append([]string{c.Title}, c.Objectives...)
	for _, l := range c.Laws {
		lines = append(lines, l.Name+l.Article)
	}
	lines = append(lines, c.Tags...)
	for _, b := range c.Blocks {
		lines = append(lines, b.Text)
	}
	return strings.Join(lines, "\n")
}
