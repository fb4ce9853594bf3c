package catalog

import (
	"maps"
	"slices"
	"time"

	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/problem"
	"formwork/schemas/validate"
	"formwork/schemas/value"
)

func fieldType(key string) (*field.Type, bool) { return field.Lookup(key) }

// coerceEnv serves constants of definitions; their date-times must name an offset or mean UTC.
func coerceEnv() field.Env { return field.Env{Zone: time.UTC} }

// schema builds the form's complete JSON Schema and compiles the one that records are held against.
func (c *compiler) schema(f *Form) {
	as := make(map[string]*definition.Field, len(f.Fields))
	for _, x := range f.Fields {
		as[x.Key] = x.AsDef
	}
	full, ps := field.FormSchemaAs(f.Def, as)
	c.problems = append(c.problems, ps.At(f.pointer()+"/schema")...)
	if ps.Blocks() {
		return
	}
	f.Published = full
	data, ps := field.DataSchemaAs(f.Def, as)
	if c.problems = append(c.problems, ps.At(f.pointer()+"/schema")...); ps.Blocks() {
		return
	}
	compiled, err := validate.Compile(f.Name, data)
	if err != nil {
		c.fail("schema-invalid", f.pointer()+"/schema", problem.P{"error": err.Error()})
		return
	}
	f.Schema = compiled
	f.Fresh = compiled
	if less, ok := fresh(f, data); ok {
		if f.Fresh, err = validate.Compile(f.Name, less); err != nil {
			c.fail("schema-invalid", f.pointer()+"/schema", problem.P{"error": err.Error()})
		}
	}
}

// said are keywords that say nothing, or nothing that the type of a field does not say.
var said = []string{"type", "title", "description", "default", "examples", "$comment", "x-field"}

// fresh is a data schema without what coercion has seen to: properties of which the author says no more than the type. ok
// is false when that leaves nothing out.
func fresh(f *Form, data []byte) (less []byte, ok bool) {
	tree := value.MustDecode(data)
	all, _ := tree["properties"].(map[string]any)
	properties := maps.Clone(all)
	for _, x := range f.Fields {
		author, err := value.Decode(x.Def.Property)
		m, isObject := author.(map[string]any)
		if err != nil || !isObject {
			continue
		}
		maps.DeleteFunc(m, func(k string, _ any) bool { return slices.Contains(said, k) })
		if len(m) == 0 {
			delete(properties, x.Key)
		}
	}
	if len(properties) == len(all) {
		return nil, false
	}
	tree["properties"] = properties
	delete(tree, "additionalProperties")
	return value.AppendJSON(nil, tree), true
}
