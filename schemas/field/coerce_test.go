package field

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/validate"
	"formwork/schemas/value"
)

// fieldFor makes a field from its property's JSON, the way a form would hold it.
func fieldFor(t testing.TB, property string) *definition.Field {
	t.Helper()
	d, err := definition.Decode([]byte(`{"kind":"form","key":"f","schema":{"properties":{"f":` + property + `}}}`))
	if err != nil {
		t.Fatalf("%s: %v", property, err)
	}
	return &d.(*definition.Form).Fields[0]
}

// x makes a property of a type with more members of x-field.
func x(key string, more ...string) string {
	return `{"x-field":{` + strings.Join(append([]string{`"type":"` + key + `"`}, more...), ",") + `}}`
}

const levels = `"options":[{"value":"a","title":{"zh-CN":"高","en":"High"}},{"value":"b","title":"Medium"},{"value":"c","title":"低","hidden":true}]`

const lines = `{"type":"array","x-field":{"type":"table"},"items":{"properties":{
	"item":{"x-field":{"type":"text"}},"qty":{"type":"integer"},"price":{"x-field":{"type":"currency"}},"due":{"x-field":{"type":"date"}}}}}`

var shanghai = time.FixedZone("UTC+8", 8*3600)

const (
	id1 = "0123456789abcdef01234567"
	id2 = "89abcdef0123456789abcdef"
)

// one is a coercion: problems are "code pointer".
type one struct {
	property, in string
	want         string // canonical JSON, "" for empty
	problems     string
}

