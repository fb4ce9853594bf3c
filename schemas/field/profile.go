package field

import (
	"maps"
	"slices"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

var (
	// formKeywords are what an author may write at the top of a form's schema.
	formKeywords = []string{"$schema", "$id", "$comment", "title", "description", "type", "required", "properties",
		"additionalProperties", "if", "then", "else", "allOf", "anyOf", "oneOf", "not", "dependentRequired", "$defs"}
	// conditionKeywords are what a schema within if, then, allOf and the like may say about the record.
	conditionKeywords = []string{"$comment", "$ref", "title", "description", "type", "required", "properties",
		"if", "then", "else", "allOf", "anyOf", "oneOf", "not", "dependentRequired"}
	// valueKeywords are what such a schema may say about one value.
	valueKeywords = append([]string{"required", "properties", "contains", "minContains", "maxContains", "$ref",
		"if", "then", "else", "allOf", "anyOf", "oneOf", "not"}, propertyKeywords...)
)

// FormKeywords gives the JSON Schema keywords of the strict profile for the top of a form's schema.
func FormKeywords() []string { return slices.Clone(formKeywords) }

// profile walks the part of the author's schema that is not about one property.
func (b *builder) profile(form *definition.Form, author map[string]any) {
	b.keywords(author, formKeywords, "")
	for _, fixed := range []struct {
		keyword string
		value   any
	}{{"$schema", Draft}, {"type", "object"}, {"additionalProperties", false}} {
		if v, ok := author[fixed.keyword]; ok && v != fixed.value {
			b.disagrees(fixed.keyword, v, fixed.value, "")
		}
	}
	c := condition{builder: b, fields: form.Fields}
	c.dependent(author["dependentRequired"], "/dependentRequired")
	c.combined(author, "", c.record)
	defs, _ := author["$defs"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(defs)) {
		c.value(defs[name], problem.Pointer("$defs", name))
	}
}

// condition walks the schemas under if, then, else, allOf, anyOf, oneOf and not: fields they name must exist, as a
// misspelt one would make the condition hold always or never.
type condition struct {
	*builder
	fields []definition.Field
}

// combined visits the schemas that apply to the same value as m.
func (c condition) combined(m map[string]any, at string, visit func(schema any, at string)) {
	for _, k := range []string{"if", "then", "else", "not"} {
		if s, ok := m[k]; ok {
			visit(s, at+"/"+k)
		}
	}
	for _, k := range []string{"allOf", "anyOf", "oneOf"} {
		list, _ := m[k].([]any)
		for i, s := range list {
			visit(s, at+problem.Pointer(k, i))
		}
	}
	if ref, ok := m["$ref"].(string); ok && !strings.HasPrefix(ref, "#/$defs/") {
		c.fail("wrong-ref", at+"/$ref", problem.P{"ref": shown(ref)})
	}
}

// record checks a schema about the whole record.
func (c condition) record(schema any, at string) {
	m, ok := schema.(map[string]any)
	if !ok {
		return
	}
	c.keywords(m, conditionKeywords, at)
	required, _ := m["required"].([]any)
	for i, x := range required {
		c.named(x, at+problem.Pointer("required", i))
	}
	properties, _ := m["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		here := at + problem.Pointer("properties", name)
		c.named(name, here)
		c.value(properties[name], here)
	}
	c.dependent(m["dependentRequired"], at+"/dependentRequired")
	c.combined(m, at, c.record)
}

// value checks a schema about one value, or about a part of it.
func (c condition) value(schema any, at string) {
	m, ok := schema.(map[string]any)
	if !ok {
		return
	}
	c.keywords(m, valueKeywords, at)
	properties, _ := m["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		c.value(properties[name], at+problem.Pointer("properties", name))
	}
	for _, k := range []string{"items", "contains"} {
		c.value(m[k], at+"/"+k)
	}
	c.combined(m, at, c.value)
}

func (c condition) dependent(v any, at string) {
	m, _ := v.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(m)) {
		here := at + problem.Pointer(name)
		c.named(name, here)
		list, _ := m[name].([]any)
		for i, x := range list {
			c.named(x, here+problem.Pointer(i))
		}
	}
}

func (c condition) named(x any, at string) {
	if name, ok := x.(string); ok && fieldOf(c.fields, name) == nil {
		c.unknown(c.fields, name, at)
	}
}
