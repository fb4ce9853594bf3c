package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	"formwork/engine/query"
	"formwork/engine/store"
)

// Walk makes every question that can be answered by an ordered walk be answered so, and every other by a scan.
func (s *Store) Walk() { s.few, s.several = -1, -1 }

// Settle brings every search index up to date.
func (s *Store) Settle(ctx context.Context) error {
	for name := range s.schemas.Load().byName {
		if _, err := s.keeper.indexChunks(ctx, name, 0); err != nil {
			return err
		}
	}
	return nil
}

// ExplainFind is SQLite's plan of every statement of a Find.
func (s *Store) ExplainFind(ctx context.Context, name string, f query.Find) (plan string, err error) {
	err = s.View(ctx, func(rd store.Reader) error {
		r := rd.(*reader)
		l, err := r.layout(name)
		if err != nil {
			return err
		}
		steps, err := r.plan(ctx, l, f)
		for _, st := range steps {
			if err == nil {
				err = r.explain(&plan, st.sql, st.args)
			}
		}
		return err
	})
	return plan, err
}

// ExplainAggregate is SQLite's plan of an Aggregate.
func (s *Store) ExplainAggregate(ctx context.Context, name string, a query.Aggregate) (plan string, err error) {
	err = s.View(ctx, func(rd store.Reader) error {
		r := rd.(*reader)
		l, err := r.layout(name)
		if err != nil {
			return err
		}
		sql, args, err := r.aggregateSQL(ctx, l, a, false)
		if err != nil {
			return err
		}
		return r.explain(&plan, sql, args)
	})
	return plan, err
}

func (r *reader) explain(plan *string, sql string, args []any) error {
	return r.c.each(context.Background(), func(v []driver.Value) error {
		*plan += strings.ReplaceAll(text(v[3]), "\n", " ") + "\n"
		return nil
	}, "EXPLAIN QUERY PLAN "+sql, args...)
}

// Pages is how many pages the log has.
func (s *Store) Pages(ctx context.Context) (n int64, err error) {
	err = s.writer.do(ctx, &job{raw: true, fn: func(t *tx) error {
		v, err := t.c.row(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
		if err == nil {
			n = v[1].(int64)
		}
		return err
	}})
	return n, err
}

// Integrity is SQLite's own check of the file.
func (s *Store) Integrity(ctx context.Context) error {
	return s.View(ctx, func(rd store.Reader) error {
		v, err := rd.(*reader).c.row(ctx, "PRAGMA integrity_check")
		if err == nil && text(v[0]) != "ok" {
			err = errors.New(text(v[0]))
		}
		return err
	})
}

// Sabotage does to a transaction what SQLite does on a full disk: it is rolled back as a whole, and a statement fails.
func Sabotage(t store.Tx) error {
	x := t.(*tx)
	x.c.exec("ROLLBACK")
	x.broken = true
	return errors.New("disk full")
}
