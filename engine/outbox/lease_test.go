package outbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"formwork/engine/store"
	"formwork/schemas/problem"
)

func TestLeases(t *testing.T) {
	onEveryStore(t, []promise{
		{"a worker that lost its lease to another can write no more", func(r *rig) {
			o, other := r.process(r.one), r.process(r.other)
			o.Handle("a", steps(r.one, func(n int) error {
				if n == 1 { // it stalls here for longer than its lease, and the other one goes on
					r.pass(2 * time.Minute)
					r.drain(other)
				}
				return nil
			}))
			other.Handle("a", steps(r.other, nil))
			j := r.submit(o, Job{Kind: "a"})
			r.drain(o)
			got := r.wants(o, j.ID, Done)
			r.wantsEffects("step1", "step2", "step3")
			if got.Attempts != 1 || got.Result["steps"] != 3.0 {
				r.Fatalf("%+v", got)
			}
		}},
		{"nor while the other is still at it, and the other keeps the lease", func(r *rig) {
			o, other := r.process(r.one), r.process(r.other)
			took, tried := make(chan struct{}), make(chan struct{})
			ended := make(chan error, 1)
			o.Handle("a", func(ctx context.Context, run *Run) error {
				r.pass(2 * time.Minute)
				go func() { ended <- other.Drain(r.ctx) }()
				<-took
				defer close(tried)
				return r.one.Update(ctx, func(tx store.Tx) error {
					if err := effect(ctx, tx, "of the first"); err != nil {
						return err
					}
					return run.Checkpoint(ctx, tx, object{"by": "first"})
				})
			})
			other.Handle("a", func(ctx context.Context, run *Run) error {
				close(took)
				<-tried
				return run.Progress(ctx, object{"by": "other"})
			})
			j := r.submit(o, Job{Kind: "a"})
			r.drain(o) // its outcome must not be stored either
			r.must(<-ended)
			if got := r.wants(o, j.ID, Done); got.Attempts != 1 || got.Progress["by"] != "other" || got.Error != "" {
				r.Fatalf("%+v", got)
			}
			r.wantsEffects()
		}},
		{"it is told so", func(r *rig) {
			o, other := r.process(r.one), r.process(r.other)
			var lost error
			o.Handle("a", func(ctx context.Context, run *Run) error {
				r.pass(2 * time.Minute)
				r.drain(other)
				lost = run.Progress(ctx, object{"n": 1})
				<-ctx.Done()
				return nil
			})
			other.Handle("a", func(_ context.Context, run *Run) error { run.Result(object{"by": "other"}); return nil })
			j := r.submit(o, Job{Kind: "a"})
			r.drain(o)
			if got := r.wants(o, j.ID, Done); !errors.Is(lost, ErrLeaseLost) || got.Result["by"] != "other" || got.Progress != nil {
				r.Fatalf("%v, %+v", lost, got)
			}
		}},
		{"a checkpoint renews the lease", func(r *rig) {
			o, other := r.process(r.one), r.process(r.other)
			o.Handle("a", steps(r.one, func(int) error {
				r.pass(59 * time.Second)
				return other.Drain(r.ctx)
			}))
			other.Handle("a", func(context.Context, *Run) error { r.Error("taken over"); return nil })
			j := r.submit(o, Job{Kind: "a"})
			r.drain(o)
			if got := r.wants(o, j.ID, Done); got.Attempts != 1 {
				r.Fatalf("%+v", got)
			}
		}},
		{"what a process that died had not finished another goes on with", func(r *rig) {
			for died := 1; died <= 3; died++ { // after the commit of a step, before that of the completion
				dying := &mortal{Store: r.one}
				o, other := r.process(dying), r.process(r.other)
				o.Handle("a", steps(dying, func(n int) error {
					if n == died {
						dying.dead.Store(true)
					}
					return nil
				}))
				other.Handle("a", steps(r.other, nil))
				j := r.submit(o, Job{Kind: "a"})
				if err := o.Drain(r.ctx); !errors.Is(err, store.ErrClosed) {
					r.Fatal(err)
				}
				r.drain(other) // not yet
				if got := r.wants(other, j.ID, Running); got.Progress["done"] != float64(died) {
					r.Fatalf("%+v", got)
				}
				r.pass(time.Minute)
				r.drain(other)
				r.wants(other, j.ID, Done)
				r.wantsEffects("step1", "step2", "step3")
				r.must(r.one.Update(r.ctx, func(tx store.Tx) error {
					for _, id := range []string{"step1", "step2", "step3"} {
						if err := tx.Delete(r.ctx, effects, id, 0); err != nil {
							return err
						}
					}
					return nil
				}))
			}
		}},
		{"a job whose processes keep dying is a dead letter", func(r *rig) {
			var j Job
			for range 3 {
				dying := &mortal{Store: r.one}
				o := r.process(dying)
				o.Handle("a", func(context.Context, *Run) error { dying.dead.Store(true); return nil })
				if j.ID == "" {
					j = r.submit(o, Job{Kind: "a"})
				}
				if err := o.Drain(r.ctx); !errors.Is(err, store.ErrClosed) {
					r.Fatal(err)
				}
				r.pass(time.Hour)
			}
			o := r.process(r.other)
			o.Handle("a", func(context.Context, *Run) error { r.Error("run a fourth time"); return nil })
			r.drain(o)
			if got := r.wants(o, j.ID, Failed); got.Error == "" {
				r.Fatalf("%+v", got)
			}
		}},
		{"who has the store alone frees what its last process held", func(r *rig) {
			dying := &mortal{Store: r.one}
			o := r.process(dying)
			o.Handle("a", steps(dying, func(n int) error { dying.dead.Store(n == 2); return nil }))
			j := r.submit(o, Job{Kind: "a"})
			_ = o.Drain(r.ctx)
			patient := r.process(r.one)
			patient.Handle("a", steps(r.one, nil))
			r.drain(patient)
			r.wants(patient, j.ID, Running)
			alone := r.process(r.one, func(o *Options) { o.Exclusive = true })
			alone.Handle("a", steps(r.one, nil))
			r.drain(alone)
			r.wants(alone, j.ID, Done)
			r.wantsEffects("step1", "step2", "step3")
		}},
		{"a clock that jumps ahead does not double what runs here", func(r *rig) {
			o := r.process(r.one)
			calls := 0
			o.Handle("a", func(ctx context.Context, run *Run) error {
				if calls++; calls > 1 {
					return nil
				}
				r.pass(24 * time.Hour)
				if ids, _, err := o.look(ctx, 1); err != nil || len(ids) > 0 {
					return fmt.Errorf("found %v, %v", ids, err)
				}
				return run.Progress(ctx, object{"n": 1})
			})
			j := r.submit(o, Job{Kind: "a"})
			r.drain(o)
			if got := r.wants(o, j.ID, Done); calls != 1 || got.Attempts != 1 {
				r.Fatalf("%d calls, %+v", calls, got)
			}
		}},
		{"a clock that jumps back delays and loses nothing", func(r *rig) {
			o := r.process(r.one)
			o.Handle("a", nothing)
			before := r.submit(o, Job{Kind: "a"})
			r.pass(-time.Hour)
			after := r.submit(o, Job{Kind: "a"})
			r.drain(o)
			r.wants(o, before.ID, Queued)
			r.wants(o, after.ID, Done)
			r.pass(time.Hour)
			r.drain(o)
			r.wants(o, before.ID, Done)
		}},
	})
}

