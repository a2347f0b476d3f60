package app_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"tiaojie/db"
	"tiaojie/views/browsertest"
)

// walk is one person after another at one browser, through the whole of a case.
type walk struct {
	*browsertest.Browser
	t     *testing.T
	s     *site
	shot  int
	plain bool // without JavaScript: the checks, which are scripts, are left out
}

func newWalk(t *testing.T) *walk {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	return &walk{Browser: browsertest.Open(t), t: t, s: newSite(t, "")}
}

func (w *walk) open(path string) {
	w.t.Helper()
	w.Go(w.s.server.URL + path)
}

// see waits until the page says these words, then looks at the page as a whole.
func (w *walk) see(words string) {
	w.t.Helper()
	w.await(words)
	if w.plain {
		return
	}
	w.shot++
	w.Shot(os.Getenv("SHOTS"), fmt.Sprintf("journey-%02d", w.shot))
	w.Check(words)
}

func (w *walk) await(words string) {
	w.t.Helper()
	w.Wait(fmt.Sprintf(`document.readyState === "complete" && document.querySelector("main").innerText.includes(%q)`, words))
}

// act presses the button of the form whose action ends so; its fold is opened first.
func (w *walk) act(action, button string) {
	w.t.Helper()
	form := fmt.Sprintf(`form[action$=%q]`, action)
	w.unfold(form)
	w.Click(form + " " + button)
}

func (w *walk) unfold(form string) {
	w.t.Helper()
	browsertest.Eval[bool](w.Browser, fmt.Sprintf(`(function () {
		const fold = document.querySelector(%q).closest("details");
		if (fold && !fold.open) fold.querySelector("summary").click();
		return true;
	})()`, form))
}

// sure agrees to the question before an act that can't be taken back.
func (w *walk) sure() {
	w.t.Helper()
	w.Click("dialog .btn-primary")
}

const submit = "[type=submit]"

// slot spells a time of an hour and a half as the forms do.
func slot(day, clock string) string {
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, db.Shanghai)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("%d-%d", at.Unix(), at.Add(90*time.Minute).Unix())
}

const theDay = "2026-11-30" // a Monday; the mediator's morning and the liaison's meet

// TestTheWholeWay walks a case from the phone of the person who asks to the printed
// record, through every hand it passes.
func TestTheWholeWay(t *testing.T) {
	w := newWalk(t)
	mediator := w.s.objects()["mediator"].mine["mediator"]

	w.Size(390, 800)
	w.open("/mediators/" + mediator)
	w.Click(`a[href*="/apply?mediator="]`)
	number, _ := w.apply(mediator)

	code := w.invite(number)
	w.answer(code, mediator)
	w.schedule(number)
	session := w.confirm(number)

	at, _ := time.ParseInLocation("2006-01-02 15:04", theDay+" 08:55", db.Shanghai)
	w.s.clock.Set(at)
	w.Size(820, 1100)
	w.prepare(session)
	w.write(session)
	w.twoTabs(session)
	w.settle(session)
	w.agreement(session)
	w.paper(session)
}

// TestResidentWithoutScripts walks the resident's side with JavaScript off: asking, the
// receipt, the progress, the other side's answer.
func TestResidentWithoutScripts(t *testing.T) {
	w := newWalk(t)
	w.plain = true
	mediator := w.s.objects()["mediator"].mine["mediator"]
	w.Size(390, 800)
	w.Scripts(false)
	w.open("/apply?mediator=" + mediator)
	number, code := w.apply(mediator)
	w.track(number, code, "现在由街道窗口处理")
	w.answer(w.invite(number), mediator)
	w.track(number, code, "都同意")
}

// track looks up the progress by number and code.
func (w *walk) track(number, code, says string) {
	w.t.Helper()
	w.open("/track")
	w.Type("main [name=number]", number)
	w.Type("main [name=code]", code)
	w.act("/track", submit)
	w.see(number)
	if text := w.Text("main"); !strings.Contains(text, says) || strings.Contains(text, "乐演邻") || strings.Contains(text, "天花板") {
		w.t.Errorf("the progress should say %q and nothing personal:\n%s", says, text)
	}
}

