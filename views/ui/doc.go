// Package ui holds the parts that every page is built from. They know no domain
// type: a page turns its own into strings first. All of them work without
// JavaScript; data-… attributes switch improvements on (static/src/js).
//
// # Forms
//
// Form is the model of one form: values as typed, errors by field, tokens. Build
// it with New (empty), Filled (from what is stored) or Refused (from the request).
//
//	f := ui.Refused(c.Request().PostForm, map[string]string{"phone": "请填写手机号"}, csrf, idem)
//	if f.Value("kind") == "" { … }          // also f.Error(name), f.Has(name, value)
//
// FormTag opens <form method=post novalidate> and puts CSRF and Idem in; children
// are the fields. FormTag(f, action, attrs) takes data-keep="…" (text survives a
// closed phone), data-autosave="/url" (with an id), enctype.
//
//	@ui.FormTag(f, link.Apply(), templ.Attributes{"data-keep": "apply"}) { … }
//	@ui.Hidden("mediator", key)
//
// With data-autosave each field carries data-version (in Input.Attrs) and the URL
// answers one field at a time: form values field, value (repeated), version, csrf.
//
//	200 {"saved":"14:03","version":8}   409 {"conflict":"/where/both/versions/stand"}   422 {"error":"…"}
//
// A try may arrive twice: the same value on the version before is saved, not a
// conflict. SaveState is the line where 「已保存 14:03」 stands.
//
//	@ui.FormTag(f, url, templ.Attributes{"id": "record-"+key, "data-autosave": url + "/save"}) { @ui.SaveState("已保存 14:03") … }
//
// ErrorSummary stands first on the page of a refused form and links to the fields;
// names give the order of the page. Set layout.Page.Errors as well.
//
//	@ui.ErrorSummary(f, "happened", "phone")
//
// Field, Textarea, Select, Radios, Checks, DateField, TimeField, FileField take the
// form and an Input: label, hint, error and old value are placed by themselves.
// Input.Big makes the label the heading of a page that asks one thing.
//
//	@ui.Field(f, ui.Input{Name: "phone", Label: "手机号", Type: "tel", Autocomplete: "tel", Size: "m"})
//	@ui.Radios(f, ui.Input{Name: "kind", Label: "是哪一类的事?", Big: true}, []ui.Option{{Value: "neighbour", Label: "邻里", Hint: "噪音、漏水"}})
//
// Radios are tiles; Checks too when Input.Tiles is set, else a plain list; Agree is
// a single consent box. Slots are radio tiles (or links) grouped by day.
//
//	@ui.Agree(f, ui.Input{Name: "privacy", Label: "我已阅读并同意"})
//	@ui.Slots(f, ui.Input{Name: "slot"}, []ui.SlotDay{{Date: "11月26日", Week: "周四", Slots: …}})
//
// # Actions
//
// Button(label, kind, attrs) submits; kind is Primary (one a page), Plain,
// Secondary, Quiet or Final (cannot be taken back). attrs may hold name, value,
// data-confirm="…?", formaction. IconButton is the same with an icon before the words.
//
//	@ui.Button("受理", ui.Primary, templ.Attributes{"name": "verb", "value": "accept"})
//	@ui.LinkButton("申请调解", link.Apply(), ui.Primary)    // ui.BigLink: the one door of a page
//
// Actions lays buttons in a row (full width on phones); PostButton is a whole
// one-button form, for moves that need nothing typed.
//
//	@ui.Actions() { @ui.Button(…) @ui.LinkButton(…) }
//	@ui.PostButton(f, "/cases/x/accept", "受理", ui.Primary, templ.Attributes{"data-confirm": "受理后即编号,确定?"})
//
// PrintButton and CopyButton appear only where JavaScript can act.
//
//	@ui.PrintButton("打印")
//	@ui.CopyButton("复制查询码", code)
//
// # Data
//
// Table is the frame and head, children are the rows: write <tr data-href=…> with
// Cell, ShortCell, NumCell and RowLink; Cell's label is what phones show beside the value.
//
//	@ui.Table("我的案件", []ui.Col{{Label: "案号"}, {Label: "天数", Num: true}}) { <tr>@ui.Cell("案号") { @ui.RowLink(no, href) }</tr> }
//	@ui.Pager(prevURL, nextURL, "本页 50 件")    // "" hides a side; keyset addresses
//
// PageHead is a page's title with its buttons as children.
//
//	@ui.PageHead("案件", "") { @ui.LinkButton(…) }
//
// Facts is a list of names and values, with 「修改」 links when Fact.Change is set
// (check answers). Stats holds Stat figures; a figure with an address opens it.
//
//	@ui.Facts([]ui.Fact{{Name: "地点", Text: "…", Change: "/apply/place"}})
//	@ui.Stats() { @ui.Stat(ui.Figure{Label: "逾期", Value: "3", Unit: "件", Href: "…", Late: true}) }
//
// Timeline shows steps done, now, next and late, with who holds each and when.
// Steps shows progress in a form; Tabs are links with counts; FilterBar is a GET
// form whose fields are children; Search is one box.
//
//	@ui.Timeline([]ui.Event{{Title: "受理", When: "…", Who: "…", State: ui.Done}})
//	@ui.Steps([]string{"发生了什么", "对方是谁", "选人选时间", "核对"}, 1)
//	@ui.Tabs("案件", []ui.Tab{{Label: "我的", Href: "…", Count: 3, Current: true}})
//	@ui.FilterBar("/mediators", f) { @ui.Select(f, …) }
//	@ui.Search("/cases", "q", q, "案号、姓名、拼音")
//
// # Notices and marks
//
// Badge's tone says what a state means: None, Act (moving), Finished, Wait (somebody
// must act), Overdue (vermilion, nothing else may use it). Alert and Flash use the same tones.
//
//	@ui.Badge("逾期 2 天", ui.Overdue)
//	@ui.Alert("对方尚未答复", ui.Wait) { <p>…</p> }
//	@ui.Empty("inbox", "今天没有待办", "新的申请会出现在这里") { @ui.LinkButton(…) }
//
// Panel is the confirmation a person keeps: title and numbers; children tell what
// happens next. Seal is the vermilion mark; Letter the ruled letter paper of the home page.
//
//	@ui.Panel("已收到您的申请", []ui.Fact{{Name: "申请号", Text: no}}) { … }
//
// Card is a sheet; LinkCard is one whose whole face opens; Person is a mediator to
// choose; Doors are the large entries of the home page; Avatar a photo or monogram.
//
//	@ui.Card("双方诉求") { … }
//	@ui.Cards() { @ui.Person(ui.PersonCard{Name: "…", Href: "…", Kind: "律师代表", Tags: …, Free: "…"}) }
//
// Countdown tells how long a hold still lasts; without JavaScript it names the end.
//
//	@ui.Countdown(ui.Hold{Until: h.ExpiresAt, Now: now}, "保留时间已过")
//
// Official papers are not made here: app/papers/doc writes their HTML, layout.Print frames it.
//
// Icon(name) draws one of static/src/icons.txt; it is decoration and hidden from
// screen readers, so words stand beside it.
//
// # Plain functions
//
// Day, DayTime, Clock, Span, LongDay, ISO write a moment in Shanghai time; Time is
// the same as a <time> element; Yuan writes fen as 1,200.00 元; Count groups thousands.
package ui
