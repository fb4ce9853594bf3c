package outbox

import (
	"context"
	"time"

	"formwork/engine/store"
)

// poll is the longest sleep: how late a job may be that was queued by a process whose wake-up was lost.
const poll = 5 * time.Second

// claim takes those of the jobs that are still to be had.
func (o *Outbox) claim(ctx context.Context, ids []string) ([]*entry, error) {
	var taken []*entry
	err := o.store.Update(ctx, func(tx store.Tx) error {
		taken = nil
		docs, err := tx.GetMany(ctx, collection, ids)
		if err != nil {
			return err
		}
		now := o.now()
		for _, d := range docs {
			e := read(d)
			if e.turn.IsZero() || e.turn.After(now) {
				continue // another process was faster
			}
			if e.State == Running {
				free, err := o.abandoned(ctx, tx, e)
				if err != nil {
					return err
				}
				if !free {
					continue
				}
			}
			if err := o.take(ctx, tx, e); err != nil {
				return err
			}
			taken = append(taken, e)
		}
		return nil
	})
	return taken, err
}
