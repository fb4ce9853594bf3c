package field

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"formwork/schemas/definition"
	"formwork/schemas/validate"
	"formwork/schemas/value"
)

func formFor(t testing.TB, schema string, rest ...string) *definition.Form {
	t.Helper()
	d, err := definition.Decode([]byte(`{"kind":"form","key":"order","title":{"zh-CN":"订单","en":"Order"},"schema":` + schema + strings.Join(rest, "") + `}`))
	if err != nil {
		t.Fatalf("%s: %v", schema, err)
	}
	return d.(*definition.Form)
}

const sample = `{"$comment":"c","required":["name","no"],"properties":{
	"name":{"type":"string","minLength":1,"maxLength":80,"x-field":{"type":"text","title":{"zh-CN":"名称","en":"Name"},"help":"Full name"}},
	"no":{"x-field":{"type":"serial","pattern":"A-{000}"}},
	"level":{"x-field":{"type":"select","options":[{"value":"a"},{"value":"b"}]}},
	"stage":{"x-field":{"type":"select"}},
	"total":{"type":"number","x-field":{"type":"currency"}},
	"lines":{"x-field":{"type":"table"},"items":{"required":["item"],"properties":{"item":{"type":"string"},"qty":{"type":"integer","minimum":1}}}},
	"last":{"x-field":{"type":"lookup","via":"a","field":"b"}}},
	"if":{"properties":{"level":{"const":"a"}},"required":["level"]},"then":{"required":["total"]}}`

const stages = `,"stages":{"field":"stage","initial":"new","states":[{"key":"new","title":"New"},{"key":"done"}],"transitions":[]}`

func TestFormSchema(t *testing.T) {
	form := formFor(t, sample, stages)
	full, problems := FormSchema(form)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	golden(t, full, `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$comment": "c",
  "title": "Order",
  "type": "object",
  "required": ["name","no"],
  "properties": {
    "name": {"title": "Name","description": "Full name","type": "string","minLength": 1,"maxLength": 80,"x-field": {"type": "text","title": {"en": "Name","zh-CN": "名称"},"help": "Full name"}},
    "no": {"type": "string","maxLength": 1000,"readOnly": true,"x-field": {"type": "serial","pattern": "A-{000}"}},
    "level": {"type": "string","enum": ["a","b"],"x-field": {"type": "select","options": [{"value": "a"},{"value": "b"}]}},
    "stage": {"type": "string","enum": ["new","done"],"x-field": {"type": "select","options": [{"value": "new","title": "New"},{"value": "done"}]}},
    "total": {"type": "number","multipleOf": 0.01,"x-field": {"type": "currency"}},
    "lines": {"type": "array","maxItems": 500,"items": {"type": "object","required": ["item"],"properties": {"_id": {"pattern": "^[0-9a-f]{24}$","readOnly": true,"type": "string"},
      "item": {"type": "string","maxLength": 1000,"x-field": {"type": "text"}},
      "qty": {"type": "integer","minimum": 1,"multipleOf": 1,"x-field": {"type": "number","scale": 0}}},"additionalProperties": false},"x-field": {"type": "table"}},
    "last": {"readOnly": true,"x-field": {"type": "lookup","via": "a","field": "b"}}
  },
  "additionalProperties": false,
  "if": {"properties": {"level": {"const": "a"}},"required": ["level"]},
  "then": {"required": ["total"]}
}`)
	data, problems := DataSchema(form)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	golden(t, data, `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["name"],
  "properties": {
    "name": {"type": "string","minLength": 1,"maxLength": 80},
    "no": {"type": "string","maxLength": 1000},
    "level": {"type": "string","enum": ["a","b"]},
    "stage": {"type": "string","enum": ["new","done"]},
    "total": {"type": "number"},
    "lines": {"type": "array","maxItems": 500,"items": {"type": "object","required": ["item"],"properties": {"_id": {"pattern": "^[0-9a-f]{24}$","type": "string"},
      "item": {"type": "string","maxLength": 1000},"qty": {"type": "integer","minimum": 1}},"additionalProperties": false}},
    "last": {}
  },
  "additionalProperties": false,
  "if": {"properties": {"level": {"const": "a"}},"required": ["level"]},
  "then": {"required": ["total"]}
}`)
}

