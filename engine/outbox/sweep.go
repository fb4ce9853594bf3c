package outbox

import (
	"context"
	"errors"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
)

const (
	keepFinished = 30 * 24 * time.Hour
	sweepEvery   = time.Hour
	sweepBatch   = 200
)

// sweepAll deletes old jobs now and every hour until ctx ends.
func (o *Outbox) sweepAll(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := o.sweep(ctx); err != nil && ctx.Err() == nil {
			o.Log.Error("outbox cannot delete old jobs", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweep deletes jobs that finished 30 days ago, in transactions of bounded size.
func (o *Outbox) sweep(ctx context.Context) error {
	old := query.Find{
		Where: query.Where{Leaf: &query.Leaf{Column: "finished", Test: query.Range, Max: o.now().Add(-keepFinished).UnixMilli()}},
		Sort:  []query.Order{{Column: "finished"}}, Limit: sweepBatch,
	}
	for {
		var docs []*store.Doc
		err := o.store.View(ctx, func(r store.Reader) (err error) {
			docs, err = store.All(ctx, r, collection, old)
			return err
		})
		if err != nil || len(docs) == 0 {
			return err
		}
		err = o.store.Update(ctx, func(tx store.Tx) error {
			for _, d := range docs {
				err := tx.Delete(ctx, collection, d.ID, 0)
				if err != nil && !errors.Is(err, store.ErrNotFound) { // another process sweeps too
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
