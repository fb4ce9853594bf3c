package catalog

import (
	"time"

	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/problem"
	"formwork/schemas/validate"
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
}
