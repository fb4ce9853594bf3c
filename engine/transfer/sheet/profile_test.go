package sheet_test

import (
	"strings"
	"testing"

	"formwork/engine/transfer/sheet"
)

func TestProfileKinds(t *testing.T) {
	for _, tc := range []struct {
		name   string
		values string // separated by ;
		kind   sheet.ColumnKind
		scale  int
	}{
		{"integers", "1;22;1,234", sheet.ColumnInteger, 0},
		{"decimals", "1;2.5;1,234.567", sheet.ColumnDecimal, 3},
		{"European decimals", "1.234,50;2,5", sheet.ColumnDecimal, 2},
		{"codes with zeros", "0012;0034", sheet.ColumnText, 0},
		{"long numbers are codes", "110101199003074518;11010119900307451X", sheet.ColumnText, 0},
		{"percent", "12%;5.5%", sheet.ColumnPercent, 3},
		{"money", "¥1,200.50;￥88", sheet.ColumnCurrency, 2},
		{"money in ten thousands", "3.5万元;12万元", sheet.ColumnCurrency, 0},
		{"switch", "是;否;是", sheet.ColumnBool, 0},
		{"mail", "a@b.cn;c.d@e.co.uk", sheet.ColumnEmail, 0},
		{"mobile", "13800138000;138 0013 8001;+86 138 0013 8002", sheet.ColumnPhone, 0},
		{"trunk", "010-62345678;0755-86013388", sheet.ColumnPhone, 0},
		{"web", "https://a.cn/x;www.b.com", sheet.ColumnURL, 0},
		{"dates", "2018年1月5日;2018年12月31日", sheet.ColumnDate, 0},
		{"compact dates", "20180105;20181231", sheet.ColumnDate, 0},
		{"numbers of eight digits", "20181305;99999999", sheet.ColumnInteger, 0},
		{"date-times", "2018-01-05 10:00;2018-01-06", sheet.ColumnDateTime, 0},
		{"text", "a;1;2", sheet.ColumnText, 0},
		{"nothing", "", sheet.ColumnEmpty, 0},
		{"one misfit in many", strings.Repeat("5;", 40) + "n/a", sheet.ColumnInteger, 0},
	} {
		rows := func(yield func(sheet.Row, error) bool) {
			for i, v := range strings.Split(tc.values, ";") {
				if !yield(sheet.Row{Number: i + 2, Cells: []sheet.Cell{{Text: v, Kind: sheet.KindText}}}, nil) {
					return
				}
			}
		}
		p, err := sheet.Profile([]sheet.Column{{Name: "x"}}, rows, sheet.ProfileOptions{})
		if err != nil || p[0].Kind != tc.kind || p[0].Scale != tc.scale {
			t.Errorf("%s: %s scale %d, want %s %d (%v)", tc.name, p[0].Kind, p[0].Scale, tc.kind, tc.scale, err)
		}
		if tc.name == "one misfit in many" && (p[0].MisfitCount != 1 || p[0].Misfits[0] != (sheet.Misfit{Row: 42, Text: "n/a"})) {
			t.Errorf("misfits %+v", p[0].Misfits)
		}
	}
}
