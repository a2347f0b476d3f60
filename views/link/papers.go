package link

// Papers lists the papers of a case.
func Papers(caseKey string) string { return path("/cases/", caseKey, "/papers") }

// Paper is one paper of a case: its form, and for whom when there are several.
func Paper(caseKey, form, subject string) string {
	return With(path("/cases/", caseKey, "/papers/", form), "for", subject)
}

// PaperDo is where an act on a paper is posted.
func PaperDo(caseKey, form, verb string) string {
	return path("/cases/", caseKey, "/papers/", form, "/"+verb)
}

// Printed is a paper as it was printed.
func Printed(caseKey, key string) string { return path("/cases/", caseKey, "/printed/", key, ".pdf") }

// PrintedAgain is where a printed paper is asked for once more.
func PrintedAgain(caseKey, key string) string {
	return path("/cases/", caseKey, "/printed/", key, "/again")
}

// Slip is the form of facts that only a paper needs.
func Slip(caseKey, kind, subject string) string {
	return With(path("/cases/", caseKey, "/slips/", kind), "for", subject)
}

// SlipDo is where a slip is posted; verb "" keeps it.
func SlipDo(caseKey, kind, verb string) string {
	if verb == "" {
		return path("/cases/", caseKey, "/slips/", kind)
	}
	return path("/cases/", caseKey, "/slips/", kind, "/"+verb)
}