func TestCoerce(t *testing.T) {
	long := strings.Repeat("客", MaxText)
	for _, c := range []one{
		{x("text"), `"  Müller \t& Söhne\n "`, `"Müller \t& Söhne"`, ""},
		{x("text"), `"a\nb"`, `"a\nb"`, ""},
		{x("text"), `"   "`, "", ""},
		{x("text"), `12.50`, `"12.5"`, ""},
		{x("text"), `true`, "", "type "},
		{x("text"), `["a"]`, "", "type "},
		{x("text"), `"a\u0000b"`, "", "control-character "},
		{x("text"), `"a\u0007b"`, "", "control-character "},
		{x("text"), `"a\u0085b"`, "", "control-character "},
		{x("text"), `"` + long + `"`, `"` + long + `"`, ""},
		{x("text"), `"` + long + `x"`, "", "max-length "},
		{x("longtext"), `" a\r\n\u000bb "`, `" a\r\n\u000bb "`, ""},
		{x("longtext"), `"a\u0000"`, "", "control-character "},
		{x("longtext"), `"` + strings.Repeat("x", MaxLongText+1) + `"`, "", "max-length "},

		{x("number"), `1.23456789`, `1.234568`, ""},
		{x("number", `"scale":2`), `1.005`, `1.01`, ""},
		{x("number", `"scale":0`), `-0.4`, `0`, ""},
		{`{"type":"integer","x-field":{"type":"number"}}`, `2.5`, `3`, ""},
		{x("number"), `"1,234.50"`, `1234.5`, ""},
		{x("number"), `"1,234,567"`, `1234567`, ""},
		{x("number"), `" １２．５ "`, `12.5`, ""},
		{x("number"), `"-.5"`, `-0.5`, ""},
		{x("number"), `"1e3"`, `1000`, ""},
		{x("number"), `"12,34"`, "", "not-a-number "},
		{x("number"), `"1.2.3"`, "", "not-a-number "},
		{x("number"), `"e5"`, "", "not-a-number "},
		{x("number"), `"0x10"`, "", "not-a-number "},
		{x("number"), `"NaN"`, "", "not-a-number "},
		{x("number"), `"12 %"`, "", "not-a-number "},
		{x("number"), `true`, "", "type "},
		{x("number"), `""`, "", ""},
		{x("number"), `4503599627.370495`, `4503599627.370495`, ""},
		{x("number"), `9007199254.75`, "", "number-out-of-range "},
		{x("number"), `"1e999"`, "", "number-out-of-range "},
		{x("number", `"scale":0`), `9007199254740991`, `9007199254740991`, ""},
		{x("number", `"scale":0`), `9007199254740992`, "", "number-out-of-range "},
		{x("percent"), `12.5`, `12.5`, ""},
		{x("percent"), `"12.555 %"`, `12.56`, ""},
		{x("currency"), `"1,234,567.891"`, `1234567.89`, ""},
		{x("currency", `"scale":0`), `0.5`, `1`, ""},

		{x("select", levels), `"a"`, `"a"`, ""},
		{x("select", levels), `" c "`, `"c"`, ""},
		{x("select", levels), `"高"`, `"a"`, ""},
		{x("select", levels), `"ＨＩＧＨ"`, `"a"`, ""},
		{x("select", levels), `["b"]`, `"b"`, ""},
		{x("select", levels), `"Hihg"`, "", "unknown-option  suggestion=a"},
		{x("select", levels), `["a","b"]`, "", "type "},
		{x("select", levels), `""`, "", ""},
		{x("select", `"options":[{"value":"1"},{"value":"2"}]`), `2`, `"2"`, ""},
		{x("select", `"options":[{"value":"a","title":"b"},{"value":"b","title":"a"}]`), `"b"`, `"b"`, ""}, // a value before a title
		{x("multiselect", levels), `["c","高","c",""]`, `["a","c"]`, ""},
		{x("multiselect", levels), `"Medium"`, `["b"]`, ""},
		{x("multiselect", levels), `["a","x",5]`, "", "unknown-option /1; unknown-option /2"},
		{x("multiselect", levels), `"x"`, "", "unknown-option "},
		{x("multiselect", levels), `["",null]`, "", ""},

		{x("date"), `"2017-02-28"`, `"2017-02-28"`, ""},
		{x("date"), `"2017-02-29"`, "", "not-a-date "},
		{x("date"), `"2017-02-28T20:00:00Z"`, `"2017-03-01"`, ""}, // the day in Shanghai
		{x("date"), `"2017-02-28 20:00"`, `"2017-02-28"`, ""},
		{x("date"), `"28/02/2017"`, "", "not-a-date "},
		{x("date"), `20170228`, "", "type "},
		{x("date"), `"9999-12-31T23:00:00Z"`, "", "not-a-date "},
		{x("datetime"), `"2017-03-01T08:00:00+08:00"`, `"2017-03-01T00:00:00.000Z"`, ""},
		{x("datetime"), `"2017-03-01 08:30"`, `"2017-03-01T00:30:00.000Z"`, ""},
		{x("datetime"), `"2017-03-01"`, `"2017-02-28T16:00:00.000Z"`, ""},
		{x("datetime"), `"2017-03-01T00:00:00.123456Z"`, `"2017-03-01T00:00:00.123Z"`, ""},
		{x("datetime"), `"tomorrow"`, "", "not-a-datetime "},
		{x("datetime"), `"0001-01-01"`, "", "not-a-datetime "}, // year 0 in UTC

		{x("switch"), `true`, `true`, ""},
		{x("switch"), `0`, `false`, ""},
		{x("switch"), `"是"`, `true`, ""},
		{x("switch"), `" NO "`, `false`, ""},
		{x("switch"), `""`, "", ""},
		{x("switch"), `2`, "", "type "},
		{x("switch"), `"maybe"`, "", "not-a-switch "},

		{x("phone"), `"+351 912 345 678"`, `"+351 912 345 678"`, ""},
		{x("phone"), `" ＋８６　１３８ 0013   8000 "`, `"+86 138 0013 8000"`, ""},
		{x("phone"), `"(010) 6552-9988"`, `"(010) 6552-9988"`, ""},
		{x("phone"), `"001-658-772-3293x85061"`, `"001-658-772-3293x85061"`, ""},
		{x("phone"), `"010-65529988转123"`, `"010-65529988转123"`, ""},
		{x("phone"), `13800138000`, `"13800138000"`, ""},
		{x("phone"), `"1234"`, "", "not-a-phone "},
		{x("phone"), `"123456789012345678901"`, "", "not-a-phone "},
		{x("phone"), `"call me at 12345"`, "", "not-a-phone "},
		{x("email"), `" Avery.Alder.1@Example.test "`, `"Avery.Alder.1@Example.test"`, ""},
		{x("email"), `"用户@example.com"`, `"用户@example.com"`, ""},
		{x("email"), `"a@localhost"`, `"a@localhost"`, ""},
		{x("email"), `"Avery <a@example.test>"`, "", "not-an-email "},
		{x("email"), `"a@b@c.de"`, "", "not-an-email "},
		{x("email"), `"a..b@c.de"`, "", "not-an-email "},
		{x("email"), `"a@-b.de"`, "", "not-an-email "},
		{x("url"), `"https://example.com/a?b=c#d"`, `"https://example.com/a?b=c#d"`, ""},
		{x("url"), `"HTTP://例子.公司/路径"`, `"HTTP://例子.公司/路径"`, ""},
		{x("url"), `"javascript:alert(1)"`, "", "not-a-url "},
		{x("url"), `"java\nscript:alert(1)"`, "", "not-a-url "},
		{x("url"), `"data:text/html,x"`, "", "not-a-url "},
		{x("url"), `"//example.com"`, "", "not-a-url "},
		{x("url"), `"www.example.com"`, "", "not-a-url "},
		{x("url"), `"http://"`, "", "not-a-url "},
		{x("url"), `"http://a b"`, "", "not-a-url "},

		{x("user"), `"` + id1 + `"`, `"` + id1 + `"`, ""},
		{x("department"), `""`, "", ""},
		{x("relation", `"form":"a.b"`), `"` + strings.ToUpper(id1) + `"`, "", "not-an-id "},
		{x("user"), `{"id":"` + id1 + `"}`, "", "type "},

		{lines, `[]`, "", ""},
		{lines, `[{"item":" Pen ","qty":"2","price":1.005,"due":"2017-03-01","_id":"` + id1 + `"}]`,
			`[{"_id":"` + id1 + `","due":"2017-03-01","item":"Pen","price":1.01,"qty":2}]`, ""},
		{lines, `[{"item":"Pen"},{},{"qty":""},{"item":"Ink"}]`,
			`[{"_id":"new000000000000000000001","item":"Pen"},{"_id":"new000000000000000000002","item":"Ink"}]`, ""},
		{lines, `[{"item":"Pen","qtty":1},{"qty":"x"}]`, "", "unknown-field /0/qtty suggestion=qty; not-a-number /1/qty"},
		{lines, `[{"item":"a","_id":"` + id1 + `"},{"item":"b","_id":"` + id1 + `"}]`, "", "repeated /1/_id"},
		{lines, `[{"item":"a","_id":"x"}]`, "", "not-an-id /0/_id"},
		{lines, `[5]`, "", "type /0"},
		{lines, `{"item":"a"}`, "", "type "},
		{strings.Replace(lines, `"table"`, `"table","maxRows":1`, 1), `[{"item":"a"},{"item":"b"}]`, "", "max-items "},

		{x("file"), `[{"id":"` + id1 + `","name":"Angebot 1.pdf","size":12,"type":"application/pdf"}]`,
			`[{"id":"` + id1 + `","name":"Angebot 1.pdf","size":12,"type":"application/pdf"}]`, ""},
		{x("file"), `{"id":"` + id1 + `"}`, `[{"id":"` + id1 + `"}]`, ""},
		{x("file"), `[{"id":"` + id1 + `","url":"http://x"}]`, "", "unknown-field /0/url"},
		{x("file"), `[{"name":"a"}]`, "", "required /0/id"},
		{x("file"), `[{"id":"` + id1 + `","name":"../a"}]`, "", "wrong-file-name /0/name"},
		{x("file"), `[{"id":"` + id1 + `","size":-1}]`, "", "minimum /0/size"},
		{x("file", `"maxSize":10`), `[{"id":"` + id1 + `","size":11}]`, "", "file-too-large /0/size"},
		{x("file", `"accept":["image/*",".pdf"]`), `[{"id":"` + id1 + `","name":"a.PDF","type":"application/x"}]`,
			`[{"id":"` + id1 + `","name":"a.PDF","type":"application/x"}]`, ""},
		{x("file", `"accept":["image/*",".pdf"]`), `[{"id":"` + id1 + `","type":"text/html"}]`, "", "file-type /0/type"},
		{x("image"), `[{"id":"` + id1 + `","type":"text/html"}]`, "", "file-type /0/type"},

		{x("serial", `"pattern":"A-{000}"`), `" A-001 "`, `"A-001"`, ""},
		{x("formula", `"expr":"1","result":"number","scale":1`), `1.25`, `1.3`, ""},
		{x("formula", `"expr":"1","result":"date"`), `"2017-03-01"`, `"2017-03-01"`, ""},
		{x("formula", `"expr":"1"`), `{"a":1}`, `{"a":1}`, ""},
		{x("lookup", `"via":"a","field":"b"`), `["a"]`, `["a"]`, ""},
		{x("lookup", `"via":"a","field":"b"`), `[]`, "", ""},
		{x("rollup", `"form":"a.b","link":"c","fn":"count"`), `3`, `3`, ""},
		{x("rollup", `"form":"a.b","link":"c","fn":"sum","field":"d","scale":2`), `"1.005"`, `1.01`, ""},
		{x("rollup", `"form":"a.b","link":"c","fn":"max","field":"d"`), `"2017-03-01"`, `"2017-03-01"`, ""},
	} {
		t.Run(c.property+" "+cutTo(c.in, 60), func(t *testing.T) {
			f := fieldFor(t, c.property)
			typ, ok := Lookup(f.Type)
			if !ok {
				t.Fatalf("no type %q", f.Type)
			}
			in, err := value.Decode([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			before := string(value.AppendJSON(nil, in))
			n := 0
			got, problems := typ.Coerce(f, in, Env{Zone: shanghai, NewID: func() string { n++; return fmt.Sprintf("new%021d", n) }})
			if s := spell(problems); s != c.problems {
				t.Errorf("problems %q, want %q", s, c.problems)
			}
			want := c.want
			if want == "" {
				want = "null"
			}
			if s := string(value.AppendJSON(nil, got)); s != want {
				t.Errorf("%s became %s, want %s", c.in, s, want)
			}
			if string(value.AppendJSON(nil, in)) != before {
				t.Error("the value that was given changed")
			}
		})
	}
}

func cutTo(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// spell writes problems as "code pointer", with the suggestion where there is one.
func spell(l problem.List) string {
	out := make([]string, len(l))
	for i, p := range l {
		out[i] = p.Code + " " + p.Pointer
		if s, ok := p.Params["suggestion"]; ok {
			out[i] += fmt.Sprintf(" suggestion=%v", s)
		}
	}
	return strings.Join(out, "; ")
}

// samples has a field of every type, columns and settings included.
var samples = []string{
	x("text"), x("longtext"), x("number"), x("number", `"scale":0`), x("percent"), x("currency", `"scale":3`), x("select", levels),
	x("multiselect", levels), x("date"), x("datetime"), x("switch"), x("phone"), x("email"), x("url"), x("user"), x("department"),
	x("relation", `"form":"a.b"`), lines, x("file"), x("image"), x("serial", `"pattern":"A-{000}"`), x("formula", `"expr":"1"`),
	x("formula", `"expr":"1","result":"text"`), x("lookup", `"via":"a","field":"b"`), x("rollup", `"form":"a.b","link":"c","fn":"avg","field":"d"`),
}

// check holds what every Coerce promises: no panic, the same again, and a value that the generated schema accepts.
func check(t *testing.T, f *definition.Field, schema *validate.Schema, in any) {
	t.Helper()
	typ, _ := Lookup(f.Type)
	env := Env{Zone: shanghai, NewID: func() string { return id2 }}
	got, problems := typ.Coerce(f, in, env)
	if len(problems) > 0 {
		if got != nil {
			t.Errorf("%s: refused and yet %v", f.Type, got)
		}
		return
	}
	if value.IsEmpty(got) && got != nil {
		t.Errorf("%s: empty is nil, not %#v", f.Type, got)
	}
	if got == nil {
		return
	}
	again, problems := typ.Coerce(f, got, env)
	if len(problems) > 0 || !reflect.DeepEqual(again, got) {
		t.Errorf("%s: %#v, then %#v %v", f.Type, got, again, problems)
	}
	if problems := schema.Validate(map[string]any{"f": got}); len(problems) > 0 {
		t.Errorf("%s: %#v does not satisfy its schema: %v", f.Type, got, problems)
	}
}

// compiledFor compiles the published schema of a form with only this field.
func compiledFor(t testing.TB, property string) (*definition.Field, *validate.Schema) {
	t.Helper()
	d, err := definition.Decode([]byte(`{"kind":"form","key":"f","schema":{"properties":{"f":` + property + `}}}`))
	if err != nil {
		t.Fatal(err)
	}
	form := d.(*definition.Form)
	b, problems := FormSchema(form)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", property, problems)
	}
	s, err := validate.Compile("f", b)
	if err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return &form.Fields[0], s
}

// Strings that break software elsewhere are stored as they are, trimmed where the field is one line, or refused.
func TestNaughtyStrings(t *testing.T) {
	b, err := os.ReadFile("testdata/naughty.json")
	if err != nil {
		t.Fatal(err)
	}
	var strs []string
	if err := json.Unmarshal(b, &strs); err != nil || len(strs) < 500 {
		t.Fatal(len(strs), err)
	}
	for _, property := range samples {
		f, schema := compiledFor(t, property)
		typ, _ := Lookup(f.Type)
		for _, s := range strs {
			check(t, f, schema, s)
			got, problems := typ.Coerce(f, s, Env{})
			kept := s
			switch f.Type {
			case "text", "serial", "email", "url":
				kept = strings.TrimSpace(s)
			case "longtext":
			default:
				continue
			}
			if len(problems) == 0 && kept != "" && got != kept {
				t.Errorf("%s: %q became %q", f.Type, s, got)
			}
		}
	}
}

func FuzzCoerce(f *testing.F) {
	for i := range samples {
		for _, s := range []string{`"a"`, `5.5`, `"1,234.5"`, `true`, `["a","b"]`, `[{"item":"x","qty":1,"_id":"` + id1 + `"}]`,
			`"2017-03-01"`, `"2017-03-01T10:00:00+08:00"`, `"+351 912 345 678"`, `"a@b.cd"`, `"https://a.b/c"`, `"` + id1 + `"`,
			`[{"id":"` + id1 + `","name":"a.png","size":5,"type":"image/png"}]`, `{}`, `null`, `-1e308`, `"是"`} {
			f.Add(uint8(i), []byte(s))
		}
	}
	fields := make([]*definition.Field, len(samples))
	schemas := make([]*validate.Schema, len(samples))
	for i, property := range samples {
		fields[i], schemas[i] = compiledFor(f, property)
	}
	f.Fuzz(func(t *testing.T, which uint8, source []byte) {
		i := int(which) % len(samples)
		if in, err := value.Decode(source); err == nil {
			check(t, fields[i], schemas[i], in)
		}
		check(t, fields[i], schemas[i], string(source)) // text that is no JSON, and no UTF-8
	})
}

func BenchmarkCoerce(b *testing.B) {
	for _, c := range []one{{property: x("text"), in: `"Avery Alder 0000001"`}, {property: x("number", `"scale":2`), in: `12345.67`},
		{property: x("select", levels), in: `"b"`}, {property: x("date"), in: `"2017-03-01"`}, {property: x("phone"), in: `"+351 912 345 678"`}} {
		f := fieldFor(b, c.property)
		typ, _ := Lookup(f.Type)
		in, _ := value.Decode([]byte(c.in))
		b.Run(f.Type, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, problems := typ.Coerce(f, in, Env{}); problems != nil {
					b.Fatal(problems)
				}
			}
		})
	}
}

