package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	"formwork/engine/store"
)

// tx is one Update: a reader on the writer's connection that also writes.
type tx struct {
	reader
	w         *writer
	wrote     bool
	savepoint bool
	ended     bool
	inserted  map[string]bool // collections to wake the watchers of
	searched  map[string]bool // collections whose search index has work
	bytes     int64
	args      []any
}

// logPerDoc is how much of the log a write takes besides the document, roughly: pages of indexes.
const logPerDoc = 4096

func newTx(w *writer) *tx {
	return &tx{reader: reader{c: w.c, set: w.s.schemas.Load(), own: true, few: w.s.few, several: w.s.several}, w: w}
}

// begin makes sure that what follows can be undone without undoing the neighbours.
func (t *tx) begin() error {
	if t.wrote {
		return nil
	}
	if t.w.open && t.w.writes > 0 {
		if _, err := t.c.exec("SAVEPOINT member"); err != nil {
			return t.saw(err)
		}
		t.savepoint = true
	}
	t.wrote = true
	return nil
}

// end closes what the function left open.
func (t *tx) end() { t.ended = true }

var errEnded = errors.New("transaction has ended")

func (t *tx) ready(ctx context.Context, collection string) (*layout, error) {
	if t.ended {
		return nil, errEnded
	}
	l, err := t.layout(collection)
	if err != nil {
		return nil, err
	}
	return l, t.begin()
}

// Update implements store.Store. fn runs in the writer's goroutine; it must not start another Update.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.writer.do(ctx, &job{fn: func(t *tx) error { return fn(t) }})
}

// Insert implements store.Tx.
func (t *tx) Insert(ctx context.Context, collection string, docs ...*store.Doc) error {
	l, err := t.ready(ctx, collection)
	if err != nil {
		return err
	}
	if len(docs) == 1 {
		return t.insert(l, docs[0])
	}
	// All or none, also for a caller who carries on after the error.
	if _, err := t.c.exec("SAVEPOINT many"); err != nil {
		return t.saw(err)
	}
	for _, d := range docs {
		if err := t.insert(l, d); err != nil {
			if _, undo := t.c.exec("ROLLBACK TO many"); undo != nil {
				t.broken = true
				return err
			}
			t.c.exec("RELEASE many")
			return err
		}
	}
	_, err = t.c.exec("RELEASE many")
	return t.saw(err)
}

func (t *tx) insert(l *layout, d *store.Doc) error {
	json := d.JSON()
	if len(json) > store.MaxDocument {
		return store.ErrTooLarge
	}
	n, err := t.w.rowid(l)
	if err != nil {
		return t.saw(err)
	}
	tree := d.Tree()
	args := append(t.args[:0], n, d.ID, int64(1), d.Deleted, json)
	for i := range l.Fields {
		args = l.Fields[i].values(args, tree)
	}
	t.args = args
	if _, err := t.c.exec(l.insert, args...); err != nil {
		return t.explain(l, d, err)
	}
	for i := range l.Fields {
		if f := &l.Fields[i]; f.Array {
			if err := t.addItems(l, f, n, tree); err != nil {
				return err
			}
		}
	}
	d.Version = 1
	t.mark(&t.inserted, l.Name)
	if l.Grams != nil {
		t.mark(&t.searched, l.Name)
	}
	t.bytes += int64(len(json)) + logPerDoc
	return nil
}

func (t *tx) mark(set *map[string]bool, name string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	(*set)[name] = true
}

// rowid gives the next row number. They are never given twice, not even after the row is gone: the search index has
// all rows up to one.
func (w *writer) rowid(l *layout) (int64, error) {
	n, ok := w.next[l.Name]
	if !ok {
		last, err := w.c.number(context.Background(),
			"SELECT max(ifnull((SELECT max(n) FROM "+l.table()+"),0),ifnull((SELECT upto FROM _grams WHERE name=?),0))", l.Name)
		if err != nil {
			return 0, err
		}
		n = last + 1
	}
	w.next[l.Name] = n + 1
	return n, nil
}

