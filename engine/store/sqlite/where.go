package sqlite

import (
	"fmt"
	"strings"

	"formwork/engine/query"
	"formwork/schemas/value"
)

// manyValues is the length from which a list goes to SQLite as one JSON parameter: a statement with thousands of
// parameters is parsed anew for every length.
const manyValues = 100

// render writes the SQL of conditions, with the parameters in the order in which they stand in the text. Filters come
// in negation normal form, so a leaf that is NULL counts as false everywhere; only a negated leaf must speak of NULL.
type render struct {
	l    *layout
	args []any
	uses map[string]bool // real columns that were named
	err  error
}

func newRender(l *layout) *render { return &render{l: l, uses: map[string]bool{}} }

func (r *render) arg(v any) string {
	r.args = append(r.args, v)
	return "?"
}

// col names a field's real column.
func (r *render) col(f *field, fm form) string {
	name := f.in(fm)
	r.uses[name] = true
	return "t." + name
}

// Conditions that do not depend on the document. SQLite folds a constant false and then finds that the forced index has
// nothing to do, which it calls an error; row numbers are positive, but it does not know.
const (
	yes = "1"
	no  = "t.n<0"
)

func (r *render) where(w query.Where) string {
	switch {
	case w.Never:
		return no
	case w.Leaf != nil:
		return r.leaf(w.Leaf)
	case len(w.And) > 0:
		return r.join(w.And, " AND ")
	case len(w.Or) > 0:
		return r.join(w.Or, " OR ")
	}
	return yes
}

func (r *render) join(parts []query.Where, op string) string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = r.where(p)
	}
	return balance(out, op)
}

// balance joins conditions as a tree of little depth: SQLite refuses expressions deeper than 1000.
func balance(parts []string, op string) string {
	if len(parts) <= 8 {
		return "(" + strings.Join(parts, op) + ")"
	}
	half := len(parts) / 2
	return "(" + balance(parts[:half], op) + op + balance(parts[half:], op) + ")"
}

// answer is the SQL for a leaf that does not depend on the document.
func answer(yesNo bool) string {
	if yesNo {
		return yes
	}
	return no
}

func (r *render) leaf(l *query.Leaf) string {
	switch l.Test {
	case query.Search:
		return r.search(l)
	case query.ID:
		return r.ids(l)
	}
	f := r.l.byKey[l.Column]
	switch {
	case f == nil:
		return answer(l.Not)
	case f.Array:
		return r.array(f, l)
	}
	switch l.Test {
	case query.Empty:
		if l.Not {
			return r.col(f, raw) + " IS NOT NULL"
		}
		return r.col(f, raw) + " IS NULL"
	case query.In:
		return r.in(f, l)
	case query.Range:
		return r.between(f, l)
	case query.Contains, query.StartsWith:
		return r.match(f, l)
	}
	return answer(l.Not)
}