// golden compares JSON with its order of members.
func golden(t *testing.T, got []byte, want string) {
	t.Helper()
	var a, b bytes.Buffer
	if err := json.Indent(&a, got, "", " "); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	if err := json.Indent(&b, []byte(want), "", " "); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() {
		t.Errorf("got\n%s\nwant\n%s", a.String(), b.String())
	}
}

// What is known about other fields, an option set or the result of a lookup, is published too.
func TestFormSchemaAs(t *testing.T) {
	form := formFor(t, `{"properties":{"level":{"x-field":{"type":"select","optionSet":"levels"}},"far":{"x-field":{"type":"lookup","via":"a","field":"b"}}}}`)
	level := form.Fields[0]
	level.Options = []definition.Option{{Value: "x"}}
	far := definition.Field{Key: "far", XField: definition.XField{Type: "date"}}
	full, problems := FormSchemaAs(form, map[string]*definition.Field{"level": &level, "far": &far})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, want := range []string{
		`"level":{"type":"string","enum":["x"],"x-field":{"type":"select","options":[{"value":"x"}],"optionSet":"levels"}}`,
		`"far":{"type":"string","format":"date","readOnly":true,"x-field":{"type":"lookup","via":"a","field":"b"}}`,
	} {
		if !strings.Contains(string(full), want) {
			t.Errorf("%s\nlacks %s", full, want)
		}
	}
}

func TestStrictProfile(t *testing.T) {
	text := func(keywords string) string {
		return `{"properties":{"name":{` + keywords + `"x-field":{"type":"text"}}}}`
	}
	of := func(keywords, xField string) string {
		return `{"properties":{"name":{` + keywords + `"x-field":{` + xField + `}}}}`
	}
	beside := func(rest string) string { return `{"properties":{"name":{"x-field":{"type":"text"}}},` + rest + `}` }
	for _, c := range []struct{ schema, want string }{
		{text(`"type":"string","minLength":1,"maxLength":5,"pattern":"^a","enum":["ab"],"examples":["ab"],"default":"ab","$comment":"c","title":"t","description":"d",`), ""},
		{text(`"maxLenght":5,`), "unknown-keyword /properties/name/maxLenght suggestion=maxLength"},
		{text(`"readOnly":true,`), "unknown-keyword /properties/name/readOnly"},
		{text(`"type":"number",`), "schema-disagrees /properties/name/type"},
		{text(`"maxLength":1001,`), "schema-disagrees /properties/name/maxLength"},
		{text(`"minLength":5,"maxLength":4,`), "empty-range /properties/name/minLength"},
		{text(`"minimum":5,`), "keyword-not-for-type /properties/name/minimum"},
		{text(`"pattern":"(?=a)",`), "unsupported-pattern /properties/name/pattern"},
		{text(`"format":"uuid",`), ""},
		{text(`"format":"phone",`), "unknown-format /properties/name/format"},
		{of(`"type":"integer","multipleOf":5,`, `"type":"number","scale":0`), ""},
		{of(`"type":"integer",`, `"type":"number","scale":2`), "schema-disagrees /properties/name/type"},
		{of(`"multipleOf":0.25,`, `"type":"number","scale":2`), ""},
		{of(`"multipleOf":0.25,`, `"type":"number","scale":1`), "schema-disagrees /properties/name/multipleOf"},
		{of(`"multipleOf":0.1,"minimum":0,"exclusiveMaximum":10,`, `"type":"number","scale":1`), ""},
		{of(`"enum":["b","a"],`, `"type":"select","options":[{"value":"a"},{"value":"b"}]`), ""},
		{of(`"enum":["a"],`, `"type":"select","options":[{"value":"a"},{"value":"b"}]`), "schema-disagrees /properties/name/enum"},
		{of(`"type":"array","items":{"type":"string","enum":["a"]},"uniqueItems":true,"maxItems":3,`, `"type":"multiselect","options":[{"value":"a"}]`), ""},
		{of(`"items":{"type":"number"},`, `"type":"multiselect","options":[{"value":"a"}]`), "schema-disagrees /properties/name/items/type"},
		{of(`"uniqueItems":false,`, `"type":"multiselect","options":[{"value":"a"}]`), "schema-disagrees /properties/name/uniqueItems"},
		{of(`"format":"date",`, `"type":"date"`), ""},
		{of(`"format":"date-time",`, `"type":"date"`), "schema-disagrees /properties/name/format"},
		{of(`"type":"number",`, `"type":"formula","expr":"1"`), ""},
		{of(``, `"type":"txet"`), "unknown-field-type /properties/name/x-field/type suggestion=text"},
		{of(`"items":{"properties":{"a":{"maxLenght":1}},"required":["b"],"minItems":1,"additionalProperties":true},`, `"type":"table"`),
			"unknown-keyword /properties/name/items/minItems; schema-disagrees /properties/name/items/additionalProperties; unknown-field /properties/name/items/required/0; " +
				"unknown-keyword /properties/name/items/properties/a/maxLenght suggestion=maxLength"},
		{beside(`"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","additionalProperties":false`), ""},
		{beside(`"$schema":"http://json-schema.org/draft-07/schema#","type":"array","additionalProperties":true`),
			"schema-disagrees /$schema; schema-disagrees /type; schema-disagrees /additionalProperties"},
		{beside(`"patternProperties":{}`), "unknown-keyword /patternProperties"},
		{beside(`"required":["nmae"]`), "unknown-field /required/0 suggestion=name"},
		{beside(`"dependentRequired":{"name":["nmae"],"x":[]}`), "unknown-field /dependentRequired/name/0 suggestion=name; unknown-field /dependentRequired/x"},
		{beside(`"if":{"properties":{"nmae":{"const":1}}},"then":{"required":["name"]}`), "unknown-field /if/properties/nmae suggestion=name"},
		{beside(`"allOf":[{"anyOf":[{"required":["x"]},{"not":{"requird":["name"]}}]}]`),
			"unknown-field /allOf/0/anyOf/0/required/0; unknown-keyword /allOf/0/anyOf/1/not/requird suggestion=required"},
		{beside(`"$defs":{"a":{"minLength":1}},"allOf":[{"properties":{"name":{"$ref":"#/$defs/a"}}},{"$ref":"http://x"}]`), "wrong-ref /allOf/1/$ref"},
	} {
		_, problems := FormSchema(formFor(t, c.schema))
		if got := spell(problems); got != c.want {
			t.Errorf("%s\n got  %q\n want %q", c.schema, got, c.want)
		}
	}
}

