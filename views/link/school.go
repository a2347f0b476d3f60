package link

import "strconv"

// School is the public face of the training school.
func School() string { return "/school" }

// Learn is one's own learning.
func Learn() string { return "/learn" }

// LearnBook is a textbook's contents with one's own progress.
func LearnBook(slug string) string { return path("/learn/books/", slug) }

// LearnChapter is a chapter to read.
func LearnChapter(slug, chapter string) string { return path("/learn/books/", slug, "/", chapter) }

// LearnBlock is a block of a chapter.
func LearnBlock(slug, chapter string, block int) string {
	if block < 0 {
		return LearnChapter(slug, chapter)
	}
	return LearnChapter(slug, chapter) + "#b-" + strconv.Itoa(block)
}

// LearnDo is where an act on a chapter is posted.
func LearnDo(slug, chapter, verb string) string { return LearnChapter(slug, chapter) + "/" + verb }

// PrintBook is a whole textbook for paper.
func PrintBook(slug string) string { return path("/learn/books/", slug, "/print") }

// PrintChapter is a chapter for paper.
func PrintChapter(slug, chapter string) string { return LearnChapter(slug, chapter) + "/print" }

// BookImage is a picture of a textbook.
func BookImage(slug, name string) string { return path("/learn/books/", slug, "/images/", name) }

// BookNote is where one's own note is changed or removed.
func BookNote(slug, chapter, key, verb string) string {
	return LearnChapter(slug, chapter) + path("/notes/", key, "/", verb)
}

// TeachStep leads to the chapters that explain a step of the case screen.
func TeachStep(step string) string { return path("/learn/steps/", step) }

// DeskSchool is the trainer's desk.
func DeskSchool() string { return "/desk/school" }

// DeskBooks lists the textbooks to write and publish.
func DeskBooks() string { return "/desk/school/textbooks" }

// DeskBook is a textbook with its editions and its draft.
func DeskBook(slug string) string { return path("/desk/school/textbooks/", slug) }

// DeskBookDo is a part of a textbook's draft, and where a change of it is posted.
func DeskBookDo(slug, verb string) string { return DeskBook(slug) + "/" + verb }

// DraftChapter is a chapter to write.
func DraftChapter(slug, chapter string) string {
	return path("/desk/school/textbooks/", slug, "/chapters/", chapter)
}

// DraftChapterDo is where a change of a chapter is posted.
func DraftChapterDo(slug, chapter, verb string) string {
	return DraftChapter(slug, chapter) + "/" + verb
}

// DraftClash shows two texts of a chapter.
func DraftClash(slug, chapter, rival string) string {
	return path("/desk/school/textbooks/", slug, "/chapters/", chapter, "/diff/", rival)
}
