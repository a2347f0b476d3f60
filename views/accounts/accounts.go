// Package accounts holds the pages of staff accounts and their rights.
package accounts

import (
	"time"

	"tiaojie/app/access"
	"tiaojie/app/people"
	"tiaojie/views/ui"
)

// ListData lists accounts.
type ListData struct {
	Form     ui.Form
	Accounts []people.Account
	Now      time.Time
}

// EditData is one account: made new, or changed.
type EditData struct {
	Form        ui.Form
	Account     people.Account
	Units       []ui.Option
	Communities []ui.Option
	Mediators   []ui.Option // whose profile the account may keep
	Phone       string      // masked
	SignIns     []people.OwnSignIn
	Stored      *ui.Form // what somebody else saved while the form was open
	Own         bool     // the reader's own account: another administrator keeps it
	Password    string   // shown once
	Now         time.Time
}

// meanwhile tells what is stored and is not what the form holds.
func (d EditData) meanwhile() []ui.Fact {
	if d.Stored == nil {
		return nil
	}
	return d.Form.Elsewise(*d.Stored, []ui.Kept{{Name: "name", Label: "姓名"}, {Name: "unit", Label: "单位", Options: d.Units},
		{Name: "community", Label: "社区", Options: d.Communities}, {Name: "mediator", Label: "调解员资料", Options: d.Mediators},
		{Name: "roles", Label: "角色", Options: roleOptions()}})
}

func roleOptions() []ui.Option {
	var out []ui.Option
	for _, r := range access.StaffRoles {
		o := ui.Option{Value: string(r), Label: r.Label()}
		if r.Exclusive() {
			o.Hint = "不能兼任其他角色"
		}
		out = append(out, o)
	}
	return out
}

func roleFilter() []ui.Option { return append([]ui.Option{{Label: "全部角色"}}, roleOptions()...) }

func roleWords(a people.Account) []string {
	out := make([]string, len(a.Roles))
	for i, r := range a.Roles {
		out[i] = r.Label()
	}
	return out
}

func state(a people.Account, now time.Time) (string, ui.Tone) {
	switch {
	case !a.DisabledAt.IsZero():
		return "已停用", ui.None
	case a.LockedUntil.After(now):
		return "已锁定", ui.Wait
	case a.MustChange:
		return "待改口令", ui.Wait
	}
	return "可用", ui.Finished
}
