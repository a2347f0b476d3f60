package accord

import (
	"tiaojie/app/calendar"
	"tiaojie/app/docket"
	"tiaojie/app/papers/forms"
)

// Step is a next lawful step (下一步) with the last day on which it may be taken.
type Step struct {
	Name  string
	Due   string // "" for a step without a last day
	Note  string // how the day came about, or what to mind
	Basis string
	Over  bool // its last day is over
}

// Confirm counts the last day of asking for 司法确认, jointly, from the day of force (人民调解法 33).
func Confirm(w *calendar.Workdays, a Agreement) calendar.Due {
	return w.AddNatural(calendar.MustDay(a.EffectiveOn), a.ConfirmDays)
}

// StepsOf lists what may follow for an agreement in force on a day; d is an obligation not performed, or nil.
func StepsOf(w *calendar.Workdays, a Agreement, typeCode string, d *DutyRow, today string) []Step {
	if !a.InForce() {
		return nil
	}
	var out []Step
	add := func(name, basis, note string, due calendar.Due) {
		if more := due.Note(); more != "" {
			note += "；" + more
		}
		out = append(out, Step{Name: name, Basis: basis, Note: note, Due: due.Day.String(), Over: due.Day.String() < today})
	}
	if a.ConfirmDays > 0 && a.State == Effective {
		note := a.ConfirmRule + "，自生效之日 " + forms.Day(a.EffectiveOn).String() + " 起算，须各方共同申请"
		if a.Body.Personal || PaperOnlyType(typeCode) {
			note += "；确认婚姻、亲子、收养关系本身的内容，法院不受理"
		}
		add("共同申请司法确认", "《人民调解法》第三十三条、《民事诉讼法》第二百零五条", note, Confirm(w, a))
	}
	if d == nil || d.Standing(today) != Overdue {
		return out
	}
	out = append(out, Step{Name: "督促履行", Basis: "《人民调解法》第三十一条、《深圳经济特区矛盾纠纷多元化解条例》第二十七条", Note: "一方可以请求调解组织督促，调委会也可以主动督促"})
	due := calendar.MustDay(d.DueOn)
	if d.Amount > 0 {
		basis := "《深圳经济特区矛盾纠纷多元化解条例》"
		if docket.MainType(typeCode) == "labour" {
			basis = "《劳动争议调解仲裁法》第十六条：拖欠劳动报酬、工伤医疗费、经济补偿或者赔偿金"
		}
		out = append(out, Step{Name: "申请支付令", Basis: basis, Note: "给付金钱的，权利人可以向有管辖权的人民法院申请"})
	}
	if docket.MainType(typeCode) == "labour" {
		add("申请劳动争议仲裁", "《劳动争议调解仲裁法》第二十七条", "仲裁时效一年，自履行期届满的次日起，以较早的一日提醒", w.AddYears(due, 1))
	}
	add("向人民法院起诉", "《人民调解法》第三十二条、《民法典》第一百八十八条", "诉讼时效三年，按这一项义务的履行期届满之日计算", w.AddYears(due, 3))
	add("申请强制执行（协议已经司法确认的）", "《人民调解法》第三十三条、《民事诉讼法》第二百五十条", "申请执行的期间为二年，从履行期间的最后一日起", w.AddYears(due, 2))
	return out
}
