package sqlite

import (
	"context"
	"database/sql/driver"
	"strings"

	"formwork/engine/store"
	"formwork/schemas/value"
)

// fillChunk is how many rows one transaction fills: some milliseconds for the writer.
const fillChunk = 250

// filling is a row read for the backfill, with its new values. If its version has moved on by the time it is written,
// the write that moved it has filled the new columns already.
type filling struct {
	n, version int64
	tree       map[string]any
	values     []any
}

// backfill fills the pending fields of the rows that were there before them. Reading documents and making values is
// done here; the writer only gets the finished rows.
func (s *Store) backfill(ctx context.Context, name string) error {
	for {
		l := s.schemas.Load().byName[name]
		if l.Fill == nil || l.Fill.Done >= l.Fill.Last {
			return nil
		}
		chunk, err := s.readChunk(ctx, l)
		if err != nil {
			return err
		}
		if err := s.writeChunk(ctx, l, chunk); err != nil {
			return err
		}
	}
}

func (s *Store) readChunk(ctx context.Context, l *layout) ([]filling, error) {
	var out []filling
	err := s.View(ctx, func(rd store.Reader) error {
		return rd.(*reader).c.each(ctx, func(v []driver.Value) error {
			f := filling{n: v[0].(int64), version: v[1].(int64), tree: value.MustDecode(blob(v[2]))}
			for i := range l.Fields {
				if l.Fields[i].Pending {
					f.values = l.Fields[i].values(f.values, f.tree)
				}
			}
			out = append(out, f)
			return nil
		}, "SELECT n,version,doc FROM "+l.table()+" WHERE n>? AND n<=? ORDER BY n LIMIT ?", l.Fill.Done, l.Fill.Last, fillChunk)
	})
	return out, err
}

func (s *Store) writeChunk(ctx context.Context, l *layout, chunk []filling) error {
	var set []string
	for i := range l.Fields {
		if f := &l.Fields[i]; f.Pending {
			for _, fm := range f.forms() {
				set = append(set, f.in(fm)+"=?")
			}
		}
	}
	update := "UPDATE " + l.table() + " SET " + strings.Join(set, ",") + " WHERE n=? AND version=?"
	return s.alter(ctx, l.Name, func(t *tx, l *layout) (*layout, error) {
		for _, row := range chunk {
			changed, err := t.c.exec(update, append(row.values, row.n, row.version)...)
			if err != nil {
				return nil, err
			}
			if changed == 0 {
				continue
			}
			for i := range l.Fields {
				if f := &l.Fields[i]; f.Pending && f.Array {
					if err := t.setItems(l, f, row.n, f.Items(row.tree)); err != nil {
						return nil, err
					}
				}
			}
		}
		l.Fill.Done = l.Fill.Last
		if len(chunk) == fillChunk {
			l.Fill.Done = chunk[len(chunk)-1].n
		}
		t.bytes += int64(len(chunk)) * logPerDoc
		return l, nil
	})
}
