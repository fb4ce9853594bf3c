package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"formwork/engine/query"
	"formwork/engine/store"
)

// Ensure goes in steps, each a transaction of its own, so that readers and writers go on in between and a process that
// is killed anywhere leaves a sound file:
//
//  1. expand: new columns are added and marked pending. From here on every write fills them.
//  2. fill: the rows that were there before get their values, a chunk at a time (backfill.go).
//  3. index: every new index is built, pending.
//  4. swap: what is pending becomes what is asked; what is no longer declared goes.
//
// Ensure after a crash finds the pending parts, keeps those that are still declared and goes on.

// smallTable is up to how many rows a column is dropped by rewriting the table.
const smallTable = 20000

var validName = regexp.MustCompile(`^[a-z0-9_.-]{1,100}$`)

// Ensure implements store.Store.
func (s *Store) Ensure(ctx context.Context, c store.Collection) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := check(c); err != nil {
		return err
	}
	s.ensure.Lock()
	defer s.ensure.Unlock()
	if s.ended() {
		return store.ErrClosed
	}
	if l := s.schemas.Load().byName[c.Name]; l != nil && l.satisfies(c) {
		return nil
	}
	if err := s.expand(ctx, c); err != nil {
		return err
	}
	if err := s.backfill(ctx, c.Name); err != nil {
		return err
	}
	if err := s.build(ctx, c); err != nil {
		return err
	}
	if err := s.swap(ctx, c); err != nil {
		return err
	}
	s.keeper.index(c.Name)
	return nil
}

func check(c store.Collection) error {
	if !validName.MatchString(c.Name) {
		return fmt.Errorf("collection name %q", c.Name)
	}
	keys := map[string]query.Column{}
	for _, col := range c.Columns {
		if _, twice := keys[col.Key]; twice || col.Key == "" {
			return fmt.Errorf("column %q of %s is declared twice or has no key", col.Key, c.Name)
		}
		keys[col.Key] = col
	}
	names := map[string]bool{}
	for _, ix := range c.Indexes {
		if names[ix.Key] || len(ix.Columns) == 0 {
			return fmt.Errorf("index %q of %s is declared twice or has no columns", ix.Key, c.Name)
		}
		names[ix.Key] = true
		for _, o := range ix.Columns {
			if col, ok := keys[o.Column]; !ok || col.Array {
				return fmt.Errorf("index %s of %s: no scalar column %q", ix.Key, c.Name, o.Column)
			}
		}
		for _, k := range ix.Include {
			if _, ok := keys[k]; !ok {
				return fmt.Errorf("index %s of %s: no column %q", ix.Key, c.Name, k)
			}
		}
	}
	return nil
}

// satisfies says whether the layout is exactly what is declared, with nothing pending.
func (l *layout) satisfies(c store.Collection) bool {
	if l.Fill != nil || len(l.Fields) != len(c.Columns) || len(l.Indexes) != len(c.Indexes) {
		return false
	}
	for _, col := range c.Columns {
		if f := l.byKey[col.Key]; f == nil || !sameColumn(f.Column, normal(col)) {
			return false
		}
	}
	for _, want := range c.Indexes {
		if !slices.ContainsFunc(l.Indexes, func(ix index) bool { return !ix.Pending && sameIndex(ix.Index, want) }) {
			return false
		}
	}
	return true
}

// alter runs fn in a transaction of its own with a copy of the collection's layout (nil if there is none) and stores
// the layout that it gives.
func (s *Store) alter(ctx context.Context, name string, fn func(t *tx, l *layout) (*layout, error)) error {
	var next *schemas
	j := &job{alone: true}
	j.fn = func(t *tx) error {
		t.wrote = true
		var l *layout
		if have := t.set.byName[name]; have != nil {
			l = have.clone().link()
		}
		l, err := fn(t, l)
		if err != nil {
			return err
		}
		if l == nil {
			_, err = t.c.exec("DELETE FROM _collections WHERE name=?", name)
		} else {
			l.link()
			var text []byte
			if text, err = json.Marshal(l); err == nil {
				_, err = t.c.exec("INSERT OR REPLACE INTO _collections VALUES(?,?)", name, string(text))
			}
		}
		if err != nil {
			return err
		}
		next = t.set.with(name, l)
		_, err = t.c.exec("UPDATE _generation SET value=?", next.generation)
		return err
	}
	j.after = func() { s.schemas.Store(next) }
	return s.writer.do(ctx, j)
}