// apply fills in the four screens and gives the number and the code of the receipt.
func (w *walk) apply(mediator string) (number, code string) {
	w.t.Helper()
	w.see("发生了什么")
	w.Click(`[name=type][value=neighbour]`)
	w.Type("[name=words]", "楼上漏水,天花板泡坏了,希望修好并赔偿。")
	w.Type("[name=place]", "示例花园 3 栋")
	w.Click(submit + ".btn-primary")
	w.see("您和对方")
	w.Type("[name=me_name]", "安示民")
	w.Type("[name=me_phone]", "13900000001")
	w.Type("[name=other_name]", "乐演邻")
	w.Type("[name=other_phone]", "13900000002")
	w.Click(submit + ".btn-primary")
	w.see("选调解员和时间")
	if !browsertest.Eval[bool](w.Browser, fmt.Sprintf("document.querySelector('[type=checkbox][value=%q]').checked", mediator)) {
		w.t.Error("the mediator chosen in the marketplace is not ticked")
	}
	w.Click(fmt.Sprintf("[name=slots][value=%q]", slot(theDay, "09:00")))
	w.Click(fmt.Sprintf("[name=slots][value=%q]", slot(theDay, "10:30")))
	w.Click(submit + ".btn-primary")
	w.see("核对一下")
	for _, words := range []string{"安示民", "乐演邻", "天花板", "11月30日"} {
		if !strings.Contains(w.Text("main"), words) {
			w.t.Errorf("the check misses %s:\n%s", words, w.Text("main"))
		}
	}
	w.Click("[name=privacy]")
	w.Click("[name=go][value=send]")
	w.see("申请已收到")
	kept := strings.Fields(browsertest.Eval[string](w.Browser, `[...document.querySelectorAll(".panel-number dd")].map(e => e.textContent.replace(/\s/g, "")).join(" ")`))
	if len(kept) < 2 {
		w.t.Fatalf("the receipt shows no number and code: %q", kept)
	}
	return kept[0], kept[1]
}

// casePage finds the case by its number, as a clerk does.
func (w *walk) casePage(number string) {
	w.t.Helper()
	w.open("/cases?q=" + number)
	w.Click("tbody .row-link")
	w.await("当事人")
}

func (w *walk) invite(number string) (code string) {
	w.t.Helper()
	signIn(w.Browser, w.s, "clerk")
	w.Size(1440, 900)
	w.casePage(number)
	w.unfold(`form[action$="/invite"]`)
	w.Click(`[name=channel][value=letter]`)
	w.act("/invite", submit)
	w.see("邀请已发出")
	return w.Text(".panel-number dd")
}

// answer is the other side with the code of the letter, on a phone.
func (w *walk) answer(code, mediator string) {
	w.t.Helper()
	signIn(w.Browser, w.s, "")
	w.Size(390, 800)
	w.open("/i")
	w.Type("[name=code]", code)
	w.act("/i", submit)
	w.see("有人请您一起调解一件事")
	w.Click("[name=agree][value=yes]")
	w.Type("main [name=words]", "水管是公用的,不全是我的责任。")
	w.Click(fmt.Sprintf("[name=mediators][value=%q]", mediator))
	w.Click(fmt.Sprintf("[name=slots][value=%q]", slot(theDay, "09:00")))
	w.Click("[name=privacy]")
	w.act("/i/"+code, submit)
	w.see("已收到您的答复：愿意调解")
}

func (w *walk) schedule(number string) {
	w.t.Helper()
	signIn(w.Browser, w.s, "clerk")
	w.Size(1440, 900)
	w.casePage(number)
	w.Choose(`form[action$="/accept"] [name=committee]`, fmt.Sprint(w.s.street.Committees[0].ID))
	w.Choose(`form[action$="/accept"] [name=room]`, fmt.Sprint(w.s.street.Rooms[0]))
	w.act("/accept", "[name=liaison]")
	w.act("/accept", submit)
	w.sure()
	w.await("已受理，案号")
	w.Choose("#act-schedule [name=room]", fmt.Sprint(w.s.street.Rooms[0]))
	w.Choose("#act-schedule [name=liaison]", w.liaison())
	w.Click("#act-schedule form[method=get] " + submit)
	w.see("选一个时间")
	w.Click(fmt.Sprintf("[name=slot][value=%q]", slot(theDay, "09:00")))
	w.act("/schedule", submit)
	w.see("已发出排期，等待确认")
}

