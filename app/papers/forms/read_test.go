package forms_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"tiaojie/app/papers/doc"
)

// tool finds an outside program. The machine that runs CI must have it; elsewhere the test skips.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return path
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// difference shows where two texts part.
func difference(got, want string) string {
	g, w := []rune(got), []rune(want)
	i := 0
	for i < len(g) && i < len(w) && g[i] == w[i] {
		i++
	}
	show := func(r []rune) string { return string(r[max(i-10, 0):min(i+20, len(r))]) }
	return fmt.Sprintf("at character %d: got %q, want %q", i, show(g), show(w))
}

func sorted(s string) string {
	r := []rune(s)
	slices.Sort(r)
	return string(r)
}

var pageNumber = regexp.MustCompile(`第 \d+ 页 共 \d+ 页`)

// withoutRunning drops page numbers, running heads and the table heads repeated on later pages.
func withoutRunning(text string, d doc.Document) string {
	pages := strings.Split(pageNumber.ReplaceAllString(text, ""), "\f")
	var b strings.Builder
	for i, p := range pages {
		p = squeeze(p)
		if i > 0 {
			p = strings.Replace(p, squeeze(d.Header), "", 1)
			for _, block := range d.Blocks {
				if t, ok := block.(doc.Table); ok && t.Head > 0 {
					p = strings.TrimPrefix(p, squeeze(doc.Text(doc.Document{Blocks: []doc.Block{doc.Table{Rows: t.Rows[:t.Head]}}})))
				}
			}
		}
		b.WriteString(p)
	}
	return b.String()
}

// copied is the text an outside reader copies out of a PDF.
func copied(t testing.TB, data []byte) string {
	t.Helper()
	program := tool(t, "pdftotext")
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var warnings bytes.Buffer
	cmd := exec.Command(program, "-raw", file, "-")
	cmd.Stderr = &warnings
	text, err := cmd.Output()
	if err != nil || warnings.Len() > 0 {
		t.Fatalf("%v %s", err, warnings.String())
	}
	return string(text)
}

// TestPDFReadsAsWritten copies the text out of every paper of the hardest case. The order is the
// document's too, except where a row of a table goes on over the page.
func TestPDFReadsAsWritten(t *testing.T) {
	fonts := doc.NewFonts()
	inOrder := 0
	list := papers(hardest())
	for _, d := range list {
		var out bytes.Buffer
		if err := doc.PDF(&out, fonts, doc.Info{Title: d.Name}, d); err != nil {
			t.Fatal(err)
		}
		text := copied(t, out.Bytes())
		got, want := withoutRunning(text, d), squeeze(doc.Text(d))
		if sorted(got) != sorted(want) {
			t.Errorf("%s: %s", d.Code, difference(got, want))
		}
		if got == want {
			inOrder++
		}
		for _, line := range strings.Split(text, "\n") {
			// beside a blank the line begins with the ruled gap, which is no text
			if strings.IndexAny(line, "。，、；：！？）》」』】") == 0 && len(doc.Blanks(d)) == 0 {
				t.Errorf("%s: the line %q begins with closing punctuation", d.Code, line)
			}
		}
	}
	if inOrder < len(list)*9/10 {
		t.Errorf("only %d of %d papers read in order", inOrder, len(list))
	}
}

// TestOfficeSuiteReadsTheDOCX lets LibreOffice open every paper and save it as text.
func TestOfficeSuiteReadsTheDOCX(t *testing.T) {
	soffice := tool(t, "soffice")
	dir := t.TempDir()
	list := papers(hardest())
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir}
	for i, d := range list {
		file := filepath.Join(dir, fmt.Sprintf("%02d.docx", i))
		var out bytes.Buffer
		if err := doc.DOCX(&out, d); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	if msg, err := exec.Command(soffice, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, msg)
	}
	for i, d := range list {
		text, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%02d.txt", i)))
		if err != nil {
			t.Fatal(err)
		}
		got := squeeze(strings.TrimPrefix(string(text), "\ufeff"))
		if want := squeeze(doc.Text(d)); got != want {
			t.Errorf("%s: %s", d.Code, difference(got, want))
		}
	}
}
