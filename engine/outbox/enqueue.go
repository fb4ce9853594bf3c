package outbox

import (
	"context"
	"errors"
	"fmt"

	"formwork/engine/query"
	"formwork/engine/store"
)

// Add puts a job that is due now into the caller's transaction; see Enqueue. Call Wake when it has committed.
func (o *Outbox) Add(ctx context.Context, tx store.Tx, kind, key string, payload map[string]any) error {
	_, err := o.Enqueue(ctx, tx, Job{Kind: kind, Key: key, Payload: payload})
	return err
}

// Enqueue puts a job into the caller's transaction and gives its id. Of j it takes Kind, Key, Queue, Topic,
// Subject, Due (zero: now), By and Payload.
//
// Where an unfinished job has the key, that one is it, and its id is given: a queued job absorbs the new one, at the
// earlier due time of the two unless it waits for a retry. A running job may have passed the point that mattered, so one
// more is queued behind it and absorbs what comes after. A key that a job of another kind has is an error.
func (o *Outbox) Enqueue(ctx context.Context, tx store.Tx, j Job) (id string, err error) {
	e, err := o.entry(j)
	if err != nil {
		return "", err
	}
	if j.Queue != "" {
		return e.ID, o.lineUp(ctx, tx, e)
	}
	return o.enqueue(ctx, tx, e)
}

// entry is a new job, not stored yet.
func (o *Outbox) entry(j Job) (*entry, error) {
	if j.Kind == "" {
		return nil, errors.New("outbox: a job without kind")
	}
	if j.Key != "" && j.Queue != "" {
		return nil, errors.New("outbox: a job with a key and a queue")
	}
	payload, err := canonical("payload", j.Payload)
	if err != nil {
		return nil, err
	}
	now := o.now()
	if j.Due.IsZero() {
		j.Due = now
	}
	return &entry{Job: Job{ID: o.NewID(), Kind: j.Kind, Key: j.Key, Queue: j.Queue, Topic: j.Topic, Subject: j.Subject, State: Queued,
		Due: j.Due.UTC(), CreatedAt: now, UpdatedAt: now, By: j.By, Payload: payload}}, nil
}

// enqueue stores a job that is in no queue.
func (o *Outbox) enqueue(ctx context.Context, tx store.Tx, e *entry) (id string, err error) {
	if e.Key == "" {
		return e.ID, insert(ctx, tx, e, e.Due)
	}
	holder, err := holderOf(ctx, tx, e.Key)
	if err != nil {
		return "", err
	}
	if holder == nil {
		e.holds = true
		err := insert(ctx, tx, e, e.Due)
		var taken *store.DuplicateError
		if !errors.As(err, &taken) {
			return e.ID, err
		}
		// Somebody else was faster, after this transaction's snapshot. Going on tells the store, where the transaction is
		// lost by that, to run it again; then it is seen.
		if holder, _ = holderOf(ctx, tx, e.Key); holder == nil {
			return "", err
		}
	}
	if holder.Kind != e.Kind {
		return "", fmt.Errorf("outbox: key %q is taken by a job of kind %s, not %s", e.Key, holder.Kind, e.Kind)
	}
	return o.absorb(ctx, tx, holder, e)
}

// absorb lets the job that has the key, or the one behind it, stand for e.
func (o *Outbox) absorb(ctx context.Context, tx store.Tx, holder, e *entry) (id string, err error) {
	if holder.State == Queued {
		return holder.ID, hasten(ctx, tx, holder, e)
	}
	if holder.next != "" {
		next, err := load(ctx, tx, holder.next)
		if err != nil {
			return "", err
		}
		if next.State == Queued { // else it was cancelled
			return next.ID, hasten(ctx, tx, next, e)
		}
	}
	if err := insert(ctx, tx, e, e.turn); err != nil {
		return "", err
	}
	holder.next = e.ID
	return e.ID, replace(ctx, tx, holder)
}

// hasten moves a queued job to the due time of one that it absorbs, if that is earlier. Where nothing changes nothing
// is written: the transaction has read the job, and runs again if a worker claims it meanwhile.
func hasten(ctx context.Context, tx store.Tx, queued, e *entry) error {
	if !e.Due.Before(queued.Due) || queued.Attempts > 0 {
		return nil
	}
	queued.Due = e.Due
	if queued.holds {
		queued.turn = e.Due
	}
	return replace(ctx, tx, queued)
}

// holderOf finds the job that has a key, nil when none does.
func holderOf(ctx context.Context, tx store.Tx, key string) (*entry, error) {
	d, err := store.One(ctx, tx, collection, query.Find{Where: query.Is("held", key)})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return read(d), nil
}

// Submit enqueues a job in a transaction of its own and wakes the workers. It gives the job as stored, which is an
// earlier one if that absorbed it.
func (o *Outbox) Submit(ctx context.Context, j Job) (Job, error) {
	var out *entry
	err := o.store.Update(ctx, func(tx store.Tx) error {
		id, err := o.Enqueue(ctx, tx, j)
		if err != nil {
			return err
		}
		out, err = load(ctx, tx, id)
		return err
	})
	if err != nil {
		return Job{}, err
	}
	o.Wake()
	return out.Job, nil
}

// Wake makes Run look for work at once. A hint: it never blocks and costs a look-up at most.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default: // one is waiting already
	}
}
