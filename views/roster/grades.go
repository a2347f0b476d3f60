package roster

import (
	"tiaojie/app/people"
	"tiaojie/views/ui"
)

// OwnData is the form of a mediator's own profile.
type OwnData struct {
	Form     ui.Form
	Mediator people.Mediator
	Phone    string   // masked
	Stored   *ui.Form // what somebody else saved while the form was open
}

// meanwhile tells what is stored and is not what the form holds.
func (d OwnData) meanwhile() []ui.Fact {
	if d.Stored == nil {
		return nil
	}
	return d.Form.Elsewise(*d.Stored, []ui.Kept{{Name: "story", Label: "介绍"}, {Name: "languages", Label: "语言和方言"}})
}

// gradeRefused tells whether the form of a grading comes back.
func (d FileData) gradeRefused() bool {
	for _, name := range []string{"grade", "issuer", "on_day", "cert_no", "valid_to", "paper"} {
		if d.Form.Error(name) != "" {
			return true
		}
	}
	return false
}

// nextGrading says when the next grading can be asked for, as far as a rule says so.
func nextGrading(d FileData) string {
	m := d.Mediator
	for _, g := range d.Grades {
		if g.Grade == m.Grade && g.ValidTo >= d.Today {
			return "有效期到 " + g.ValidTo + "，到期前请申请复评。"
		}
	}
	const terms = "四级要求从事调解满两年、调解不少于 50 件（口头协议不超过三成）、成功率不低于 85%，并完成规定的培训。"
	switch day := m.FirstGrading(); {
	case m.Grade != "":
		return "升级的条件和时间，按协会每次评定的通知。"
	case day == "":
		return "登记加入日期后，这里会算出最早可以申报的日期。" + terms
	case day > d.Today:
		return "最早可以申报四级的日期：" + day + "。" + terms
	}
	return "从 " + m.FirstGrading() + " 起已满两年，可以申报四级。" + terms
}

func gradeLine(g people.Grade) string {
	line := "评定日期 " + g.OnDay
	if !g.Papered() {
		line = "登记日期 " + g.OnDay + "，没有交证书"
	}
	if g.CertNo != "" {
		line += "，编号 " + g.CertNo
	}
	if g.ValidTo != "" {
		line += "，有效期到 " + g.ValidTo
	}
	return line
}
