package field

import (
	"maps"
	"slices"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/validate"
	"formwork/schemas/value"
)

// The keywords an author may write beside x-field, in the order in which they are published.
var propertyKeywords = []string{
	"title", "description", "type", "const", "enum", "format", "pattern", "minLength", "maxLength", "minimum",
	"exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "items",
	"default", "examples", "$comment",
}

// PropertyKeywords gives the JSON Schema keywords of the strict profile for a property.
func PropertyKeywords() []string { return append(slices.Clone(propertyKeywords), "x-field") }

// The keywords that say something about one type of value only.
var keywordType = map[string]string{
	"minLength": "string", "maxLength": "string", "pattern": "string", "format": "string",
	"minimum": "number", "maximum": "number", "exclusiveMinimum": "number", "exclusiveMaximum": "number", "multipleOf": "number",
	"minItems": "array", "maxItems": "array", "uniqueItems": "array", "items": "array",
}

// forPeople are keywords that validate nothing.
var forPeople = []string{"title", "description", "default", "examples", "$comment"}

// property writes the schema of one field; as is the definition of its values.
func (b *builder) property(as, f *definition.Field, at string) []byte {
	t, known := Lookup(as.Type)
	if !known {
		params := problem.P{"type": shown(as.Type)}
		if near := value.Nearest(as.Type, keys(types)); near != "" {
			params["suggestion"] = near
		}
		b.fail("unknown-field-type", at+"/x-field/type", params)
		return []byte("{}")
	}
	author := map[string]any{}
	if len(f.Property) > 0 {
		decoded, err := value.Decode(f.Property)
		m, ok := decoded.(map[string]any)
		if err != nil || !ok {
			b.fail("malformed", at, nil)
			return []byte("{}")
		}
		author = m
	}
	b.keywords(author, PropertyKeywords(), at)
	merged := b.merge(author, t.Schema(as), at)
	b.sense(merged, at)
	var o object
	if b.published {
		o.add("title", neutral(author["title"], f.Title))
		o.add("description", neutral(author["description"], f.Help))
	}
	for _, k := range propertyKeywords {
		switch {
		case k == "title" || k == "description":
		case slices.Contains(forPeople, k):
			if v, ok := author[k]; ok && b.published {
				o.raw(k, value.AppendJSON(nil, v))
			}
		case k == "items" && as.Type == "table":
			o.raw(k, b.rows(f, as, author["items"], at+"/items"))
		default:
			if v, ok := merged[k]; ok {
				o.raw(k, value.AppendJSON(nil, v))
			}
		}
	}
	if b.published {
		if own, ok := Lookup(f.Type); f.ReadOnly || ok && own.Computed {
			o.add("readOnly", true)
		}
		o.raw("x-field", settingsJSON(f, as))
	}
	return o.bytes()
}

// rows writes the schema of a sub-table's rows. as is the table as its values are: options filled in, and columns that
// compute by the type of their results.
func (b *builder) rows(f, as *definition.Field, items any, at string) []byte {
	author, _ := items.(map[string]any)
	b.keywords(author, []string{"type", "title", "description", "required", "properties", "additionalProperties", "$comment"}, at)
	if v, ok := author["additionalProperties"]; ok && v != false {
		b.disagrees("additionalProperties", v, false, at)
	}
	if v, ok := author["type"]; ok && v != "object" {
		b.disagrees("type", v, "object", at)
	}
	var o object
	if b.published {
		o.copy(author, "title", "description", "$comment")
	}
	o.add("type", "object")
	o.add("required", b.required(f.Fields, author["required"], at))
	id := idSchema()
	if b.published {
		id["readOnly"] = true
	}
	var columns object
	columns.add("_id", id)
	for i := range f.Fields {
		c, values := &f.Fields[i], &f.Fields[i]
		if i < len(as.Fields) && as.Fields[i].Key == c.Key {
			values = &as.Fields[i]
		}
		columns.raw(c.Key, b.property(values, c, at+"/properties"+problem.Pointer(c.Key)))
	}
	o.raw("properties", columns.bytes())
	o.add("additionalProperties", false)
	return o.bytes()
}

