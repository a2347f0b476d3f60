package school

// Preset is a requirement that some place or law is known to make. None of them is claimed for
// Shenzhen, of which no number was found: the street takes one over, changes it, or leaves it.
type Preset struct {
	Code, Name string
	Place      string // where it holds
	Source     string
	Note       string
	Make       Requirement
}

// Presets lists them.
var Presets = []Preset{
	{"rotation", "全员轮训：每年至少完成一次培训", "通用", "人民调解法第十四条要求定期培训，没有规定学时", "覆盖率按周期末在册人数计算",
		Requirement{Title: "全员轮训", SubjectKind: AnySubject, Terms: Terms{Cycle: Calendar, CalFrom: "01-01", CalTo: "12-31", WindowDays: 60}}},
	{"yaan-pre", "岗前培训 10 学时", "雅安", "雅安市政府网 yaan.gov.cn，2019-09-09", "只作参考，不是深圳的规定",
		Requirement{Title: "岗前培训", SubjectKind: TitleSubject, SubjectKey: "岗前培训", Rule: Rule{Posts: "full part"},
			Terms: Terms{Cycle: Once, FirstDueDays: 90, WindowDays: 30, MinMinutes: 10 * MinutesPerHour}}},
	{"yaan-special", "专题培训 14 学时", "雅安", "雅安市政府网 yaan.gov.cn，2019-09-09", "只作参考，不是深圳的规定",
		Requirement{Title: "专题培训", SubjectKind: TitleSubject, SubjectKey: "专题培训", Rule: Rule{Posts: "full part"},
			Terms: Terms{Cycle: Calendar, CalFrom: "01-01", CalTo: "12-31", WindowDays: 60, MinMinutes: 14 * MinutesPerHour}}},
	{"yaan-year", "年度培训 20 学时", "雅安", "雅安市政府网 yaan.gov.cn，2019-09-09", "只作参考，不是深圳的规定",
		Requirement{Title: "年度培训", SubjectKind: AnySubject, Rule: Rule{Posts: "full part"},
			Terms: Terms{Cycle: Calendar, CalFrom: "01-01", CalTo: "12-31", WindowDays: 90, MinMinutes: 20 * MinutesPerHour}}},
	{"qinghai-full", "岗前培训不少于 7 天（专职）", "青海", "青海法院网 hngdfy.qhfy.gov.cn，2020-01", "一天按 8 学时折算，请核对；只作参考，不是深圳的规定",
		Requirement{Title: "岗前培训（专职）", SubjectKind: TitleSubject, SubjectKey: "岗前培训", Rule: Rule{Posts: "full"},
			Terms: Terms{Cycle: Once, FirstDueDays: 90, WindowDays: 30, MinMinutes: 7 * 8 * MinutesPerHour}}},
	{"qinghai-part", "岗前培训不少于 5 天（其他）", "青海", "青海法院网 hngdfy.qhfy.gov.cn，2020-01", "一天按 8 学时折算，请核对；只作参考，不是深圳的规定",
		Requirement{Title: "岗前培训（兼职）", SubjectKind: TitleSubject, SubjectKey: "岗前培训", Rule: Rule{Posts: "part invited"},
			Terms: Terms{Cycle: Once, FirstDueDays: 90, WindowDays: 30, MinMinutes: 5 * 8 * MinutesPerHour}}},
	{"qinghai-year", "每年培训不少于 10 天", "青海", "青海法院网 hngdfy.qhfy.gov.cn，2020-01", "一天按 8 学时折算，请核对；只作参考，不是深圳的规定",
		Requirement{Title: "年度培训", SubjectKind: AnySubject, Rule: Rule{Posts: "full part"},
			Terms: Terms{Cycle: Calendar, CalFrom: "01-01", CalTo: "12-31", WindowDays: 120, MinMinutes: 10 * 8 * MinutesPerHour}}},
	{"shijiazhuang", "每年任职考试", "石家庄", "sjzshi.com/thread-10367-1-1.html", "原规定 60 岁及以下必须参加；年龄不在名册里，请用标签区分。只作参考，不是深圳的规定",
		Requirement{Title: "任职考试", SubjectKind: TitleSubject, SubjectKey: "任职考试", Rule: Rule{Posts: "full part"},
			Terms: Terms{Cycle: Calendar, CalFrom: "01-01", CalTo: "12-31", WindowDays: 60}}},
	{"chifeng", "考核合格后发证，每年年检", "赤峰", "jicengwang.cn，2018-12-13", "只作参考，不是深圳的规定",
		Requirement{Title: "年检", SubjectKind: TitleSubject, SubjectKey: "年检", Rule: Rule{Posts: "full part"},
			Terms: Terms{Cycle: Rolling, Months: 12, FirstDueDays: 90, WindowDays: 30}}},
	{"qinghai-law", "新法颁布后 3 个月内学习", "青海", "青海法院网 hngdfy.qhfy.gov.cn，2020-01", "当地规定新的地方性文件在 1 个月内学习。请把名称改成那部法，从公布之日起施行。只作参考，不是深圳的规定",
		Requirement{Title: "新法学习", SubjectKind: TitleSubject, SubjectKey: "新法学习", Terms: Terms{Cycle: Once, FirstDueDays: 90, WindowDays: 30}}},
}

// PresetOf finds a preset; ok is false for an unknown code.
func PresetOf(code, today string) (Requirement, bool) {
	for _, p := range Presets {
		if p.Code == code {
			q := p.Make
			q.ActiveFrom, q.Basis = today, "参照"+p.Place+"的做法（"+p.Source+"）"
			if p.Place == "通用" {
				q.Basis = p.Source
			}
			return q, true
		}
	}
	return Requirement{}, false
}
