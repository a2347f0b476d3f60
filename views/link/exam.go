package link

// DeskBank is the question bank.
func DeskBank() string { return "/desk/school/bank" }

// DeskQuestion is a question of the bank, and with a verb where a change of it is posted.
func DeskQuestion(code string, verb ...string) string { return Setting(DeskBank(), code, verb...) }

// DeskExams lists the school's exams.
func DeskExams() string { return "/desk/school/exams" }

// DeskExam is an exam from the inside, and with a verb a page or act of it.
func DeskExam(key string, verb ...string) string { return Setting(DeskExams(), key, verb...) }

// DeskPaper is somebody's answered paper, to be marked.
func DeskPaper(exam, attempt string) string {
	return path("/desk/school/exams/", exam, "/papers/", attempt)
}

// DeskCertificates lists the certificates.
func DeskCertificates() string { return "/desk/school/certificates" }

// DeskCertificate is a certificate from the inside, and with a verb where an act is posted.
func DeskCertificate(key string, verb ...string) string {
	return Setting(DeskCertificates(), key, verb...)
}

// LearnExams lists one's own exams.
func LearnExams() string { return "/learn/exams" }

// LearnExam is an exam to sit.
func LearnExam(key string, verb ...string) string { return Setting(LearnExams(), key, verb...) }

// LearnPaper is one's own attempt at an exam, while it runs and after, and with a verb where
// an act on it is posted.
func LearnPaper(exam, attempt string, verb ...string) string {
	return Setting(path("/learn/exams/", exam), attempt, verb...)
}

// LearnCertificates lists one's own certificates.
func LearnCertificates() string { return "/learn/certificates" }

// LearnCertificate is a certificate to print.
func LearnCertificate(key string) string { return path("/learn/certificates/", key) }

// Verify is where anybody checks a certificate by the code printed on it.
func Verify(token string) string { return path("/v/", token) }
