// Package sheet reads and writes tables as people keep them: XLSX and CSV. What it
// writes can never become a formula in somebody's spreadsheet.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/width"
)

// Bounds of a table: a whole district's roster fits.
const (
	MaxRows  = 20_000
	MaxCols  = 60
	maxUnzip = 64 << 20
)

// Table is a sheet as text: a header and rows, each with its line number in the file.
type Table struct {
	Header []string
	Rows   []Row
}

// Row is one line of the file.
type Row struct {
	Line  int
	Cells []string
}

// Get reads a cell; "" beyond the row's end.
func (r Row) Get(col int) string {
	if col < 0 || col >= len(r.Cells) {
		return ""
	}
	return strings.TrimSpace(r.Cells[col])
}

// Column finds a column by any of its names; -1 when there is none. Spaces, stars and
// remarks in brackets don't matter: "* 手 机(必填)" is 手机.
func (t Table) Column(names ...string) int {
	for i, h := range t.Header {
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(heading(h), n) }) {
			return i
		}
	}
	return -1
}

func heading(text string) string {
	text, _, _ = strings.Cut(width.Fold.String(text), "(")
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '*' || r == ':' || r == '\ufeff' {
			return -1
		}
		return r
	}, text)
}

// dayForms are how people write a day.
var dayForms = []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"}

// Day reads a day as people and spreadsheets write it (2026-01-31, 2026/1/31,
// 2026年1月31日, or the days since 1900 that a date cell holds) and gives it as
// 2006-01-02; "" stays "". ok is false for anything else.
func Day(cell string) (day string, ok bool) {
	if cell = strings.TrimSpace(width.Fold.String(cell)); cell == "" {
		return "", true
	}
	for _, form := range dayForms {
		if t, err := time.Parse(form, cell); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	if n, err := strconv.ParseFloat(cell, 64); err == nil && n > 20000 && n < 80000 { // 1954 to 2119
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)).Format(time.DateOnly), true
	}
	return "", false
}

// Read takes a file by its name's ending. CSV may be UTF-8 with or without mark, or
// GBK as older spreadsheets write it. Errors are Chinese, for the person.
func Read(name string, raw []byte) (Table, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xlsx":
		return readXLSX(raw)
	case ".csv", ".txt":
		return readCSV(raw)
	}
	return Table{}, errors.New("只能导入 xlsx 或 csv 文件")
}

func readXLSX(raw []byte) (Table, error) {
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: maxUnzip, RawCellValue: true})
	if err != nil {
		return Table{}, errors.New("表格打不开，请另存为普通的 xlsx 再试")
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return Table{}, errors.New("表格里没有工作表")
	}
	rows, err := f.Rows(sheets[0])
	if err != nil {
		return Table{}, errors.New("表格打不开，请另存为普通的 xlsx 再试")
	}
	defer rows.Close()
	var all []Row
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return Table{}, fmt.Errorf("第 %d 行读不出来", len(all)+1)
		}
		if all = append(all, Row{Line: len(all) + 1, Cells: cells}); len(all) > MaxRows+1 {
			return Table{}, fmt.Errorf("最多 %d 行，请分几次导入", MaxRows)
		}
	}
	return table(all)
}

func readCSV(raw []byte) (Table, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(raw) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
		if err != nil {
			return Table{}, errors.New("文字编码认不出来，请另存为 UTF-8 的 csv")
		}
		raw = decoded
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	var all []Row
	for {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return table(all)
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			return Table{}, fmt.Errorf("第 %d 行读不出来", bad.StartLine)
		}
		if err != nil {
			return Table{}, err
		}
		line, _ := r.FieldPos(0) // empty lines are left out, and a cell may hold several
		if all = append(all, Row{Line: line, Cells: rec}); len(all) > MaxRows+1 {
			return Table{}, fmt.Errorf("最多 %d 行，请分几次导入", MaxRows)
		}
	}
}

// table takes the first line that is not empty as the header.
func table(all []Row) (Table, error) {
	var t Table
	for _, row := range all {
		if strings.TrimSpace(strings.Join(row.Cells, "")) == "" {
			continue
		}
		if len(row.Cells) > MaxCols {
			return Table{}, fmt.Errorf("最多 %d 列", MaxCols)
		}
		if t.Header == nil {
			t.Header = row.Cells
			continue
		}
		t.Rows = append(t.Rows, row)
	}
	if t.Header == nil {
		return t, errors.New("文件是空的")
	}
	return t, nil
}

// Cell makes text safe for a spreadsheet: what would begin a formula gets an
// apostrophe before it (ASVS 1.2.10). Signs that a workbook can't hold are dropped.
func Cell(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	if text != "" && strings.ContainsRune("=+-@\t\r\n", []rune(text)[0]) {
		text = "'" + text
	}
	if r := []rune(text); len(r) > excelize.TotalCellChars {
		text = string(r[:excelize.TotalCellChars])
	}
	return text
}

// WriteXLSX writes a table as a workbook, row by row.
func WriteXLSX(w io.Writer, title string, header []string, rows func(yield func([]string) bool)) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", title); err != nil {
		return err
	}
	sw, err := f.NewStreamWriter(title)
	if err != nil {
		return err
	}
	n := 1
	put := func(cells []string) error {
		out := make([]any, len(cells))
		for i, c := range cells {
			out[i] = Cell(c)
		}
		at, err := excelize.CoordinatesToCellName(1, n)
		if err != nil {
			return err
		}
		n++
		return sw.SetRow(at, out)
	}
	if err := put(header); err != nil {
		return err
	}
	for cells := range rows {
		if err := put(cells); err != nil {
			return err
		}
	}
	if err := sw.Flush(); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}
