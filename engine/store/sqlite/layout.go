package sqlite

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/value"
)

// layout is how a collection lies in the file: what the row of _collections says. It is immutable once published.
type layout struct {
	Name    string
	Fields  []field
	Indexes []index
	// Retired are columns of a large table that are no longer written; rewriting the table to drop them would hold up
	// the writer for seconds.
	Retired []string
	Grams   *grams
	// Fill is the backfill of the pending fields: rows up to Last, of which those up to Done are filled.
	Fill *fill

	columns query.Columns // what can be asked: fields that are not pending
	byKey   map[string]*field
	get     string
	insert  string
	current string // reads the stored values of all fields of a document
}

// field is a declared column and the real columns that carry it. Pending fields are written but not yet asked.
type field struct {
	query.Column
	Phys    string
	Pending bool
}

// index is a declared index and its name in the file. Pending indexes exist, but their Ensure has not finished.
type index struct {
	store.Index
	Phys    string
	Pending bool

	parts []part
	has   map[string]bool // every real column in it
}

// part is a column of an index that takes part in its order.
type part struct {
	key  string // of the declared column
	form form
	phys string
	desc bool
}

// form says which of a field's real columns is meant.
type form byte

const (
	raw      form = 'v' // the scalar; of an array the number of its items
	sortKey  form = 'k' // value.SortKey
	folded   form = 'm' // value.Fold
	initials form = 'i' // value.Initials
)

// grams is the search index of a collection.
type grams struct {
	Table  string
	Fields []string // Phys of the fields in it
}

type fill struct{ Done, Last int64 }

// quote makes an identifier. Back ticks, because a misspelt name in double quotes would be a string to SQLite.
func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

func (l *layout) table() string             { return quote("doc:" + l.Name) }
func (l *layout) idIndex() string           { return quote("id:" + l.Name) }
func (l *layout) dirty() string             { return quote("dirty:" + l.Name) }
func (f *field) in(fm form) string          { return quote(string(fm) + ":" + f.Phys) }
func (l *layout) list(f *field) string      { return quote("list:" + l.Name + ":" + f.Phys) }
func (l *layout) listIndex(f *field) string { return quote("item:" + l.Name + ":" + f.Phys) }

// physical spells a column's key so that keys that differ in case differ in SQLite too, whose names do not.
func physical(key string, generation int) string {
	var b strings.Builder
	for _, r := range key {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('^')
			r += 'a' - 'A'
		} else if r == '^' || r == '~' {
			b.WriteByte('^')
		}
		b.WriteRune(r)
	}
	if generation > 1 {
		b.WriteString("~" + strconv.Itoa(generation))
	}
	return b.String()
}

// forms are the real columns that a field has.
func (f *field) forms() []form {
	out := []form{raw}
	if f.Kind == query.Text && !f.Array {
		if f.Order {
			out = append(out, sortKey)
		}
		if f.Match {
			out = append(out, folded)
		}
		if f.Search {
			out = append(out, initials)
		}
	}
	return out
}

// affinity is the declared type of a real column.
func (f *field) affinity(fm form) string {
	if f.Kind == query.Text && !f.Array {
		return "TEXT"
	}
	return "INTEGER"
}

// normal is a declared column with what it implies.
func normal(c query.Column) query.Column {
	if c.Kind != query.Text || c.Array {
		c.Order, c.Match, c.Search = false, false, false
	}
	if c.Search {
		c.Match = true
	}
	if c.Kind != query.Number {
		c.Scale = 0
	}
	c.Path = slices.Clone(c.Path)
	return c
}

func sameColumn(a, b query.Column) bool {
	return a.Key == b.Key && a.Kind == b.Kind && a.Scale == b.Scale && a.Array == b.Array && a.Order == b.Order &&
		a.Match == b.Match && a.Search == b.Search && slices.Equal(a.Path, b.Path)
}

func sameIndex(a, b store.Index) bool {
	return a.Key == b.Key && a.Unique == b.Unique && a.All == b.All && a.Sparse == b.Sparse && slices.Equal(a.Columns, b.Columns) &&
		slices.Equal(a.Include, b.Include)
}

// link fills what is derived from the stored part.
func (l *layout) link() *layout {
	l.columns, l.byKey = query.Columns{}, map[string]*field{}
	names := []string{"n", "id", "version", "deleted", "doc"}
	stored := []string{"n", "version", "deleted"}
	for i := range l.Fields {
		f := &l.Fields[i]
		for _, fm := range f.forms() {
			names = append(names, f.in(fm))
		}
		stored = append(stored, f.in(raw))
		if !f.Pending {
			l.columns[f.Key], l.byKey[f.Key] = f.Column, f
		}
	}
	l.get = "SELECT id,version,deleted,doc FROM " + l.table() + " INDEXED BY " + l.idIndex() + " WHERE id=?"
	l.insert = "INSERT INTO " + l.table() + "(" + strings.Join(names, ",") + ") VALUES(?" + strings.Repeat(",?", len(names)-1) + ")"
	l.current = "SELECT " + strings.Join(stored, ",") + " FROM " + l.table() + " WHERE id=?"
	for i := range l.Indexes {
		l.Indexes[i].parts, l.Indexes[i].has = l.partsOf(l.Indexes[i])
	}
	return l
}

