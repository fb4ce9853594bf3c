package query

import (
	"strings"

	"formwork/schemas/value"
)

// Eval says whether content matches. Leaves on columns that do not exist match nothing (negated: everything), and so
// does content without an id where ids are asked for.
func Eval(w Where, cols Columns, tree map[string]any) bool {
	return Matches(w, cols, Document{Tree: tree})
}

// Matches is Eval for a document, whose id counts too.
func Matches(w Where, cols Columns, d Document) bool {
	switch {
	case w.Never:
		return false
	case w.Leaf != nil:
		return evalLeaf(w.Leaf, cols, d) != w.Leaf.Not
	case len(w.And) > 0:
		for _, p := range w.And {
			if !Matches(p, cols, d) {
				return false
			}
		}
		return true
	case len(w.Or) > 0:
		for _, p := range w.Or {
			if Matches(p, cols, d) {
				return true
			}
		}
		return false
	}
	return true
}

func evalLeaf(l *Leaf, cols Columns, d Document) bool {
	tree := d.Tree
	switch l.Test {
	case ID:
		return d.ID != "" && has(l.Values, d.ID)
	case Search:
		term, _ := l.Values[0].(string)
		for _, key := range l.Among {
			if s, ok := cols[key].Of(tree).(string); ok && Found(s, term) {
				return true
			}
		}
		return false
	}
	c, ok := cols[l.Column]
	if !ok {
		return false
	}
	if c.Array {
		return evalArray(l, c.Items(tree))
	}
	v := c.Of(tree)
	if v == nil {
		return l.Test == Empty
	}
	switch l.Test {
	case In:
		return has(l.Values, v)
	case Range:
		n, ok := v.(int64)
		return ok && (l.Min == nil || n >= l.Min.(int64)) && (l.Max == nil || n <= l.Max.(int64))
	case Contains, StartsWith:
		s, ok := v.(string)
		if !ok {
			return false
		}
		term, s := l.Values[0].(string), value.Fold(s)
		if l.Test == Contains {
			return strings.Contains(s, term)
		}
		return strings.HasPrefix(s, term)
	}
	return false
}

func evalArray(l *Leaf, items []any) bool {
	switch l.Test {
	case Empty:
		return len(items) == 0
	case HasAny:
		for _, v := range l.Values {
			if has(items, v) {
				return true
			}
		}
		return false
	case HasAll:
		for _, v := range l.Values {
			if !has(items, v) {
				return false
			}
		}
		return len(items) > 0
	}
	return false
}

func has(list []any, v any) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// Found says whether a search for term (folded) finds text: it contains the term, or its initials do.
func Found(text, term string) bool {
	return strings.Contains(value.Fold(text), term) || strings.Contains(value.Initials(text), term)
}
