package query

// Test is what a leaf asks of a column.
type Test string

const (
	// In: the scalar is one of Values.
	In Test = "in"
	// Range: Min <= scalar <= Max; an end that is nil is open.
	Range Test = "range"
	// Contains: the folded text contains Values[0] (folded, not empty).
	Contains Test = "contains"
	// StartsWith: the folded text starts with Values[0] (folded, not empty).
	StartsWith Test = "startsWith"
	// Empty: the column has no value.
	Empty Test = "empty"
	// HasAny: the array holds at least one of Values.
	HasAny Test = "hasAny"
	// HasAll: the array holds every one of Values.
	HasAll Test = "hasAll"
	// Search: one of the columns named in Among contains Values[0] (folded), or its initials do (value.Initials).
	Search Test = "search"
	// ID: the document's own id is one of Values. It asks of no column.
	ID Test = "id"
)

// Leaf is one test. It is two-valued: an empty column fails every test but Empty, and Not turns exactly that around, so
// a negated leaf matches empties.
type Leaf struct {
	Column string
	Test   Test
	Not    bool
	Values []any    // canonical scalars of the column: string, int64 or bool
	Min    any      // int64 or nil
	Max    any      // int64 or nil
	Among  []string // Search only: the columns to look in
}

// Where is a resolved filter in negation normal form. At most one member is set; the zero value matches everything.
type Where struct {
	And   []Where
	Or    []Where
	Leaf  *Leaf
	Never bool // matches nothing
}

// All says whether the filter matches every document.
func (w Where) All() bool { return len(w.And) == 0 && len(w.Or) == 0 && w.Leaf == nil && !w.Never }

// Is makes a leaf.
func Is(column string, values ...any) Where {
	if len(values) == 0 {
		return Where{Never: true}
	}
	return Where{Leaf: &Leaf{Column: column, Test: In, Values: values}}
}

// IDs matches the documents that have one of the ids.
func IDs(ids ...string) Where {
	if len(ids) == 0 {
		return None()
	}
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return Where{Leaf: &Leaf{Test: ID, Values: values}}
}

// None matches nothing.
func None() Where { return Where{Never: true} }

// And joins filters; it flattens, drops what matches everything and collapses on what matches nothing.
func And(parts ...Where) Where {
	var out []Where
	for _, p := range parts {
		switch {
		case p.Never:
			return None()
		case p.All():
		case len(p.And) > 0:
			out = append(out, p.And...)
		default:
			out = append(out, p)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return Where{And: out}
}

// Or joins alternatives; no alternative matches nothing.
func Or(parts ...Where) Where {
	var out []Where
	for _, p := range parts {
		switch {
		case p.Never:
		case p.All():
			return Where{}
		case len(p.Or) > 0:
			out = append(out, p.Or...)
		default:
			out = append(out, p)
		}
	}
	switch len(out) {
	case 0:
		return None()
	case 1:
		return out[0]
	}
	return Where{Or: out}
}

// Not negates, pushing the negation down to the leaves.
func Not(w Where) Where {
	switch {
	case w.Never:
		return Where{}
	case w.Leaf != nil:
		l := *w.Leaf
		l.Not = !l.Not
		return Where{Leaf: &l}
	case len(w.And) > 0:
		out := make([]Where, len(w.And))
		for i, p := range w.And {
			out[i] = Not(p)
		}
		return Or(out...)
	case len(w.Or) > 0:
		out := make([]Where, len(w.Or))
		for i, p := range w.Or {
			out[i] = Not(p)
		}
		return And(out...)
	}
	return None()
}

// Leaves calls fn for every leaf.
func (w Where) Leaves(fn func(*Leaf)) {
	if w.Leaf != nil {
		fn(w.Leaf)
	}
	for _, p := range w.And {
		p.Leaves(fn)
	}
	for _, p := range w.Or {
		p.Leaves(fn)
	}
}
