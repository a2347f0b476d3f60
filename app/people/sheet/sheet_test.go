package sheet_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"tiaojie/app/people/sheet"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestCSVIsReadInTheEncodingsPeopleHave(t *testing.T) {
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

func TestNoCellBecomesAFormula(t *testing.T) {
	bad := []string{"=1+1", "+8613800138000", "-1", "@SUM(A1)", "\tx", "安全"}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, "名册", []string{"甲"}, func(yield func([]string) bool) {
		for _, c := range bad {
			if !yield([]string{c}) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	got, err := sheet.Read("x.xlsx", b.Bytes())
	if err != nil || len(got.Rows) != len(bad) {
		t.Fatalf("%d rows, %v", len(got.Rows), err)
	}
	for _, r := range got.Rows {
		if c := r.Cells[0]; slices.Contains([]byte("=+-@\t"), c[0]) {
			t.Errorf("cell begins a formula: %q", c)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("x.csv", []byte("a,b\n\"c"))
	f.Fuzz(func(t *testing.T, name string, raw []byte) { _, _ = sheet.Read(name, raw) })
}
