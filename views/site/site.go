// Package site holds the pages that belong to no area: home, sign-in, errors,
// privacy, messages, and the administrators' lists.
package site

import (
	"tiaojie/app/audit"
	"tiaojie/app/notify"
	"tiaojie/views/ui"
)

// HomeData is the first page.
type HomeData struct {
	Rooms     int // rooms that take sessions
	Mediators int // listed mediators
}

// ErrorData is what went wrong, in words a person can act on.
type ErrorData struct {
	Title, Message string
	Reference      string // for the help desk, only when it is our mistake
	Back           string // where to go on
}

// LoginData is the sign-in page: staff by password, residents by phone.
type LoginData struct {
	Form     ui.Form
	Next     string
	Resident bool
	CodeSent bool
	Demo     []DemoSignIn // shown only in the demonstration
}

// DemoSignIn is one account of the demonstration.
type DemoSignIn struct{ Role, Login string }

// TOTPData asks for the second factor, or sets it up.
type TOTPData struct {
	Form   ui.Form
	Setup  bool
	Secret string
	Sealed string // the same, sealed to this sign-in, for the form // shown once, beside the QR code
	QR     string // data URL
	Codes  []string
}

// OutboxData lists messages.
type OutboxData struct {
	Form    ui.Form
	Entries []notify.Entry
	State   string
	Channel string
	Next    string // address of the next page, "" at the end
	Demo    bool
}

// AuditData lists the trail.
type AuditData struct {
	Form   ui.Form
	Rows   []audit.Row
	Next   string
	Result string // of a verification just made
	Broken bool
}

// channelLabels name how a message travels.
var channelLabels = map[notify.Channel]string{notify.SMS: "短信", notify.InApp: "站内", notify.Letter: "书面", notify.Phone: "电话"}

func messageState(e notify.Entry) (string, ui.Tone) {
	switch {
	case !e.SentAt.IsZero() && e.HandledBy != "":
		return e.LastError, ui.Finished
	case !e.SentAt.IsZero():
		return "已发出", ui.Finished
	case !e.DeadAt.IsZero():
		return "已撤回", ui.None
	case e.Channel == notify.Phone:
		return "待电话告知", ui.Wait
	case e.Channel == notify.Letter:
		return "待寄送", ui.Wait
	case e.Tries > 0:
		return "发送失败，重试中", ui.Wait
	}
	return "待发送", ui.Act
}
