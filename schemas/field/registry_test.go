package field

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"formwork/schemas/definition"
	"formwork/schemas/value"
)

func TestRegistry(t *testing.T) {
	want := strings.Fields(`currency date datetime department email file formula image longtext lookup multiselect number percent
		phone relation rollup select serial switch table text url user`)
	var got []string
	for _, typ := range All() {
		got = append(got, typ.Key)
		if found, ok := Lookup(typ.Key); !ok || found != typ {
			t.Errorf("Lookup(%q) does not give the type of All", typ.Key)
		}
		if typ.Storage == nil || typ.Schema == nil || typ.Coerce == nil || typ.Check == nil || len(typ.Operators) == 0 {
			t.Errorf("%s is incomplete", typ.Key)
		}
		if (typ.Expr == "") != slices.Contains([]string{"formula", "lookup", "rollup"}, typ.Key) {
			t.Errorf("%s has kind %q in expressions", typ.Key, typ.Expr)
		}
		if typ.Computed != slices.Contains([]string{"formula", "lookup", "rollup", "serial"}, typ.Key) {
			t.Errorf("%s: computed is %v", typ.Key, typ.Computed)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("types are %v", got)
	}
	if _, ok := Lookup("spaceship"); ok {
		t.Error("found a type that is none")
	}
	All()[0] = nil
	if All()[0] == nil {
		t.Error("a caller can change the table")
	}
}

// Every setting is a member of x-field, and every member is a setting of some type.
func TestSettingsCoverXField(t *testing.T) {
	members := map[string]bool{}
	for i := range reflect.TypeFor[definition.XField]().NumField() {
		name, _, _ := strings.Cut(reflect.TypeFor[definition.XField]().Field(i).Tag.Get("json"), ",")
		members[name] = false
	}
	use := func(owner string, names []string) {
		for _, name := range names {
			if _, ok := members[name]; !ok {
				t.Errorf("%s: x-field has no member %q", owner, name)
			}
			members[name] = true
		}
	}
	use("common", Common())
	for _, typ := range All() {
		use(typ.Key, typ.Settings)
	}
	for name, used := range members {
		if !used {
			t.Errorf("no type has the setting %q", name)
		}
	}
}

func TestStorage(t *testing.T) {
	for property, want := range map[string]Storage{
		x("text"):                  {Kind: "text", Order: true, Match: true},
		x("text", `"search":true`): {Kind: "text", Order: true, Match: true, Search: true},
		x("longtext"):              {Kind: "text", Match: true},
		x("number"):                {Kind: "number", Scale: 6},
		x("number", `"scale":0`):   {Kind: "number"},
		`{"type":"integer","x-field":{"type":"number"}}`: {Kind: "number"},
		x("currency"):               {Kind: "number", Scale: 2},
		x("select", levels):         {Kind: "text", Order: true},
		x("multiselect", levels):    {Kind: "text", Array: true},
		x("date"):                   {Kind: "date"},
		x("datetime"):               {Kind: "instant"},
		x("switch"):                 {Kind: "bool"},
		x("user"):                   {Kind: "text"},
		x("phone", `"search":true`): {Kind: "text", Order: true, Match: true, Search: true},
		lines:                       {},
		x("file"):                   {},
		x("formula", `"expr":"1"`):  {},
		x("formula", `"expr":"1","result":"number","scale":1`):        {Kind: "number", Scale: 1},
		x("formula", `"expr":"1","result":"number","live":true`):      {},
		x("lookup", `"via":"a","field":"b"`):                          {},
		x("rollup", `"form":"a.b","link":"c","fn":"count"`):           {Kind: "number"},
		x("rollup", `"form":"a.b","link":"c","fn":"max","field":"d"`): {},
		x("rollup", `"form":"a.b","link":"c","fn":"sum","field":"d"`): {Kind: "number", Scale: 6},
	} {
		f := fieldFor(t, property)
		typ, _ := Lookup(f.Type)
		if got := typ.Storage(f); got != want {
			t.Errorf("%s is stored as %+v, want %+v", property, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ property, want string }{
		{x("text", `"unique":true`, `"search":true`, `"default":"a"`, `"help":"h"`, `"hidden":true`), ""},
		{x("text", `"scale":2`), "unknown-setting /x-field/scale"},
		{x("text", `"uniqe":true`), "unknown-setting /x-field/uniqe suggestion=unique"},
		{x("text", `"default":5`), ""},
		{x("text", `"default":[1]`), "type /x-field/default"},
		{x("number", `"default":{"expr":"1 + 1"}`), ""},
		{x("number", `"default":"a"`), "not-a-number /x-field/default"},
		{x("number", `"scale":11`), "out-of-range /x-field/scale"},
		{x("number", `"scale":-1`), "out-of-range /x-field/scale"},
		{x("currency", `"currency":"CNY"`), ""},
		{x("currency", `"currency":"yuan"`), "unknown-value /x-field/currency"},
		{x("select", levels), ""},
		{x("select"), ""}, // the field of the stages
		{x("select", levels, `"optionSet":"levels"`), "options-twice /x-field/optionSet"},
		{x("select", `"optionSet":"levels","default":"x"`), ""}, // known once the set is filled in
		{x("select", levels, `"default":"high"`), ""},
		{x("select", levels, `"default":"x"`), "unknown-option /x-field/default"},
		{x("select", `"options":[{"value":"a"},{"value":" b"},{"value":"a"},{"value":""}]`),
			"wrong-option /x-field/options/1/value; repeated /x-field/options/2/value; wrong-option /x-field/options/3/value"},
		{x("relation", `"form":"a.b"`, `"onDelete":"cascade"`), ""},
		{x("relation"), "required /x-field/form"},
		{x("relation", `"form":"a.b"`, `"onDelete":"cascad"`), "unknown-value /x-field/onDelete suggestion=cascade"},
		{x("user", `"form":"a.b"`), "unknown-setting /x-field/form"},
		{lines, ""},
		{strings.Replace(lines, `"table"`, `"table","maxRows":5001`, 1), "out-of-range /x-field/maxRows"},
		{strings.Replace(lines, `"table"`, `"table","default":[]`, 1), "unknown-setting /x-field/default"},
		{strings.Replace(lines, `{"type":"date"}`, `{"type":"date","scale":2}`, 1), "unknown-setting /items/properties/due/x-field/scale"},
		{strings.Replace(lines, `{"type":"date"}`, `{"type":"serial"}`, 1), "unknown-field-type /items/properties/due/x-field/type"},
		{strings.Replace(lines, `{"type":"date"}`, `{"type":"daet"}`, 1), "unknown-field-type /items/properties/due/x-field/type suggestion=date"},
		{x("table"), "no-columns /items/properties"},
		{x("serial", `"pattern":"OP-{yyyy}{MM}-{00000}","reset":"month","search":true`), ""},
		{x("serial"), "required /x-field/pattern"},
		{x("serial", `"pattern":"A"`), "serial-counter /x-field/pattern"},
		{x("serial", `"pattern":"{000}{000}"`), "serial-counter /x-field/pattern"},
		{x("serial", `"pattern":"{yyyy-MM}{000}"`), "serial-part /x-field/pattern"},
		{x("serial", `"pattern":"{000"`), "serial-part /x-field/pattern"},
		{x("serial", `"pattern":"{MM}{000}","reset":"month"`), "serial-repeats /x-field/pattern"},
		{x("serial", `"pattern":"{yy}{MM}{000}","reset":"month"`), ""},
		{x("serial", `"pattern":"{000}","reset":"weekly"`), "unknown-value /x-field/reset"},
		{x("serial", `"pattern":"{000}","default":"a"`), "unknown-setting /x-field/default"},
		{x("formula", `"expr":"1","result":"number","unit":"km"`), ""},
		{x("formula"), "required /x-field/expr"},
		{x("formula", `"expr":"1","result":"nummber"`), "unknown-value /x-field/result suggestion=number"},
		{x("lookup"), "required /x-field/via; required /x-field/field"},
		{x("rollup", `"form":"a.b","link":"c","fn":"count"`), ""},
		{x("rollup", `"form":"a.b","link":"c","fn":"sum"`), "required /x-field/field"},
		{x("rollup", `"form":"a.b","link":"c","fn":"median","field":"d"`), "unknown-value /x-field/fn"},
		{x("file", `"maxSize":-1,"accept":["pdf","application/pdf","image/*",".docx"]`), "out-of-range /x-field/maxSize; not-a-media-type /x-field/accept/0"},
		{x("image", `"accept":["image/png"]`), "unknown-setting /x-field/accept"},
	} {
		f := fieldFor(t, c.property)
		typ, ok := Lookup(f.Type)
		if !ok {
			t.Fatalf("no type %q", f.Type)
		}
		if got := spell(typ.Check(f)); got != c.want {
			t.Errorf("%s: %q, want %q", c.property, got, c.want)
		}
	}
}

// A field made in Go, without the JSON of its property, is checked by what is set.
func TestCheckWithoutProperty(t *testing.T) {
	scale := 2
	f := &definition.Field{Key: "a", XField: definition.XField{Type: "text", Scale: &scale, Default: json.RawMessage(`"x"`)}}
	typ, _ := Lookup("text")
	if got := spell(typ.Check(f)); got != "unknown-setting /x-field/scale" {
		t.Error(got)
	}
}

func TestSerialNumber(t *testing.T) {
	day, _ := value.ParseDate("2017-03-09")
	for pattern, want := range map[string]string{
		"OP-{yyyy}{MM}-{00000}": "OP-201703-00042", "{yy}.{dd}/{0}": "17.09/42", "编号{000}": "编号042",
	} {
		if got := SerialNumber(pattern, 42, day); got != want {
			t.Errorf("%s gives %s, want %s", pattern, got, want)
		}
	}
	if got := SerialNumber("{00}", 12345, day); got != "12345" {
		t.Errorf("a number that outgrows its digits is %s", got)
	}
}
