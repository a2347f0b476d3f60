package cases

import (
	"tiaojie/app/docket"
	"tiaojie/views/ui"
)

// ExportData is the form that takes the list out.
type ExportData struct {
	Form   ui.Form // the filters of the list, carried on
	Filter docket.Filter
	Names  Names
}

// filterNames are the list's filters that the form carries.
var filterNames = []string{"state", "type", "community", "mediator", "room", "mine", "due", "q"}

// conditions says in words which cases go out.
func (d ExportData) conditions() []ui.Fact {
	f := d.Filter
	var out []ui.Fact
	add := func(on bool, name, text string) {
		if on {
			out = append(out, ui.Fact{Name: name, Text: text})
		}
	}
	add(f.State != "", "状态", f.State.Label())
	add(f.Open, "状态", "办理中")
	add(f.Type != "", "类型", d.Names.Types[f.Type])
	add(f.Community != 0, "社区", d.Names.Communities[f.Community])
	add(f.Mediator != 0, "调解员", d.Names.Mediators[f.Mediator])
	add(f.Room != 0, "调解室", d.Names.Rooms[f.Room])
	add(f.Mine, "范围", "我的案件")
	add(f.Due != "", "期限", "到 "+dayWords(f.Due)+" 为止到期的")
	add(f.Query != "", "搜索", f.Query)
	if len(out) == 0 {
		out = append(out, ui.Fact{Name: "范围", Text: "全部案件"})
	}
	return out
}