func TestCancel(t *testing.T) {
	onEveryStore(t, []promise{
		{"a queued job at once, a finished one not", func(r *rig) {
			o := r.process(r.one)
			o.Handle("a", nothing)
			j := r.submit(o, Job{Kind: "a"})
			if got, err := o.Cancel(r.ctx, j.ID); err != nil || got.State != Cancelled {
				r.Fatal(got, err)
			}
			r.drain(o)
			r.wants(o, j.ID, Cancelled)
			if _, err := o.Cancel(r.ctx, j.ID); problem.KindOf(err) != problem.Conflict {
				r.Fatal(err)
			}
		}},
		{"a running job by its ctx, and the one behind it proceeds", func(r *rig) {
			o := r.process(r.one)
			var next Job
			o.Handle("a", func(ctx context.Context, run *Run) error {
				if next.ID != "" {
					return nil
				}
				next = r.submit(o, Job{Kind: "a", Key: "k"})
				if got, err := o.Cancel(r.ctx, run.Job().ID); err != nil || got.State != Running || !run.Cancelled() {
					r.Error(got, err, run.Cancelled())
				}
				<-ctx.Done()
				return ctx.Err()
			})
			j := r.submit(o, Job{Kind: "a", Key: "k"})
			r.drain(o)
			r.wants(o, j.ID, Cancelled)
			r.wants(o, next.ID, Done)
		}},
		{"a running job of another process by its next checkpoint", func(r *rig) {
			o, other := r.process(r.one), r.process(r.other)
			o.Handle("a", steps(r.one, func(n int) error {
				if n == 1 {
					_, err := other.Cancel(r.ctx, r.list(other, Filter{State: Running})[0].ID)
					return err
				}
				return nil
			}))
			j := r.submit(o, Job{Kind: "a"})
			r.drain(o)
			r.wants(o, j.ID, Cancelled)
			r.wantsEffects("step1", "step2")
		}},
		{"a job that is done nevertheless is done", func(r *rig) {
			o := r.process(r.one)
			o.Handle("a", func(_ context.Context, run *Run) error {
				_, err := o.Cancel(r.ctx, run.Job().ID)
				return err
			})
			j := r.submit(o, Job{Kind: "a"})
			r.drain(o)
			r.wants(o, j.ID, Done)
		}},
		{"a job whose process died meanwhile", func(r *rig) {
			dying := &mortal{Store: r.one}
			o, other := r.process(dying), r.process(r.other)
			o.Handle("a", func(context.Context, *Run) error { dying.dead.Store(true); return nil })
			other.Handle("a", func(context.Context, *Run) error { r.Error("run"); return nil })
			j := r.submit(o, Job{Kind: "a"})
			_ = o.Drain(r.ctx)
			_, err := other.Cancel(r.ctx, j.ID)
			r.must(err)
			r.pass(time.Minute)
			r.drain(other)
			r.wants(other, j.ID, Cancelled)
		}},
	})
}

