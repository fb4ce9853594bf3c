package outbox

import (
	"context"
	"errors"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
)

// lineUp stores a job at the end of its queue: due when it is the first, else without a turn until the one before it has
// finished.
func (o *Outbox) lineUp(ctx context.Context, tx store.Tx, e *entry) error {
	last, err := endOf(ctx, tx, e.Queue, true)
	if err != nil {
		return err
	}
	if last == nil {
		return insert(ctx, tx, e, e.Due)
	}
	return behind(ctx, tx, e, last)
}

// behind stores a job behind the last of its queue, which is told: who finishes need not look whether somebody waits. Having
// read the last is also what makes a transaction that finishes it at the same time run again.
func behind(ctx context.Context, tx store.Tx, e, last *entry) error {
	e.order = last.order + 1
	if err := follow(ctx, tx, last); err != nil {
		return err
	}
	return insert(ctx, tx, e, time.Time{})
}

func follow(ctx context.Context, tx store.Tx, last *entry) error {
	if last.followed {
		return nil
	}
	last.followed = true
	return replace(ctx, tx, last)
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
