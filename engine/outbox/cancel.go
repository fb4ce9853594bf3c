package outbox

import (
	"context"

	"formwork/engine/store"
	"formwork/schemas/problem"
)

// Cancel stops a job. A queued one is cancelled at once. A running one is told: its handler's ctx ends, in another
// process when that next renews the lease, and the job given here is still running. *problem.Failure of kind NotFound,
// or Conflict when it is finished.
func (o *Outbox) Cancel(ctx context.Context, id string) (Job, error) {
	var e *entry
	err := o.store.Update(ctx, func(tx store.Tx) (err error) {
		if e, err = load(ctx, tx, id); err != nil {
			return err
		}
		switch {
		case e.State.Finished():
			return problem.Fail(problem.Conflict, "job-finished", "", problem.P{"job": id, "state": string(e.State)})
		case e.State == Queued:
			return o.finish(ctx, tx, e, Cancelled)
		}
		e.cancel, e.UpdatedAt = true, o.now()
		return replace(ctx, tx, e)
	})
	if err != nil {
		return Job{}, err
	}
	if e.State.Finished() {
		o.Wake() // one that waited behind it may run
		return e.Job, nil
	}
	o.mu.Lock()
	r := o.held[id]
	o.mu.Unlock()
	if r != nil && r.token == e.token {
		r.cancel()
	}
	return e.Job, nil
}
