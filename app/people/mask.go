package people

import "strings"

// MaskPhone keeps the first three and last four digits of a long number
// (138****8000), the last two of a short one.
func MaskPhone(phone string) string {
	if len(phone) < 10 {
		return maskMiddle(phone, 0, 2)
	}
	return maskMiddle(phone, 3, 4)
}

// MaskID keeps the first three and last four characters of an identity number, which
// hides the day of birth; of a shorter paper's number the first and the last two.
func MaskID(id string) string {
	if len(id) < 15 {
		return maskMiddle(id, 1, 2)
	}
	return maskMiddle(id, 3, 4)
}

// maskMiddle hides all but some characters at both ends; where that would hide fewer
// than three, at least half.
func maskMiddle(text string, head, tail int) string {
	r := []rune(text)
	if len(r) < head+tail+3 {
		head, tail = 0, min(tail, len(r)/2)
	}
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}

// MaskAddress keeps the beginning of an address: the road, not the door.
func MaskAddress(a string) string {
	r := []rune(a)
	if len(r) <= 6 {
		return a
	}
	return string(r[:6]) + "***"
}
