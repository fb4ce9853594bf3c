package value

import "testing"

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		kind string
		same []string
		want string
	}{
		{"phone", []string{"138-0013-8000", "+86 138 0013 8000", "0086 13800138000", "8613800138000", "１３８００１３８０００", "(138) 00138000"}, "13800138000"},
		{"phone", []string{"021-5555 1234", "02155551234", "+86 21 55551234"}, "2155551234"},
		{"phone", []string{"", "12", "n/a", "0000000"}, ""},
		{"name", []string{"华辰科技有限公司", "华辰科技", "华辰科技（集团）", "华 辰 科技集团公司", "华辰科技股份有限公司"}, "华辰科技"},
		{"name", []string{"Acme, Inc.", "ACME", "Acme Co., Ltd.", "acme limited"}, "acme"},
		{"name", []string{"Co", "CO."}, "co"},
		{"name", []string{"公司"}, "公司"},
		{"exact", []string{"AbC", " abc", "ＡＢＣ"}, "abc"},
	} {
		for _, s := range c.same {
			if got := Alike(c.kind, s); got != c.want {
				t.Errorf("%s of %q is %q, want %q", c.kind, s, got, c.want)
			}
		}
	}
	if Alike("name", "Acme North") == Alike("name", "Acme South") {
		t.Error("two names are one")
	}
}
