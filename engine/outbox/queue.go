package outbox

import (
	"context"
	"errors"

	"formwork/engine/query"
	"formwork/engine/store"
)

// lineUp stores a job at the end of its queue: due when it is the first, else without a turn until the one before it has
// finished. Reading the last of the queue is what makes a transaction that finishes it at the same time, and then finds
// nobody behind, run again.
func (o *Outbox) lineUp(ctx context.Context, tx store.Tx, e *entry) error {
	last, err := endOf(ctx, tx, e.Queue, true)
	if err != nil {
		return err
	}
	if last == nil {
		return insert(ctx, tx, e, e.Due)
	}
	e.order = last.order + 1
	return insert(ctx, tx, e, e.turn)
}

// proceed gives the first of a queue its turn.
func (o *Outbox) proceed(ctx context.Context, tx store.Tx, queue string) error {
	first, err := endOf(ctx, tx, queue, false)
	if err != nil || first == nil || first.State != Queued || !first.turn.IsZero() {
		return err
	}
	first.turn = first.Due
	return replace(ctx, tx, first)
}

// endOf is the first or the last of a queue that is not finished, nil for none.
func endOf(ctx context.Context, tx store.Tx, queue string, last bool) (*entry, error) {
	d, err := store.One(ctx, tx, collection, query.Find{Where: query.Is("line", queue), Sort: []query.Order{{Column: "order", Desc: last}}})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return read(d), nil
}
