package definition

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestTextIn(t *testing.T) {
	both := Text{"zh-CN": "客户", "en": "Customer"}
	for _, c := range []struct {
		name string
		text Text
		lang string
		want string
	}{
		{"exact", both, "zh-CN", "客户"},
		{"primary language without region", both, "zh", "客户"},
		{"primary language of another region", both, "zh-TW", "客户"},
		{"region of a language that has none", both, "en-GB", "Customer"},
		{"no such language", both, "fr", "Customer"},
		{"no language asked for", both, "", "Customer"},
		{"neutral before a relative", Text{"": "CRM-1", "zh-CN": "客户"}, "zh-TW", "CRM-1"},
		{"only others, the first in byte order", Text{"pt": "b", "de": "a"}, "fr", "a"},
		{"empty texts do not count", Text{"zh-CN": "", "en": "Customer"}, "zh-CN", "Customer"},
		{"nothing", nil, "en", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 20 { // maps have no order; the answer must
				if got := c.text.In(c.lang); got != c.want {
					t.Fatalf("In(%q) = %q, want %q", c.lang, got, c.want)
				}
			}
		})
	}
}

func TestTextOnTheWire(t *testing.T) {
	for _, wire := range []string{`"Name"`, `{"en":"Name","zh-CN":"名称"}`} {
		var text Text
		if err := json.Unmarshal([]byte(wire), &text); err != nil {
			t.Fatal(err)
		}
		if back, _ := json.Marshal(text); string(back) != wire {
			t.Errorf("%s came back as %s", wire, back)
		}
	}
	if err := json.Unmarshal([]byte(`5`), new(Text)); err == nil {
		t.Error("a number is no text")
	}
}

const form = `{"kind":"form","key":"order","title":"Order","schema":{"required":["zeta"],"properties":{
	"zeta":{"type":"string","x-field":{"type":"text","title":{"en":"Zeta"}}},
	"alpha":{"type":"integer","x-field":{"type":"number"}},
	"money":{"type":"number","x-field":{"type":"currency","scale":3}},
	"lines":{"type":"array","x-field":{"type":"table"},"items":{"required":["qty"],"properties":{
		"qty":{"type":"integer"},"price":{"type":"number"},"done":{"type":"boolean"},"due":{"type":"string","format":"date"},
		"at":{"type":"string","format":"date-time"},"mail":{"type":"string","format":"email"},"note":{"type":"string"}}}}}}}`

func TestFormFields(t *testing.T) {
	d, err := Decode([]byte(form))
	if err != nil {
		t.Fatal(err)
	}
	f := d.(*Form)
	var keys, columns []string
	for _, x := range f.Fields {
		keys = append(keys, x.Key+":"+x.Type)
	}
	if got, want := strings.Join(keys, " "), "zeta:text alpha:number money:currency lines:table"; got != want {
		t.Errorf("fields are %s, want %s in the order written", got, want)
	}
	for _, x := range f.Fields[3].Fields {
		columns = append(columns, x.Key+":"+x.Type)
	}
	if got, want := strings.Join(columns, " "), "qty:number price:number done:switch due:date at:datetime mail:email note:text"; got != want {
		t.Errorf("columns are %s, want %s", got, want)
	}
	if zeta, _ := f.Find("zeta"); !zeta.Required || zeta.Title.In("en") != "Zeta" {
		t.Errorf("zeta is %+v", zeta)
	}
	if alpha, _ := f.Find("alpha"); alpha.Required || alpha.Scale == nil || *alpha.Scale != 0 {
		t.Error("an integer keeps no decimals")
	}
	if money, _ := f.Find("money"); *money.Scale != 3 {
		t.Error("a scale that is written stays")
	}
	if qty := f.Fields[3].Fields[0]; !qty.Required || *qty.Scale != 0 {
		t.Errorf("qty is %+v", qty)
	}
	if _, ok := f.Find("nothing"); ok {
		t.Error("found a field that is not there")
	}
}

func TestDecode(t *testing.T) {
	for kind, want := range map[string]any{
		"app": &App{}, "optionset": &OptionSet{}, "view": &View{}, "dashboard": &Dashboard{}, "role": &Role{}, "template": &Template{},
	} {
		got, err := Decode([]byte(`{"kind":"` + kind + `","key":"k"}`))
		if err != nil || reflect.TypeOf(got) != reflect.TypeOf(want) {
			t.Errorf("%s decodes to %T, %v", kind, got, err)
		}
		if _, err := Decode([]byte(`{"kind":"` + kind + `","key":"k","no-such-member":1}`)); err == nil {
			t.Errorf("%s: an unknown member is an error", kind)
		}
	}
	for name, source := range map[string]string{
		"unknown kind":         `{"kind":"spaceship"}`,
		"not JSON":             `{`,
		"unknown form member":  `{"kind":"form","schema":{},"colour":"red"}`,
		"properties no object": `{"kind":"form","schema":{"properties":[]}}`,
		"property no object":   `{"kind":"form","schema":{"properties":{"a":5}}}`,
		"x-field no object":    `{"kind":"form","schema":{"properties":{"a":{"x-field":5}}}}`,
	} {
		if _, err := Decode([]byte(source)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestKinds(t *testing.T) {
	for _, k := range Kinds {
		if !k.Valid() {
			t.Errorf("%s is not valid", k)
		}
	}
	if KindTemplate.Valid() || Kind("").Valid() {
		t.Error("an app holds no templates")
	}
}
