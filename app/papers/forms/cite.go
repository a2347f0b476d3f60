package forms

import (
	"encoding/csv"
	"regexp"
	"strings"
	"sync"

	"tiaojie/app/papers/doc"
	content "tiaojie/content/forms"
)

// citation is one article of law that papers may name.
type citation struct{ law, brief, article string }

// citations are read once from content; they are embedded, so failing to read them is a fault of
// the build and stops the program.
var citations = sync.OnceValue(func() map[string]citation {
	f, err := content.Files.Open("citations.csv")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(err)
	}
	m := map[string]citation{}
	for _, r := range rows[1:] {
		m[r[0]] = citation{law: r[1], brief: r[2], article: r[3]}
	}
	return m
})

// cite names articles in full, 《中华人民共和国人民调解法》第二十六条. Several articles of one law in a
// row name the law once. An unknown key is a fault of the code.
func cite(keys ...string) string { return refer(func(c citation) string { return c.law }, keys) }

// see names articles by the short name of their law, for brackets and second mentions.
func see(keys ...string) string { return refer(func(c citation) string { return c.brief }, keys) }

func refer(name func(citation) string, keys []string) string {
	var b strings.Builder
	law := ""
	for i, k := range keys {
		c, ok := citations()[k]
		if !ok {
			panic("forms: no citation " + k)
		}
		if i > 0 {
			b.WriteString("、")
		}
		if n := name(c); n != law {
			law = n
			b.WriteString("《" + strings.NewReplacer("《", "〈", "》", "〉").Replace(law) + "》")
		}
		b.WriteString(c.article)
	}
	return b.String()
}

var braces = regexp.MustCompile(`\{\{([a-z0-9-]+)\}\}`)

// fixed reads one fixed text as paragraphs, its citations filled in, in full at the first mention
// of a law.
func fixed(name string) []doc.Block {
	data, err := content.Files.ReadFile(name + ".md")
	if err != nil {
		panic(err)
	}
	var blocks []doc.Block
	named := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		line = braces.ReplaceAllStringFunc(strings.TrimSpace(line), func(m string) string {
			key := m[2 : len(m)-2]
			if law := citations()[key].law; !named[law] {
				named[law] = true
				return cite(key)
			}
			return see(key)
		})
		if line == "" {
			continue
		}
		role := doc.Body
		if rest, ok := strings.CutPrefix(line, "# "); ok {
			role, line = doc.Head, rest
		}
		blocks = append(blocks, doc.P(role, doc.T(line)))
	}
	return blocks
}