// fitting are the distinct values of the leaf that a column of this kind can hold, as they are stored.
func fitting(f *field, values []any) []any {
	out := make([]any, 0, len(values))
	seen := make(map[any]bool, len(values))
	for _, v := range values {
		switch x := v.(type) {
		case string:
			if f.Kind != query.Text {
				continue
			}
		case int64:
			if f.Kind == query.Text || f.Kind == query.Bool {
				continue
			}
		case bool:
			if f.Kind != query.Bool {
				continue
			}
			v = int64(0)
			if x {
				v = int64(1)
			}
		default:
			continue
		}
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

func (r *render) in(f *field, l *query.Leaf) string {
	vals := fitting(f, l.Values)
	if len(vals) == 0 {
		return answer(l.Not)
	}
	c := r.col(f, raw)
	if l.Not {
		return "(" + c + " IS NULL OR NOT " + r.among(c, vals) + ")"
	}
	return r.among(c, vals)
}

// ids tests for the document's own id, which is never NULL. Those of the leaf that are no text match nothing.
func (r *render) ids(l *query.Leaf) string {
	vals := fitting(&field{Column: query.Column{Kind: query.Text}}, l.Values)
	switch {
	case len(vals) == 0:
		return answer(l.Not)
	case l.Not:
		return "NOT " + r.among("t.id", vals)
	}
	return r.among("t.id", vals)
}

// among tests for one of several values.
func (r *render) among(col string, vals []any) string {
	if len(vals) == 1 {
		return col + "=" + r.arg(vals[0])
	}
	if len(vals) >= manyValues {
		return col + " IN (SELECT value FROM json_each(" + r.arg(string(value.AppendJSON(nil, vals))) + "))"
	}
	// Lengths are rounded up, so that few statements serve all lists.
	size := 4
	for size < len(vals) {
		size *= 2
	}
	for i := range size {
		r.arg(vals[min(i, len(vals)-1)])
	}
	return col + " IN (?" + strings.Repeat(",?", size-1) + ")"
}

func (r *render) between(f *field, l *query.Leaf) string {
	if !f.Ranges() {
		return answer(l.Not)
	}
	c := r.col(f, raw)
	var parts []string
	if l.Not {
		parts = append(parts, c+" IS NULL")
		if l.Min != nil {
			parts = append(parts, c+"<"+r.arg(l.Min))
		}
		if l.Max != nil {
			parts = append(parts, c+">"+r.arg(l.Max))
		}
		return balance(parts, " OR ")
	}
	if l.Min == nil && l.Max == nil {
		return c + " IS NOT NULL"
	}
	if l.Min != nil {
		parts = append(parts, c+">="+r.arg(l.Min))
	}
	if l.Max != nil {
		parts = append(parts, c+"<="+r.arg(l.Max))
	}
	return balance(parts, " AND ")
}

func (r *render) match(f *field, l *query.Leaf) string {
	if f.Kind != query.Text {
		return answer(l.Not)
	}
	if !f.Match {
		r.err = fmt.Errorf("column %q of %s has no folded copy to match against", f.Key, r.l.Name)
		return no
	}
	term, _ := l.Values[0].(string)
	c := r.col(f, folded)
	if l.Test == query.Contains {
		if l.Not {
			return "(" + c + " IS NULL OR instr(" + c + "," + r.arg(term) + ")=0)"
		}
		return "instr(" + c + "," + r.arg(term) + ")>0"
	}
	if term == "" {
		return answer(!l.Not)
	}
	// Behind every text with the prefix comes the prefix with its last byte raised; text is compared by bytes.
	end := []byte(term)
	end[len(end)-1]++
	if l.Not {
		return "(" + c + " IS NULL OR " + c + "<" + r.arg(term) + " OR " + c + ">=" + r.arg(string(end)) + ")"
	}
	return "(" + c + ">=" + r.arg(term) + " AND " + c + "<" + r.arg(string(end)) + ")"
}

func (r *render) search(l *query.Leaf) string {
	term, _ := l.Values[0].(string)
	var parts []string
	for _, key := range l.Among {
		f := r.l.byKey[key]
		if f == nil || f.Kind != query.Text || f.Array {
			continue
		}
		if !f.Search {
			r.err = fmt.Errorf("column %q of %s is not declared for search", key, r.l.Name)
			return no
		}
		for _, fm := range []form{folded, initials} {
			c := r.col(f, fm)
			if l.Not {
				parts = append(parts, "ifnull(instr("+c+","+r.arg(term)+"),0)=0")
			} else {
				parts = append(parts, "instr("+c+","+r.arg(term)+")>0")
			}
		}
	}
	switch {
	case len(parts) == 0:
		return answer(l.Not)
	case l.Not:
		return balance(parts, " AND ")
	}
	return balance(parts, " OR ")
}

func (r *render) array(f *field, l *query.Leaf) string {
	not := ""
	if l.Not {
		not = "NOT "
	}
	switch l.Test {
	case query.Empty:
		if l.Not {
			return r.col(f, raw) + " IS NOT NULL"
		}
		return r.col(f, raw) + " IS NULL"
	case query.HasAny:
		vals := fitting(f, l.Values)
		if len(vals) == 0 {
			return answer(l.Not)
		}
		return "t.n " + not + "IN (" + r.holding(f, vals) + ")"
	case query.HasAll:
		vals := fitting(f, l.Values)
		if distinct(l.Values) > len(vals) {
			return answer(l.Not)
		}
		if len(vals) == 0 {
			if l.Not {
				return r.col(f, raw) + " IS NULL"
			}
			return r.col(f, raw) + " IS NOT NULL"
		}
		return "t.n " + not + "IN (" + r.holding(f, vals) + " GROUP BY n HAVING count(*)=" + r.arg(len(vals)) + ")"
	}
	return answer(l.Not)
}

// holding selects the rows whose array holds one of the values.
func (r *render) holding(f *field, vals []any) string {
	return "SELECT n FROM " + r.l.list(f) + " INDEXED BY " + r.l.listIndex(f) + " WHERE " + r.among("value", vals)
}

func distinct(values []any) int {
	seen := map[any]bool{}
	for _, v := range values {
		seen[v] = true
	}
	return len(seen)
}

// which is the condition for live, deleted or all documents.
func which(w query.Which) []string {
	switch w {
	case query.Live:
		return []string{"t.deleted=0"}
	case query.Trash:
		return []string{"t.deleted=1"}
	}
	return nil
}
