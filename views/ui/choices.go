package ui

import "strconv"

// slotID makes the first slot of a page the field's own element, for the error summary.
func slotID(in Input, day, i int) string {
	if day == 0 && i == 0 {
		return in.ID()
	}
	return in.ID() + "-" + strconv.Itoa(day) + "-" + strconv.Itoa(i)
}

func slotKind(in Input) string {
	if in.Multiple {
		return "checkbox"
	}
	return "radio"
}
