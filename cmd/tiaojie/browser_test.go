package main

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"time"
)

// browser keeps one person's cookies and reads forms off pages.
type browser struct{ http *http.Client }

func newBrowser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{&http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

type answer struct {
	status         int
	location, body string
}

func (b *browser) get(address string) (answer, error) { return read(b.http.Get(address)) }

func (b *browser) post(address string, form url.Values) (answer, error) {
	return read(b.http.PostForm(address, form))
}

// errCut says that no whole answer came.
var errCut = errors.New("cut off")

// read takes a whole answer: one that breaks off in the middle is none.
func read(res *http.Response, err error) (answer, error) {
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", errCut, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", errCut, err)
	}
	return answer{res.StatusCode, res.Header.Get("Location"), string(raw)}, nil
}

var (
	formMark   = regexp.MustCompile(`(?s)<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>`)
	hiddenMark = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// form gives the hidden fields of the page's posting form with that action, nil when it has none.
func (a answer) form(action string) url.Values {
	for _, m := range formMark.FindAllStringSubmatch(a.body, -1) {
		v := url.Values{}
		for _, in := range hiddenMark.FindAllStringSubmatch(m[2], -1) {
			v.Add(in[1], html.UnescapeString(in[2]))
		}
		if html.UnescapeString(m[1]) == action && v.Has("csrf") {
			return v
		}
	}
	return nil
}

// story fills in what happened and to whom; nobody in it is real.
func story(form url.Values, id string) {
	for k, v := range map[string]string{"type": "neighbour", "words": "楼上漏水，希望修好。", "place": "示例花园 " + id, "me_name": "安示民",
		"me_phone": "191" + id, "other_kind": "person", "other_name": "乐演邻"} {
		form.Set(k, v)
	}
}

// wizard fills in the request for mediation up to its last screen; whole goes through
// each of the four, as a person does.
func (b *browser) wizard(base, id string, whole bool) (url.Values, error) {
	page, err := b.get(base + "/apply")
	if err != nil {
		return nil, err
	}
	form := page.form("/apply")
	if form == nil {
		return nil, fmt.Errorf("/apply has no form:\n%s", page.body)
	}
	story(form, id)
	for step := 0; whole && step < 3; step++ {
		if page, err = b.post(base+"/apply", form); err != nil {
			return nil, err
		}
		if form = page.form("/apply"); form.Get("step") != fmt.Sprint(step+1) {
			return nil, fmt.Errorf("screen %d leads to %q:\n%s", step, form.Get("step"), page.body)
		}
		if step < 2 {
			story(form, id)
		}
	}
	form.Set("step", "3")
	form.Set("privacy", "1")
	form.Set("go", "send")
	return form, nil
}
