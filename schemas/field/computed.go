package field

import (
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// formula computes over the fields of its record. Where Result (or the expression) tells the kind, values are coerced as
// that kind's.
var formula = checked(Type{
	Key:      "formula",
	Settings: []string{"expr", "live", "result", "scale", "unit", "currency", "search"},
	Computed: true,
	Storage: func(f *definition.Field) Storage {
		if t, ok := resultType(f); ok && !f.Live {
			return t.Storage(f)
		}
		return Storage{}
	},
	Schema: func(f *definition.Field) map[string]any {
		if t, ok := resultType(f); ok {
			return t.Schema(f)
		}
		return map[string]any{}
	},
	Coerce: func(f *definition.Field, v any, env Env) (any, problem.List) {
		if t, ok := resultType(f); ok {
			return t.Coerce(f, v, env)
		}
		return asIs(v), nil
	},
	Operators: []string{"eq", "ne", "gt", "gte", "lt", "lte", "between", "empty", "notEmpty"},
}, func(f *definition.Field) problem.List {
	out := append(required("expr", f.Expr), oneOf("result", f.Result, Results()...)...)
	out = append(out, checkScale(f)...)
	return append(out, checkCurrency(f)...)
})

// Results are the words of a formula's Result.
func Results() []string {
	return []string{"number", "percent", "currency", "text", "switch", "date", "datetime"}
}

// resultType is the type that a formula's values have, ok only when Result says it.
func resultType(f *definition.Field) (*Type, bool) {
	switch f.Result {
	case "number":
		return &number, true
	case "percent":
		return &percent, true
	case "currency":
		return &currency, true
	case "text":
		return &text, true
	case "switch":
		return &toggle, true
	case "date":
		return &date, true
	case "datetime":
		return &datetime, true
	}
	return nil, false
}

// lookup copies a field of what a relation, user or department field points to; its type is that field's.
var lookup = checked(Type{
	Key:       "lookup",
	Settings:  []string{"via", "field", "search"},
	Computed:  true,
	Storage:   nothing,
	Schema:    func(*definition.Field) map[string]any { return map[string]any{} },
	Coerce:    func(_ *definition.Field, v any, _ Env) (any, problem.List) { return asIs(v), nil },
	Operators: []string{"eq", "ne", "empty", "notEmpty"},
}, func(f *definition.Field) problem.List {
	return append(required("via", f.Via), required("field", f.Field)...)
})

// rollup computes over the records that point here. Counts are whole numbers, sums and averages numbers; the smallest and
// the largest have the type of the field they are taken from.
var rollup = checked(Type{
	Key:      "rollup",
	Settings: []string{"form", "link", "fn", "field", "filter", "scale"},
	Computed: true,
	Storage: func(f *definition.Field) Storage {
		if scale, ok := rollupScale(f); ok {
			return Storage{Kind: "number", Scale: scale}
		}
		return Storage{}
	},
	Schema: func(f *definition.Field) map[string]any {
		if scale, ok := rollupScale(f); ok {
			return numberSchema(scale)
		}
		return map[string]any{}
	},
	Coerce: func(f *definition.Field, v any, _ Env) (any, problem.List) {
		if scale, ok := rollupScale(f); ok {
			return coerceNumber(v, scale, false)
		}
		return asIs(v), nil
	},
	Operators: numberOperators,
}, checkRollup)

func rollupScale(f *definition.Field) (scale int, ok bool) {
	switch f.Fn {
	case "count":
		return 0, true
	case "sum", "avg":
		return scaleOf(f, NumberScale), true
	}
	return 0, false
}

func checkRollup(f *definition.Field) problem.List {
	out := append(required("form", f.Form), required("link", f.Link)...)
	out = append(out, required("fn", f.Fn)...)
	out = append(out, oneOf("fn", f.Fn, "count", "sum", "min", "max", "avg")...)
	if f.Fn != "count" {
		out = append(out, required("field", f.Field)...)
	}
	return append(out, checkScale(f)...)
}

// asIs keeps a value that the engine made; empty is nil.
func asIs(v any) any {
	if value.IsEmpty(v) {
		return nil
	}
	return v
}
