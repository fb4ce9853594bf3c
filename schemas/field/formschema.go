package field

import (
	"encoding/json"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Draft is the dialect of every schema made here.
const Draft = "https://json-schema.org/draft/2020-12/schema"

// FormSchema makes the complete JSON Schema of a form's data, as it is published: what the author wrote, what the settings
// of the fields stand for, nothing but the form's fields, and x-field with options filled in. Where both say something
// they must agree (schema-disagrees), and the author keeps to the strict profile (unknown-keyword, unknown-field). Settings
// are not looked at: that is Check. Pointers are relative to the form's schema: "/properties/name/maxLength".
func FormSchema(form *definition.Form) (full []byte, problems problem.List) {
	return FormSchemaAs(form, nil)
}

// FormSchemaAs is FormSchema where more is known: as gives, by field, the definition of its values. It has the options of
// an option set filled in, and is of the type of the result where the field is a formula, a lookup or a roll-up.
func FormSchemaAs(form *definition.Form, as map[string]*definition.Field) (full []byte, problems problem.List) {
	b := builder{as: as, published: true}
	return b.form(form), b.problems
}

// DataSchema makes the schema that a record is held against after coercion and computation: FormSchema without what is
// for people, without the steps that coercion has rounded to, and without asking for computed fields.
func DataSchema(form *definition.Form) (data []byte, problems problem.List) {
	return DataSchemaAs(form, nil)
}

// DataSchemaAs is to DataSchema what FormSchemaAs is to FormSchema.
func DataSchemaAs(form *definition.Form, as map[string]*definition.Field) (data []byte, problems problem.List) {
	b := builder{as: as}
	return b.form(form), b.problems
}

type builder struct {
	as        map[string]*definition.Field
	published bool
	problems  problem.List
}

func (b *builder) fail(code, at string, params problem.P) {
	b.problems = append(b.problems, problem.New(code, at, params))
}

func (b *builder) form(form *definition.Form) []byte {
	decoded, err := value.Decode(form.Schema)
	author, ok := decoded.(map[string]any)
	if err != nil || !ok {
		b.fail("malformed", "", nil)
		return nil
	}
	b.profile(form, author)
	var o object
	o.add("$schema", Draft)
	if b.published {
		o.copy(author, "$id", "$comment")
		o.add("title", neutral(author["title"], form.Title))
		o.add("description", neutral(author["description"], form.Description))
	}
	o.add("type", "object")
	o.add("required", b.required(form.Fields, author["required"], ""))
	o.raw("properties", b.properties(form, form.Fields, "/properties"))
	o.add("additionalProperties", false)
	o.copy(author, "dependentRequired", "if", "then", "else", "allOf", "anyOf", "oneOf", "not", "$defs")
	return o.bytes()
}

// required keeps the author's list; what names no field is a problem, and computed fields are not asked for in data.
func (b *builder) required(fields []definition.Field, names any, at string) any {
	list, _ := names.([]any)
	var out []any
	for i, x := range list {
		name, _ := x.(string)
		f := fieldOf(fields, name)
		if f == nil {
			b.unknown(fields, name, at+problem.Pointer("required", i))
			continue
		}
		if t, ok := Lookup(f.Type); ok && t.Computed && !b.published {
			continue
		}
		out = append(out, name)
	}
	if out == nil {
		return nil
	}
	return out
}

func (b *builder) unknown(fields []definition.Field, name, at string) {
	known := make([]string, len(fields))
	for i := range fields {
		known[i] = fields[i].Key
	}
	params := problem.P{"field": shown(name)}
	if near := value.Nearest(name, known); near != "" {
		params["suggestion"] = near
	}
	b.fail("unknown-field", at, params)
}

func (b *builder) properties(form *definition.Form, fields []definition.Field, at string) []byte {
	var o object
	for i := range fields {
		f := &fields[i]
		o.raw(f.Key, b.property(b.valuesOf(form, f), f, at+problem.Pointer(f.Key)))
	}
	return o.bytes()
}

// valuesOf is the definition of a field's values.
func (b *builder) valuesOf(form *definition.Form, f *definition.Field) *definition.Field {
	if as := b.as[f.Key]; as != nil {
		return as
	}
	if s := form.Stages; s != nil && s.Field == f.Key && len(f.Options) == 0 {
		staged := *f
		for _, state := range s.States {
			staged.Options = append(staged.Options,
				definition.Option{Value: state.Key, Title: state.Title, Color: state.Color, Hidden: state.Hidden})
		}
		return &staged
	}
	return f
}

// neutral is the author's plain text, else the neutral one of a text in several languages; nil when there is none.
func neutral(written any, t definition.Text) any {
	if s, ok := written.(string); ok {
		return s
	}
	if s := t.In(""); s != "" {
		return s
	}
	return nil
}

func fieldOf(fields []definition.Field, key string) *definition.Field {
	for i := range fields {
		if fields[i].Key == key {
			return &fields[i]
		}
	}
	return nil
}

// object writes a JSON object whose members keep the order in which they are added.
type object struct{ b []byte }

func (o *object) raw(key string, v []byte) {
	if len(v) == 0 {
		return
	}
	if o.b == nil {
		o.b = append(o.b, '{')
	} else {
		o.b = append(o.b, ',')
	}
	o.b = append(value.AppendString(o.b, key), ':')
	o.b = append(o.b, v...)
}

// add writes a member; nil is left out.
func (o *object) add(key string, v any) {
	if v != nil {
		o.raw(key, value.AppendJSON(nil, v))
	}
}

func (o *object) copy(from map[string]any, names ...string) {
	for _, name := range names {
		if v, ok := from[name]; ok {
			o.raw(name, value.AppendJSON(nil, v))
		}
	}
}

func (o *object) bytes() []byte {
	if o.b == nil {
		return []byte("{}")
	}
	return append(o.b, '}')
}

// settingsJSON writes x-field, with the options that the values have.
func settingsJSON(f, as *definition.Field) []byte {
	x := f.XField
	if as.Type == f.Type {
		x.Options = as.Options
	}
	b, err := json.Marshal(x)
	if err != nil { // only a default or filter that is no JSON, which the meta-schema refuses
		return nil
	}
	return b
}
