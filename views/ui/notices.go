package ui

// toneIcon repeats the tone for those who do not see the colour.
func toneIcon(t Tone) string {
	switch t {
	case Wait:
		return "triangle-alert"
	case Overdue:
		return "clock"
	case None:
		return "info"
	}
	return "circle-check"
}
