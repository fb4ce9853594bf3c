package outbox

import (
	"context"
	"errors"
	"strings"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

// ErrLeaseLost: the job is no longer this worker's. What its transaction wants must not be committed.
var ErrLeaseLost = errors.New("the job's lease was lost")

func insert(ctx context.Context, tx store.Tx, e *entry, turn time.Time) error {
	e.turn = turn
	return tx.Insert(ctx, collection, e.doc())
}

func replace(ctx context.Context, tx store.Tx, e *entry) error {
	d := e.doc()
	if err := tx.Replace(ctx, collection, d, e.version); err != nil {
		return err
	}
	e.version = d.Version
	return nil
}

// take gives a worker the job for an attempt.
func (o *Outbox) take(ctx context.Context, tx store.Tx, e *entry) error {
	now := o.now()
	e.State, e.UpdatedAt, e.turn = Running, now, now.Add(o.Lease)
	e.owner, e.token = o.Owner, o.NewID()
	e.Attempts++
	return replace(ctx, tx, e)
}

// queue puts a job back, to be looked at when due.
func (o *Outbox) queue(ctx context.Context, tx store.Tx, e *entry, turn time.Time) error {
	e.State, e.UpdatedAt, e.turn = Queued, o.now(), turn
	e.owner, e.token = "", ""
	return replace(ctx, tx, e)
}

// finish ends a job and lets the one behind it proceed.
func (o *Outbox) finish(ctx context.Context, tx store.Tx, e *entry, s State) error {
	now := o.now()
	e.State, e.UpdatedAt, e.finished, e.turn = s, now, now, time.Time{}
	e.owner, e.token, e.cancel, e.holds = "", "", false, false
	next := e.next
	e.next = ""
	if err := replace(ctx, tx, e); err != nil {
		return err
	}
	if e.Queue != "" && e.followed {
		return o.proceed(ctx, tx, e.Queue)
	}
	if e.Queue != "" || next == "" {
		return nil
	}
	waiting, err := load(ctx, tx, next)
	if problem.KindOf(err) == problem.NotFound {
		return nil // cancelled and swept since
	}
	if err != nil || waiting.State != Queued {
		return err
	}
	waiting.holds, waiting.turn = true, waiting.Due
	return replace(ctx, tx, waiting)
}

// abandoned deals with a running job whose worker is gone. A job that ends its process each time must not do so for
// ever, so such attempts count. free is true when the job may be run again.
func (o *Outbox) abandoned(ctx context.Context, tx store.Tx, e *entry) (free bool, err error) {
	switch {
	case e.cancel:
		return false, o.finish(ctx, tx, e, Cancelled)
	case e.Attempts >= o.policy(e.Kind).Attempts:
		e.Error = "its process ended or stalled"
		return false, o.finish(ctx, tx, e, Failed)
	}
	return true, nil
}

// mine loads a job for its worker. ErrLeaseLost.
func (o *Outbox) mine(ctx context.Context, tx store.Tx, r *Run) (*entry, error) {
	d, err := tx.Get(ctx, collection, r.job.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrLeaseLost
	}
	if err != nil {
		return nil, err
	}
	e := read(d)
	if e.State != Running || e.token != r.token {
		return nil, ErrLeaseLost
	}
	return e, nil
}

// conclude writes what came of an attempt. stopped says that the handler had been told to stop when it returned.
func (o *Outbox) conclude(ctx context.Context, r *Run, failure error, stopped bool) error {
	if failure == nil && r.completed() {
		return nil
	}
	return o.store.Update(ctx, func(tx store.Tx) error {
		e, err := o.mine(ctx, tx, r)
		if err != nil {
			return err
		}
		e.Result = r.outcome()
		if again := r.again(); failure == nil && !again.IsZero() && !e.cancel {
			e.Error, e.Problems, e.Attempts, e.Due = "", nil, 0, again
			return o.queue(ctx, tx, e, again)
		}
		if failure == nil {
			e.Error, e.Problems = "", nil
			return o.finish(ctx, tx, e, Done)
		}
		if e.cancel {
			return o.finish(ctx, tx, e, Cancelled)
		}
		if stopped && !permanent(failure) { // which is no failure
			e.Attempts--
			return o.queue(ctx, tx, e, o.now())
		}
		e.Error, e.Problems = text(failure), problem.Of(failure)
		if permanent(failure) || e.Attempts >= o.policy(e.Kind).Attempts {
			return o.finish(ctx, tx, e, Failed)
		}
		e.Due = o.now().Add(o.policy(e.Kind).Backoff(e.Attempts))
		return o.queue(ctx, tx, e, e.Due)
	})
}

// permanent says whether trying again cannot help.
func permanent(err error) bool {
	switch problem.KindOf(err) {
	case problem.Invalid, problem.Forbidden, problem.NotFound:
		return true
	}
	return false
}

// text is an error for storing.
func text(err error) string {
	s := err.Error()
	return strings.ToValidUTF8(s[:min(len(s), 4000)], "")
}

// freeAll ends the leases of a process that is gone, a batch at a time.
func (o *Outbox) freeAll(ctx context.Context) error {
	for {
		more := false
		err := o.store.Update(ctx, func(tx store.Tx) error {
			docs, err := store.All(ctx, tx, collection, query.Find{Where: query.Is("state", string(Running)), Limit: 100})
			if err != nil {
				return err
			}
			more = len(docs) > 0
			for _, d := range docs {
				e := read(d)
				free, err := o.abandoned(ctx, tx, e)
				if err == nil && free {
					err = o.queue(ctx, tx, e, o.now())
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || !more {
			return err
		}
	}
}
