package sqlite

import (
	"context"
	"fmt"

	"formwork/engine/store"
)

// reader answers questions on one connection inside one transaction.
type reader struct {
	c       *conn
	set     *schemas
	few     int
	several int
	own     bool // the writer's connection: rows are read to the end before the caller sees one, for it may write
	open    map[*rows]bool
	// broken: a statement failed for a reason other than a constraint, so the transaction may be gone.
	broken bool
}

// View implements store.Store. Do not nest Views: the inner waits for a connection that the outer may hold.
func (s *Store) View(ctx context.Context, fn func(store.Reader) error) error {
	c, err := s.borrow(ctx)
	if err != nil {
		return err
	}
	r := &reader{c: c, few: s.few, several: s.several}
	defer func() {
		for cur := range r.open {
			cur.close()
		}
		c.exec("ROLLBACK")
		s.giveBack(c)
	}()
	if _, err := c.exec("BEGIN"); err != nil {
		return err
	}
	// The first read fixes the snapshot. It tells which layouts hold in it, which need not be the newest.
	generation, err := c.number(context.Background(), generationSQL)
	if err != nil {
		return err
	}
	if r.set = s.schemas.Load(); r.set.generation != generation {
		if r.set, err = readSchemas(c); err != nil {
			return err
		}
	}
	return fn(r)
}

func (s *Store) borrow(ctx context.Context) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.ended() {
		return nil, store.ErrClosed
	}
	select {
	case c := <-s.readers:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.closing:
		return nil, store.ErrClosed
	}
}

// ended says whether the store was closed.
func (s *Store) ended() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}

func (s *Store) giveBack(c *conn) { s.readers <- c }

func (r *reader) layout(name string) (*layout, error) {
	if l := r.set.byName[name]; l != nil {
		return l, nil
	}
	return nil, fmt.Errorf("no collection %q", name)
}

// saw notes an error of a statement.
func (r *reader) saw(err error) error {
	if err != nil && !violated(err) {
		r.broken = true
	}
	return err
}

// patience is the context for a statement: the caller's where it may take long, but never in the writer, where
// interrupting a statement could roll back the neighbours.
func (r *reader) patience(ctx context.Context) context.Context {
	if r.own {
		return context.Background()
	}
	return ctx
}

// Get implements store.Reader.
func (r *reader) Get(ctx context.Context, collection, id string) (*store.Doc, error) {
	if err := r.patience(ctx).Err(); err != nil {
		return nil, err
	}
	l, err := r.layout(collection)
	if err != nil {
		return nil, err
	}
	v, err := r.c.row(context.Background(), l.get, id)
	if err != nil {
		return nil, r.saw(err)
	}
	if v == nil {
		return nil, store.ErrNotFound
	}
	return document(v), nil
}

// GetMany implements store.Reader.
func (r *reader) GetMany(ctx context.Context, collection string, ids []string) ([]*store.Doc, error) {
	out := make([]*store.Doc, 0, len(ids))
	for _, id := range ids {
		d, err := r.Get(ctx, collection, id)
		if err == store.ErrNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}
