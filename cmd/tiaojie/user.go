package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"tiaojie/app"
	"tiaojie/app/access"
	"tiaojie/app/people"
	"tiaojie/app/seal"
)

// userCmd looks after staff accounts from the server's own console, for the day
// nobody can sign in. Each act is in the audit trail under the console's name.
type userCmd struct {
	List    userListCmd    `cmd:"" help:"列出工作人员账号"`
	Create  userCreateCmd  `cmd:"" help:"新建账号，口令只显示一次"`
	Reset   userResetCmd   `cmd:"" help:"重置口令（新口令只显示一次），并解除锁定"`
	Disable userDisableCmd `cmd:"" help:"停用账号，并结束其登录"`
	Enable  userEnableCmd  `cmd:"" help:"重新启用账号"`
}

// console is the actor of what is typed on the server itself.
var console = access.System("控制台")

// withPeople opens the folder's database for one act.
func withPeople(ctx context.Context, data string, act func(*people.Service) error) error {
	c, err := config("", data)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, c, logger(), false)
	if err != nil {
		return err
	}
	defer closing(a)
	return act(a.People)
}

// withAccount finds the account of a login name first.
func withAccount(ctx context.Context, data, login string, act func(*people.Service, people.Account) error) error {
	return withPeople(ctx, data, func(p *people.Service) error {
		list, err := p.Accounts(ctx, console, "", "")
		if err != nil {
			return err
		}
		for _, a := range list {
			if a.Login == login {
				return act(p, a)
			}
		}
		return fmt.Errorf("没有账号 %s", login)
	})
}

type userListCmd struct {
	Data string `help:"数据目录"`
}

// Run prints every account with its roles and state.
func (u *userListCmd) Run(ctx context.Context) error {
	return withPeople(ctx, u.Data, func(p *people.Service) error {
		list, err := p.Accounts(ctx, console, "", "")
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 2, 4, 2, ' ', 0)
		for _, a := range list {
			state := "正常"
			if !a.DisabledAt.IsZero() {
				state = "停用"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.Login, a.Name, labels(a.Roles), state)
		}
		return w.Flush()
	})
}

func labels(roles []access.Role) string {
	var out []string
	for _, r := range roles {
		out = append(out, r.Label())
	}
	return strings.Join(out, "、")
}

type userCreateCmd struct {
	Login string   `arg:"" help:"账号：小写字母、数字、点、横线"`
	Name  string   `help:"姓名" required:""`
	Phone string   `help:"手机号"`
	Role  []string `help:"角色，可写多个：mediator room_lead clerk liaison trainer leader sysadmin secadmin auditor" required:""`
	Data  string   `help:"数据目录"`
}

// Run makes the account and prints its one-time password.
func (u *userCreateCmd) Run(ctx context.Context) error {
	in := people.NewAccount{Login: u.Login, Name: u.Name, Phone: u.Phone}
	for _, r := range u.Role {
		if access.Role(r).Label() == "" {
			return fmt.Errorf("没有角色 %s", r)
		}
		in.Roles = append(in.Roles, access.Role(r))
	}
	return withPeople(ctx, u.Data, func(p *people.Service) error {
		_, password, err := p.CreateAccount(ctx, console, seal.NewKey(), in)
		if err == nil {
			fmt.Printf("已建立账号 %s，口令 %s（只显示这一次，首次登录须修改）\n", u.Login, password)
		}
		return err
	})
}

type userResetCmd struct {
	Login string `arg:"" help:"账号"`
	TOTP  bool   `help:"同时解除动态口令，手机丢失时用"`
	Data  string `help:"数据目录"`
}

// Run gives a new one-time password; the old one and every sign-in end.
func (u *userResetCmd) Run(ctx context.Context) error {
	return withAccount(ctx, u.Data, u.Login, func(p *people.Service, a people.Account) error {
		if u.TOTP {
			if err := p.ResetTOTP(ctx, console, a.Key, a.Version); err != nil {
				return err
			}
			a.Version++
		}
		password, err := p.ResetPassword(ctx, console, a.Key, a.Version)
		if err == nil {
			fmt.Printf("账号 %s 的新口令 %s（只显示这一次，登录后须修改）\n", u.Login, password)
		}
		return err
	})
}

type userDisableCmd struct {
	Login string `arg:"" help:"账号"`
	Data  string `help:"数据目录"`
}

// Run switches the account off.
func (u *userDisableCmd) Run(ctx context.Context) error { return switchOff(ctx, u.Data, u.Login, true) }

type userEnableCmd struct {
	Login string `arg:"" help:"账号"`
	Data  string `help:"数据目录"`
}

// Run switches the account on again.
func (u *userEnableCmd) Run(ctx context.Context) error { return switchOff(ctx, u.Data, u.Login, false) }

func switchOff(ctx context.Context, data, login string, off bool) error {
	return withAccount(ctx, data, login, func(p *people.Service, a people.Account) error {
		if err := p.Disable(ctx, console, a.Key, a.Version, off); err != nil {
			return err
		}
		fmt.Printf("账号 %s 已%s\n", login, map[bool]string{true: "停用", false: "启用"}[off])
		return nil
	})
}
