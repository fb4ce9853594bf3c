package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"formwork/engine/transfer/sheet"

	"github.com/xuri/excelize/v2"
)

type expectedBook struct {
	Epoch       int
	ReaderError string `json:"reader_error"`
	Sheets      []struct {
		Name string
		Rows int
		Cols int
		Head [][]any
	}
}

// TestRealWorkbooks compares every cell of the head of every sheet with what an independent reader (openpyxl) saw.
func TestRealWorkbooks(t *testing.T) {
	var expected map[string]expectedBook
	dec := json.NewDecoder(bytes.NewReader(readShared(t, "import", "xlsx_expected.json")))
	dec.UseNumber()
	if err := dec.Decode(&expected); err != nil {
		t.Fatal(err)
	}
	for name, want := range expected {
		t.Run(name, func(t *testing.T) {
			data := readShared(t, "import", "xlsx", name)
			if strings.HasSuffix(name, ".xls") || want.ReaderError != "" {
				code := sheet.CodeLegacyXLS
				if want.ReaderError != "" {
					code = sheet.CodeEncrypted
				}
				if err := drain(data, name, sheet.Options{}); sheet.CodeOf(err) != code {
					t.Fatalf("got %v, want %s", err, code)
				}
				return
			}
			b := open(t, data, name, sheet.Options{})
			if len(b.Sheets()) != len(want.Sheets) {
				t.Fatalf("%d sheets, want %d", len(b.Sheets()), len(want.Sheets))
			}
			for i, s := range b.Sheets() {
				if s.Name != want.Sheets[i].Name {
					t.Errorf("sheet %q, want %q", s.Name, want.Sheets[i].Name)
				}
				rows := map[int]sheet.Row{}
				for r, err := range s.All() {
					if err != nil {
						t.Fatal(err)
					}
					rows[r.Number] = r
				}
				for r, line := range want.Sheets[i].Head {
					for c, v := range line {
						got := rows[r+1].Cell(c)
						if v == "1900-02-28T08:00:00" && strings.HasPrefix(got.Text, "60.") {
							// The 29th of February 1900: openpyxl moves it by a day, we keep the number and warn.
							if !strings.Contains(codes(rows[r+1]), "impossible-date") {
								t.Errorf("%s row %d: no warning", s.Name, r+1)
							}
							continue
						}
						if !sameCell(got, v) {
							t.Errorf("%s %s%d: %s %q, want %v", s.Name, sheet.Letters(c), r+1, got.Kind, got.Text, v)
						}
					}
				}
			}
		})
	}
}

func sameCell(got sheet.Cell, want any) bool {
	switch w := want.(type) {
	case nil:
		return got.Kind == sheet.KindEmpty
	case bool:
		return got.Kind == sheet.KindBool && got.Text == strconv.FormatBool(w)
	case json.Number:
		a, err := strconv.ParseFloat(got.Text, 64)
		b, _ := w.Float64()
		return err == nil && got.Kind == sheet.KindNumber && a == b
	case string:
		switch got.Kind {
		case sheet.KindDate:
			return got.Text+"T00:00:00" == w
		case sheet.KindDateTime:
			return got.Text == w || strings.HasPrefix(w, got.Text[:len(got.Text)-1])
		case sheet.KindTime:
			return got.Text == w
		}
		return got.Text == w
	}
	return false
}

func TestHeaderOfRealWorkbooks(t *testing.T) {
	for _, tc := range []struct {
		file, sheet, columns string
		row, rows            int
	}{
		{"readxl_deaths_title_rows.xlsx", "arts", "Name|Profession|Age|Has kids|Date of birth|Date of death", 5, -1},
		{"readxl_names-need-repair-xlsx.xlsx", "", "", 1, -1},
		{"poi_InlineStrings.xlsx", "Sheet1", "Numbers|Strings|Inline Strings|Formulas", 1, 6},
		{"poi_DateFormatTests.xlsx", "Tests", "Result (expected)|Format|Value|Categories", 1, 45},
		{"poi_unicodeSheetName.xlsx", "Sheet・1", "A", 0, 9},
	} {
		b := openShared(t, "import", "xlsx", tc.file)
		for _, s := range b.Sheets() {
			if tc.sheet != "" && s.Name != tc.sheet {
				continue
			}
			h := header(t, s)
			if h.Row != tc.row || tc.columns != "" && names(h) != tc.columns {
				t.Errorf("%s %s: row %d, %s", tc.file, s.Name, h.Row, names(h))
			}
			if n := len(rowsOf(t, s)); tc.rows >= 0 && n != tc.rows {
				t.Errorf("%s: %d rows, want %d", tc.file, n, tc.rows)
			}
		}
	}
}

