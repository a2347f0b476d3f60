package link

// DeskMatrix is people × requirements, the trainer's overview.
func DeskMatrix() string { return "/desk/school/matrix" }

// DeskMatrixDo is where something is done for several people, or the matrix taken out.
func DeskMatrixDo(verb string) string { return path("/desk/school/matrix/", verb) }

// DeskCell is what one person did for one requirement, and where it is added to.
func DeskCell(requirement, learner string, verb ...string) string {
	out := path("/desk/school/matrix/", requirement, "/", learner)
	for _, v := range verb {
		out += "/" + v
	}
	return out
}

// DeskRequirements lists what must be learned.
func DeskRequirements() string { return "/desk/school/requirements" }

// DeskRequirement is one requirement, a part of it, or where a change is posted.
func DeskRequirement(key string, verb ...string) string {
	out := path("/desk/school/requirements/", key)
	for _, v := range verb {
		out += "/" + v
	}
	return out
}

// DeskHistory is where a roster and past training are taken in.
func DeskHistory(verb ...string) string {
	out := "/desk/school/import"
	for _, v := range verb {
		out += "/" + v
	}
	return out
}
