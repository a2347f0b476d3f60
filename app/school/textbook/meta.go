package textbook

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Meta is what book.yaml says of a book.
type Meta struct {
	Slug        string        `yaml:"slug"` // the folder's name
	Title       string        `yaml:"title"`
	Subtitle    string        `yaml:"subtitle,omitempty"`
	Authors     []string      `yaml:"authors"`
	Organiser   string        `yaml:"organiser"` // 主办
	Licence     string        `yaml:"licence"`
	Edition     string        `yaml:"edition"`
	PublishedOn string        `yaml:"published,omitempty"` // day, 2026-11-23
	Language    string        `yaml:"language,omitempty"`
	Summary     string        `yaml:"summary,omitempty"`
	Changelog   []EditionNote `yaml:"changelog,omitempty"` // newest first
	Order       []Entry       `yaml:"order"`
}

// EditionNote says what an edition changed (版本说明).
type EditionNote struct {
	Edition string   `yaml:"edition"`
	Date    string   `yaml:"date"`
	Notes   []string `yaml:"notes"`
}

// Entry is a chapter's file in the order list, with its line in book.yaml.
type Entry struct {
	File string
	Line int
}

// UnmarshalYAML keeps the line.
func (e *Entry) UnmarshalYAML(n *yaml.Node) error {
	e.Line = n.Line
	return n.Decode(&e.File)
}

// Front is what a chapter says of itself between its two lines "---".
type Front struct {
	ID         string   `yaml:"id"` // stable: progress and notes hang on it
	Title      string   `yaml:"title"`
	Minutes    int      `yaml:"minutes"` // planned for the whole chapter, exercises included
	Objectives []string `yaml:"objectives,omitempty"`
	Laws       []Law    `yaml:"laws,omitempty"`
	Tags       []string `yaml:"tags,omitempty"`
	Steps      []string `yaml:"steps,omitempty"` // steps of the case screen that the chapter explains
	Draft      bool     `yaml:"draft,omitempty"`
}

// Law is an article that a chapter rests on.
type Law struct {
	Name    string `yaml:"name"`
	Article string `yaml:"article"`
}

// LawGroup is a law with all its articles that a chapter rests on.
type LawGroup struct {
	Name     string
	Articles []string
}

// LawGroups gathers the articles by law, in order of first mention.
func (f Front) LawGroups() []LawGroup {
	var out []LawGroup
	for _, l := range f.Laws {
		i := slices.IndexFunc(out, func(g LawGroup) bool { return g.Name == l.Name })
		if i < 0 {
			i = len(out)
			out = append(out, LawGroup{Name: l.Name})
		}
		out[i].Articles = append(out[i].Articles, l.Article)
	}
	return out
}

const bookFile = "book.yaml"

var (
	slugPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	filePattern = regexp.MustCompile(`^\d{2,3}-[a-z0-9][a-z0-9-]*\.md$`)
	dayPattern  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	yamlLine    = regexp.MustCompile(`line (\d+): `)
)

// decode reads YAML strictly: a name that isn't known is a mistake worth hearing of.
// first is the line of the file where the YAML begins.
func decode(ps *Problems, file string, first int, text []byte, into any) bool {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	err := dec.Decode(into)
	var many *yaml.TypeError
	switch {
	case err == nil:
		return true
	case errors.Is(err, io.EOF):
		ps.fail(file, first, "没有内容")
	case errors.As(err, &many):
		for _, e := range many.Errors {
			yamlProblem(ps, file, first, "", e)
		}
	default:
		// The library counts the lines of broken syntax from 0 or 1, as it happens.
		yamlProblem(ps, file, first, "（这一行附近）", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return false
}

func yamlProblem(ps *Problems, file string, first int, where, message string) {
	line := 1
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = strings.Replace(message, m[0], "", 1)
	}
	ps.fail(file, first+line-1, "YAML写法不对%s：%s", where, message)
}

func (m Meta) check(ps *Problems, folder string) {
	bad := func(is bool, format string, args ...any) {
		if is {
			ps.fail(bookFile, 1, format, args...)
		}
	}
	bad(!slugPattern.MatchString(m.Slug), "slug只能用小写字母、数字和短横线")
	bad(m.Slug != folder, "slug“%s”和目录名“%s”不同", m.Slug, folder)
	bad(m.Title == "", "没有写书名 title")
	bad(len(m.Authors) == 0, "没有写作者 authors")
	bad(m.Organiser == "", "没有写主办 organiser")
	bad(m.Licence == "", "没有写许可 licence")
	bad(m.Edition == "", "没有写版次 edition")
	bad(m.PublishedOn != "" && !dayPattern.MatchString(m.PublishedOn), "出版日期“%s”应写成2026-11-23的样子", m.PublishedOn)
	bad(len(m.Order) == 0, "没有写章节顺序 order")
	if len(m.Changelog) == 0 {
		ps.warn(bookFile, 1, "没有写版本说明 changelog")
	}
}

func (f Front) check(ps *Problems, file string, line int) {
	bad := func(is bool, format string, args ...any) {
		if is {
			ps.fail(file, line, format, args...)
		}
	}
	bad(!slugPattern.MatchString(f.ID), "章的id“%s”只能用小写字母、数字和短横线", f.ID)
	bad(f.Title == "", "没有写章的标题 title")
	bad(f.Minutes < 1 || f.Minutes > 600, "学习时长 minutes 要在1到600分钟之间")
	for _, l := range f.Laws {
		bad(l.Name == "" || l.Article == "", "法条“%s%s”要同时写 name 和 article", l.Name, l.Article)
	}
	if len(f.Objectives) == 0 {
		ps.warn(file, line, "没有写学习目标 objectives")
	}
}
