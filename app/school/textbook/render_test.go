package textbook

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var web = Links{
	Chapter: func(id string) string { return "/learn/demo/" + id },
	Image:   func(path string) string { return "/learn/demo/files/" + path },
}

func rendered(ps []Piece) string {
	var out []string
	for _, p := range ps {
		if p.Asks {
			out = append(out, fmt.Sprintf("[question %v]", p.Question != nil))
			continue
		}
		out = append(out, p.HTML)
	}
	return strings.Join(out, "\n")
}

func TestRender(t *testing.T) {
	t.Parallel()
	c, _ := ParseChapter("01-a.md", []byte(chapterMD("ch-a", `## 开头

见[后一章](chapter:ch-b#2)和[官网](https://example.gov.cn/a?b=1)。
换行的中文
接在一起。

![流程图](img/a.png)

- [ ] 先听
- [x] 再问

::: question id=q-1 kind=judge
对吗
- [x] 对
- [ ] 错
:::

- 题后另一个清单

| 左 | 右 |
|---|--:|
| 一 | 2 |

::: question id=q-2 kind=single
坏题
:::
最后。`)))
	want := `<h2 id="ch-a-1">开头</h2>
<p>见<a href="/learn/demo/ch-b#ch-b-2">后一章</a>和<a href="https://example.gov.cn/a?b=1">官网</a>。换行的中文接在一起。</p>
<p><img src="/learn/demo/files/img/a.png" alt="流程图"></p>
<ul>
<li><span class="tick">☐</span> 先听</li>
<li><span class="tick">☑</span> 再问</li>
</ul>
[question true]
<ul>
<li>题后另一个清单</li>
</ul>
<table>
<thead>
<tr>
<th>左</th>
<th align="right">右</th>
</tr>
</thead>
<tbody>
<tr>
<td>一</td>
<td align="right">2</td>
</tr>
</tbody>
</table>
[question false]
<p>最后。</p>`
	if got := rendered(c.Render(web)); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := rendered(c.Render(Links{})); strings.Contains(got, "<img") || !strings.Contains(got, "<p>见后一章和") {
		t.Errorf("without addresses:\n%s", got)
	}
}

// The blocks that notes hang on are those that the page shows.
func TestRenderedBlocksAreTheChaptersBlocks(t *testing.T) {
	t.Parallel()
	b := load(t, map[string]string{"01-a.md": chapterMD("ch-a", "## 一\n\n![流**程**图](a.png)\n\n---\n\n<!-- 给作者自己 -->\n\n甲\n\n```\n::: question\n```"), "a.png": "x"})
	if n := len(b.Chapters[0].Blocks); n != 4 {
		t.Errorf("%d blocks: %v", n, b.Chapters[0].Blocks)
	}
	for _, c := range b.Chapters {
		var got []Block
		for _, p := range c.Render(web) {
			if p.Hash != "" {
				got = append(got, p.Block)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(c.Blocks) {
			t.Errorf("%s: page %v, chapter %v", c.ID, got, c.Blocks)
		}
	}
}

const attacks = `<script>alert(1)</script>

<img src=x onerror=alert(1)>

[点](javascript:alert(1)) [点](JaVaScript:alert(1)) [点](data:text/html,x) [点](//evil.example) [点](vbscript:x)

<javascript:alert(1)> ![x](javascript:alert(1)) ![x](../../../etc/passwd) ![x](https://evil.example/a.png)

[a]: javascript:alert(1)
[a] <svg/onload=alert(1)> <a href="javascript:x" style="x">x</a>

## 标题 {onclick=alert(1)}
`

func TestNothingDangerousReachesAPage(t *testing.T) {
	t.Parallel()
	c, ps := ParseChapter("01-a.md", []byte(chapterMD("ch-a", attacks)))
	if !ps.Failed() {
		t.Error("no problem was reported")
	}
	harmless(t, rendered(c.Render(web)))
	harmless(t, RenderText(attacks))
}

// harmless parses the HTML as a browser would and holds it to what pages allow.
func harmless(t *testing.T, page string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			switch tag.Data {
			case "script", "style", "iframe", "object", "embed", "svg", "form", "input", "base", "meta", "link":
				t.Fatalf("<%s> in %s", tag.Data, page)
			}
			for _, a := range tag.Attr {
				v := strings.ToLower(strings.TrimSpace(a.Val))
				bad := strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcset"
				switch a.Key {
				case "href":
					bad = v != "" && !strings.HasPrefix(v, "https:") && !strings.HasPrefix(v, "http:") && !strings.HasPrefix(v, "/learn/") && !strings.HasPrefix(v, "mailto:") && !strings.HasPrefix(v, "tel:")
				case "src":
					bad = !strings.HasPrefix(v, "/learn/demo/files/") || strings.Contains(v, "..")
				}
				if bad {
					t.Fatalf("<%s %s=%q> in %s", tag.Data, a.Key, a.Val, page)
				}
			}
		}
	}
}

func FuzzChapter(f *testing.F) {
	f.Add([]byte(chapterMD("ch-a", attacks)))
	f.Add([]byte(chapterMD("ch-a", "## 一\n\n::: question id=q-1 kind=judge\n题\n- [x] 对\n- [ ] 错\n:::\n")))
	f.Add([]byte("---\nid: x\n---\n---\n"))
	f.Add([]byte("---\n---\n"))
	f.Fuzz(func(t *testing.T, source []byte) {
		c, ps := ParseChapter("01-a.md", source)
		lines := 1 + strings.Count(clean(source), "\n")
		for _, p := range ps {
			if p.Line < 1 || p.Line > lines {
				t.Fatalf("problem beyond the %d lines: %v", lines, p)
			}
		}
		if strings.Count(c.body(), "\n") != strings.Count(c.Source, "\n") {
			t.Fatal("the body's lines aren't the file's")
		}
		harmless(t, rendered(c.Render(web)))
	})
}
