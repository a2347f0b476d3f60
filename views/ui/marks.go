package ui

// sealOrder gives the characters in the order in which a right-to-left grid
// takes them: 人民调解 is 人民 in the right column, 调解 in the left.
func sealOrder(text string) []rune {
	r := []rune(text)
	if len(r) == 4 {
		return []rune{r[0], r[2], r[1], r[3]}
	}
	return r
}