func TestProcesses(t *testing.T) {
	onEveryStore(t, []promise{
		{"two share the work, each job once", func(r *rig) {
			const jobs = 40
			all := sync.WaitGroup{}
			all.Add(jobs)
			// nobody finishes before both have begun, so neither can do all
			var met sync.Once
			both := make(chan struct{})
			begun := map[string]bool{}
			var mu sync.Mutex
			process := func(name string, s store.Store) *Outbox {
				o := r.process(s)
				o.Handle("a", func(ctx context.Context, run *Run) error {
					mu.Lock()
					begun[name] = true
					if len(begun) == 2 {
						met.Do(func() { close(both) })
					}
					mu.Unlock()
					select {
					case <-both:
					case <-ctx.Done():
						return ctx.Err()
					}
					err := s.Update(ctx, func(tx store.Tx) error {
						if err := effect(ctx, tx, run.Job().ID); err != nil {
							return err
						}
						return run.Checkpoint(ctx, tx, nil)
					})
					if err != nil {
						r.Error(err)
					}
					all.Done()
					return nil
				})
				return o
			}
			one, other := process("one", r.one), process("other", r.other)
			r.must(r.one.Update(r.ctx, func(tx store.Tx) error {
				for range jobs {
					if err := one.Add(r.ctx, tx, "a", "", nil); err != nil {
						return err
					}
				}
				return nil
			}))
			stop, stopOther := r.run(one), r.run(other)
			defer stopOther()
			defer stop()
			all.Wait()
			stop()
			stopOther()
			if n := len(r.list(one, Filter{State: Done})); n != jobs {
				r.Fatalf("%d done", n)
			}
			for _, j := range r.list(one, Filter{}) {
				if j.Attempts != 1 {
					r.Errorf("%+v", j)
				}
			}
		}},
		{"a job that both found goes to who claims it first", func(r *rig) {
			o, other := r.process(r.one), r.process(r.other)
			o.Handle("a", nothing)
			other.Handle("a", nothing)
			r.submit(o, Job{Kind: "a"})
			claimed := 0
			var found [][]string
			for _, box := range []*Outbox{o, other} {
				ids, _, err := box.look(r.ctx, 1)
				r.must(err)
				found = append(found, ids)
			}
			for i, box := range []*Outbox{o, other} {
				taken, err := box.claim(r.ctx, found[i])
				r.must(err)
				claimed += len(taken)
			}
			if len(found[0]) != 1 || len(found[1]) != 1 || claimed != 1 {
				r.Fatalf("found %v, claimed %d times", found, claimed)
			}
		}},
		{"a job added by one wakes the other", func(r *rig) {
			o, other := r.process(r.one), r.process(r.other)
			ran := make(chan struct{})
			other.Handle("a", func(context.Context, *Run) error { close(ran); return nil })
			defer r.run(other)()
			r.submit(o, Job{Kind: "a"})
			<-ran
		}},
		{"one that stops lets handlers finish", func(r *rig) {
			o := r.process(r.one)
			began, stopping := make(chan struct{}), make(chan struct{})
			o.Handle("a", func(ctx context.Context, _ *Run) error {
				close(began)
				<-stopping
				return ctx.Err()
			})
			j := r.submit(o, Job{Kind: "a"})
			ctx, cancel := context.WithCancel(r.ctx)
			ended := make(chan error)
			go func() { ended <- o.Run(ctx) }()
			<-began
			cancel()
			close(stopping)
			r.must(<-ended)
			r.wants(o, j.ID, Done)
		}},
		{"one that stops tells handlers, and their jobs go on from the checkpoint", func(r *rig) {
			o, other := r.process(r.one, func(o *Options) { o.Grace = time.Millisecond }), r.process(r.other)
			began := make(chan struct{})
			o.Handle("a", func(ctx context.Context, run *Run) error {
				return steps(r.one, func(n int) error {
					if n == 2 {
						close(began)
						<-ctx.Done()
						return ctx.Err()
					}
					return nil
				})(ctx, run)
			})
			other.Handle("a", steps(r.other, nil))
			j := r.submit(o, Job{Kind: "a"})
			stop := r.run(o)
			<-began
			stop()
			if got := r.wants(o, j.ID, Queued); got.Attempts != 0 || got.Error != "" {
				r.Fatalf("%+v", got)
			}
			r.drain(other)
			r.wants(o, j.ID, Done)
			r.wantsEffects("step1", "step2", "step3")
		}},
	})
}
