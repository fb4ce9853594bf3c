package sqlite

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"formwork/engine/query"
)

// order is the sort of a Find against a layout. Positions run parallel to the sort as it was asked.
type order struct {
	sort  []query.Order
	cols  []string // real column per term, "" for one that is empty in every document
	text  []bool
	fixed []any // sort key per term that the filter pins to one value; see isFixed
	known []bool
	desc  bool // direction of the id
}

func newOrder(l *layout, sort []query.Order) (*order, error) {
	o := &order{sort: sort, desc: query.Desc(sort), cols: make([]string, len(sort)), text: make([]bool, len(sort)),
		fixed: make([]any, len(sort)), known: make([]bool, len(sort))}
	for i, s := range sort {
		f := l.byKey[s.Column]
		switch {
		case f == nil || f.Array:
			o.known[i] = true
		case f.Kind != query.Text:
			o.cols[i] = "t." + f.in(raw)
		case f.Order:
			o.cols[i], o.text[i] = "t."+f.in(sortKey), true
		default:
			return nil, fmt.Errorf("column %q of %s is not declared to sort", s.Column, l.Name)
		}
	}
	return o, nil
}

// pin is the order within documents that agree on a value for each of the given columns (as stored).
func (o *order) pin(l *layout, values map[string]any) *order {
	p := *o
	p.fixed, p.known = slices.Clone(o.fixed), slices.Clone(o.known)
	for i, s := range o.sort {
		if v, ok := values[s.Column]; ok && !p.known[i] {
			p.known[i] = true
			if n, isInt := v.(int64); isInt && l.byKey[s.Column].Kind == query.Bool {
				v = n != 0
			}
			p.fixed[i] = l.byKey[s.Column].SortKey(v)
		}
	}
	return &p
}

// by is the ORDER BY clause; terms that are the same in all rows are left out.
func (o *order) by() string {
	var out []string
	seen := map[string]bool{}
	for i, c := range o.cols {
		if !o.known[i] && !seen[c] {
			seen[c] = true
			out = append(out, c+direction(o.sort[i].Desc))
		}
	}
	return " ORDER BY " + strings.Join(append(out, "t.id"+direction(o.desc)), ",")
}

func direction(desc bool) string {
	if desc {
		return " DESC"
	}
	return ""
}

// follows says whether an index walks in this order once its first parts are pinned.
func (o *order) follows(ix *index, pinned int) bool {
	rest := ix.parts[pinned:]
	n, flip := 0, false
	for i, s := range o.sort {
		if o.known[i] {
			continue
		}
		if slices.ContainsFunc(o.sort[:i], func(e query.Order) bool { return e.Column == s.Column }) {
			continue
		}
		if n >= len(rest) || "t."+rest[n].phys != o.cols[i] {
			return false
		}
		if n == 0 {
			flip = rest[n].desc != s.Desc
		} else if (rest[n].desc != s.Desc) != flip {
			return false
		}
		n++
	}
	if n != len(rest) {
		return false
	}
	// The id is the last column of the index, in the direction of its last declared one.
	idDesc := len(ix.parts) > 0 && ix.parts[len(ix.parts)-1].desc
	if n == 0 {
		return true // SQLite walks either way
	}
	return (idDesc != o.desc) == flip
}

// bound is a condition that cuts the order: documents behind a position, as one of several ranges.
type bound struct {
	sql  string
	args []any
}

// behind cuts "behind this position" into ranges that an index can walk one after the other, nearest first.
func (o *order) behind(after *query.Position) []bound {
	if after == nil {
		return []bound{{sql: yes}}
	}
	var out []bound
	for _, b := range after.Branches(o.sort) {
		out = append(out, o.branch(b)...)
	}
	return out
}

func (o *order) branch(b query.Branch) []bound {
	var where []string
	var args []any
	for i, k := range b.Equal {
		switch {
		case o.known[i]:
			if query.Compare(o.fixed[i], k) != 0 {
				return nil
			}
		case k == nil:
			where = append(where, o.cols[i]+" IS NULL")
		default:
			where, args = append(where, o.cols[i]+"=?"), append(args, k)
		}
	}
	j := len(b.Equal)
	with := func(cond string, more ...any) bound {
		return bound{strings.Join(append(slices.Clone(where), cond), " AND "), append(slices.Clone(args), more...)}
	}
	if j == len(o.sort) {
		if o.desc {
			return []bound{with("t.id<?", b.Beyond)}
		}
		return []bound{with("t.id>?", b.Beyond)}
	}
	c, desc := o.cols[j], o.sort[j].Desc
	switch {
	case o.known[j]:
		if d := query.Compare(o.fixed[j], b.Beyond); d != 0 && (d > 0) != desc {
			return []bound{with(yes)}
		}
		return nil
	case desc:
		return []bound{with(c+"<?", b.Beyond), with(c + " IS NULL")}
	case b.Beyond != nil:
		return []bound{with(c+">?", b.Beyond)}
	case o.text[j]:
		return []bound{with(c + ">=''")}
	}
	return []bound{with(c+">=?", int64(math.MinInt64))}
}

// keys are the columns of the order for a merge, named k0, k1 and so on.
func (o *order) keys() string {
	var b strings.Builder
	for i, c := range o.cols {
		if !o.known[i] {
			fmt.Fprintf(&b, ",%s AS k%d", c, i)
		}
	}
	return b.String()
}

// merged is the ORDER BY of a union of walks that selected keys.
func (o *order) merged() string {
	var b strings.Builder
	b.WriteString(" ORDER BY ")
	for i, s := range o.sort {
		if !o.known[i] {
			fmt.Fprintf(&b, "k%d%s,", i, direction(s.Desc))
		}
	}
	return b.String() + "id" + direction(o.desc)
}
