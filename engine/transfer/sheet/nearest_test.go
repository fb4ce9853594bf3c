package sheet_test

import (
	"testing"

	"formwork/engine/transfer/sheet"
)

func TestNearest(t *testing.T) {
	sectors := []string{"technology", "medical", "retail", "software", "marketing", "entertainment", "telecommunications"}
	products := []string{"GTX Basic", "GTX Pro", "GTX Plus Basic", "GTX Plus Pro", "GTK 500", "MG Special", "MG Advanced"}
	for _, tc := range []struct {
		value      string
		candidates []string
		want       string // "" for a person to choose
		exact      bool
	}{
		{"technolgy", sectors, "technology", false}, {"technology", sectors, "technology", true}, {" Technology ", sectors, "technology", true},
		{"medcal", sectors, "medical", false}, {"retial", sectors, "retail", false}, {"banking", sectors, "", false}, {"", sectors, "", false},
		{"GTXPro", products, "GTX Pro", true}, {"gtx　pro", products, "GTX Pro", true}, {"ＧＴＸ　Ｐｒｏ", products, "GTX Pro", true},
		{"GTXPlusPro", products, "GTX Plus Pro", true}, {"GTK 600", products, "", false}, {"GTX", products, "", false},
		{"a-b", []string{"AB", "a b"}, "", false},
		{"colr", []string{"color", "colr ", "colour"}, "colr ", true},
		{"cata", []string{"catas", "catar"}, "", false},
		{"北京华为技术有限公司", []string{"北京华为技术有限公司 ", "深圳腾讯"}, "北京华为技术有限公司 ", true},
		{"华为技术有限公", []string{"华为技术有限公司", "腾讯控股"}, "华为技术有限公司", false},
		{"北京分公司", []string{"南京分公司", "上海分公司"}, "", false},
		{"华为", []string{"华力", "中兴"}, "", false},
		{"x", nil, "", false},
	} {
		best, d, ok := sheet.Nearest(tc.value, tc.candidates)
		if ok != (tc.want != "") || best != tc.want || ok && (d == 0) != tc.exact {
			t.Errorf("%q: %q %.2f %v, want %q", tc.value, best, d, ok, tc.want)
		}
	}
}
