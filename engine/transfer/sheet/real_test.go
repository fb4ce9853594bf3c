package sheet_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"formwork/engine/transfer/sheet"
)

func TestSuperstore(t *testing.T) {
	var want struct {
		Rows          int
		Sales, Profit json.Number
		Quantity      int
		Orders        int
		RegionRows    map[string]int `json:"region_rows"`
	}
	if err := json.Unmarshal(readShared(t, "import", "superstore_expected.json"), &want); err != nil {
		t.Fatal(err)
	}
	s := openShared(t, "import", "superstore.csv").Sheets()[0]
	h := header(t, s)
	column := map[string]int{}
	for _, c := range h.Columns {
		column[c.Name] = c.Index
	}
	sales, rows := new(big.Rat), rowsOf(t, s)
	for _, r := range rows {
		if len(r.Warnings) > 0 {
			t.Errorf("row %d: %s", r.Number, codes(r))
		}
		n, ok := sheet.ParseNumber(r.Cell(column["Sales"]).Text, sheet.PointDecimal)
		v, _ := new(big.Rat).SetString(n.Text)
		if !ok {
			t.Fatalf("row %d: no amount", r.Number)
		}
		sales.Add(sales, v)
	}
	if exact, _ := new(big.Rat).SetString(want.Sales.String()); len(rows) != want.Rows || sales.Cmp(exact) != 0 {
		t.Errorf("%d rows, sales %s; want %d, %s", len(rows), sales.FloatString(4), want.Rows, want.Sales)
	}
	profiles, err := sheet.Profile(h.Columns, s.Rows(), sheet.ProfileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]sheet.ColumnKind{"Row ID": sheet.ColumnInteger, "Order ID": sheet.ColumnText, "Order Date": sheet.ColumnDate,
		"Sales": sheet.ColumnDecimal, "Quantity": sheet.ColumnInteger, "Discount": sheet.ColumnDecimal, "Region": sheet.ColumnText}
	for _, p := range profiles {
		if k, ok := kinds[p.Name]; ok && p.Kind != k {
			t.Errorf("%s: %s, want %s (%+v)", p.Name, p.Kind, k, p.Misfits)
		}
		switch p.Name {
		case "Order Date":
			if f, ok := p.Dates.Settled(); !ok || f != sheet.DateMDYSlash {
				t.Errorf("dates %+v", p.Dates)
			}
		case "Region":
			for _, v := range p.Top {
				if want.RegionRows[v.Value] != v.Count {
					t.Errorf("%s: %d", v.Value, v.Count)
				}
			}
			if p.Distinct != 4 || p.Capped || p.NonEmpty != want.Rows {
				t.Errorf("%+v", p)
			}
		case "Order ID":
			if !p.Capped || p.Distinct != 1000 || len(p.Samples) != 5 {
				t.Errorf("distinct %d %v", p.Distinct, p.Capped)
			}
		case "Sales":
			if p.Scale != 4 {
				t.Errorf("scale %d", p.Scale)
			}
		}
	}
}

func TestListedCompanies(t *testing.T) {
	b := openShared(t, "import", "twse_listed_utf8bom_noheader.csv")
	s := b.Sheets()[0]
	if h := header(t, s); h.Row != 0 || names(h) != "A|B|C|D" || b.Delimiter != ',' {
		t.Fatalf("header %+v, delimiter %q", h, b.Delimiter)
	}
	rows := rowsOf(t, s)
	if len(rows) != 1041 || texts(rows[1]) != "1102|亞洲水泥股份有限公司|03244509|1962/06/08" {
		t.Errorf("%d rows, second %q", len(rows), texts(rows[1]))
	}
	h := header(t, s)
	p, err := sheet.Profile(h.Columns, s.Rows(), sheet.ProfileOptions{})
	if err != nil || p[2].Kind != sheet.ColumnText || p[3].Kind != sheet.ColumnDate {
		t.Errorf("tax numbers %s, dates %s, %v", p[2].Kind, p[3].Kind, err)
	}
}

func TestEncodingSamples(t *testing.T) {
	for file, want := range map[string]struct {
		encoding sheet.Encoding
		text     string
	}{
		"UTF-16__bom-utf-16-le.srt": {sheet.UTF16LE, "About 2 months ago I found myself on"},
		"utf-8-sig__bom-utf-8.srt":  {sheet.UTF8, "About 2 months ago I found myself on"},
	} {
		b := openShared(t, "import", "encodings", file)
		var all strings.Builder
		for r, err := range b.Sheets()[0].All() {
			if err != nil {
				t.Fatal(err)
			}
			all.WriteString(texts(r) + "\n")
		}
		if b.Encoding != want.encoding || !strings.Contains(all.String(), want.text) {
			t.Errorf("%s: %s %.100q", file, b.Encoding, all.String())
		}
	}
	// The two web pages are refused as such; their Chinese lines alone must still be recognised.
	for file, want := range map[string]sheet.Encoding{
		"Big5___chromium_Big5_with_no_encoding_specified.html":          sheet.Big5,
		"GB2312___chromium_gb18030_with_no_encoding_specified.html.xml": sheet.GB18030,
	} {
		data := readShared(t, "import", "encodings", file)
		if err := drain(data, file, sheet.Options{}); sheet.CodeOf(err) != sheet.CodeUnsupported {
			t.Errorf("%s: %v", file, err)
		}
		b := open(t, append([]byte("title\n"), data...), "x.csv", sheet.Options{})
		if b.Encoding != want {
			t.Errorf("%s: %s, want %s", file, b.Encoding, want)
		}
	}
}