func (w *walk) liaison() string {
	w.t.Helper()
	var id int64
	if err := w.s.DB.Get(w.t.Context(), &id, `SELECT id FROM accounts WHERE login = 'liaison'`); err != nil {
		w.t.Fatal(err)
	}
	return fmt.Sprint(id)
}

// confirm lets the liaison and the mediator say yes and gives the session's address.
func (w *walk) confirm(number string) (session string) {
	w.t.Helper()
	signIn(w.Browser, w.s, "liaison")
	w.open("/desk/court")
	w.see("安示民与乐演邻")
	w.act("/answer", "[value=yes]")
	w.await("已答复：可以参加")
	signIn(w.Browser, w.s, "mediator")
	w.casePage(number)
	w.act("/answer", "[value=yes]")
	w.see("已答复：可以参加")
	w.await("已确定")
	return strings.TrimPrefix(browsertest.Eval[string](w.Browser, `document.querySelector('a[href^="/desk/sessions/"]:not([href$=".ics"])').pathname`), w.s.server.URL)
}

// prepare is the table before the session: disclosure, who is there, what was told.
func (w *walk) prepare(session string) {
	w.t.Helper()
	signIn(w.Browser, w.s, "mediator")
	w.open("/desk/sessions")
	w.see("安示民与乐演邻")
	w.Click(fmt.Sprintf("a[href=%q]", session))
	w.see("调解前请先说明")
	w.act("/disclose", "[name=none]")
	w.Wait(`!document.querySelector("form[action$='/disclose']")`)
	w.open(session + "/table")
	for i := range 2 {
		w.Choose(w.present(i, "present"), "yes")
		w.Wait(fmt.Sprintf(`document.readyState === "complete" && document.querySelectorAll("select[name=present] option[value=yes][selected]").length === %d`, i+1))
		w.Choose(w.present(i, "document"), "居民身份证")
		w.Wait(fmt.Sprintf(`document.readyState === "complete" && document.querySelectorAll("select[name=document] option[value=居民身份证][selected]").length === %d`, i+1))
	}
	for left := 4; left > 0; left-- {
		w.act("/tell", submit)
		w.Wait(fmt.Sprintf(`document.readyState === "complete" && document.querySelectorAll("form[action$='/tell']").length === %d`, left-1))
	}
	w.see("已告知权利义务")
	w.act("/start", submit)
	w.see("一、告知权利义务")
}

func (w *walk) present(i int, name string) string {
	w.t.Helper()
	id := browsertest.Eval[string](w.Browser, fmt.Sprintf(`document.querySelectorAll("form.presence")[%d].elements[%q].id`, i, name))
	return "#" + id
}

const saved = `document.querySelector("[data-autosave-status]").dataset.state === "saved" && Object.keys(localStorage).filter(k => k.startsWith("tiaojie:text:")).length === 0`

// facts is the box of a party's own words.
func (w *walk) facts(i int) string {
	w.t.Helper()
	return "#" + strings.ReplaceAll(browsertest.Eval[string](w.Browser, fmt.Sprintf(`document.querySelectorAll("textarea[name^='facts~']")[%d].id`, i)), "~", `\~`)
}

const secret = "底线是三千元,别告诉对方"

// write fills in the record, loses the network in mid-sentence and finds every word.
func (w *walk) write(session string) {
	w.t.Helper()
	w.Click(`[data-into="r-rights"]`)
	w.Click(`[data-into="r-principles"]`)
	w.Type("#r-result", "乙方于三十日内修好水管。")
	w.Type(w.facts(1), "愿意找人来看。")
	w.Type(`textarea[name^="caucus~"]`, secret)
	w.Wait(saved)
	w.Type(w.facts(0), "十月起漏水,")
	w.Wait(saved)
	w.Offline(true)
	w.s.down.Store(true) // the last try of a page that closes goes past the emulation
	w.Type(w.facts(0), "说到一半断了网,后面的话也要在。")
	w.Wait(`document.querySelector("[data-autosave-status]").dataset.state === "offline"`)
	whole := browsertest.Eval[string](w.Browser, fmt.Sprintf("document.querySelector(%q).value", w.facts(0)))
	w.Go("about:blank") // the tablet is closed while there is no network
	w.Offline(false)
	w.open(session + "/record")
	w.Wait(`document.querySelector("[data-testid=restore]") !== null`)
	w.s.down.Store(false) // only now: a slow machine makes the closing page's last try late
	w.see("没有送出的文字")
	w.Click("[data-testid=restore] .btn-primary")
	w.Wait(saved)
	w.open(session + "/record")
	if got := browsertest.Eval[string](w.Browser, fmt.Sprintf("document.querySelector(%q).value", w.facts(0))); got != whole || !strings.HasSuffix(got, "也要在。") {
		w.t.Errorf("stored %q, typed %q", got, whole)
	}
}

