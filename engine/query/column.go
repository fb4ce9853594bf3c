package query

import (
	"formwork/schemas/value"
)

// Kind is the type of a column's scalars.
type Kind string

const (
	Text    Kind = "text"    // string
	Number  Kind = "number"  // int64, the number shifted by the column's scale
	Bool    Kind = "bool"    // bool
	Date    Kind = "date"    // int64, days since 1970-01-01
	Instant Kind = "instant" // int64, milliseconds since 1970-01-01 UTC
)

// Column is a property of a document that can be filtered, sorted, grouped or summed.
type Column struct {
	Key   string   // its name in queries
	Path  []string // where it stands in the document
	Kind  Kind
	Scale int  // decimals of a Number
	Array bool // a list of scalars: only HasAny, HasAll and Empty apply
	// Order: a Text that sorts (by value.SortKey). Other kinds always sort.
	Order bool
	// Match: a Text with a folded copy, for contains and startsWith.
	Match bool
	// Search: a Text in the search index; implies Match.
	Search bool
}

// Sortable says whether rows can be ordered by the column.
func (c Column) Sortable() bool { return !c.Array && (c.Kind != Text || c.Order) }

// Matches says whether contains and startsWith apply.
func (c Column) Matches() bool { return c.Kind == Text && !c.Array && (c.Match || c.Search) }

// Ranges says whether gt, lt and between apply.
func (c Column) Ranges() bool {
	return !c.Array && (c.Kind == Number || c.Kind == Date || c.Kind == Instant)
}

// Sums says whether sum and avg apply.
func (c Column) Sums() bool { return !c.Array && c.Kind == Number }

// At finds the column's raw value in a document.
func (c Column) At(tree map[string]any) any {
	var v any = tree
	for _, k := range c.Path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

// Scalar turns a document's value into the column's scalar; nil for empty and for what is not of the column's kind.
func (c Column) Scalar(v any) any {
	switch c.Kind {
	case Text:
		if s, ok := v.(string); ok && s != "" {
			return s
		}
	case Number:
		if f, ok := v.(float64); ok {
			if n, err := value.Scaled(f, c.Scale); err == nil {
				return n
			}
		}
	case Bool:
		if b, ok := v.(bool); ok {
			return b
		}
	case Date:
		if s, ok := v.(string); ok {
			if n, err := value.ParseDate(s); err == nil {
				return n
			}
		}
	case Instant:
		if s, ok := v.(string); ok {
			if n, err := value.ParseInstant(s); err == nil {
				return n
			}
		}
	}
	return nil
}

// Value is the inverse of Scalar: what a caller sees.
func (c Column) Value(scalar any) any {
	n, ok := scalar.(int64)
	if !ok {
		return scalar
	}
	switch c.Kind {
	case Number:
		return value.Unscaled(n, c.Scale)
	case Date:
		return value.FormatDate(n)
	case Instant:
		return value.FormatInstant(n)
	}
	return scalar
}

// Of is the column's scalar in a document, nil when empty. Not for arrays.
func (c Column) Of(tree map[string]any) any { return c.Scalar(c.At(tree)) }

// Items are the distinct scalars of an array column in a document, in their order.
func (c Column) Items(tree map[string]any) []any {
	list, ok := c.At(tree).([]any)
	if !ok {
		return nil
	}
	out := make([]any, 0, len(list))
next:
	for _, v := range list {
		s := c.Scalar(v)
		if s == nil {
			continue
		}
		for _, have := range out {
			if have == s {
				continue next
			}
		}
		out = append(out, s)
	}
	return out
}

// SortKey is what rows order by: text by its sort key, everything else by its scalar.
func (c Column) SortKey(scalar any) any {
	if s, ok := scalar.(string); ok && c.Kind == Text {
		return value.SortKey(s)
	}
	return scalar
}

// Columns finds columns by key.
type Columns map[string]Column
