package sheet_test

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"tiaojie/app/people/sheet"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestCSVIsReadInTheEncodingsPeopleHave(t *testing.T) {
	t.Parallel()
	text := "姓名,电话\n张示安,19900000001\n\n李演宁,\"a,b\"\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string]string{"utf-8": text, "mark": "\xef\xbb\xbf" + text, "gbk": gbk, "crlf": strings.ReplaceAll(text, "\n", "\r\n")} {
		got, err := sheet.Read("名册.csv", []byte(raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Column("电话", "手机") != 1 || len(got.Rows) != 2 || got.Rows[1].Get(1) != "a,b" || got.Rows[1].Get(9) != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestLinesAreCountedAsInTheFile(t *testing.T) {
	t.Parallel()
	got, err := sheet.Read("x.csv", []byte("\n姓名,说明\n\n甲,\"一\n二\"\n乙,三\n"))
	if err != nil || len(got.Rows) != 2 || got.Rows[0].Line != 4 || got.Rows[1].Line != 6 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestHeadingsAreFoundHoweverTheyAreDressed(t *testing.T) {
	t.Parallel()
	for _, h := range []string{"手机", " 手 机 ", "*手机", "手机(必填)", "手机\uff08必填\uff09", "手机\uff1a", "\ufeff手机"} {
		if got := (sheet.Table{Header: []string{"姓名", h}}).Column("电话", "手机"); got != 1 {
			t.Errorf("%q: column %d", h, got)
		}
	}
	if got := (sheet.Table{Header: []string{"手机号码"}}).Column("手机"); got != -1 {
		t.Errorf("column %d", got)
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"2026-01-31": "2026-01-31", "2026/1/31": "2026-01-31", "2026.1.31": "2026-01-31", "2026年1月31日": "2026-01-31",
		"20260131": "2026-01-31", "46053": "2026-01-31", "46053.5": "2026-01-31", "": "", "2026-02-30": "-", "昨天": "-", "12": "-"} {
		got, ok := sheet.Day(in)
		if want == "-" && ok || want != "-" && (got != want || !ok) {
			t.Errorf("%q: %q, %v", in, got, ok)
		}
	}
}

func write(t testing.TB, cells []string) []byte {
	t.Helper()
	var b bytes.Buffer
	err := sheet.WriteXLSX(&b, "名册", []string{"甲"}, func(yield func([]string) bool) {
		for _, c := range cells {
			if !yield([]string{c}) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestNoCellBecomesAFormula(t *testing.T) {
	t.Parallel()
	bad := []string{"=1+1", "+8613800138000", "-1", "@SUM(A1)", "\tx", "\r=1", "\n=1", "\x00=1", "安全"}
	got, err := sheet.Read("x.xlsx", write(t, bad))
	if err != nil || len(got.Rows) != len(bad) {
		t.Fatalf("%d rows, %v", len(got.Rows), err)
	}
	for _, r := range got.Rows {
		if c := r.Cells[0]; slices.Contains([]byte("=+-@\t\r\n"), c[0]) {
			t.Errorf("cell begins a formula: %q", c)
		}
	}
}

// FuzzCell writes any text and reads the workbook's own XML: no formula element, and
// the text comes back.
func FuzzCell(f *testing.F) {
	for _, seed := range []string{"=1+1", "安全", "\x00@x", "a\u2028b", "<f>1</f>", "\xff", strings.Repeat("长", 40_000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cell := sheet.Cell(text)
		if sheet.Cell(cell) != cell && !strings.HasPrefix(cell, "'") {
			t.Errorf("%q: %q isn't safe", text, cell)
		}
		raw := write(t, []string{"x" + text})
		z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		r, err := z.Open("xl/worksheets/sheet1.xml")
		if err != nil {
			t.Fatal(err)
		}
		xml, err := io.ReadAll(r)
		if err != nil || bytes.Contains(xml, []byte("<f>")) || bytes.Contains(xml, []byte("<f ")) {
			t.Errorf("%q became a formula, %v", text, err)
		}
		if _, err := sheet.Read("x.xlsx", raw); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("x.csv", []byte("a,b\n\"c"))
	f.Add("x.xlsx", write(f, []string{"甲"}))
	f.Fuzz(func(t *testing.T, name string, raw []byte) {
		got, err := sheet.Read(name, raw)
		if err == nil && (len(got.Header) == 0 || len(got.Header) > sheet.MaxCols || len(got.Rows) > sheet.MaxRows) {
			t.Errorf("%d columns, %d rows", len(got.Header), len(got.Rows))
		}
	})
}
