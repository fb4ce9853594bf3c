package outbox

import (
	"context"
	"time"

	"formwork/engine/store"
	"formwork/schemas/problem"
)

// Retry queues a job again that failed or was cancelled. It goes on at its last checkpoint, with all its attempts, at the
// end of its queue. *problem.Failure of kind NotFound, or Conflict: job-not-failed, and job-key-taken when another
// job has its key by now.
func (o *Outbox) Retry(ctx context.Context, id string) (Job, error) {
	var e *entry
	err := o.store.Update(ctx, func(tx store.Tx) (err error) {
		if e, err = load(ctx, tx, id); err != nil {
			return err
		}
		if e.State != Failed && e.State != Cancelled {
			return problem.Fail(problem.Conflict, "job-not-failed", "", problem.P{"job": id, "state": string(e.State)})
		}
		if e.Key != "" {
			holder, err := holderOf(ctx, tx, e.Key)
			if err != nil {
				return err
			}
			if holder != nil {
				return problem.Fail(problem.Conflict, "job-key-taken", "", problem.P{"job": holder.ID})
			}
			e.holds = true
		}
		now := o.now()
		e.State, e.Attempts, e.Error, e.Problems, e.Result = Queued, 0, "", nil, nil
		e.Due, e.UpdatedAt, e.turn = now, now, now
		e.finished = time.Time{}
		if e.Queue != "" {
			last, err := endOf(ctx, tx, e.Queue, true)
			if err != nil {
				return err
			}
			if e.order, e.followed = 0, false; last != nil {
				e.order, e.turn = last.order+1, time.Time{}
				if err := follow(ctx, tx, last); err != nil {
					return err
				}
			}
		}
		return replace(ctx, tx, e)
	})
	if err != nil {
		return Job{}, err
	}
	o.Wake()
	return e.Job, nil
}