// TestSameRowsAsExcelize reads every real file with the library as well: the same rows, the same raw values.
func TestSameRowsAsExcelize(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(shared(t), "data", "import", "xlsx", "*.xlsx"))
	if len(files) == 0 {
		t.Skip("needs ../shared")
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			continue
		}
		b := open(t, data, filepath.Base(f), sheet.Options{})
		for _, s := range b.Sheets() {
			want, err := x.GetRows(s.Name, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			got := map[int]sheet.Row{}
			for r, err := range s.All() {
				if err != nil {
					t.Fatal(err)
				}
				got[r.Number] = r
			}
			for i, line := range want {
				for c, text := range line {
					g := got[i+1].Cell(c)
					if (strings.TrimSpace(text) == "") != (strings.TrimSpace(g.Text) == "") || g.Kind == sheet.KindText && g.Text != text {
						t.Errorf("%s %s %s%d: %q, excelize %q", filepath.Base(f), s.Name, sheet.Letters(c), i+1, g.Text, text)
					}
				}
			}
		}
		_ = x.Close()
	}
}

// build writes a workbook with the library, as other programs would.
func build(t *testing.T, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestXLSXCells(t *testing.T) {
	formats := []struct {
		format string
		value  float64
		want   sheet.Cell
	}{
		{`yyyy"年"m"月"d"日"`, 43105, sheet.Cell{Text: "2018-01-05", Kind: sheet.KindDate}},
		{`[$-804]yyyy\-mm\-dd;@`, 43105.5, sheet.Cell{Text: "2018-01-05T12:00:00", Kind: sheet.KindDateTime}},
		{`m/d/yy h:mm`, 43105, sheet.Cell{Text: "2018-01-05T00:00:00", Kind: sheet.KindDateTime}},
		{`mmm d`, 43105, sheet.Cell{Text: "2018-01-05", Kind: sheet.KindDate}},
		{`h"时"mm"分"`, 0.5, sheet.Cell{Text: "12:00:00", Kind: sheet.KindTime}},
		{`[h]:mm:ss`, 2.5, sheet.Cell{Text: "60:00:00", Kind: sheet.KindTime}},
		{`mm:ss.0`, 0.5 + 0.25/86400, sheet.Cell{Text: "12:00:00.250", Kind: sheet.KindTime}},
		{`0.00%`, 0.25, sheet.Cell{Text: "0.25", Kind: sheet.KindNumber, Hint: sheet.HintPercent}},
		{`¥#,##0.00`, 41.9136, sheet.Cell{Text: "41.9136", Kind: sheet.KindNumber, Hint: sheet.HintCurrency}},
		{`[$￥-804]#,##0`, 7, sheet.Cell{Text: "7", Kind: sheet.KindNumber, Hint: sheet.HintCurrency}},
		{`0.00E+00`, 1234.5, sheet.Cell{Text: "1234.5", Kind: sheet.KindNumber}},
		{`[Red]#,##0 "days"`, 3, sheet.Cell{Text: "3", Kind: sheet.KindNumber}},
		{`General`, 0.1, sheet.Cell{Text: "0.1", Kind: sheet.KindNumber}},
		{`0.00_);[Red]\(0.00\)`, -2, sheet.Cell{Text: "-2", Kind: sheet.KindNumber}},
		{`yyyy-mm-dd`, 60, sheet.Cell{Text: "60", Kind: sheet.KindNumber}},
		{`yyyy-mm-dd`, -3, sheet.Cell{Text: "-3", Kind: sheet.KindNumber}},
	}
	data := build(t, func(f *excelize.File) {
		for i, c := range formats {
			style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &c.format})
			if err != nil {
				t.Fatal(err)
			}
			cell := "A" + strconv.Itoa(i+1)
			_ = f.SetCellValue("Sheet1", cell, c.value)
			_ = f.SetCellStyle("Sheet1", cell, cell, style)
		}
		_, _ = f.NewSheet("内部")
		_ = f.SetSheetVisible("内部", false)
	})
	b := open(t, data, "x.xlsx", sheet.Options{HeaderRow: sheet.NoHeader})
	rows := rowsOf(t, b.Sheets()[0])
	for i, c := range formats {
		if got := rows[i].Cell(0); got != c.want {
			t.Errorf("%v as %s: %+v, want %+v", c.value, c.format, got, c.want)
		}
	}
	if n := len(rows); codes(rows[n-2]) != "impossible-date" || codes(rows[n-1]) != "impossible-date" {
		t.Errorf("days on no calendar passed in silence")
	}
	if s := b.Sheets()[1]; s.Name != "内部" || !s.Hidden || b.Sheets()[0].Hidden {
		t.Errorf("hidden sheet: %+v", s)
	}
}

