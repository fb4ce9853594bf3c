package outbox

import (
	"context"
	"errors"
	"fmt"

	"formwork/engine/store"
)

// Prompt does a job within the very transaction that adds it: what it does commits together with its cause, and the job is
// stored as done. ok is false when that may not be - another job of its queue is unfinished, Run is not at work, or other
// processes use the store, whose transactions are then kept short - and nothing was done; the job is to be enqueued. After
// an error, which any failure is, the transaction must be abandoned and run again without.
//
// do is to be short: on the embedded store everybody who writes waits for it. It must write through tx only, and return nil
// if, and only if, it has completed the run.
func (b *Batch) Prompt(ctx context.Context, tx store.Tx, j Job, do Handler) (ok bool, err error) {
	if j.Key != "" || !b.box.prompt() {
		return false, nil
	}
	e, err := b.box.entry(j)
	if err != nil {
		return false, err
	}
	if e.Queue != "" && !j.First {
		last, err := endOf(ctx, tx, e.Queue, true)
		if err != nil || last != nil {
			return false, err
		}
	}
	e.Attempts = 1
	r := &Run{box: b.box, job: e.Job, within: e}
	r.ctx, r.end = context.WithCancelCause(ctx)
	defer r.end(nil)
	if err := r.call(do); err != nil {
		return false, err
	}
	if !r.completed() {
		return false, errors.New("a job was left undone in the transaction that adds it")
	}
	return true, nil
}

// prompt says whether jobs may be done in the transactions that add them.
func (o *Outbox) prompt() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Exclusive && o.start != nil
}

func (r *Run) call(do Handler) (err error) {
	defer func() {
		if p := recover(); p != nil { // the job will meet it again, where it is logged and kept
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return do(r.ctx, r)
}

// enter stores a job that is done already.
func (r *Run) enter(ctx context.Context, tx store.Tx, progress, result map[string]any) error {
	e := r.within
	e.State, e.Progress, e.Result = Done, progress, result
	e.UpdatedAt = r.box.now()
	e.finished = e.UpdatedAt
	r.mu.Lock()
	r.complete = true
	r.mu.Unlock()
	return tx.Insert(ctx, collection, e.doc())
}
