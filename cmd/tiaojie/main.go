// Command tiaojie runs the people's mediation platform (人民调解平台) of a street.
package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"

	"tiaojie/app/fault"
)

// cli is the command line; each field is a command with a file of its own.
type cli struct {
	Demo    demoCmd    `cmd:"" help:"用虚构数据试用：内置数据库，几秒就绪"`
	Serve   serveCmd   `cmd:"" help:"正式运行"`
	Migrate migrateCmd `cmd:"" help:"把数据库升级到本程序的版本"`
	User    userCmd    `cmd:"" help:"工作人员账号：列出、新建、重置口令、停用"`
	Seed    seedCmd    `cmd:"" help:"向空库灌入指定数量的虚构案件，供测速"`
	Backup  backupCmd  `cmd:"" help:"备份数据库和附件"`
	Restore restoreCmd `cmd:"" help:"从备份恢复到空目录，并校验"`
	Doctor  doctorCmd  `cmd:"" help:"体检：完整性、审计链、磁盘、时钟、工作日表"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "错误：", words(err))
		os.Exit(1)
	}
}

// words is what a person reads of an error: a refusal by its message and fields.
func words(err error) string {
	if _, ok := errors.AsType[*fault.Error](err); !ok {
		return err.Error()
	}
	out := fault.MessageOf(err)
	fields := fault.FieldsOf(err)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if fields[name] != out {
			out += "\n  " + name + ": " + fields[name]
		}
	}
	return out
}

func run(ctx context.Context, args []string) error {
	var c cli
	parser, err := kong.New(&c, kong.Name("tiaojie"), kong.Help(chineseHelp), kong.UsageOnError(),
		kong.Description("街道人民调解平台"), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return errors.Join(chineseError(err), errors.New("用法见 tiaojie --help"))
	}
	return parsed.Run()
}
