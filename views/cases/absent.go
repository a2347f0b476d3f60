package cases

import (
	"time"

	"tiaojie/app/docket"
	"tiaojie/views/ui"
)

// AbsentData is a date to which somebody did not come.
type AbsentData struct {
	docket.AbsentFile
	Form ui.Form
	Now  time.Time
	Back string
}

func (d AbsentData) ready() bool { return !d.Now.Before(d.From) }

func (d AbsentData) waited() string {
	if d.Now.Before(d.Session.StartsAt.Time) {
		return "还没有到约定的时间"
	}
	return num(int64(d.Now.Sub(d.Session.StartsAt.Time)/time.Minute)) + " 分钟"
}

// fields are the form's names in the page's order.
func (d AbsentData) fields() []string {
	var out []string
	for _, p := range d.Parties {
		out = append(out, "came-"+p.Key)
	}
	return append(out, "came", "words", "then", "reason", "remedies")
}

func pastAbsences(p docket.PartyView) string {
	if p.Absences == 0 {
		return ""
	}
	return "以前未到场 " + num(int64(p.Absences)) + " 次"
}
