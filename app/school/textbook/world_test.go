package textbook

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

const bookYAML = `slug: demo
title: 演示教材
authors: [演示编写组]
organiser: 演示培训学校
licence: CC BY 4.0
edition: 第1版
published: 2026-11-23
changelog:
  - {edition: 第1版, date: 2026-11-23, notes: [初版]}
order:
  - 01-a.md
  - 02-b.md
`

// chapterMD is a chapter's file with a body that begins at line 7.
func chapterMD(id, body string) string {
	return fmt.Sprintf("---\nid: %s\ntitle: 题目%s\nminutes: 10\nobjectives: [会做]\n---\n%s\n", id, id, body)
}

// shelf is a file system with one book of two chapters, changed by name → content; an
// empty content takes a file away.
func shelf(change map[string]string) fs.FS {
	files := map[string]string{
		"demo/book.yaml": bookYAML,
		"demo/01-a.md":   chapterMD("ch-a", "## 开头\n\n甲段。\n\n- 一\n- 二\n"),
		"demo/02-b.md":   chapterMD("ch-b", "乙段，见[前一章](chapter:ch-a#1)。\n\n::: question id=q-b-1 kind=judge\n对吗\n- [x] 对\n- [ ] 错\n:::\n\n完。\n"),
	}
	for name, text := range change {
		files["demo/"+name] = text
	}
	out := fstest.MapFS{}
	for name, text := range files {
		if text != "" {
			out[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return out
}

func load(t testing.TB, change map[string]string) *Book {
	t.Helper()
	b, ps := Load(shelf(change), "demo")
	if ps.Failed() {
		t.Fatal(list(ps))
	}
	return b
}

func list(ps Problems) string {
	var out []string
	for _, p := range ps {
		out = append(out, p.String())
	}
	return strings.Join(out, "\n")
}

func chapter(t testing.TB, body string) Chapter {
	t.Helper()
	c, ps := ParseChapter("01-a.md", []byte(chapterMD("ch-a", body)))
	if ps.Failed() {
		t.Fatal(list(ps))
	}
	return c
}