// expand creates the table or adds the columns that are missing, and drops what an abandoned Ensure left pending.
func (s *Store) expand(ctx context.Context, c store.Collection) error {
	return s.alter(ctx, c.Name, func(t *tx, l *layout) (*layout, error) {
		if l == nil {
			return t.create(c)
		}
		if err := t.abandon(l, c); err != nil {
			return nil, err
		}
		added := false
		for _, col := range c.Columns {
			col = normal(col)
			if slices.ContainsFunc(l.Fields, func(f field) bool { return sameColumn(f.Column, col) }) {
				continue
			}
			f, err := t.addField(l, col)
			if err != nil {
				return nil, err
			}
			l.Fields = append(l.Fields, f)
			added = true
		}
		if added { // else a fill that was interrupted goes on where it stopped
			last, err := t.c.number(context.Background(), "SELECT max(n) FROM "+l.table())
			if err != nil {
				return nil, err
			}
			l.Fill = &fill{Last: last}
		}
		return l, nil
	})
}

// abandon drops pending indexes, and pending columns that are not in the declaration.
func (t *tx) abandon(l *layout, c store.Collection) error {
	keep := l.Indexes[:0]
	for _, ix := range l.Indexes {
		if !ix.Pending {
			keep = append(keep, ix)
			continue
		}
		if err := t.c.script("DROP INDEX IF EXISTS " + quote(ix.Phys)); err != nil {
			return err
		}
	}
	l.Indexes = keep
	var fields []field
	for _, f := range l.Fields {
		declared := slices.ContainsFunc(c.Columns, func(col query.Column) bool { return sameColumn(f.Column, normal(col)) })
		if !f.Pending || declared {
			fields = append(fields, f)
			continue
		}
		if err := t.dropField(l, &f); err != nil {
			return err
		}
	}
	l.Fields = fields
	return nil
}

func (t *tx) create(c store.Collection) (*layout, error) {
	l := &layout{Name: c.Name}
	// Columns stand before the document, which may fill overflow pages.
	defs := []string{"n INTEGER PRIMARY KEY", "id TEXT NOT NULL", "version INTEGER NOT NULL", "deleted INTEGER NOT NULL"}
	for _, col := range c.Columns {
		f := field{Column: normal(col), Phys: physical(col.Key, 1), Pending: true}
		for _, fm := range f.forms() {
			defs = append(defs, f.in(fm)+" "+f.affinity(fm))
		}
		l.Fields = append(l.Fields, f)
	}
	err := t.c.script("CREATE TABLE "+l.table()+"("+strings.Join(append(defs, "doc BLOB NOT NULL"), ",")+")",
		"CREATE UNIQUE INDEX "+l.idIndex()+" ON "+l.table()+"(id)")
	for i := range l.Fields {
		if f := &l.Fields[i]; err == nil && f.Array {
			err = t.createList(l, f)
		}
	}
	delete(t.w.next, c.Name)
	return l, err
}

func (t *tx) createList(l *layout, f *field) error {
	return t.c.script("CREATE TABLE "+l.list(f)+"(n INTEGER NOT NULL,value NOT NULL,PRIMARY KEY(n,value)) WITHOUT ROWID",
		"CREATE INDEX "+l.listIndex(f)+" ON "+l.list(f)+"(value,n)")
}

// addField adds a pending column under a name that is free.
func (t *tx) addField(l *layout, col query.Column) (field, error) {
	f := field{Column: col, Pending: true}
	for generation := 1; ; generation++ {
		f.Phys = physical(col.Key, generation)
		v, err := t.c.row(context.Background(), "SELECT 1 FROM pragma_table_info(?) WHERE name IN (?,?,?,?)", "doc:"+l.Name,
			"v:"+f.Phys, "k:"+f.Phys, "m:"+f.Phys, "i:"+f.Phys)
		if err != nil {
			return f, err
		}
		if v == nil {
			break
		}
	}
	for _, fm := range f.forms() {
		if err := t.c.script("ALTER TABLE " + l.table() + " ADD COLUMN " + f.in(fm) + " " + f.affinity(fm)); err != nil {
			return f, err
		}
	}
	if f.Array {
		return f, t.createList(l, &f)
	}
	return f, nil
}

// dropField takes a column out of use, and out of the table if that is small.
func (t *tx) dropField(l *layout, f *field) error {
	if f.Array {
		if err := t.c.script("DROP TABLE IF EXISTS " + l.list(f)); err != nil {
			return err
		}
	}
	n, err := t.c.number(context.Background(), "SELECT count(*) FROM (SELECT 1 FROM "+l.table()+" LIMIT ?)", smallTable+1)
	if err != nil {
		return err
	}
	for _, fm := range f.forms() {
		if n > smallTable {
			l.Retired = append(l.Retired, string(fm)+":"+f.Phys)
			continue
		}
		if err := t.c.script("ALTER TABLE " + l.table() + " DROP COLUMN " + f.in(fm)); err != nil {
			return err
		}
	}
	return nil
}