func (t *tx) addItems(l *layout, f *field, n int64, tree map[string]any) error {
	for _, v := range f.Items(tree) {
		if _, err := t.c.exec("INSERT INTO "+l.list(f)+"(n,value) VALUES(?,?)", n, v); err != nil {
			return t.saw(err)
		}
	}
	return nil
}

// explain finds out what a refused write collided with.
func (t *tx) explain(l *layout, d *store.Doc, err error) error {
	if !violated(err) {
		return t.saw(err)
	}
	v, e := t.c.row(context.Background(), "SELECT version FROM "+l.table()+" WHERE id=?", d.ID)
	if e != nil {
		return t.saw(e)
	}
	exists := v != nil
	for _, ix := range l.Indexes {
		if !ix.Unique {
			continue
		}
		id, e := t.holder(l, ix, d)
		if e != nil {
			return t.saw(e)
		}
		if id != "" && id != d.ID {
			return &store.DuplicateError{Collection: l.Name, Index: ix.Key, ID: id}
		}
	}
	if exists {
		return &store.DuplicateError{Collection: l.Name, Index: "id", ID: d.ID}
	}
	return t.saw(err)
}

// holder is the id of the document that has d's values in a unique index.
func (t *tx) holder(l *layout, ix index, d *store.Doc) (string, error) {
	where, args := []string{"deleted=0"}, []any{}
	for _, p := range ix.parts {
		f := l.fieldFor(p.key, ix.Pending)
		vals := f.values(nil, d.Tree())
		for i, fm := range f.forms() {
			if fm == p.form {
				if vals[i] == nil {
					return "", nil
				}
				where, args = append(where, p.phys+"=?"), append(args, vals[i])
			}
		}
	}
	v, err := t.c.row(context.Background(), "SELECT id FROM "+l.table()+" WHERE "+strings.Join(where, " AND "), args...)
	if v == nil {
		return "", err
	}
	return text(v[0]), err
}

// Replace implements store.Tx. It writes only the columns that change: the others' indexes are not touched.
func (t *tx) Replace(ctx context.Context, collection string, d *store.Doc, ifVersion int64) error {
	l, err := t.ready(ctx, collection)
	if err != nil {
		return err
	}
	json := d.JSON()
	if len(json) > store.MaxDocument {
		return store.ErrTooLarge
	}
	old, err := t.c.row(context.Background(), l.current, d.ID)
	if err != nil {
		return t.saw(err)
	}
	if old == nil {
		return store.ErrNotFound
	}
	if old[1].(int64) != ifVersion {
		return store.ErrConflict
	}
	n := old[0].(int64)
	ch := t.changes(l, d, old)
	args := append(t.args[:0], ifVersion+1, json)
	args = append(append(args, ch.args...), n)
	t.args = args
	if _, err := t.c.exec("UPDATE "+l.table()+" SET version=?,doc=?"+ch.set.String()+" WHERE n=?", args...); err != nil {
		return t.explain(l, d, err)
	}
	if err := t.replaceItems(l, d, n, old); err != nil {
		return err
	}
	if ch.search {
		if err := t.stale(l, n); err != nil {
			return err
		}
	}
	d.Version = ifVersion + 1
	t.bytes += int64(len(json)) + logPerDoc
	return nil
}

// changes is the part of an UPDATE that differs from document to document.
type changes struct {
	set    strings.Builder
	args   []any
	search bool // a field of the search index is among them
}

// changes compares a document with what its row holds (see layout.current).
func (t *tx) changes(l *layout, d *store.Doc, old []driver.Value) *changes {
	ch, tree := new(changes), d.Tree()
	if (old[2].(int64) != 0) != d.Deleted {
		ch.set.WriteString(",deleted=?")
		ch.args = append(ch.args, d.Deleted)
	}
	for i := range l.Fields {
		f := &l.Fields[i]
		if !f.Array && same(old[3+i], f.Of(tree)) {
			continue
		}
		from := len(ch.args)
		ch.args = f.values(ch.args, tree)
		if f.Array && same(old[3+i], ch.args[from]) {
			ch.args = ch.args[:from]
			continue
		}
		for _, fm := range f.forms() {
			ch.set.WriteString("," + f.in(fm) + "=?")
		}
		ch.search = ch.search || f.Search
	}
	return ch
}