// A value made to be expensive to refuse is refused quickly, with a list that people can read.
func TestHostileValuesAreCheapToRefuse(t *testing.T) {
	cells := map[string]any{}
	for i := range 20_000 {
		cells[fmt.Sprintf("a-name-that-is-like-no-column-%d", i)] = 1.0
	}
	many := make([]any, MaxOptions+1)
	for i := range many {
		many[i] = fmt.Sprintf("unknown %d", i)
	}
	for property, in := range map[string]any{
		lines: []any{cells, cells, cells}, x("multiselect", levels): many, x("file"): []any{cells},
		x("select", levels): strings.Repeat("a", 1<<20), x("number"): strings.Repeat("1,", 1<<19), x("email"): strings.Repeat("a", 1<<20) + "@b.c",
		x("phone"): strings.Repeat("1 ", 1<<19), x("url"): "http://" + strings.Repeat("a", 1<<20),
	} {
		f := fieldFor(t, property)
		typ, _ := Lookup(f.Type)
		start := time.Now()
		_, problems := typ.Coerce(f, in, Env{})
		if took := time.Since(start); took > time.Second {
			t.Errorf("%s took %v", f.Type, took)
		}
		if len(problems) == 0 || len(problems) > 2*mostProblems {
			t.Errorf("%s: %d problems", f.Type, len(problems))
		}
		for _, p := range problems {
			if len(p.String()) > 1000 {
				t.Fatalf("%s: a problem of %d bytes", f.Type, len(p.String()))
			}
		}
	}
}