// build makes the indexes that are missing, each in its own transaction.
func (s *Store) build(ctx context.Context, c store.Collection) error {
	spill := func(where string) error {
		return s.writer.do(ctx, &job{raw: true, fn: func(t *tx) error { return t.c.script("PRAGMA temp_store=" + where) }})
	}
	for _, want := range c.Indexes {
		l := s.schemas.Load().byName[c.Name]
		if l.keeps(want) {
			continue
		}
		// Building sorts all keys: on disk here, while savepoints are quicker in memory.
		if err := spill("FILE"); err != nil {
			return err
		}
		defer spill("MEMORY")
		err := s.alter(ctx, c.Name, func(t *tx, l *layout) (*layout, error) {
			ix := index{Index: want, Pending: true}
			for generation := 1; ; generation++ {
				ix.Phys = "ix:" + c.Name + ":" + physical(want.Key, generation)
				if !slices.ContainsFunc(l.Indexes, func(have index) bool { return have.Phys == ix.Phys }) {
					break
				}
			}
			ix.parts, ix.has = l.partsOf(ix)
			if err := t.c.script(l.createIndex(ix)); err != nil {
				if !violated(err) {
					return nil, err
				}
				id, e := t.duplicate(l, ix)
				if e != nil {
					return nil, e
				}
				return nil, &store.DuplicateError{Collection: c.Name, Index: want.Key, ID: id}
			}
			l.Indexes = append(l.Indexes, ix)
			return l, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// keeps says whether the layout has the index, over columns that stay as they are.
func (l *layout) keeps(want store.Index) bool {
	return slices.ContainsFunc(l.Indexes, func(ix index) bool {
		if !sameIndex(ix.Index, want) {
			return false
		}
		if ix.Pending {
			return true
		}
		for _, key := range append(keysOf(want.Columns), want.Include...) {
			if l.replaced(key) {
				return false
			}
		}
		return true
	})
}

// replaced says whether a column has a pending successor.
func (l *layout) replaced(key string) bool {
	return slices.ContainsFunc(l.Fields, func(f field) bool { return f.Key == key && f.Pending })
}

func keysOf(columns []query.Order) []string {
	out := make([]string, len(columns))
	for i, o := range columns {
		out[i] = o.Column
	}
	return out
}

// duplicate names a document whose values another has too.
func (t *tx) duplicate(l *layout, ix index) (string, error) {
	var cols, where []string
	for _, p := range ix.parts {
		cols, where = append(cols, p.phys), append(where, p.phys+" IS NOT NULL")
	}
	v, err := t.c.row(context.Background(), "SELECT min(id) FROM "+l.table()+" WHERE deleted=0 AND "+strings.Join(where, " AND ")+
		" GROUP BY "+strings.Join(cols, ",")+" HAVING count(*)>1 LIMIT 1")
	if v == nil {
		return "", err
	}
	return text(v[0]), err
}

// swap makes the declaration what is asked from now on.
func (s *Store) swap(ctx context.Context, c store.Collection) error {
	return s.alter(ctx, c.Name, func(t *tx, l *layout) (*layout, error) {
		var indexes []index
		var gone []string
		for _, ix := range l.Indexes {
			if slices.ContainsFunc(c.Indexes, func(w store.Index) bool { return sameIndex(w, ix.Index) }) && (ix.Pending || !l.superseded(ix)) {
				ix.Pending = false
				indexes = append(indexes, ix)
			} else {
				gone = append(gone, "DROP INDEX IF EXISTS "+quote(ix.Phys))
			}
		}
		if err := t.c.script(gone...); err != nil {
			return nil, err
		}
		l.Indexes, l.Fill = indexes, nil
		var fields []field
		for _, f := range l.Fields {
			declared := slices.ContainsFunc(c.Columns, func(col query.Column) bool { return sameColumn(f.Column, normal(col)) })
			if declared {
				f.Pending = false
				fields = append(fields, f)
			} else if err := t.dropField(l, &f); err != nil {
				return nil, err
			}
		}
		l.Fields = fields
		return l, t.ensureGrams(l)
	})
}

// superseded says whether an index lies over columns that are being replaced.
func (l *layout) superseded(ix index) bool {
	for _, key := range append(keysOf(ix.Columns), ix.Include...) {
		if l.replaced(key) {
			return true
		}
	}
	return false
}

// Drop implements store.Store.
func (s *Store) Drop(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.ensure.Lock()
	defer s.ensure.Unlock()
	if s.ended() {
		return store.ErrClosed
	}
	if s.schemas.Load().byName[name] == nil {
		return nil
	}
	return s.alter(ctx, name, func(t *tx, l *layout) (*layout, error) {
		for i := range l.Fields {
			if f := &l.Fields[i]; f.Array {
				if err := t.c.script("DROP TABLE " + l.list(f)); err != nil {
					return nil, err
				}
			}
		}
		if err := t.dropGrams(l); err != nil {
			return nil, err
		}
		delete(t.w.next, name)
		return nil, t.c.script("DROP TABLE " + l.table())
	})
}
