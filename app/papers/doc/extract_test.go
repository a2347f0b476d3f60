package doc_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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

var pageNumber = regexp.MustCompile(`第 \d+ 页 共 \d+ 页`)

// TestPDFTextIsTheDocumentsText copies the text out as a reader would and compares it whole.
func TestPDFTextIsTheDocumentsText(t *testing.T) {
	pdftotext := tool(t, "pdftotext")
	for _, size := range []doc.Size{doc.Letter, doc.Record, doc.Form} {
		d := sample(size)
		d.Header = ""
		var out bytes.Buffer
		if err := doc.PDF(&out, doc.NewFonts(), doc.Info{Title: d.Title}, d); err != nil {
			t.Fatal(err)
		}
		checkPDF(t, out.Bytes())
		file := filepath.Join(t.TempDir(), "paper.pdf")
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		var warnings bytes.Buffer
		cmd := exec.Command(pdftotext, "-raw", file, "-")
		cmd.Stderr = &warnings
		text, err := cmd.Output()
		if err != nil || warnings.Len() > 0 {
			t.Fatalf("%v: %s", err, warnings.String())
		}
		got := pageNumber.ReplaceAllString(string(text), "")
		for _, line := range strings.Split(got, "\n") {
			if strings.IndexAny(line, "。，、；：！？）》」』】") == 0 {
				t.Errorf("the line %q begins with closing punctuation", line)
			}
		}
		// the repeated head of the table stands once in the document
		head := squeeze("序号姓名性别联系方式备注")
		got = squeeze(got)
		if n := strings.Count(got, head); n > 1 {
			first := strings.Index(got, head) + len(head)
			got = got[:first] + strings.ReplaceAll(got[first:], head, "")
		}
		if want := squeeze(doc.Text(d)); got != want {
			t.Error(firstDifference(got, want))
		}
	}
}