// Every type's published schema compiles, and refuses what coercion would never produce.
func TestPublishedSchemasCompile(t *testing.T) {
	for _, property := range samples {
		f, s := compiledFor(t, property)
		if problems := s.Validate(map[string]any{}); len(problems) > 0 {
			t.Errorf("%s: %v", property, problems)
		}
		if problems := s.Validate(map[string]any{"g": 1.0}); spell(problems) != "additional-property /g" {
			t.Errorf("%s: %v", property, problems)
		}
		typ, _ := Lookup(f.Type)
		if keywords := typ.Schema(f); len(keywords) > 0 {
			if problems := s.Validate(map[string]any{"f": map[string]any{"x": 1.0}}); len(problems) == 0 {
				t.Errorf("%s accepts an object", property)
			}
		}
	}
}

// The data schema is what records are held against, so it must say everything that coercion does not.
func TestDataSchemaValidates(t *testing.T) {
	b, _ := DataSchema(formFor(t, sample, stages))
	s, err := validate.Compile("order", b)
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		`{"name":"a","level":"a"}`:                             "required /total",
		`{"name":"a","level":"a","total":1.25,"stage":"done"}`: "",
		`{"name":"a","lines":[{"qty":0.5}]}`:                   "required /lines/0/item; type /lines/0/qty",
		`{"name":"a","lines":[{"item":"a","qty":0,"x":1}]}`:    "minimum /lines/0/qty; additional-property /lines/0/x",
		`{"level":"x"}`: "enum /level; required /name",
	} {
		v, _ := value.Decode([]byte(in))
		if got := spell(s.Validate(v)); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}
