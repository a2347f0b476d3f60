package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

// chineseHelp prints usage in Chinese; kong's own words are English.
func chineseHelp(_ kong.HelpOptions, ctx *kong.Context) error {
	node := ctx.Selected()
	if node == nil {
		node = ctx.Model.Node
	}
	w := tabwriter.NewWriter(ctx.Stdout, 2, 4, 2, ' ', 0)
	fmt.Fprintf(w, "%s\n\n用法：%s\n", node.Help, usage(ctx, node))
	if len(node.Children) > 0 {
		fmt.Fprintln(w, "\n命令：")
		for _, c := range node.Children {
			fmt.Fprintf(w, "  %s\t%s\n", c.Name, c.Help)
		}
	}
	if len(node.Positional) > 0 {
		fmt.Fprintln(w, "\n参数：")
		for _, p := range node.Positional {
			fmt.Fprintf(w, "  <%s>\t%s\n", p.Name, p.Help)
		}
	}
	fmt.Fprintln(w, "\n选项：")
	for _, group := range node.AllFlags(true) {
		for _, f := range group {
			help := f.Help
			if f.Name == "help" {
				help = "显示这段说明"
			}
			if f.HasDefault && f.Default != "" {
				help += "（默认 " + f.Default + "）"
			}
			fmt.Fprintf(w, "  --%s\t%s\n", f.Name, help)
		}
	}
	return w.Flush()
}

func usage(ctx *kong.Context, node *kong.Node) string {
	parts := []string{ctx.Model.Name}
	if node.Type != kong.ApplicationNode {
		parts = append(parts, node.Path())
	}
	if len(node.Children) > 0 {
		parts = append(parts, "<命令>")
	}
	for _, p := range node.Positional {
		parts = append(parts, "<"+p.Name+">")
	}
	return strings.Join(append(parts, "[选项]"), " ")
}

var quoted = regexp.MustCompile(`unexpected argument (\S+)|unknown flag (\S+)|expected (.+)|missing flags: (.+)`)

// chineseError says in Chinese what kong found wrong with the arguments.
func chineseError(err error) error {
	m := quoted.FindStringSubmatch(err.Error())
	switch {
	case m == nil:
		return err
	case m[1] != "":
		return errors.New("不认识 " + strings.Trim(m[1], ","))
	case m[2] != "":
		return errors.New("没有选项 " + strings.Trim(m[2], ","))
	case m[3] != "":
		return errors.New("还缺少：" + m[3])
	}
	return errors.New("还缺少选项：" + m[4])
}
