package link

// DeskCourses lists the courses that can be taught.
func DeskCourses() string { return "/desk/school/courses" }

// DeskCourse is a course with its editions and classes.
func DeskCourse(key string) string { return path("/desk/school/courses/", key) }

// DeskCourseDo is a part of a course, and where an act on it is posted.
func DeskCourseDo(key, verb string) string { return path("/desk/school/courses/", key, "/", verb) }

// DeskLecturers lists who teaches.
func DeskLecturers() string { return "/desk/school/lecturers" }

// DeskLecturer is a lecturer's particulars.
func DeskLecturer(key string) string { return path("/desk/school/lecturers/", key) }

// DeskLecturerDo is where an act on a lecturer is posted.
func DeskLecturerDo(key, verb string) string { return path("/desk/school/lecturers/", key, "/", verb) }

// DeskClasses lists the classes.
func DeskClasses() string { return "/desk/school/classes" }

// DeskClass is a class with its people and their attendance.
func DeskClass(key string) string { return path("/desk/school/classes/", key) }

// DeskClassDo is a part of a class, and where an act on it is posted.
func DeskClassDo(key, verb string) string { return path("/desk/school/classes/", key, "/", verb) }

// DeskSeat is a person in a class.
func DeskSeat(key, learner string) string {
	return path("/desk/school/classes/", key, "/people/", learner)
}

// DeskSeatDo is where an act on a person in a class is posted.
func DeskSeatDo(key, learner, verb string) string { return DeskSeat(key, learner) + "/" + verb }

// LearnCourses lists one's own classes and those to sign up for.
func LearnCourses() string { return "/learn/courses" }

// LearnClassDo is where one signs up for a class or withdraws, and its calendar file.
func LearnClassDo(key, verb string) string { return path("/learn/courses/", key, "/", verb) }

// LearnAttend leads to signing in by the digits on the screen.
func LearnAttend() string { return "/learn/attend" }

// LearnSign is where one signs in to a class or out of it.
func LearnSign(key string) string { return path("/learn/attend/", key) }
