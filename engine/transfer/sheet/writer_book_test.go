package sheet_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"formwork/engine/transfer/sheet"
)

func TestABookOfSeveralSheets(t *testing.T) {
	var out bytes.Buffer
	b, err := sheet.NewBookWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"赢单/金额", "a", "A", "", strings.Repeat("長", 40), strings.Repeat("長", 40), "'quoted'"}
	for _, name := range names {
		w, err := b.Sheet(name, []sheet.OutColumn{{Name: "x"}, {Name: "n"}})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write([]sheet.Cell{text("=1+1"), {Text: "12.5", Kind: sheet.KindNumber}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := []string{"赢单 金额", "a", "A 2", "Sheet1", strings.Repeat("長", 31), strings.Repeat("長", 29) + " 2", "quoted"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("sheets %q", got)
	}
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil || len(rows) != 2 || rows[0][0] != "x" || rows[1][0] != "=1+1" || rows[1][1] != "12.5" {
			t.Errorf("%s: %q %v", name, rows, err)
		}
		if formula, _ := f.GetCellFormula(name, "A2"); formula != "" {
			t.Errorf("%s: text became the formula %q", name, formula)
		}
	}
}
