package sqlite

import (
	"context"
	"database/sql/driver"

	"formwork/engine/store"
)

// indexChunks brings the search index of a collection to within backlog documents. left says that there is more to do.
func (k *keeper) indexChunks(ctx context.Context, name string, backlog int) (left bool, err error) {
	for ctx.Err() == nil {
		var work gramWork
		k.checkpoint(ctx) // while documents keep coming this loop goes on
		err := k.s.View(ctx, func(rd store.Reader) error {
			r := rd.(*reader)
			l := r.set.byName[name]
			if l == nil || l.Grams == nil {
				return nil
			}
			if backlog > 0 {
				n, err := r.c.number(ctx, "SELECT ifnull((SELECT max(n) FROM "+l.table()+"),0)-(SELECT upto FROM _grams WHERE name=?)"+
					"+(SELECT count(*) FROM (SELECT 1 FROM "+l.dirty()+" LIMIT ?))", name, backlog+1)
				if err != nil || int(n) <= backlog {
					work.more = n != 0
					return err
				}
			}
			var err error
			work, err = readGrams(ctx, r, l)
			return err
		})
		if err != nil || len(work.rows) == 0 {
			return work.more || err != nil, err
		}
		if err := k.s.writer.do(ctx, &job{alone: true, fn: func(t *tx) error { return t.writeGrams(name, work) }}); err != nil {
			return true, err
		}
		if !work.more {
			return false, nil
		}
	}
	return true, ctx.Err()
}

// gramWork is a chunk of documents for the search index.
type gramWork struct {
	table string
	upto  int64 // what the index reaches to once these are in
	rows  []gramRow
	more  bool
}

type gramRow struct {
	n, version int64 // version 0: the row is gone
	tokens     string
	dirty      bool
}

// readGrams collects rows that are not in the search index, and rows whose entry is out of date.
func readGrams(ctx context.Context, r *reader, l *layout) (gramWork, error) {
	w := gramWork{table: l.Grams.Table}
	var err error
	if w.upto, err = r.c.number(ctx, "SELECT upto FROM _grams WHERE name=?", l.Name); err != nil {
		return w, err
	}
	cols := "t.n,t.version"
	for i := range l.Fields {
		if f := &l.Fields[i]; f.Search {
			cols += ",t." + f.in(folded) + ",t." + f.in(initials)
		}
	}
	read := func(dirty bool, sql string, args ...any) error {
		return r.c.each(ctx, func(v []driver.Value) error {
			row := gramRow{n: v[0].(int64), dirty: dirty}
			if v[1] != nil {
				row.version = v[1].(int64)
			}
			var texts []string
			for _, x := range v[2:] {
				texts = append(texts, text(x))
			}
			row.tokens = tokens(texts)
			w.rows = append(w.rows, row)
			return nil
		}, sql, args...)
	}
	err = read(true, "SELECT d.n"+cols[3:]+" FROM "+l.dirty()+" AS d LEFT JOIN "+l.table()+" AS t ON t.n=d.n LIMIT ?", gramChunk)
	if err != nil {
		return w, err
	}
	err = read(false, "SELECT "+cols+" FROM "+l.table()+" AS t NOT INDEXED WHERE t.n>? ORDER BY t.n LIMIT ?", w.upto, gramChunk)
	if n := len(w.rows); n > 0 && !w.rows[n-1].dirty {
		w.upto = w.rows[n-1].n
	}
	w.more = len(w.rows) >= gramChunk
	return w, err
}

// writeGrams puts a chunk into the search index. A row that was written after the chunk was read stays, or becomes,
// dirty.
func (t *tx) writeGrams(name string, w gramWork) error {
	t.wrote = true
	l := t.set.byName[name]
	if l == nil || l.Grams == nil || l.Grams.Table != w.table {
		return nil // dropped or replaced meanwhile
	}
	ctx := context.Background()
	t.bytes += int64(len(w.rows)) * logPerDoc / 2
	for _, row := range w.rows {
		version, err := t.c.number(ctx, "SELECT version FROM "+l.table()+" WHERE n=?", row.n)
		if err != nil {
			return err
		}
		switch {
		case version == row.version && row.dirty:
			_, err = t.c.exec("DELETE FROM "+l.dirty()+" WHERE n=?", row.n)
			if err == nil {
				_, err = t.c.exec("DELETE FROM "+quote(w.table)+" WHERE rowid=?", row.n)
			}
		case version != row.version && !row.dirty && version != 0:
			_, err = t.c.exec("INSERT OR IGNORE INTO "+l.dirty()+" VALUES(?)", row.n)
		}
		if err == nil && version == row.version && version != 0 && row.tokens != "" {
			_, err = t.c.exec("INSERT INTO "+quote(w.table)+"(rowid,g) VALUES(?,?)", row.n, row.tokens)
		}
		if err != nil {
			return err
		}
	}
	_, err := t.c.exec("UPDATE _grams SET upto=? WHERE name=?", w.upto, name)
	return err
}
