package sheet_test

import (
	"math/big"
	"testing"

	"formwork/engine/transfer/sheet"
)

func TestParseNumber(t *testing.T) {
	type want struct {
		text     string
		percent  bool
		currency string
	}
	for in, w := range map[string]want{
		"0": {text: "0"}, "-0": {text: "0"}, "42": {text: "42"}, "-42.50": {text: "-42.50"}, "+7": {text: "7"}, ".5": {text: "0.5"},
		"5.": {text: "5"}, "1,234.50": {text: "1234.50"}, "1,234,567": {text: "1234567"}, "−3": {text: "-3"},
		"(1,234)": {text: "-1234"}, "¥1,234.50": {text: "1234.50", currency: "¥"}, "￥８８": {text: "88", currency: "¥"},
		"-$5": {text: "-5", currency: "$"}, "$-5": {text: "-5", currency: "$"}, "($5)": {text: "-5", currency: "$"},
		"99 €": {text: "99", currency: "€"}, "CNY 12": {text: "12", currency: "CNY"}, "12元": {text: "12", currency: "元"},
		"12.5%": {text: "0.125", percent: true}, "１２％": {text: "0.12", percent: true}, "0.5 %": {text: "0.005", percent: true},
		"3.5万": {text: "35000"}, "3.14159万": {text: "31415.9"}, "1.2亿": {text: "120000000"}, "2万亿": {text: "2000000000000"},
		"3万元": {text: "30000", currency: "元"}, "1.5E+3": {text: "1500"}, "123456789012345678": {text: "123456789012345678"},
		"007": {text: "7"}, "1'234.5": {text: "1234.5"},
	} {
		n, ok := sheet.ParseNumber(in, sheet.PointDecimal)
		if !ok || n.Text != w.text || n.Percent != w.percent || n.Currency != w.currency {
			t.Errorf("%q: %+v %v, want %+v", in, n, ok, w)
		}
	}
	for _, in := range []string{"", " ", "-", "¥", "%", "万", "1,23", "1,2345", ",123", "0,123", "1.2.3", "12a", "1 2", "(-5)", "--5", "NaN",
		"Inf", "0x10", "1e999999999", "5%元", "2018-01-05", "1,234.50,00", "()", "e5", "１２Ａ"} {
		if n, ok := sheet.ParseNumber(in, sheet.PointDecimal); ok {
			t.Errorf("%q was read as %+v", in, n)
		}
	}
	for in, w := range map[string]string{"1.234,50": "1234.50", "1 234,5": "1234.5", "12,5": "12.5", "1.234": "1234"} {
		if n, ok := sheet.ParseNumber(in, sheet.CommaDecimal); !ok || n.Text != w {
			t.Errorf("%q with decimal comma: %+v %v, want %s", in, n, ok, w)
		}
	}
}

func TestNumberSettler(t *testing.T) {
	for _, tc := range []struct {
		name    string
		values  []string
		style   sheet.NumberStyle
		settled bool
	}{
		{"plain", []string{"1", "2"}, sheet.PointDecimal, true},
		{"points", []string{"1.5", "1,234"}, sheet.PointDecimal, true},
		{"European settled by one value", []string{"1.234", "1.234,50"}, sheet.CommaDecimal, true},
		{"either way", []string{"1,234", "5"}, sheet.PointDecimal, false},
		{"contradiction", []string{"1,234.50", "1.234,50"}, sheet.PointDecimal, false},
	} {
		var s sheet.NumberSettler
		for i, v := range tc.values {
			s.Add(i+2, v)
		}
		if v := s.Verdict(); v.Style != tc.style || v.Settled != tc.settled {
			t.Errorf("%s: %+v", tc.name, v)
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"1,234.50", "1.234,50", "(¥5)", "１２％", "3.5万亿", "-1e10", "1e400", "００", "US$ 5", "ı$", "99999亿亿亿"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, style := range []sheet.NumberStyle{sheet.PointDecimal, sheet.CommaDecimal} {
			n, ok := sheet.ParseNumber(s, style)
			if !ok {
				continue
			}
			if _, good := new(big.Rat).SetString(n.Text); !good {
				t.Fatalf("%q became %q", s, n.Text)
			}
			// Text is canonical: reading it again changes nothing.
			if again, ok := sheet.ParseNumber(n.Text, sheet.PointDecimal); len(n.Text) < 300 && (!ok || again.Text != n.Text || again.Scale != n.Scale) {
				t.Fatalf("%q became %+v, and then %+v", s, n, again)
			}
		}
	})
}
