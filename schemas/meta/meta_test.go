package meta

import (
	"fmt"
	"strings"
	"testing"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const (
	wholeForm = `{"kind":"form","key":"order","title":{"zh-CN":"订单","en":"Order"},"titleField":"name",
	"schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","required":["name"],
		"properties":{
			"name":{"type":"string","minLength":1,"maxLength":80,"x-field":{"type":"text","title":{"zh-CN":"名称"},"unique":true,"search":true}},
			"level":{"type":"string","x-field":{"type":"select","options":[{"value":"A","title":"A","color":"red"}]}},
			"stage":{"x-field":{"type":"select"}},
			"owner":{"type":"string","x-field":{"type":"user","default":{"expr":"user.id"}}},
			"lines":{"type":"array","items":{"type":"object","properties":{"qty":{"type":"number"},"version":{"type":"number"}}},"x-field":{"type":"table"}},
			"total":{"type":"number","x-field":{"type":"formula","expr":"sum(lines, .qty * .price)","scale":2}},
			"last":{"type":"string","x-field":{"type":"rollup","form":"follow-up.activity","link":"order","fn":"max","field":"at","filter":{"field":"done","op":"eq","value":true}}}},
		"if":{"required":["level"]},"then":{"required":["owner"]}},
	"layout":[{"key":"basics","section":"Basics","columns":2,"fields":["name","level"],"visible":{"expr":"true"}}],
	"rules":[{"key":"a-needs-owner","when":{"expr":"level == 'A'"},"require":["owner"]}],
	"stages":{"field":"stage","initial":"new","states":[{"key":"new","percent":12.5},{"key":"won","category":"done"}],
		"transitions":[{"key":"win","from":["*"],"to":"won","guard":{"expr":"total > 0"},"refuse":"Nothing to win"}]},
	"unique":[{"key":"name-level","fields":["name","level"]}],"indexes":[{"key":"newest","fields":["level","-total"],"include":["total"]}]}`
	wholeDashboard = `{"kind":"dashboard","key":"home","title":"Home","period":"this-quarter","cards":[
	{"key":"won","title":"Won","type":"bar","form":"order","dateField":"closedAt","filter":{"and":[]},"groupBy":[{"field":"closedAt","unit":"quarter"},{"field":"owner.department","level":1,"as":"region"}],
	 "measures":[{"fn":"sum","field":"total","as":"sum"},{"fn":"count","as":"n"},{"as":"avg","ratio":["sum","n"],"percent":false,"scale":2}],"having":{"field":"n","op":"gt","value":1},
	 "sort":["-sum"],"limit":10,"titles":{"sum":{"en":"Sum"}},"format":{"sum":"currency"},"width":6,"height":4}]}`
)

func TestCheckAccepts(t *testing.T) {
	for _, source := range []string{
		wholeForm, wholeDashboard,
		`{"kind":"app","key":"sales-crm","title":"Sales","icon":"users","color":"#1a2B3c","order":-1,"menu":[{"form":"order"},{"view":"mine"},{"dashboard":"home"}]}`,
		`{"kind":"optionset","key":"levels","options":[{"value":"a b","hidden":true}]}`,
		`{"kind":"view","key":"mine","form":"other.order","type":"kanban","fields":["name","owner.department"],"filter":{"field":"owner","op":"eq","value":{"expr":"user.id"}},"sort":["-updatedAt"],"groupBy":"stage","summaries":[{"field":"total","fn":"sum"}],"scoped":["owner"]}`,
		`{"kind":"role","key":"rep","members":{"default":true},"forms":[{"form":"order","actions":["read","set-stage"],"rows":"own","where":{"or":[]},"ownerField":"owner","fields":[{"field":"cost","access":"hidden"}]}],"dashboards":["*","home"]}`,
		`{"kind":"template","key":"sales","version":"1.2.3-rc.1","apps":["order"],"locales":["zh-CN","en"],"picture":"cover.png"}`,
		`{"kind":"calendar","key":"cn","weekend":[6,7],"holidays":[{"from":"2026-10-01","to":"2026-10-07","title":"国庆节"}],"workdays":[{"from":"2026-10-10"}]}`,
		`{"kind":"automation","key":"remind","title":{"zh-CN":"提醒"},"form":"order","trigger":{"on":"date","field":"due","offset":{"amount":-1,"unit":"workday"},"at":"09:00","calendar":"cn","past":0,"filter":{"field":"stage","op":"eq","value":"new"}},"when":{"expr":"record.total > 0"},"steps":[{"key":"tell","type":"notify","when":{"expr":"true"},"config":{"to":{"field":"owner"},"title":"Due"}}],"limits":{"perMinute":10,"steps":5,"depth":2}}`,
	} {
		head, problems := Check([]byte(source))
		if len(problems) > 0 {
			t.Errorf("%s\n%v", source, problems)
		}
		if head.Kind == "" || head.Key == "" {
			t.Errorf("%s: head is %+v", source, head)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	property := func(name, schema string) string {
		return `{"kind":"form","key":"f","schema":{"properties":{"` + name + `":` + schema + `}}}`
	}
	view := func(rest string) string { return `{"kind":"view","key":"v","form":"f",` + rest + `}` }
	card := func(rest string) string {
		return `{"kind":"dashboard","key":"d","cards":[{"key":"c","title":"C","type":"kpi","form":"f",` + rest + `}]}`
	}
	for _, c := range []struct{ source, want string }{
		{`{"kind":"view",` + "\n" + `"key":"v",,}`, "malformed  line=2 column=11"},
		{`{"kind":"view","kind":"app"}`, "malformed /kind"},
		{`{"kind":"view","key":"v"} x`, "malformed "},
		{"\xff", "malformed "},
		{`[]`, "type "},
		{`{"key":"v"}`, "required /kind"},
		{`{"kind":5}`, "required /kind"},
		{`{"kind":"veiw"}`, "unknown-kind /kind suggestion=view"},
		{`{"kind":"view"}`, "required /form; required /key"},
		{`{"kind":"view","key":"My View","form":"f"}`, "pattern /key"},
		{`{"kind":"view","key":"` + strings.Repeat("a", 49) + `","form":"f"}`, "max-length /key"},
		{view(`"feilds":["a"]`), "additional-property /feilds suggestion=fields"},
		{view(`"type":"kanbam"`), "enum /type suggestion=kanban"},
		{view(`"filter":"a = 1"`), "type /filter"},
		{view(`"title":{"English":"x"}`), "property-name /title/English"},
		{view(`"title":{}`), "min-properties /title"},
		{view(`"sort":["updatedAt desc"]`), "pattern /sort/0"},
		{view(`"summaries":[{"field":"a","fn":"median"}]`), "enum /summaries/0/fn"},
		{`{"kind":"app","key":"a","menu":[{"form":"a","view":"b"},{}]}`, "max-properties /menu/0; min-properties /menu/1"},
		{`{"kind":"app","key":"a","order":1.5}`, "type /order"},
		{`{"kind":"app","key":"a","order":1.0}`, "type /order"}, // a whole number, but Go wants it written as one
		{card(`"measures":[]`), "min-items /cards/0/measures"},
		{card(`"measures":[{"as":"n"}]`), "required /cards/0/measures/0/fn"},
		{card(`"measures":[{"fn":"count"}]`), "required /cards/0/measures/0/as"},
		{card(`"measures":[{"as":"r","ratio":["a","b"],"fn":"sum"}]`), "not-allowed /cards/0/measures/0/fn"},
		{card(`"measures":[{"as":"n","fn":"count"}],"format":{"n":"money"}`), "enum /cards/0/format/n"},
		{`{"kind":"role","key":"r","forms":[{"form":"f","actions":["raed"]}]}`, "enum /forms/0/actions/0 suggestion=read"},
		{`{"kind":"role","key":"r","forms":[{"form":"f","actions":[],"rows":"mine"}]}`, "enum /forms/0/rows"},
		{`{"kind":"template","key":"t","version":"1.0","apps":["a"]}`, "pattern /version"},
		{`{"kind":"calendar","key":"c","holidays":[{"from":"2026-13-01"}]}`, "format /holidays/0/from"},
		{`{"kind":"automation","key":"a","trigger":{"on":"craeted"},"steps":[{"key":"s","type":"stop"}]}`, "enum /trigger/on suggestion=created"},
		{`{"kind":"automation","key":"a","trigger":{"on":"created"},"steps":[]}`, "min-items /steps"},
		{`{"kind":"automation","key":"a","trigger":{"on":"date","at":"9:00"},"steps":[{"key":"s","type":"stop"}]}`, "pattern /trigger/at"},
		{`{"kind":"form","key":"f","schema":{}}`, "required /schema/properties"},
		{property("Name", `{"x-field":{"type":"text"}}`), "property-name /schema/properties/Name"},
		{property("name", `{"type":"string"}`), "required /schema/properties/name/x-field"},
		{property("name", `{"x-field":{}}`), "required /schema/properties/name/x-field/type"},
		{property("name", `{"x-field":{"type":"txet"}}`), "enum /schema/properties/name/x-field/type suggestion=text"},
		{property("name", `{"x-field":{"type":"text","titel":"a"}}`), "additional-property /schema/properties/name/x-field/titel suggestion=title"},
		{property("name", `{"maxLenght":1,"x-field":{"type":"text"}}`), "additional-property /schema/properties/name/maxLenght suggestion=maxLength"},
		{property("name", `{"type":["string","null"],"x-field":{"type":"text"}}`), "enum /schema/properties/name/type"},
		{property("createdAt", `{"x-field":{"type":"date"}}`), "reserved-name /schema/properties/createdAt"},
		{property("contains", `{"x-field":{"type":"text"}}`), "reserved-name /schema/properties/contains"},
		{property("lines", `{"x-field":{"type":"table"},"items":{"properties":{"in":{"type":"number"},"id":{"type":"string"}}}}`),
			"reserved-name /schema/properties/lines/items/properties/in"},
		{`{"kind":"form","key":"f","schema":{"properties":{}},"rules":[{"key":"r","when":"a > 1","refuse":"no"}]}`, "type /rules/0/when"},
		{`{"kind":"form","key":"f","schema":{"properties":{}},"rules":[{"key":"r","when":{"expr":"a > 1"}}]}`, "any-of /rules/0"},
		{`{"kind":"form","key":"f","schema":` + strings.Repeat(`{"not":`, 70) + `{}` + strings.Repeat("}", 71), "too-deep /schema" + strings.Repeat("/not", 63)},
		{strings.Repeat(" ", MaxSize) + `{}`, "definition-too-large "},
	} {
		_, problems := Check([]byte(c.source))
		if got := spell(problems, strings.Contains(c.want, "line=")); got != c.want {
			t.Errorf("%s\n got  %q\n want %q", c.source[:min(len(c.source), 200)], got, c.want)
		}
	}
}

func spell(l problem.List, place bool) string {
	out := make([]string, len(l))
	for i, p := range l {
		out[i] = p.Code + " " + p.Pointer
		if s, ok := p.Params["suggestion"]; ok {
			out[i] += fmt.Sprintf(" suggestion=%v", s)
		}
		if place {
			out[i] += fmt.Sprintf(" line=%v column=%v", p.Params["line"], p.Params["column"])
		}
	}
	return strings.Join(out, "; ")
}

func TestReservedNames(t *testing.T) {
	for _, name := range strings.Fields(`id rev crev form version createdAt createdBy updatedAt updatedBy deletedAt data
		and or not in contains startsWith endsWith matches let true false nil null if else`) {
		if !Reserved(name) {
			t.Errorf("%s is not reserved", name)
		}
	}
	for _, name := range []string{"name", "sum", "user", "record", "deleted", "ids"} {
		if Reserved(name) {
			t.Errorf("%s is reserved", name)
		}
	}
}

func TestAllIsACopy(t *testing.T) {
	delete(All(), "form")
	if len(All()["form"]) == 0 {
		t.Error("a caller can take a meta-schema away")
	}
}

// Whatever text: Check returns, and what it accepts decodes into the kind it says.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{wholeForm, wholeDashboard, `{"kind":"app","key":"a","order":1e0}`, `{"kind":"view","key":"v","form":"f","Form":5}`,
		`{"kind":"role","key":"r","members":null}`, `{"kind":"template"}`, `{"kind":"optionset","key":"o","options":[{"value":""}]}`, `[[[`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		head, problems := Check(source)
		if problems.Blocks() {
			return
		}
		if _, err := definition.Decode(source); err != nil {
			t.Errorf("accepted and not decodable: %v", err)
		}
		v, err := value.Decode(source)
		if m, ok := v.(map[string]any); err != nil || !ok || m["kind"] != string(head.Kind) || m["key"] != head.Key {
			t.Errorf("head %+v of %s", head, source)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	for b.Loop() {
		if _, problems := Check([]byte(wholeForm)); problems != nil {
			b.Fatal(problems)
		}
	}
}
