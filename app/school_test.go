package app_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tiaojie/views/browsertest"
)

const chapterPath = "/learn/books/xinren/xinren-session"

func TestTheSchoolIsOpenToEverybody(t *testing.T) {
	s := newSite(t, "")
	v := s.visitor()
	if a := v.get("/"); !strings.Contains(a.body, `href="/school"`) {
		t.Error("nothing leads to the school")
	}
	a := v.get("/school")
	for _, want := range []string{"新任人民调解员入门", "第17章 头一个月", "按七步主持一场面对面的调解", "《人民调解法》第二十二条"} {
		if !strings.Contains(a.text(), want) {
			t.Errorf("the school doesn't say %q", want)
		}
	}
	if strings.Contains(a.body, `href="/learn`) {
		t.Error("a visitor is led to a page that refuses him")
	}
}

// A mediator reads, answers, notes and finishes without a single script.
func TestReadingAChapterWithoutScripts(t *testing.T) {
	s := newSite(t, "")
	m := s.as("mediator")
	if a := m.get("/learn"); !strings.Contains(a.text(), "开始读：人民调解是什么") || !strings.Contains(a.text(), "已读0章，共17章") {
		t.Fatal(a.text())
	}
	page := m.get(chapterPath)
	for _, want := range []string{"学完这一章，您能", "一个案子", "本章依据", "《民法典》", "上一章", "下一章"} {
		if !strings.Contains(page.text(), want) {
			t.Errorf("the chapter lacks %q", want)
		}
	}

	a := m.submit(page, chapterPath+"/check", url.Values{"question": {"q-xinren-0401"}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "还没有作答") {
		t.Errorf("an empty answer: %d", a.status)
	}
	answer := func(q string, fill url.Values) answer {
		t.Helper()
		fill.Set("question", q)
		return m.follow(m.submit(m.get(chapterPath), chapterPath+"/check", fill))
	}
	if a = answer("q-xinren-0401", url.Values{"choice": {"0"}}); !strings.Contains(a.text(), "不对，看看解析") || !strings.Contains(a.text(), "把刺人的词又重复了一遍") {
		t.Error("a wrong answer isn't explained")
	}
	if a = m.get(chapterPath + "?redo=q-xinren-0401"); strings.Contains(a.text(), "不对，看看解析") {
		t.Error("the question isn't asked again")
	}
	answer("q-xinren-0401", url.Values{"choice": {"2"}})
	answer("q-xinren-0402", url.Values{"choice": {"0", "1", "2", "3"}})
	answer("q-xinren-0403", url.Values{"choice": {"1"}})
	answer("q-xinren-0404", url.Values{"text": {"４７６０"}})
	answer("q-xinren-0405", url.Values{"match-0": {"0"}, "match-1": {"1"}, "match-2": {"2"}, "match-3": {"3"}})
	answer("q-xinren-0406", url.Values{"choice": {"2"}})
	if a = m.get("/learn"); strings.Contains(a.text(), "已读1章") {
		t.Error("done before all is answered")
	}
	if a = answer("q-xinren-0407", url.Values{"text": {"行政"}}); !strings.Contains(a.text(), "已学完（练习通过）") || !strings.Contains(a.text(), "练习共7题，已答7题，得15/15分") {
		t.Error("all exercises are right, and nothing is learnt")
	}

	const other = "/learn/books/xinren/xinren-caucus"
	page = m.get(other)
	if a = m.follow(m.submit(page, other+"/done", nil)); !strings.Contains(a.body, "再读约4分钟") {
		t.Errorf("read in no time: %s", a.text()[:200])
	}
	s.clock.Advance(5 * time.Minute)
	if a = m.follow(m.submit(page, other+"/done", nil)); !strings.Contains(a.text(), "已读完") {
		t.Error("five minutes of reading don't count")
	}
	if a = m.get("/learn"); !strings.Contains(a.text(), "已读2章，共17章") || !strings.Contains(a.text(), "接着读：") {
		t.Error(a.text())
	}
	if a = s.as("clerk").get("/learn"); !strings.Contains(a.text(), "已读0章") {
		t.Error("another's progress is shown")
	}
}

var noteLink = regexp.MustCompile(`edit=([0-9a-z]{16})#`)

func TestNotesAreOnesOwn(t *testing.T) {
	s := newSite(t, "")
	m, other := s.as("mediator"), s.as("clerk")
	page := m.get(chapterPath + "?note=1")
	a := m.submit(page, chapterPath+"/notes", url.Values{"note": {"记住这句"}, "quote": {"书里没有"}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "记住这句") || !strings.Contains(a.text(), "这几个字不在这一段里") {
		t.Fatalf("%d %s", a.status, a.text()[:300])
	}
	a = m.follow(m.submit(page, chapterPath+"/notes", url.Values{"note": {"记住这句"}, "quote": {"充分听取陈述"}}))
	key := noteLink.FindStringSubmatch(a.body)
	if key == nil || !strings.Contains(a.text(), "记住这句") {
		t.Fatal("the note isn't shown")
	}
	if strings.Contains(other.get(chapterPath).body, "记住这句") {
		t.Error("a note is read by somebody else")
	}
	form := other.get(chapterPath).form(chapterPath + "/check")
	for _, verb := range []string{"edit", "remove"} {
		form.Set("note", "x")
		form.Set("version", "1")
		if a := other.post(chapterPath+"/notes/"+key[1]+"/"+verb, form); a.status != http.StatusNotFound {
			t.Errorf("another's note: %s answers %d", verb, a.status)
		}
	}
	edit := m.get(chapterPath + "?edit=" + key[1])
	address := chapterPath + "/notes/" + key[1] + "/edit"
	if a = m.submit(edit, address, url.Values{"note": {""}}); a.status != http.StatusUnprocessableEntity || a.form(address) == nil {
		t.Errorf("an emptied note: %d", a.status)
	}
	m.follow(m.submit(edit, address, url.Values{"note": {"改过的"}}))
	a = m.submit(edit, address, url.Values{"note": {"晚到的"}})
	if a.status != http.StatusConflict || !strings.Contains(a.body, "晚到的") {
		t.Errorf("a stale note: %d", a.status)
	}
	if a = m.get("/learn/books/xinren"); !strings.Contains(a.text(), "改过的") {
		t.Error("the book doesn't list the note")
	}
	a = m.follow(m.submit(m.get(chapterPath), chapterPath+"/notes/"+key[1]+"/remove", nil))
	if strings.Contains(a.text(), "改过的") {
		t.Error("a removed note is still there")
	}
}

// The page says by script that it is read; the sign is JSON and needs the form's token.
func TestTheReadingSign(t *testing.T) {
	s := newSite(t, "")
	m := s.as("mediator")
	token := m.get(chapterPath).token()
	a := m.post(chapterPath+"/beat", url.Values{"csrf": {token}, "no": {"1"}, "block": {"3"}})
	if a.status != http.StatusOK || a.body != "{\"done\":false,\"say\":\"已读约1分钟\"}\n" {
		t.Errorf("%d %s", a.status, a.body)
	}
	for want, form := range map[int]url.Values{http.StatusConflict: {"csrf": {token}, "no": {"2"}}, http.StatusForbidden: {"no": {"1"}}} {
		if a := m.post(chapterPath+"/beat", form); a.status != want {
			t.Errorf("%v answers %d", form, a.status)
		}
	}
	if a := m.get("/learn"); !strings.Contains(a.body, chapterPath+"#b-3") {
		t.Error("going on doesn't lead to where the reading stopped")
	}
}

// Each page of a session leads to the chapters that explain it.
func TestTheSessionLeadsToTheTextbook(t *testing.T) {
	s := newSite(t, "")
	m := s.as("mediator")
	session := "/desk/sessions/" + s.objects()["mediator"].mine["session"]
	for part, step := range map[string]string{"": "brief", "/table": "disclose", "/record": "record", "/proposals": "proposals", "/finish": "agreement"} {
		if a := m.get(session + part); !strings.Contains(a.body, `href="/learn/steps/`+step+`"`) {
			t.Errorf("%q doesn't lead to %s", part, step)
		}
		if a := m.get("/learn/steps/" + step); a.status != http.StatusOK || !strings.Contains(a.body, `href="/learn/books/xinren/`) {
			t.Errorf("%s answers %d", step, a.status)
		}
	}
}

func TestSearchAndPrintOfTheBook(t *testing.T) {
	s := newSite(t, "")
	m := s.as("mediator")
	if a := m.get("/learn/books/xinren?q=" + url.QueryEscape("回避")); !strings.Contains(a.body, "<mark>回避</mark>") || !strings.Contains(a.body, "#b-") {
		t.Error("two characters find nothing")
	}
	if a := m.get("/learn/books/xinren?q=" + url.QueryEscape("<b>")); !strings.Contains(a.text(), "书里没有找到") || strings.Contains(a.body, "<b>") {
		t.Error("a query comes back as markup")
	}
	plain, full := m.get("/learn/books/xinren/print"), m.get("/learn/books/xinren/print?answers=1")
	if n := strings.Count(plain.body, `class="chapter"`); n != 17 || strings.Contains(plain.body, "答案与解析</h1>") || !strings.Contains(full.body, "答案与解析</h1>") {
		t.Errorf("%d chapters on paper", n)
	}
	if a := m.get(chapterPath + "/print"); strings.Count(a.body, `class="chapter"`) != 1 || !strings.Contains(a.body, "《新任人民调解员入门》2026年第1版") {
		t.Error("the chapter's paper")
	}
}

// The trainer writes a new edition in the browser, with a clash on the way, and readers are told.
func TestANewEditionInTheBrowser(t *testing.T) {
	s := newSite(t, "")
	trainer, m := s.as("trainer"), s.as("mediator")
	const desk = "/desk/school/textbooks/xinren"
	const chapter = desk + "/chapters/xinren-caucus"
	page := m.get("/learn/books/xinren/xinren-caucus")
	s.clock.Advance(10 * time.Minute)
	m.follow(m.submit(page, "/learn/books/xinren/xinren-caucus/done", nil))
	if a := trainer.get("/desk/school"); !strings.Contains(a.body, `href="/desk/school/textbooks"`) {
		t.Error("the trainer's desk doesn't lead to the textbooks")
	}
	trainer.follow(trainer.submit(trainer.get(desk), desk+"/draft", nil))

	first, second := trainer.get(chapter), trainer.get(chapter)
	a := trainer.follow(trainer.submit(first, chapter+"/text", url.Values{"body": {"第一段，改过。\r\n\r\n第二段。"}}))
	if !strings.Contains(a.body, "已保存") || !strings.Contains(a.body, "第一段，改过。\n\n第二段。</textarea>") {
		t.Error("the text isn't saved")
	}
	clash := trainer.submit(second, chapter+"/text", url.Values{"body": {"别人写的一段。"}})
	if !strings.HasPrefix(clash.location, chapter+"/diff/") {
		t.Fatalf("%d %s", clash.status, clash.location)
	}
	diff := trainer.follow(clash)
	if !strings.Contains(diff.text(), "别人写的一段。") || !strings.Contains(diff.text(), "第一段，改过。") {
		t.Error("a text is lost")
	}
	trainer.follow(trainer.submit(diff, clash.location, url.Values{"body": {"第一段，改过。\n\n别人写的一段。\n\n<b>粗</b>"}}))

	save := trainer.get(chapter).form(chapter + "/text")
	saved := trainer.post(chapter+"/save", url.Values{"csrf": save["csrf"], "field": {"body"}, "version": save["version-body"], "value": {"第一段，改过。\n\n<b>粗</b>"}})
	if saved.status != http.StatusOK || !strings.Contains(saved.body, `"version":4`) {
		t.Errorf("%d %s", saved.status, saved.body)
	}
	review := trainer.get(desk + "/review")
	a = trainer.submit(review, desk+"/submit", url.Values{"edition": {"2027年第1版"}, "notes": {"背靠背一章重写"}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(), "第6章《背靠背") || !strings.Contains(a.body, "2027年第1版") {
		t.Errorf("HTML is submitted: %d", a.status)
	}
	trainer.follow(trainer.submit(trainer.get(chapter), chapter+"/text", url.Values{"body": {"第一段，改过。\n\n讲完了。"}}))
	facts := trainer.submit(trainer.get(chapter), chapter+"/facts", url.Values{"title": {"背靠背"}, "minutes": {"0"}, "laws": {"某法"}})
	if facts.status != http.StatusUnprocessableEntity || !strings.Contains(facts.text(), "学习时长请填1到600分钟") || !strings.Contains(facts.body, "讲完了。") {
		t.Errorf("%d", facts.status)
	}
	trainer.follow(trainer.submit(trainer.get(desk+"/review"), desk+"/submit", url.Values{"edition": {"2027年第1版"}, "notes": {"背靠背一章重写"}}))
	review = trainer.get(desk + "/review")
	if !strings.Contains(review.text(), "已有1人读完") {
		t.Error("the review doesn't say who is concerned")
	}
	fill := url.Values{"again": {"xinren-caucus"}}
	if a = trainer.submit(review, desk+"/publish", fill); a.status != http.StatusUnprocessableEntity {
		t.Errorf("published by who submitted it: %d", a.status)
	}
	fill.Set("reviewer", "审读人甲")
	if a = trainer.follow(trainer.submit(review, desk+"/publish", fill)); !strings.Contains(a.text(), "要再读的人（1人）") {
		t.Error(a.text())
	}
	if a = m.get("/learn"); !strings.Contains(a.text(), "2027年第1版") || !strings.Contains(a.text(), "新版改过，请再读") {
		t.Error(a.text())
	}
	if a = m.get("/learn/books/xinren/xinren-caucus"); !strings.Contains(a.text(), "您读过的这一章，新版有改动") || !strings.Contains(a.text(), "讲完了。") {
		t.Error("the reader isn't told of the change")
	}
	if a = s.visitor().get("/school"); !strings.Contains(a.text(), "2027年第1版") {
		t.Error("the school shows an old edition")
	}
}

var pictureLine = regexp.MustCompile(`!\[茶桌\]\([0-9a-z]{16}\.png\)`)

// A picture goes into the text by the line that the upload gives, and out to readers with the edition. A chapter
// that was taken out is still there for who remembers it (edge case 64).
func TestAPictureAndATakenOutChapter(t *testing.T) {
	s := newSite(t, "")
	trainer, m := s.as("trainer"), s.as("mediator")
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(drawnPNG(t), "data:image/png;base64,"))
	if err != nil {
		t.Fatal(err)
	}
	trainer.follow(trainer.submit(trainer.get("/desk/school/textbooks/new"), "/desk/school/textbooks/new",
		url.Values{"title": {"接访"}, "authors": {"演示组"}, "organiser": {"演示学校"}, "licence": {"内部"}}))
	desk := regexp.MustCompile(`/desk/school/textbooks/b-[0-9a-z]{16}`).FindString(trainer.get("/desk/school/textbooks").body)
	var chapters []string
	for _, title := range []string{"留下的", "删去的"} {
		a := trainer.submit(trainer.get(desk+"/chapters/new"), desk+"/chapters/new", url.Values{"title": {title}, "minutes": {"5"}, "objectives": {"会"}})
		chapters = append(chapters, a.location)
	}
	images := chapters[0] + "/images"
	if a := trainer.upload(trainer.get(chapters[0]), images, map[string]string{"alt": "茶桌"}, "photo", "x.png", []byte("no picture")); a.status != http.StatusUnprocessableEntity {
		t.Errorf("anything passes as a picture: %d", a.status)
	}
	line := pictureLine.FindString(trainer.follow(trainer.upload(trainer.get(chapters[0]), images, map[string]string{"alt": "茶桌"}, "photo", "茶桌.png", raw)).body)
	if line == "" {
		t.Fatal("the upload doesn't say how to show it")
	}
	publish := func(notes string) {
		t.Helper()
		trainer.follow(trainer.submit(trainer.get(desk+"/review"), desk+"/submit", url.Values{"edition": {notes}, "notes": {notes}}))
		trainer.follow(trainer.submit(trainer.get(desk+"/review"), desk+"/publish", url.Values{"reviewer": {"审读人甲"}}))
	}
	for i, body := range []string{"一段。\n\n" + line, "旧文。"} {
		trainer.follow(trainer.submit(trainer.get(chapters[i]), chapters[i]+"/text", url.Values{"body": {body}}))
	}
	publish("初版")
	read := func(i int) string {
		return strings.Replace(strings.Replace(chapters[i], "/desk/school/textbooks/", "/learn/books/", 1), "/chapters/", "/", 1)
	}
	src := regexp.MustCompile(`<img src="(/learn/books/[^"]*)" alt="茶桌"`).FindStringSubmatch(m.get(read(0)).body)
	if src == nil {
		t.Fatal("the chapter doesn't show the picture")
	}
	if a := m.get(src[1]); a.status != http.StatusOK || a.header.Get("Content-Type") != "image/png" {
		t.Errorf("the picture answers %d %s", a.status, a.header.Get("Content-Type"))
	}
	if a := s.visitor().get(src[1]); a.status != http.StatusUnauthorized {
		t.Errorf("a stranger gets the picture: %d", a.status)
	}
	trainer.follow(trainer.submit(trainer.get(desk), desk+"/draft", nil))
	trainer.follow(trainer.submit(trainer.get(desk), chapters[1]+"/move", url.Values{"way": {"out"}}))
	publish("删一章")
	if a := m.get(read(1)); a.status != http.StatusOK || !strings.Contains(a.text(), "已经删去") || !strings.Contains(a.text(), "旧文。") || a.form(read(1)+"/done") != nil {
		t.Errorf("%d %s", a.status, a.text())
	}
}

// Writing saves itself; the button right after it is no clash with oneself.
func TestWritingAChapterInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	s := newSite(t, "")
	const desk = "/desk/school/textbooks/xinren"
	const chapter = desk + "/chapters/xinren-caucus"
	trainer := s.as("trainer")
	trainer.follow(trainer.submit(trainer.get(desk), desk+"/draft", nil))
	b := browsertest.Open(t)
	signIn(b, s, "trainer")
	b.Go(s.server.URL + chapter)
	b.Type("#f-body", "新写的一句。")
	b.Wait(`document.querySelector("[data-autosave-status]").textContent.indexOf("已保存") === 0`)
	if !strings.Contains(trainer.get(chapter).body, "新写的一句。") {
		t.Error("what was typed isn't saved")
	}
	b.Type("#f-body", "又一句。")
	b.Click("form[data-autosave] button[type=submit]")
	b.Wait(`document.querySelector("[data-testid=flash]") !== null`)
	if a := trainer.get(chapter); !strings.Contains(a.body, "又一句。") || strings.Contains(a.text(), "两个人都改过") {
		t.Error("the button clashes with what the page itself has saved")
	}
	// The reader's page says that it is read, and takes the mark for pages without scripts away.
	signIn(b, s, "mediator")
	b.Go(s.server.URL + chapterPath)
	b.Wait(`document.querySelector("[data-reading-opened]").value === ""`)
	b.Faultless("reader")
}