func TestXLSXMergedHeader(t *testing.T) {
	data := build(t, func(f *excelize.File) {
		for cell, v := range map[string]any{"A1": "2018 年报表", "A2": "名称", "B2": "明细", "D2": "备注", "B3": "产品", "C3": "数量",
			"A4": "甲", "B4": "x", "C4": 1, "D4": "好", "B5": "y", "C5": 2} {
			_ = f.SetCellValue("Sheet1", cell, v)
		}
		for _, m := range [][2]string{{"A1", "D1"}, {"A2", "A3"}, {"B2", "C2"}, {"D2", "D3"}, {"A4", "A5"}} {
			_ = f.MergeCell("Sheet1", m[0], m[1])
		}
	})
	s := open(t, data, "x.xlsx", sheet.Options{}).Sheets()[0]
	h := header(t, s)
	if h.Row != 2 || h.Last != 3 || names(h) != "名称|明细 / 产品|明细 / 数量|备注" || h.Columns[1].Group != "明细" {
		t.Errorf("header %+v", h)
	}
	rows := rowsOf(t, s)
	if len(rows) != 2 || rows[0].Number != 4 || texts(rows[1]) != "|y|2" {
		t.Errorf("rows %+v", rows)
	}
	if m, err := s.Merges(); err != nil || len(m) != 5 {
		t.Errorf("merges %v %v", m, err)
	}
	// Without names below, the merged name serves all of its columns.
	data = build(t, func(f *excelize.File) {
		for cell, v := range map[string]any{"A1": "name", "B1": "phone", "A2": "Ann", "B2": 1, "C2": 2} {
			_ = f.SetCellValue("Sheet1", cell, v)
		}
		_ = f.MergeCell("Sheet1", "B1", "C1")
	})
	if h := header(t, open(t, data, "x.xlsx", sheet.Options{}).Sheets()[0]); names(h) != "name|phone|phone (2)" || h.Last != 1 {
		t.Errorf("header %+v", h)
	}
}