// keywords refuses what the profile does not have.
func (b *builder) keywords(schema map[string]any, allowed []string, at string) {
	for _, k := range slices.Sorted(maps.Keys(schema)) {
		if slices.Contains(allowed, k) {
			continue
		}
		params := problem.P{"keyword": shown(k)}
		if near := value.Nearest(k, allowed); near != "" {
			params["suggestion"] = near
		}
		b.fail("unknown-keyword", at+problem.Pointer(k), params)
	}
}

// merge puts what the settings stand for under what the author wrote. Data need not be held against a step that
// coercion has rounded to.
func (b *builder) merge(author, generated map[string]any, at string) map[string]any {
	merged := maps.Clone(author)
	for _, k := range slices.Sorted(maps.Keys(generated)) {
		g := generated[k]
		a, written := author[k]
		switch {
		case k == "items" && generated["items"] != nil && written:
			b.items(a, g, at+"/items")
			merged[k] = g
		case !written:
			merged[k] = g
		case !agree(k, a, g, generated):
			b.disagrees(k, a, g, at)
			merged[k] = g
		case k == "enum":
			merged[k] = g
		}
		if k == "multipleOf" && !b.published && value.Equal(merged[k], g) {
			delete(merged, k)
		}
	}
	return merged
}

// items compares the items of a list that is no sub-table: all that is written must be generated too.
func (b *builder) items(author, generated any, at string) {
	a, _ := author.(map[string]any)
	g, _ := generated.(map[string]any)
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if !slices.Contains(forPeople, k) && !agree(k, a[k], g[k], g) {
			b.disagrees(k, a[k], g[k], at)
		}
	}
}

func (b *builder) disagrees(keyword string, author, generated any, at string) {
	b.fail("schema-disagrees", at+problem.Pointer(keyword), problem.P{"keyword": keyword, "expected": generated, "actual": author})
}

// agree says whether what the author wrote says the same as what is generated, or narrows it.
func agree(keyword string, author, generated any, all map[string]any) bool {
	switch keyword {
	case "type":
		step, _ := all["multipleOf"].(float64)
		return author == generated || author == "integer" && generated == "number" && step == 1
	case "enum":
		return sameSet(author, generated)
	case "pattern":
		return true
	case "maxLength", "maxItems":
		a, ok := author.(float64)
		g, _ := whole(generated)
		return ok && a <= g
	case "multipleOf":
		a, ok := author.(float64)
		g, _ := generated.(float64)
		return ok && isMultiple(a, g)
	}
	return generated != nil && value.Equal(author, generated)
}

func sameSet(a, b any) bool {
	x, _ := a.([]any)
	y, _ := b.([]any)
	in := func(list []any) func(any) bool {
		return func(v any) bool { return slices.ContainsFunc(list, func(w any) bool { return value.Equal(v, w) }) }
	}
	return len(x) == len(y) && !slices.ContainsFunc(x, func(v any) bool { return !in(y)(v) })
}

func whole(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// isMultiple compares steps exactly, as integers at the largest scale.
func isMultiple(a, of float64) bool {
	m, err1 := value.Scaled(a, value.MaxScale)
	n, err2 := value.Scaled(of, value.MaxScale)
	return err1 == nil && err2 == nil && n != 0 && m > 0 && m%n == 0
}

// sense refuses keywords that can never matter or never be met.
func (b *builder) sense(merged map[string]any, at string) {
	kind, _ := merged["type"].(string)
	if kind == "integer" {
		kind = "number"
	}
	for _, k := range propertyKeywords {
		if _, ok := merged[k]; ok && kind != "" && keywordType[k] != "" && keywordType[k] != kind {
			b.fail("keyword-not-for-type", at+"/"+k, problem.P{"keyword": k, "type": kind})
		}
	}
	for _, pair := range [][2]string{{"minLength", "maxLength"}, {"minimum", "maximum"}, {"minItems", "maxItems"}} {
		low, ok1 := whole(merged[pair[0]])
		high, ok2 := whole(merged[pair[1]])
		if ok1 && ok2 && low > high {
			b.fail("empty-range", at+"/"+pair[0], problem.P{"min": low, "max": high})
		}
	}
	if p, ok := merged["pattern"].(string); ok {
		if _, err := validate.Pattern(p); err != nil {
			b.fail("unsupported-pattern", at+"/pattern", problem.P{"pattern": shown(p), "reason": err.Error()})
		}
	}
	if f, ok := merged["format"].(string); ok && !validate.Format(f) {
		b.fail("unknown-format", at+"/format", problem.P{"format": shown(f)})
	}
}
