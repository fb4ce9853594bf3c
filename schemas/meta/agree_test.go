package meta

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/value"
)

// documents are the meta-schemas, decoded.
func documents(t testing.TB) map[string]map[string]any {
	t.Helper()
	out := map[string]map[string]any{}
	for kind, b := range All() {
		v, err := value.Decode(b)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		out[kind] = v.(map[string]any)
	}
	return out
}

// structs holds the meta-schema of each kind against the Go type that definition.Decode makes of it.
var structs = map[string]reflect.Type{
	"app": reflect.TypeFor[definition.App](), "optionset": reflect.TypeFor[definition.OptionSet](),
	"form": reflect.TypeFor[definition.Form](), "view": reflect.TypeFor[definition.View](),
	"dashboard": reflect.TypeFor[definition.Dashboard](), "role": reflect.TypeFor[definition.Role](),
	"template":   reflect.TypeFor[definition.Template](),
	"automation": reflect.TypeFor[definition.Automation](), "calendar": reflect.TypeFor[definition.Calendar](),
	"page": reflect.TypeFor[definition.Page](),
}

func TestSchemasAgreeWithStructs(t *testing.T) {
	docs := documents(t)
	if len(docs) != len(structs) {
		t.Errorf("%d meta-schemas, %d kinds", len(docs), len(structs))
	}
	for kind, typ := range structs {
		w := walker{t: t, root: docs[kind]}
		w.object(kind, typ, docs[kind])
	}
	w := walker{t: t, root: docs["form"]}
	w.object("x-field", reflect.TypeFor[definition.XField](), w.resolve(map[string]any{"$ref": "#/$defs/xField"}))
}

type walker struct {
	t    *testing.T
	root map[string]any
}

func (w walker) resolve(schema any) map[string]any {
	m, _ := schema.(map[string]any)
	if ref, ok := m["$ref"].(string); ok {
		m, _ = w.root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	return m
}

// member is one JSON member of a struct.
type member struct {
	typ      reflect.Type
	optional bool
}

func members(typ reflect.Type) map[string]member {
	out := map[string]member{}
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			maps.Copy(out, members(f.Type))
		case name != "-":
			out[name] = member{f.Type, strings.Contains(options, "omitempty")}
		}
	}
	return out
}

// object wants the same members in both, and required exactly those that Go does not leave out when empty.
func (w walker) object(at string, typ reflect.Type, schema map[string]any) {
	properties, _ := schema["properties"].(map[string]any)
	fields := members(typ)
	for name := range fields {
		if _, ok := properties[name]; !ok {
			w.t.Errorf("%s: the meta-schema lacks %q", at, name)
		}
	}
	for name, property := range properties {
		f, ok := fields[name]
		if !ok {
			w.t.Errorf("%s: %s has no member %q", at, typ, name)
			continue
		}
		required := slices.Contains(list(schema["required"]), any(name))
		if switchable := f.typ.Kind() == reflect.Bool || f.typ.Kind() == reflect.Struct; required == f.optional && !switchable {
			w.t.Errorf("%s: %q is required %v, optional in Go %v", at, name, required, f.optional)
		}
		w.value(at+"/"+name, f.typ, w.resolve(property))
	}
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func (w walker) value(at string, typ reflect.Type, schema map[string]any) {
	want := ""
	switch {
	case typ == reflect.TypeFor[json.RawMessage](): // looked at elsewhere
		return
	case typ == reflect.TypeFor[definition.Text]():
		if fmt.Sprint(schema["type"]) != "[string object]" {
			w.t.Errorf("%s is a text in Go and %v in the meta-schema", at, schema["type"])
		}
		return
	case typ.Kind() == reflect.Pointer:
		w.value(at, typ.Elem(), schema)
		return
	case typ.Kind() == reflect.Struct:
		want = "object"
		w.object(at, typ, schema)
	case typ.Kind() == reflect.Slice:
		want = "array"
		w.value(at+"/*", typ.Elem(), w.resolve(schema["items"]))
	case typ.Kind() == reflect.Map:
		want = "object"
		w.value(at+"/*", typ.Elem(), w.resolve(schema["additionalProperties"]))
	case typ.Kind() == reflect.String:
		want = "string"
	case typ.Kind() == reflect.Bool:
		want = "boolean"
	case typ.Kind() == reflect.Float64:
		want = "number"
	case typ.Kind() == reflect.Int, typ.Kind() == reflect.Int64:
		want = "integer"
	}
	values := append(slices.Clone(list(schema["enum"])), schema["const"])
	if _, isText := values[0].(string); isText && want == "string" {
		return
	}
	if schema["type"] != want {
		w.t.Errorf("%s is %s in Go and %v in the meta-schema", at, typ, schema["type"])
	}
}

// Enumerations that Go knows too.
func TestEnumerationsAgree(t *testing.T) {
	docs := documents(t)
	defs := func(kind, name string) map[string]any {
		return docs[kind]["$defs"].(map[string]any)[name].(map[string]any)["properties"].(map[string]any)
	}
	enum := func(schema any) []string {
		var out []string
		for _, v := range schema.(map[string]any)["enum"].([]any) {
			out = append(out, v.(string))
		}
		slices.Sort(out)
		return out
	}
	same := func(what string, got, want []string) {
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, Go has %v", what, got, want)
		}
	}
	var types, actions []string
	for _, f := range field.All() {
		types = append(types, f.Key)
	}
	for _, a := range definition.Actions {
		actions = append(actions, string(a))
	}
	same("field types", enum(defs("form", "xField")["type"]), types)
	same("results of formulas", enum(defs("form", "xField")["result"]), field.Results())
	same("actions", enum(defs("role", "formRight")["actions"].(map[string]any)["items"]), actions)
	same("keywords of a property", slices.Sorted(maps.Keys(defs("form", "property"))), field.PropertyKeywords())
	same("keywords of a column", slices.Sorted(maps.Keys(defs("form", "column"))), field.PropertyKeywords())
	same("keywords of a form's schema", slices.Sorted(maps.Keys(defs("form", "schema"))), field.FormKeywords())
}

