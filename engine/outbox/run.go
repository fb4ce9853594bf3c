package outbox

import (
	"context"
	"errors"
	"sync"
	"time"

	"formwork/engine/store"
	"formwork/schemas/value"
)

// Run is one attempt at a job, in the hands of its handler. Safe for concurrent use.
type Run struct {
	box   *Outbox
	job   Job
	token string
	ctx   context.Context
	end   context.CancelCauseFunc
	done  chan struct{} // closed when the outcome is written, or given up

	mu        sync.Mutex
	result    map[string]any
	cancelled bool
	guard     func(stored map[string]any) error
	complete  bool      // the handler's own transaction finished the job
	at        time.Time // when the job is to run again, zero for never
	within    *entry    // of a job that is done within the transaction that adds it
}

var errCancelled = errors.New("the job was cancelled")

// Job is the job as it was when the attempt began: Progress is where the last one came to. Read only.
func (r *Run) Job() Job { return r.job }

// Checkpoint writes, within the handler's own transaction, how far the job has come, and renews the lease. When the
// lease was lost it returns ErrLeaseLost, which the transaction's function must return: so what a step does commits
// together with the mark that it is done, and only by the worker that holds the job.
func (r *Run) Checkpoint(ctx context.Context, tx store.Tx, progress map[string]any) error {
	progress, err := canonical("progress", progress)
	if err != nil {
		return err
	}
	if r.within != nil { // it commits as a whole or not at all
		r.within.Progress = progress
		return nil
	}
	return r.touch(ctx, tx, func(e *entry) error {
		if err := r.guarded(e); err != nil {
			return err
		}
		if !value.Equal(e.Progress, progress) {
			e.Attempts = 1 // who gets on is not the one that keeps killing its process
		}
		e.Progress, e.UpdatedAt = progress, r.box.now()
		return nil
	})
}

// Guard is asked in every Checkpoint and Complete with the progress that is stored; its error ends the transaction. For a
// handler that tries a step again after an error: where a commit's answer was lost the step may have been done, and the
// stored progress is further than the handler knows.
func (r *Run) Guard(guard func(stored map[string]any) error) {
	r.mu.Lock()
	r.guard = guard
	r.mu.Unlock()
}

func (r *Run) guarded(e *entry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.guard == nil {
		return nil
	}
	return r.guard(e.Progress)
}

// Progress is a Checkpoint in a transaction of its own: for work without effects in the store, and to be seen.
func (r *Run) Progress(ctx context.Context, progress map[string]any) error {
	return r.box.store.Update(ctx, func(tx store.Tx) error { return r.Checkpoint(ctx, tx, progress) })
}

// Complete finishes the job within the handler's own transaction: what the last step does commits together with the end
// of the job. The handler returns nil if, and only if, that transaction has committed. ErrLeaseLost as for Checkpoint.
func (r *Run) Complete(ctx context.Context, tx store.Tx, progress, result map[string]any) error {
	progress, err := canonical("progress", progress)
	if err != nil {
		return err
	}
	if result, err = canonical("result", result); err != nil {
		return err
	}
	if r.within != nil {
		return r.enter(ctx, tx, progress, result)
	}
	e, err := r.box.mine(ctx, tx, r)
	if errors.Is(err, ErrLeaseLost) {
		r.lose()
	}
	if err != nil {
		return err
	}
	if err := r.guarded(e); err != nil {
		return err
	}
	e.Progress, e.Result, e.Error, e.Problems = progress, result, "", nil
	if err := r.box.finish(ctx, tx, e, Done); err != nil {
		return err
	}
	r.mu.Lock()
	r.complete = true
	r.mu.Unlock()
	return nil
}

// Again makes the job run again at a time instead of being done, when this attempt ends without an error: how a job
// stands for something that happens again and again. Its progress stays.
func (r *Run) Again(at time.Time) {
	r.mu.Lock()
	r.at = at.UTC().Truncate(time.Millisecond)
	r.mu.Unlock()
}

func (r *Run) again() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at
}

func (r *Run) completed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.complete
}

// Result is what will be stored with the outcome of this attempt; the last call counts.
func (r *Run) Result(result map[string]any) {
	result, err := canonical("result", result)
	if err != nil {
		panic(err) // nested deeper than any JSON we read
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result = result
}

// Cancelled says whether somebody asked the job to stop. A handler that then stops early returns an error, whatever it
// is; one that returns nil has done its job.
func (r *Run) Cancelled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cancelled
}

func (r *Run) outcome() map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.result
}

func (r *Run) cancel() {
	r.mu.Lock()
	r.cancelled = true
	r.mu.Unlock()
	r.end(errCancelled)
}

func (r *Run) lose() { r.end(ErrLeaseLost) }

// touch changes the job within tx if it is still this worker's, and renews the lease.
func (r *Run) touch(ctx context.Context, tx store.Tx, change func(*entry) error) error {
	e, err := r.box.mine(ctx, tx, r)
	if errors.Is(err, ErrLeaseLost) {
		r.lose()
	}
	if err != nil {
		return err
	}
	if e.cancel {
		r.cancel()
	}
	e.turn = r.box.now().Add(r.box.Lease)
	if err := change(e); err != nil {
		return err
	}
	return replace(ctx, tx, e)
}

// keep renews the lease until stop is closed. Where that fails for so long that another may have the job, or it turns
// out that another has, the handler's ctx ends.
func (r *Run) keep(stop <-chan struct{}) {
	lease := r.box.Lease
	spent := time.AfterFunc(lease, r.lose)
	defer spent.Stop()
	tick := time.NewTicker(lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		began := time.Now()
		err := r.box.store.Update(context.WithoutCancel(r.ctx), func(tx store.Tx) error {
			return r.touch(r.ctx, tx, func(*entry) error { return nil })
		})
		switch {
		case err == nil:
			spent.Reset(lease - time.Since(began))
		case errors.Is(err, ErrLeaseLost):
			return
		default:
			r.box.Log.Warn("lease not renewed", "job", r.job.ID, "kind", r.job.Kind, "error", err)
		}
	}
}
