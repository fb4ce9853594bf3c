package storetest

import (
	"fmt"
	"math/big"
	"strings"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/value"
)

// How failures are written down: short, and without a pointer in it.

func spellDoc(d *store.Doc) string {
	mark := ""
	if d.Deleted {
		mark = " deleted"
	}
	return fmt.Sprintf("%s v%d%s %s", d.ID, d.Version, mark, d.JSON())
}

func spellDocs(docs []*store.Doc) string {
	var b strings.Builder
	for _, d := range docs {
		b.WriteString("  " + spellDoc(d) + "\n")
	}
	return b.String()
}

func spellChanges(changes []change) string {
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "  %s %s if v%d deleted=%t %s\n", c.Op, c.ID, c.Version, c.Deleted, value.AppendJSON(nil, c.Tree))
	}
	return b.String()
}

func spellRow(r query.Row) string {
	var b strings.Builder
	for _, k := range r.Keys {
		b.WriteString(spellScalar(k) + " ")
	}
	b.WriteString("=>")
	for _, v := range r.Values {
		b.WriteString(" " + spellScalar(v))
	}
	return b.String()
}

func spellRows(rows []query.Row) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(spellRow(r) + "\n")
	}
	return b.String()
}

// spellScalar tells types apart, as they are part of the answer.
func spellScalar(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return fmt.Sprintf("%+q", v)
	case *big.Int:
		return "sum:" + v.String()
	case int64:
		return fmt.Sprint(v)
	case bool:
		return fmt.Sprint(v)
	}
	return fmt.Sprintf("%T:%v", v, v)
}

func spellScalars(list []any) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = spellScalar(v)
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func spellWhere(w query.Where) string {
	switch {
	case w.Never:
		return "never"
	case w.Leaf != nil:
		return spellLeaf(w.Leaf)
	case len(w.And) > 0:
		return spellParts("and", w.And)
	case len(w.Or) > 0:
		return spellParts("or", w.Or)
	}
	return "all"
}

func spellParts(word string, parts []query.Where) string {
	s := "(" + word
	for _, p := range parts {
		s += " " + spellWhere(p)
	}
	return s + ")"
}

func spellLeaf(l *query.Leaf) string {
	s := l.Column + " " + string(l.Test)
	if l.Not {
		s = l.Column + " not " + string(l.Test)
	}
	if l.Test == query.Search {
		s += fmt.Sprint(" among ", l.Among)
	}
	if l.Test == query.Range {
		return "(" + s + " " + spellScalar(l.Min) + ".." + spellScalar(l.Max) + ")"
	}
	return "(" + s + " " + spellScalars(l.Values) + ")"
}

func (q question) String() string {
	switch {
	case q.Find != nil:
		f := q.Find
		s := fmt.Sprintf("find %s which=%q sort=%v limit=%d", spellWhere(f.Where), f.Which, f.Sort, f.Limit)
		if f.After != nil {
			s += " after " + spellScalars(f.After.Keys) + " " + f.After.ID
		}
		return s
	case q.Count != nil:
		return fmt.Sprintf("count %s which=%q max=%d", spellWhere(q.Count.Where), q.Count.Which, q.Count.Max)
	}
	s := fmt.Sprintf("aggregate %s group=%v limit=%d", spellWhere(q.Aggregate.Where), q.Aggregate.Group, q.Aggregate.Limit)
	for _, m := range q.Aggregate.Measures {
		s += fmt.Sprintf(" %s(%s)", m.Fn, m.Column)
		if !m.Where.All() {
			s += " where " + spellWhere(m.Where)
		}
	}
	return s
}

func spellCollection(c store.Collection) string {
	var b strings.Builder
	for _, col := range c.Columns {
		fmt.Fprintf(&b, "  column %+v\n", col)
	}
	for _, x := range c.Indexes {
		fmt.Fprintf(&b, "  index %+v\n", x)
	}
	return b.String()
}