// visit calls fn for every schema in a document, with its place.
func visit(at string, schema any, fn func(at string, schema map[string]any)) {
	m, ok := schema.(map[string]any)
	if !ok {
		return
	}
	fn(at, m)
	for _, k := range []string{"items", "additionalProperties", "propertyNames", "if", "then", "else", "not"} {
		visit(at+"/"+k, m[k], fn)
	}
	for _, k := range []string{"properties", "$defs"} {
		object, _ := m[k].(map[string]any)
		for name, s := range object {
			visit(at+"/"+k+"/"+name, s, fn)
		}
	}
	for i, s := range list(m["anyOf"]) {
		visit(fmt.Sprintf("%s/anyOf/%d", at, i), s, fn)
	}
}

func TestEveryArraySaysHowItMerges(t *testing.T) {
	for kind, doc := range documents(t) {
		w := walker{t: t, root: doc}
		visit(kind, doc, func(at string, s map[string]any) {
			merge, said := s["x-merge"]
			if isArray := s["type"] == "array"; isArray != said {
				t.Errorf("%s: an array is %v, x-merge is %v", at, isArray, merge)
			}
			if !said {
				return
			}
			items := w.resolve(s["items"])
			properties, _ := items["properties"].(map[string]any)
			key, _ := s["x-merge-key"].(string)
			switch {
			case merge == "key" && (properties[key] == nil || !slices.Contains(list(items["required"]), any(key))):
				t.Errorf("%s: items are told apart by %q, which they need not have", at, key)
			case merge == "set" && properties != nil, merge != "key" && key != "":
				t.Errorf("%s: x-merge %v does not fit its items", at, merge)
			case merge != "key" && merge != "set" && merge != "atomic":
				t.Errorf("%s: x-merge is %v", at, merge)
			}
		})
	}
}

func TestEveryObjectIsClosed(t *testing.T) {
	for kind, doc := range documents(t) {
		visit(kind, doc, func(at string, s map[string]any) {
			_, named := s["properties"]
			if named && !strings.HasSuffix(at, "/then") && s["additionalProperties"] != false {
				t.Errorf("%s lets unknown members pass", at)
			}
		})
	}
}

func TestEverythingIsExplained(t *testing.T) {
	for kind, doc := range documents(t) {
		visit(kind, doc, func(at string, s map[string]any) {
			properties, _ := s["properties"].(map[string]any)
			for name, p := range properties {
				if m, ok := p.(map[string]any); ok && (m["title"] == nil || m["description"] == nil) {
					t.Errorf("%s/%s has no title or no description", at, name)
				}
			}
		})
	}
}
