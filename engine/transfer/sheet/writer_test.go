package sheet_test

import (
	"bytes"
	"strings"
	"testing"

	"formwork/engine/transfer/sheet"

	"github.com/xuri/excelize/v2"
)

func write(t *testing.T, f sheet.Format, columns string, rows ...[]sheet.Cell) []byte {
	t.Helper()
	var out bytes.Buffer
	var cols []sheet.OutColumn
	for _, n := range strings.Split(columns, "|") {
		cols = append(cols, sheet.OutColumn{Name: n, Width: 12})
	}
	w, err := sheet.NewWriter(&out, f, cols)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func text(s string) sheet.Cell { return sheet.Cell{Text: s, Kind: sheet.KindText} }

func roundTrip() []sheet.Cell {
	return []sheet.Cell{
		text("北京, \"华为\"\n二行"), {Text: "-1234.5", Kind: sheet.KindNumber}, {Text: "true", Kind: sheet.KindBool},
		{Text: "2018-01-05", Kind: sheet.KindDate}, {Text: "2018-01-05T14:30:07", Kind: sheet.KindDateTime},
		{Text: "36:30:00", Kind: sheet.KindTime}, {Kind: sheet.KindEmpty}, {Text: "0.25", Kind: sheet.KindNumber, Hint: sheet.HintPercent},
		{Text: "123456789012345678", Kind: sheet.KindNumber}, text("0042"), text("_x0041_"), text("=1+1"), text("'=1"), text("-5"), text("end"),
	}
}

const roundColumns = "a|b|c|d|e|f|g|h|i|j|k|l|m|n|o"

func TestRoundTrip(t *testing.T) {
	want := roundTrip()
	for _, f := range []sheet.Format{sheet.XLSX, sheet.CSV, sheet.JSONL} {
		b := open(t, write(t, f, roundColumns, want, want[:2]), "x."+string(f), sheet.Options{})
		if b.Format != f {
			t.Fatalf("%s was read as %s", f, b.Format)
		}
		s := b.Sheets()[0]
		rows := rowsOf(t, s)
		if len(rows) != 2 {
			t.Fatalf("%s: %d rows", f, len(rows))
		}
		for i, w := range want {
			got := rows[0]
			c := got.Cell(i)
			if f == sheet.JSONL && i > 6 {
				c = got.Cell(i - 1) // an empty cell leaves no key behind
			} else if f == sheet.JSONL && i == 6 {
				continue
			}
			if c.Text != w.Text {
				t.Errorf("%s %s: %q, want %q", f, sheet.Letters(i), c.Text, w.Text)
			}
			if f == sheet.XLSX && i != 8 && (c.Kind != w.Kind || c.Hint != w.Hint) {
				t.Errorf("%s %s: %s %s, want %s %s", f, sheet.Letters(i), c.Kind, c.Hint, w.Kind, w.Hint)
			}
		}
	}
}

// TestFormulaInjection writes the known payloads: no cell of the file may begin like a formula or be one.
func TestFormulaInjection(t *testing.T) {
	payloads := strings.Split(strings.TrimRight(string(readShared(t, "security", "csvinj_csv-payload.txt")), "\n"), "\n")
	payloads = append(payloads, "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", "'=1", "-", "=")
	var rows [][]sheet.Cell
	for _, p := range payloads {
		rows = append(rows, []sheet.Cell{text(p), text("x")})
	}
	data := write(t, sheet.CSV, "=cmd()|b", rows...)
	if !bytes.HasPrefix(data, []byte("\xef\xbb\xbf'=cmd()")) {
		t.Errorf("no mark, or an open header: %q", data[:20])
	}
	back := rowsOf(t, open(t, data, "x.csv", sheet.Options{HeaderRow: 1}).Sheets()[0])
	for i, p := range payloads {
		if got := back[i].Cell(0).Text; got != p {
			t.Errorf("%q came back as %q", p, got)
		}
		quoted := strings.ReplaceAll(p, `"`, `""`)
		if !strings.HasPrefix(p, "DDE") && !strings.Contains(string(data), "\n'"+quoted) && !strings.Contains(string(data), "\n\"'"+quoted) {
			t.Errorf("%q is not guarded", p)
		}
	}
	x, err := excelize.OpenReader(bytes.NewReader(write(t, sheet.XLSX, "=cmd()|b", rows...)))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for i := range payloads {
		cell, _ := excelize.CoordinatesToCellName(1, i+2)
		kind, _ := x.GetCellType("Sheet1", cell)
		if f, _ := x.GetCellFormula("Sheet1", cell); f != "" || kind != excelize.CellTypeInlineString {
			t.Errorf("%s is %v with formula %q", cell, kind, f)
		}
	}
}

func TestPlainNumbersAreNotGuarded(t *testing.T) {
	data := string(write(t, sheet.CSV, "a", []sheet.Cell{text("-5.2")}, []sheet.Cell{text("+86")}, []sheet.Cell{text("-5-3")}))
	if data != "\ufeffa\r\n-5.2\r\n+86\r\n'-5-3\r\n" {
		t.Errorf("%q", data)
	}
}

func TestWriterErrors(t *testing.T) {
	if _, err := sheet.NewWriter(&bytes.Buffer{}, "ods", nil); sheet.CodeOf(err) != sheet.CodeUnknownFormat {
		t.Error(err)
	}
	for _, tc := range []struct {
		cells []sheet.Cell
		code  sheet.Code
	}{
		{[]sheet.Cell{text("a"), text("b")}, sheet.CodeTooManyColumns},
		{[]sheet.Cell{{Text: "x", Kind: sheet.KindNumber}}, sheet.CodeBadValue},
		{[]sheet.Cell{{Text: "5.1.2018", Kind: sheet.KindDate}}, sheet.CodeBadValue},
		{[]sheet.Cell{{Text: "x", Kind: "colour"}}, sheet.CodeBadValue},
		{[]sheet.Cell{text(strings.Repeat("x", 32768))}, sheet.CodeCellTooLong},
	} {
		w, err := sheet.NewWriter(&bytes.Buffer{}, sheet.XLSX, []sheet.OutColumn{{Name: "a"}})
		if err != nil {
			t.Fatal(err)
		}
		err = w.Write(tc.cells)
		if e, ok := err.(*sheet.Error); !ok || e.Code != tc.code || e.Row != 2 {
			t.Errorf("%v, want %s in row 2", err, tc.code)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
}