// fieldFor is the field that an index of this layout means by a key: while an Ensure is under way, pending indexes mean
// the pending field.
func (l *layout) fieldFor(key string, pending bool) *field {
	var found *field
	for i := range l.Fields {
		if f := &l.Fields[i]; f.Key == key && (found == nil || f.Pending == pending) {
			found = f
		}
	}
	return found
}

// partsOf lays an index out; doc.go has the rule.
func (l *layout) partsOf(ix index) (parts []part, has map[string]bool) {
	has = map[string]bool{"id": true, "n": true}
	if ix.All {
		has["deleted"] = true
	}
	for _, o := range ix.Columns {
		f := l.fieldFor(o.Column, ix.Pending)
		if f == nil {
			return nil, has
		}
		fm := raw
		switch {
		case ix.Unique && f.Match:
			fm = folded
		case !ix.Unique && f.Order && len(ix.Include) == 0:
			fm = sortKey
		}
		parts = append(parts, part{key: o.Column, form: fm, phys: f.in(fm), desc: o.Desc})
		has[f.in(fm)] = true
	}
	for _, key := range ix.Include {
		if f := l.fieldFor(key, ix.Pending); f != nil {
			has[f.in(raw)] = true
		}
	}
	return parts, has
}

// createIndex is the statement that makes an index.
func (l *layout) createIndex(ix index) string {
	parts, _ := l.partsOf(ix)
	var cols, where []string
	taken := map[string]bool{}
	if !ix.All {
		where = append(where, "deleted=0")
	}
	for i, p := range parts {
		taken[p.phys] = true
		if p.desc {
			cols = append(cols, p.phys+" DESC")
		} else {
			cols = append(cols, p.phys)
		}
		if ix.Unique || ix.Sparse && i == 0 {
			where = append(where, p.phys+" IS NOT NULL")
		}
	}
	sql := "CREATE INDEX "
	if ix.Unique {
		sql = "CREATE UNIQUE INDEX "
	} else {
		id := "id"
		if query.Desc(ix.Columns) {
			id = "id DESC"
		}
		cols = append(cols, id)
		for _, key := range ix.Include {
			if f := l.fieldFor(key, ix.Pending); f != nil && !taken[f.in(raw)] {
				taken[f.in(raw)] = true
				cols = append(cols, f.in(raw))
			}
		}
		if ix.All {
			cols = append(cols, "deleted")
		}
	}
	sql += quote(ix.Phys) + " ON " + l.table() + "(" + strings.Join(cols, ",") + ")"
	if len(where) > 0 {
		sql += " WHERE " + strings.Join(where, " AND ")
	}
	return sql
}

// values are a field's real columns for a document, in the order of forms, given its scalar.
func (f *field) values(args []any, tree map[string]any) []any {
	if f.Array {
		if n := len(f.Items(tree)); n > 0 {
			return append(args, int64(n))
		}
		return append(args, nil)
	}
	v := f.Of(tree)
	args = append(args, v)
	if f.Kind != query.Text {
		return args
	}
	s, ok := v.(string)
	for _, fm := range f.forms()[1:] {
		switch {
		case !ok:
			args = append(args, nil)
		case fm == sortKey:
			args = append(args, value.SortKey(s))
		case fm == folded:
			args = append(args, value.Fold(s))
		default:
			args = append(args, value.Initials(s))
		}
	}
	return args
}

// schemas are all layouts of one state of the file.
type schemas struct {
	generation int64
	byName     map[string]*layout
}

func decodeLayout(text []byte) (*layout, error) {
	l := new(layout)
	if err := json.Unmarshal(text, l); err != nil {
		return nil, err
	}
	return l.link(), nil
}

// with is the set with one layout replaced, or removed when l is nil.
func (s *schemas) with(name string, l *layout) *schemas {
	out := &schemas{generation: s.generation + 1, byName: make(map[string]*layout, len(s.byName)+1)}
	for k, v := range s.byName {
		out.byName[k] = v
	}
	delete(out.byName, name)
	if l != nil {
		out.byName[name] = l
	}
	return out
}

// clone copies a layout for changing.
func (l *layout) clone() *layout {
	c := &layout{Name: l.Name, Fields: slices.Clone(l.Fields), Indexes: slices.Clone(l.Indexes), Retired: slices.Clone(l.Retired)}
	if l.Grams != nil {
		g := *l.Grams
		c.Grams = &g
	}
	if l.Fill != nil {
		f := *l.Fill
		c.Fill = &f
	}
	return c
}
