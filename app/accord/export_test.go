package accord

// CheckBody is the clarity check on a text alone.
func CheckBody(b Body, f Form, reached string, parties map[string]string, issues []Issue) []Finding {
	return checked{body: b, form: f, reached: reached, parties: parties, issues: issues}.check()
}