// pack makes a workbook of hand-written parts.
func pack(t testing.TB, sheetXML string, more map[string]string) []byte {
	t.Helper()
	parts := map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/><Relationship Id="b" Type="x/sharedStrings" Target="/xl/t.xml"/></Relationships>`,
		"xl/s.xml":                   sheetXML,
	}
	for k, v := range more {
		parts[k] = v
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(text))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestXLSXRawCells(t *testing.T) {
	data := pack(t, `<worksheet><sheetData><row>`+
		`<c t="s"><v>0</v></c><c t="inlineStr"><is><r><t>in</t></r><r><t> line</t></r></is></c><c t="str"><f>A1</f><v>a_x000D_b_x005F_x0041_</v></c>`+
		`<c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2018-01-05T10:00:00Z</v></c><c><f>1+1</f></c><c><v>859560251222512345</v></c>`+
		`<c><v>41.913600000000002</v></c><c><v>1.2E+20</v></c><c><v>oops</v></c><c t="s"><v>9</v></c></row>`+
		`<row r="7"><c r="C7"><v>1</v></c></row><row><c><v>2</v></c></row></sheetData></worksheet>`,
		map[string]string{"xl/t.xml": `<sst><si><t>shared</t><rPh><t>yomi</t></rPh></si></sst>`})
	rows := rowsOf(t, open(t, data, "x.xlsx", sheet.Options{HeaderRow: sheet.NoHeader}).Sheets()[0])
	if len(rows) != 3 || rows[1].Number != 7 || rows[1].Cell(2).Text != "1" || rows[2].Number != 8 {
		t.Fatalf("rows %+v", rows)
	}
	want := "shared|in line|a\rb_x0041_|true|#N/A|2018-01-05T10:00:00||859560251222512345|41.9136|120000000000000000000|oops|9"
	if got := texts(rows[0]); got != want {
		t.Errorf("cells %q\nwant  %q", got, want)
	}
	if got := codes(rows[0]); got != "cell-error,formula-no-value,impossible-number,cell-error" {
		t.Errorf("warnings %s", got)
	}
}

func TestXLSXLimits(t *testing.T) {
	wide := `<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>`
	deep := `<worksheet><sheetData><row r="1048577"><c><v>1</v></c></row></sheetData></worksheet>`
	back := `<worksheet><sheetData><row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row></sheetData></worksheet>`
	long := `<worksheet><sheetData><row><c t="str"><v>` + strings.Repeat("x", 32768) + `</v></c></row></sheetData></worksheet>`
	bomb := `<worksheet><sheetData><row>` + strings.Repeat(" ", 4<<20) + `</row></sheetData></worksheet>`
	for _, tc := range []struct {
		name, xml string
		opts      sheet.Options
		code      sheet.Code
	}{
		{"column", wide, sheet.Options{}, sheet.CodeTooManyColumns},
		{"row", deep, sheet.Options{}, sheet.CodeTooManyRows},
		{"rows backwards", back, sheet.Options{}, sheet.CodeDamaged},
		{"cut off", `<worksheet><sheetData><row><c><v>1</v>`, sheet.Options{}, sheet.CodeDamaged},
		{"cell", long, sheet.Options{}, sheet.CodeCellTooLong},
		{"one huge token", bomb, sheet.Options{}, sheet.CodeCellTooLong},
		{"unpacked size", bomb, sheet.Options{MaxUnzipBytes: 1 << 20}, sheet.CodeUnzipTooLarge},
	} {
		if err := drain(pack(t, tc.xml, nil), "x.xlsx", tc.opts); sheet.CodeOf(err) != tc.code {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.code)
		}
	}
	strs := map[string]string{"xl/t.xml": "<sst>" + strings.Repeat("<si/>", 1000) + "</sst>"}
	if err := drain(pack(t, wide, strs), "x.xlsx", sheet.Options{MaxStringBytes: 1000}); sheet.CodeOf(err) != sheet.CodeUnzipTooLarge {
		t.Errorf("shared strings: %v", err)
	}
	if err := drain(pack(t, wide, map[string]string{"xl/_rels/workbook.xml.rels": "<a>"}), "x.xlsx", sheet.Options{}); sheet.CodeOf(err) != sheet.CodeDamaged {
		t.Errorf("broken relations: %v", err)
	}
}

// TestHostileFiles: whatever the file, the outcome is rows or a coded error.
func TestHostileFiles(t *testing.T) {
	root := filepath.Join(shared(t), "data")
	n := 0
	for _, dir := range []string{"security", "import"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			n++
			err = drain(data, filepath.Base(path), sheet.Options{})
			if err != nil && sheet.CodeOf(err) == "" {
				return fmt.Errorf("%s: an error without a code: %w", d.Name(), err)
			}
			if strings.Contains(path, "xlsx_malformed") {
				t.Logf("%s: %v", d.Name(), err)
			}
			return nil
		})
		if errors.Is(err, os.ErrNotExist) {
			t.Skip("needs ../shared")
		}
		if err != nil {
			t.Error(err)
		}
	}
	if n < 50 {
		t.Errorf("only %d files", n)
	}
}

func FuzzWorksheet(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="2"><c r="B2" t="s"><v>0</v></c><c><f>1</f></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`, `<sst><si><r><t>_xD83D_</t></r><rPh/></si></sst>`)
	f.Add(`<worksheet><sheetData><row><c t="d"><v>2018</v></c><c t="inlineStr"><is><t>x</t></is></c>`, "")
	f.Fuzz(func(t *testing.T, worksheet, texts string) {
		data := pack(t, worksheet, map[string]string{"xl/t.xml": texts})
		if err := drain(data, "x.xlsx", sheet.Options{}); err != nil && sheet.CodeOf(err) == "" {
			t.Fatalf("an error without a code: %v", err)
		}
	})
}

func FuzzBook(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00"))
	f.Add(pack(f, "<worksheet/>", nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := drain(data, "x", sheet.Options{MaxUnzipBytes: 1 << 20}); err != nil && sheet.CodeOf(err) == "" {
			t.Fatalf("an error without a code: %v", err)
		}
	})
}
