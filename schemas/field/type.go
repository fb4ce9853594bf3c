package field

import (
	"time"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// Type is one field type. Its functions are pure and safe for concurrent use; none changes the field or the value it is
// given. None of the functions is nil.
type Type struct {
	Key string
	// Settings are the members of x-field that apply beside the common ones (see Common).
	Settings []string
	// Expr is its kind in expressions: number, text, bool, date, datetime, list, object; "" when it depends on the
	// settings or on another field (formula, lookup, rollup).
	Expr string
	// Computed fields are written by the engine only.
	Computed bool
	// Storage is how a value is kept where it can be asked for; the zero Storage when it cannot be filtered or sorted,
	// or when that depends on another field.
	Storage func(f *definition.Field) Storage
	// Schema gives the JSON Schema keywords that the settings stand for.
	Schema func(f *definition.Field) map[string]any
	// Coerce turns a value from outside (JSON, a spreadsheet cell, a form control) into the canonical one, nil for
	// empty. It is idempotent, and what it returns without problems satisfies Schema. Pointers are relative to the value:
	// "" or "/0/qty".
	Coerce func(f *definition.Field, v any, env Env) (any, problem.List)
	// Check finds settings that make no sense. Pointers are relative to the property: "/x-field/scale".
	Check func(f *definition.Field) problem.List
	// Operators are the filter operators that the UI offers, the most usual first.
	Operators []string
}

// Storage is how a field's values are kept for queries; the words are those of engine/query.Column.
type Storage struct {
	Kind  string // text, number, bool, date, instant; "" cannot be asked for
	Scale int    // decimals of a number
	Array bool   // a list of scalars
	// Order: a text that sorts. Match: a text that `contains` and `startsWith` apply to. Search: a text in the search index.
	Order, Match, Search bool
}

// Env is what coercion needs from outside.
type Env struct {
	// Zone is where wall-clock times are read and days begin; nil is UTC.
	Zone *time.Location
	// NewID makes ids for the rows of a sub-table; with nil a row without id stays without.
	NewID func() string
}

func (e Env) zone() *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// plainTypes are those of what people fill in, one value at a time.
var plainTypes = []*Type{
	&text, &longtext, &number, &percent, &currency, &choice, &multichoice, &date, &datetime, &toggle, &phone, &email,
	&link, &user, &department, &relation, &file, &image,
}

// columns are the types that the columns of a sub-table may have.
var columns = append(plainTypes[:len(plainTypes):len(plainTypes)], &formula)

// types are all types, in the order in which the designer offers them.
var types = append(plainTypes[:len(plainTypes):len(plainTypes)], &table, &serial, &formula, &lookup, &rollup)

// Lookup finds a type by its key.
func Lookup(key string) (*Type, bool) { return find(types, key) }

// All gives every type; the caller must not change them.
func All() []*Type { return append([]*Type(nil), types...) }

func find(in []*Type, key string) (*Type, bool) {
	for _, t := range in {
		if t.Key == key {
			return t, true
		}
	}
	return nil, false
}

func keys(of []*Type) []string {
	out := make([]string, len(of))
	for i, t := range of {
		out[i] = t.Key
	}
	return out
}

// nothing is Storage for what cannot be asked for.
func nothing(*definition.Field) Storage { return Storage{} }

// always makes a Storage that does not depend on settings.
func always(s Storage) func(*definition.Field) Storage {
	return func(*definition.Field) Storage { return s }
}

// searched is a text column that sorts, matches, and is searched where the field says so.
func searched(f *definition.Field) Storage {
	return Storage{Kind: "text", Order: true, Match: true, Search: f.Search}
}

func bad(code string, params problem.P) problem.List {
	return problem.List{problem.New(code, "", params)}
}

func wrongType(expected string, v any) problem.List {
	return bad("type", problem.P{"expected": expected, "actual": kindOf(v)})
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "text"
	case float64, int, int64:
		return "number"
	case bool:
		return "switch"
	case []any:
		return "list"
	case map[string]any:
		return "object"
	}
	return "unknown"
}

// shown is text for the parameters of a problem: long ones are cut.
func shown(s string) string {
	const most = 100
	for i := range s {
		if i > most {
			return s[:i] + "…"
		}
	}
	return s
}
