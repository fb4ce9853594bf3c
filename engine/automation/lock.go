package automation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"formwork/engine/catalog"
	"formwork/engine/store"
	"formwork/schemas/value"
)

// lock is a document that steps write which decide by counting: of two that counted at the same time the second begins
// anew. It also remembers whose turn it is.
type lock struct {
	id      string
	version int64 // as it was read, 0 for none
	tree    map[string]any
}

// idOf makes an id of what names a thing.
func idOf(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(h[:12])
}

// lock reads a lock.
func (x *execution) lock(parts ...string) (*lock, error) {
	l := &lock{id: idOf(parts...), tree: map[string]any{}}
	err := x.Store.View(x.ctx, func(r store.Reader) error {
		d, err := r.Get(x.ctx, turnsCollection, l.id)
		if errors.Is(err, store.ErrNotFound) {
			l.version, l.tree = 0, map[string]any{}
			return nil
		}
		if err == nil {
			l.version, l.tree = d.Version, value.Clone(d.Tree()).(map[string]any)
		}
		return err
	})
	return l, err
}

// take writes the lock if it is as it was read.
func (l *lock) take(ctx context.Context, tx store.Tx) error {
	d, err := tx.Get(ctx, turnsCollection, l.id)
	switch {
	case errors.Is(err, store.ErrNotFound) && l.version == 0:
		err := tx.Insert(ctx, turnsCollection, store.New(l.id, l.tree))
		var taken *store.DuplicateError
		if errors.As(err, &taken) {
			return again
		}
		return err
	case err != nil:
		return err
	case d.Version != l.version:
		return again
	}
	return tx.Replace(ctx, turnsCollection, store.New(l.id, l.tree), d.Version)
}

// rounded is a number as a field keeps it.
func (x *execution) rounded(s *catalog.Step, field string, n float64) float64 {
	if f := s.Form.ByKey[field]; f != nil && f.Column != nil {
		return value.Round(n, f.Column.Scale)
	}
	return n
}