func same(stored driver.Value, scalar any) bool {
	switch v := scalar.(type) {
	case nil:
		return stored == nil
	case string:
		switch s := stored.(type) {
		case string:
			return s == v
		case []byte:
			return string(s) == v
		}
		return false
	case bool:
		n, ok := stored.(int64)
		return ok && (n != 0) == v
	}
	return stored == scalar
}

func (t *tx) replaceItems(l *layout, d *store.Doc, n int64, old []driver.Value) error {
	for i := range l.Fields {
		f := &l.Fields[i]
		if !f.Array {
			continue
		}
		items := f.Items(d.Tree())
		if old[3+i] == nil && len(items) == 0 && !f.Pending {
			continue
		}
		if err := t.setItems(l, f, n, items); err != nil {
			return err
		}
	}
	return nil
}

// setItems makes the side table hold exactly these items of a row, touching only what differs.
func (t *tx) setItems(l *layout, f *field, n int64, items []any) error {
	want := make(map[any]bool, len(items))
	for _, v := range items {
		if b, ok := v.(bool); ok {
			v = int64(0)
			if b {
				v = int64(1)
			}
		}
		want[v] = true
	}
	var gone []any
	err := t.c.each(context.Background(), func(v []driver.Value) error {
		var have any = v[0]
		if b, ok := have.([]byte); ok {
			have = string(b)
		}
		if want[have] {
			delete(want, have)
		} else {
			gone = append(gone, have)
		}
		return nil
	}, "SELECT value FROM "+l.list(f)+" WHERE n=?", n)
	for _, v := range gone {
		if err == nil {
			_, err = t.c.exec("DELETE FROM "+l.list(f)+" WHERE n=? AND value=?", n, v)
		}
	}
	for v := range want {
		if err == nil {
			_, err = t.c.exec("INSERT INTO "+l.list(f)+"(n,value) VALUES(?,?)", n, v)
		}
	}
	return t.saw(err)
}

// stale marks a row whose entry in the search index is out of date.
func (t *tx) stale(l *layout, n int64) error {
	if l.Grams == nil {
		return nil
	}
	t.mark(&t.searched, l.Name)
	_, err := t.c.exec("INSERT OR IGNORE INTO "+l.dirty()+" VALUES(?)", n)
	return t.saw(err)
}

// Delete implements store.Tx.
func (t *tx) Delete(ctx context.Context, collection, id string, ifVersion int64) error {
	l, err := t.ready(ctx, collection)
	if err != nil {
		return err
	}
	v, err := t.c.row(context.Background(), "SELECT n,version FROM "+l.table()+" WHERE id=?", id)
	if err != nil {
		return t.saw(err)
	}
	if v == nil {
		return store.ErrNotFound
	}
	if ifVersion != 0 && v[1].(int64) != ifVersion {
		return store.ErrConflict
	}
	n := v[0].(int64)
	if _, err := t.c.exec("DELETE FROM "+l.table()+" WHERE n=?", n); err != nil {
		return t.saw(err)
	}
	for i := range l.Fields {
		if f := &l.Fields[i]; f.Array {
			if _, err := t.c.exec("DELETE FROM "+l.list(f)+" WHERE n=?", n); err != nil {
				return t.saw(err)
			}
		}
	}
	t.bytes += logPerDoc
	return t.stale(l, n)
}

// document makes a document of (id, version, deleted, doc).
func document(v []driver.Value) *store.Doc {
	return store.Read(text(v[0]), v[1].(int64), v[2].(int64) != 0, blob(v[3]))
}
