package formula

import (
	"sort"
	"strings"

	"formwork/schemas/value"
)

// Kind is the kind of a value.
type Kind string

const (
	Number   Kind = "number"   // float64
	Text     Kind = "text"     // string
	Bool     Kind = "bool"     // bool
	DateKind Kind = "date"     // Date
	DateTime Kind = "datetime" // Instant
	List     Kind = "list"     // []any
	Object   Kind = "object"   // map[string]any
	Empty    Kind = "empty"    // nil: the type of the literal nil, fits everywhere
	Any      Kind = "any"      // known only when it runs; avoid it, checks are lost
)

// Valid says whether k is one of the kinds.
func (k Kind) Valid() bool { return k.code() != kInvalid }

// Type is the type of a value. Elem is set for lists, Fields for objects; an object without Fields has unknown fields
// that read as any.
type Type struct {
	Kind   Kind
	Elem   *Type
	Fields map[string]Type
}

// Of makes a type without parts.
func Of(k Kind) Type { return Type{Kind: k} }

// ListOf is a list of elements of t.
func ListOf(t Type) Type { return Type{Kind: List, Elem: &t} }

// ObjectOf is an object with these fields.
func ObjectOf(fields map[string]Type) Type { return Type{Kind: Object, Fields: fields} }

// String writes the type short: "number", "list<date>", "object". Fields of objects are left out.
func (t Type) String() string {
	if t.Kind == List && t.Elem != nil {
		return "list<" + t.Elem.String() + ">"
	}
	if t.Kind == "" {
		return string(Any)
	}
	return string(t.Kind)
}

// parseType reads what String writes; ok is false for anything else.
func parseType(s string) (t Type, ok bool) {
	depth := 0
	for strings.HasPrefix(s, "list<") && strings.HasSuffix(s, ">") && depth < maxDepth {
		s = s[5 : len(s)-1]
		depth++
	}
	t = Of(Kind(s))
	if !t.Kind.Valid() {
		return Type{}, false
	}
	for ; depth > 0; depth-- {
		t = ListOf(t)
	}
	return t, true
}

func (t Type) elem() Type {
	if t.Kind == List && t.Elem != nil {
		return *t.Elem
	}
	return Of(Any)
}

func (t Type) fieldNames() []string {
	names := make([]string, 0, len(t.Fields))
	for k := range t.Fields {
		names = append(names, k)
	}
	sort.Strings(names)
	return names
}

// unify is the type that holds values of both; ok is false when there is none but any.
func unify(a, b Type) (t Type, ok bool) {
	switch {
	case a.Kind == Empty:
		return b, true
	case b.Kind == Empty:
		return a, true
	case a.Kind == Any || b.Kind == Any:
		return Of(Any), true
	case a.Kind != b.Kind:
		return Of(Any), false
	case a.Kind == List:
		e, ok := unify(a.elem(), b.elem())
		return ListOf(e), ok
	case a.Kind == Object && len(a.Fields) != len(b.Fields):
		return Of(Object), true
	}
	return a, true
}

// Date is a calendar day: days since 1970-01-01.
type Date int64

// String writes YYYY-MM-DD.
func (d Date) String() string { return value.FormatDate(int64(d)) }

// Instant is a point in time: milliseconds since 1970-01-01 UTC.
type Instant int64

// String writes YYYY-MM-DDTHH:MM:SS.mmmZ.
func (i Instant) String() string { return value.FormatInstant(int64(i)) }

// Plain turns a result into JSON-domain values: dates become text, lists are copied.
func Plain(v any) any {
	switch v := v.(type) {
	case Date:
		return v.String()
	case Instant:
		return v.String()
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = Plain(e)
		}
		return out
	}
	return v
}

// kind is Kind for the evaluator: small and quick to compare.
type kind uint8

const (
	kInvalid kind = iota
	kEmpty
	kNumber
	kText
	kBool
	kDate
	kInstant
	kList
	kObject
	kAny
)

var kindNames = [...]Kind{"", Empty, Number, Text, Bool, DateKind, DateTime, List, Object, Any}

func (k kind) name() Kind { return kindNames[k] }

func (k Kind) code() kind {
	for i, name := range kindNames {
		if i > 0 && k == name {
			return kind(i)
		}
	}
	return kInvalid
}