// twoTabs edits one part in two places: both texts stand on the difference page.
func (w *walk) twoTabs(session string) {
	w.t.Helper()
	w.Tab(func(tab *browsertest.Browser) { w.collide(&walk{Browser: tab, t: w.t, s: w.s, shot: 50}, session) })
}

func (w *walk) collide(other *walk, session string) {
	w.t.Helper()
	other.Size(820, 1100)
	other.open(session + "/record")
	other.Wait(`document.documentElement.classList.contains("js")`)
	w.Type("#r-evidence", "看了照片三张。")
	w.Wait(saved)
	other.Type("#r-evidence", "看了维修单据。")
	other.Wait(`document.querySelector("[data-autosave-status]").dataset.state === "conflict"`)
	other.Click("[data-autosave-status] a")
	other.see("这一部分在两处被改过")
	if got := browsertest.Eval[string](other.Browser, "document.querySelector('[name=text]').value"); got != "看了照片三张。\n看了维修单据。" && got != "看了维修单据。\n看了照片三张。" {
		w.t.Errorf("the difference page holds %q", got)
	}
	other.Click("main form .btn-primary")
	other.Wait(`document.querySelector("#r-evidence") !== null`)
	got := browsertest.Eval[string](other.Browser, "document.querySelector('#r-evidence').value")
	if !strings.Contains(got, "照片三张") || !strings.Contains(got, "维修单据") {
		w.t.Errorf("after settling the record holds %q", got)
	}
	other.Wait(`document.documentElement.classList.contains("js")`)
	if browsertest.Eval[bool](other.Browser, `document.querySelector("[data-testid=restore]") !== null`) {
		w.t.Error("offers words that were joined already")
	}
}

// settle is offers, answers, reading back, and the agreed end.
func (w *walk) settle(session string) {
	w.t.Helper()
	w.open(session + "/record")
	w.see("六、协议内容")
	w.Click("[name=go][value=proposals]")
	w.await("提出一个方案")
	w.Type("[name=text]", "乙方修好水管,并付墙面粉刷费 800 元。")
	w.act("/propose", submit)
	w.await("方案1")
	for i := range 2 {
		w.Click(fmt.Sprintf(`.card .row:nth-of-type(%d) [name=answer][value=yes]`, i+1))
		w.Wait(fmt.Sprintf(`document.readyState === "complete" && [...document.querySelectorAll(".card .row > span")].filter(e => e.textContent.trim() === "同意").length === %d`, i+1))
	}
	w.see("方案1")
	w.open(session + "/finish")
	for left := 2; left > 0; left-- {
		w.act("/read", "[value=宣读]")
		w.Wait(fmt.Sprintf(`document.readyState === "complete" && document.querySelectorAll("form[action$='/read']").length === %d`, left-1))
	}
	w.Click("[name=outcome][value=agreed]")
	w.see("已宣读")
	w.act("/finish", ".btn-final")
	w.sure()
	w.see("笔录已固定")
}

// paper is the printed record: everything said at the table, nothing said alone.
func (w *walk) paper(session string) {
	w.t.Helper()
	w.open(session + "/print")
	w.see("人民调解记录")
	text := w.Text("main")
	for _, words := range []string{"也要在。", "照片三张", "维修单据", "愿意找人来看", "安示民", "乐演邻", "自愿"} {
		if !strings.Contains(text, words) {
			w.t.Errorf("the paper misses %q", words)
		}
	}
	if strings.Contains(text, secret) || strings.Contains(text, "单独沟通") {
		w.t.Error("the paper tells what one side said alone")
	}
}
