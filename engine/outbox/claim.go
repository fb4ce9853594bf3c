package outbox

import (
	"context"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
)

// poll is the longest sleep: how late a job may be that was queued by a process whose wake-up was lost.
const poll = 5 * time.Second

// page is how many jobs are looked at in one question.
const page = 50

// look finds up to n jobs whose turn has come, in the order of their turns, and says how long to wait before there may
// be more. It passes by jobs that this process has no handler for, and those it holds: a clock that jumped makes its own
// leases look spent.
func (o *Outbox) look(ctx context.Context, n int) (ids []string, wait time.Duration, err error) {
	now := o.now()
	sort := []query.Order{{Column: "turn"}}
	turn := query.Columns{"turn": {Key: "turn", Path: []string{"turn"}, Kind: query.Instant}}
	find := query.Find{
		Where: query.Where{Leaf: &query.Leaf{Column: "turn", Test: query.Range, Max: now.Add(poll).UnixMilli()}},
		Sort:  sort, Limit: page,
	}
	for {
		var docs []*store.Doc
		err := o.store.View(ctx, func(r store.Reader) (err error) {
			docs, err = store.All(ctx, r, collection, find)
			return err
		})
		if err != nil {
			return nil, 0, err
		}
		for _, d := range docs {
			e := read(d)
			if e.turn.After(now) {
				return ids, e.turn.Sub(now), nil
			}
			if !o.can(e) {
				continue
			}
			if ids = append(ids, e.ID); len(ids) == n {
				return ids, 0, nil
			}
		}
		if len(docs) < page {
			return ids, poll, nil
		}
		at := docs[page-1].Document().At(sort, turn)
		find.After = &at
	}
}

// can says whether this process could take a job.
func (o *Outbox) can(e *entry) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.handlers[e.Kind] != nil && o.held[e.ID] == nil
}

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
