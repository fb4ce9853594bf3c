package outbox

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"formwork/engine/store"
	"formwork/schemas/problem"
)

func nothing(context.Context, *Run) error { return nil }

func TestJobs(t *testing.T) {
	onEveryStore(t, []promise{
		{"what was asked and what came of it is kept", func(r *rig) {
			o := r.process(r.one)
			o.Handle("sum", func(ctx context.Context, run *Run) error {
				run.Result(object{"sum": 3})
				return run.Progress(ctx, object{"rows": []any{1, 2}})
			})
			j := r.submit(o, Job{Kind: "sum", Key: "a", By: "ann", Payload: object{"rows": []any{1.0, 2.0}}})
			r.pass(time.Second)
			r.drain(o)
			got := r.wants(o, j.ID, Done)
			want := Job{ID: j.ID, Kind: "sum", Key: "a", State: Done, Due: j.CreatedAt, CreatedAt: j.CreatedAt, UpdatedAt: j.CreatedAt.Add(time.Second), By: "ann",
				Attempts: 1, Payload: object{"rows": []any{1.0, 2.0}}, Progress: object{"rows": []any{1.0, 2.0}}, Result: object{"sum": 3.0}}
			if !reflect.DeepEqual(got, want) {
				r.Fatalf("\n%+v, want\n%+v", got, want)
			}
		}},
		{"they are listed by kind, user and state, newest first", func(r *rig) {
			o := r.process(r.one)
			o.Handle("a", nothing)
			var ids []string
			for _, j := range []Job{{Kind: "a", By: "ann"}, {Kind: "b", By: "ann"}, {Kind: "a", By: "bob"}, {Kind: "b"}} {
				ids = append(ids, r.submit(o, j).ID)
				r.pass(time.Second)
			}
			r.drain(o)
			for _, c := range []struct {
				filter Filter
				want   []int
			}{
				{Filter{}, []int{3, 2, 1, 0}}, {Filter{Limit: 2}, []int{3, 2}}, {Filter{Kind: "a"}, []int{2, 0}}, {Filter{By: "ann"}, []int{1, 0}},
				{Filter{State: Queued}, []int{3, 1}}, {Filter{Kind: "b", By: "ann", State: Queued}, []int{1}}, {Filter{Kind: "c"}, nil},
			} {
				var got []int
				for _, j := range r.list(o, c.filter) {
					got = append(got, slices.Index(ids, j.ID))
				}
				if !slices.Equal(got, c.want) {
					r.Errorf("%+v gave %v, want %v", c.filter, got, c.want)
				}
			}
		}},
		{"an unknown one is not found", func(r *rig) {
			o := r.process(r.one)
			_, err := o.Get(r.ctx, "nobody")
			_, gone := o.Cancel(r.ctx, "nobody")
			if problem.KindOf(err) != problem.NotFound || problem.KindOf(gone) != problem.NotFound {
				r.Fatal(err, gone)
			}
		}},
		{"a transaction that fails leaves none", func(r *rig) {
			o := r.process(r.one)
			err := r.one.Update(r.ctx, func(tx store.Tx) error {
				if err := o.Add(r.ctx, tx, "a", "", nil); err != nil {
					return err
				}
				return errFlaky
			})
			if !errors.Is(err, errFlaky) || len(r.list(o, Filter{})) > 0 {
				r.Fatal(err, r.list(o, Filter{}))
			}
		}},
		{"they run in the order of their due times, also what jobs add", func(r *rig) {
			o := r.process(r.one)
			var order []string
			o.Handle("a", func(ctx context.Context, run *Run) error {
				name := run.Job().Payload["name"].(string)
				if order = append(order, name); name == "first" {
					_, err := o.Submit(ctx, Job{Kind: "a", Due: r.now().Add(-time.Hour), Payload: object{"name": "added, overdue"}})
					return err
				}
				return nil
			})
			for _, j := range []struct {
				name string
				due  time.Duration
			}{{"third", -time.Second}, {"not yet", time.Hour}, {"first", -time.Minute}, {"now", 0}} {
				r.submit(o, Job{Kind: "a", Due: r.now().Add(j.due), Payload: object{"name": j.name}})
			}
			r.drain(o)
			r.pass(time.Hour)
			r.drain(o)
			if got := strings.Join(order, ", "); got != "first, added, overdue, third, now, not yet" {
				r.Fatal(got)
			}
		}},
		{"more jobs without handler than a page do not hide one with", func(r *rig) {
			o := r.process(r.one)
			o.Handle("known", nothing)
			r.must(r.one.Update(r.ctx, func(tx store.Tx) error {
				for range 2*page + 1 {
					if err := o.Add(r.ctx, tx, "foreign", "", nil); err != nil {
						return err
					}
				}
				return nil
			}))
			j := r.submit(o, Job{Kind: "known"})
			r.drain(o)
			r.wants(o, j.ID, Done)
			if n := len(r.list(o, Filter{State: Queued, Limit: 500})); n != 2*page+1 {
				r.Fatalf("%d still queued", n)
			}
		}},
		{"finished ones are deleted after 30 days, in batches", func(r *rig) {
			o := r.process(r.one)
			o.Handle("a", nothing)
			waiting := r.submit(o, Job{Kind: "a", Due: r.now().Add(365 * 24 * time.Hour)})
			r.must(r.one.Update(r.ctx, func(tx store.Tx) error {
				for range sweepBatch + 1 {
					e := &entry{Job: Job{ID: o.NewID(), Kind: "a", State: Done, CreatedAt: r.now()}, finished: r.now()}
					if err := insert(r.ctx, tx, e, time.Time{}); err != nil {
						return err
					}
				}
				return nil
			}))
			r.pass(keepFinished - time.Second)
			recent := r.submit(o, Job{Kind: "a"})
			r.drain(o)
			r.must(o.sweep(r.ctx))
			if n := len(r.list(o, Filter{Limit: 500})); n != sweepBatch+3 {
				r.Fatalf("%d jobs left before the time", n)
			}
			r.pass(time.Second)
			r.must(o.sweep(r.ctx))
			r.wants(o, waiting.ID, Queued)
			r.wants(o, recent.ID, Done)
			if n := len(r.list(o, Filter{Limit: 500})); n != 2 {
				r.Fatalf("%d jobs left", n)
			}
		}},
	})
}

func TestFailures(t *testing.T) {
	onEveryStore(t, []promise{
		{"a failed job is tried again after a pause", func(r *rig) {
			o := r.process(r.one)
			calls := 0
			o.Handle("a", func(context.Context, *Run) error {
				if calls++; calls < 3 {
					return errFlaky
				}
				return nil
			})
			j := r.submit(o, Job{Kind: "a"})
			r.drain(o)
			got := r.wants(o, j.ID, Queued)
			if calls != 1 || got.Attempts != 1 || got.Error != errFlaky.Error() || !got.Due.Equal(r.now().Add(time.Minute)) {
				r.Fatalf("%d calls, %+v", calls, got)
			}
			r.pass(time.Minute)
			r.drain(o)
			r.pass(2*time.Minute - time.Millisecond)
			r.drain(o)
			if calls != 2 {
				r.Fatalf("%d calls", calls)
			}
			r.pass(time.Millisecond)
			r.drain(o)
			if got = r.wants(o, j.ID, Done); calls != 3 || got.Error != "" {
				r.Fatalf("%d calls, %+v", calls, got)
			}
		}},
		{"after the last attempt it is a dead letter", func(r *rig) {
			o := r.process(r.one)
			calls := 0
			o.Handle("a", func(context.Context, *Run) error { calls++; return errFlaky })
			j := r.submit(o, Job{Kind: "a"})
			for range 5 {
				r.drain(o)
				r.pass(time.Hour)
			}
			if got := r.wants(o, j.ID, Failed); calls != 3 || got.Attempts != 3 || got.Error != errFlaky.Error() {
				r.Fatalf("%d calls, %+v", calls, got)
			}
		}},
		{"an error that no repetition mends is a dead letter at once, with its problems", func(r *rig) {
			o := r.process(r.one)
			want := problem.List{{Code: "max-length", Pointer: "/data/name", Params: problem.P{"max": 80.0}, Severity: problem.Error}, {Code: "odd", Severity: problem.Warning}}
			for _, kind := range []problem.Kind{problem.Invalid, problem.Forbidden, problem.NotFound} {
				o.Handle(string(kind), func(context.Context, *Run) error { return &problem.Failure{Kind: kind, Problems: want} })
				j := r.submit(o, Job{Kind: string(kind)})
				r.drain(o)
				if got := r.wants(o, j.ID, Failed); !reflect.DeepEqual(got.Problems, want) || got.Attempts != 1 {
					r.Fatalf("%+v", got)
				}
			}
		}},
		{"other failures of that type are tried again", func(r *rig) {
			o := r.process(r.one)
			o.Handle("a", func(context.Context, *Run) error { return problem.Fail(problem.Unavailable, "later", "", nil) })
			j := r.submit(o, Job{Kind: "a"})
			r.drain(o)
			if got := r.wants(o, j.ID, Queued); got.Problems[0].Code != "later" {
				r.Fatalf("%+v", got)
			}
		}},
		{"a panic is an error, and so is a goroutine that ends", func(r *rig) {
			o := r.process(r.one)
			o.Handle("panic", func(context.Context, *Run) error { panic("oh") })
			o.Handle("exit", func(context.Context, *Run) error { runtime.Goexit(); return nil })
			for kind, want := range map[string]string{"panic": "panic: oh", "exit": "the handler ended its goroutine"} {
				j := r.submit(o, Job{Kind: kind})
				r.drain(o)
				if got := r.wants(o, j.ID, Queued); got.Error != want {
					r.Errorf("%s: %q", kind, got.Error)
				}
			}
		}},
		{"what panics between the effect and the mark has no effect", func(r *rig) {
			o := r.process(r.one)
			first := true
			o.Handle("a", func(ctx context.Context, run *Run) error {
				return r.one.Update(ctx, func(tx store.Tx) error {
					if err := effect(ctx, tx, "e"); err != nil {
						return err
					}
					if first {
						first = false
						panic("oh")
					}
					return run.Checkpoint(ctx, tx, nil)
				})
			})
			j := r.submit(o, Job{Kind: "a"})
			r.drain(o)
			r.wantsEffects()
			r.pass(time.Hour)
			r.drain(o)
			r.wants(o, j.ID, Done)
			r.wantsEffects("e")
		}},
	})
}

func TestKeys(t *testing.T) {
	onEveryStore(t, []promise{
		{"a queued job absorbs what is added, at the earlier time", func(r *rig) {
			o := r.process(r.one)
			calls := 0
			o.Handle("a", func(context.Context, *Run) error { calls++; return nil })
			first := r.submit(o, Job{Kind: "a", Key: "k", Due: r.now().Add(time.Hour), Payload: object{"n": 1}})
			later := r.submit(o, Job{Kind: "a", Key: "k", Due: r.now().Add(2 * time.Hour)})
			sooner := r.submit(o, Job{Kind: "a", Key: "k", Payload: object{"n": 3}})
			apart := r.submit(o, Job{Kind: "a", Key: "other"})
			if later.ID != first.ID || sooner.ID != first.ID || apart.ID == first.ID || !later.Due.Equal(first.Due) || !sooner.Due.Equal(r.now()) || sooner.Payload["n"] != 1.0 {
				r.Fatal(first, later, sooner, apart)
			}
			r.drain(o)
			if r.pass(3 * time.Hour); calls != 2 {
				r.Fatalf("%d calls", calls)
			}
			if again := r.submit(o, Job{Kind: "a", Key: "k"}); again.ID == first.ID {
				r.Fatal("absorbed by a finished job")
			}
		}},
		{"a retry that waits is not hurried", func(r *rig) {
			o := r.process(r.one)
			o.Handle("a", func(context.Context, *Run) error { return errFlaky })
			j := r.submit(o, Job{Kind: "a", Key: "k"})
			r.drain(o)
			if again := r.submit(o, Job{Kind: "a", Key: "k"}); again.ID != j.ID || !again.Due.Equal(r.now().Add(time.Minute)) {
				r.Fatal(again)
			}
		}},
		{"behind a running job one waits, and absorbs", func(r *rig) {
			o, other := r.process(r.one), r.process(r.other)
			var added []Job
			at, most, calls := 0, 0, 0
			handler := func(ctx context.Context, run *Run) error {
				calls++
				at++
				most = max(most, at)
				defer func() { at-- }()
				if calls > 1 {
					return nil
				}
				for range 3 {
					added = append(added, r.submit(o, Job{Kind: "a", Key: "k"}))
				}
				return other.Drain(ctx) // which must not run it
			}
			o.Handle("a", handler)
			other.Handle("a", handler)
			first := r.submit(o, Job{Kind: "a", Key: "k"})
			r.drain(o)
			if added[0].ID == first.ID || added[1].ID != added[0].ID || added[2].ID != added[0].ID || added[0].State != Queued {
				r.Fatal(first, added)
			}
			r.wants(o, first.ID, Done)
			r.wants(o, added[0].ID, Done)
			if calls != 2 || most != 1 {
				r.Fatalf("%d calls, %d at a time", calls, most)
			}
		}},
		{"a dead letter lets the next proceed", func(r *rig) {
			o := r.process(r.one)
			var next Job
			o.Handle("a", func(context.Context, *Run) error {
				if next.ID == "" {
					next = r.submit(o, Job{Kind: "a", Key: "k"})
					return problem.Fail(problem.Invalid, "poison", "", nil)
				}
				return nil
			})
			first := r.submit(o, Job{Kind: "a", Key: "k"})
			r.drain(o)
			r.wants(o, first.ID, Failed)
			r.wants(o, next.ID, Done)
		}},
		{"the one behind keeps its own due time", func(r *rig) {
			o := r.process(r.one)
			var next Job
			o.Handle("a", func(context.Context, *Run) error {
				if next.ID == "" {
					next = r.submit(o, Job{Kind: "a", Key: "k", Due: r.now().Add(time.Hour)})
				}
				return nil
			})
			r.submit(o, Job{Kind: "a", Key: "k"})
			r.drain(o)
			r.wants(o, next.ID, Queued)
			r.pass(time.Hour)
			r.drain(o)
			r.wants(o, next.ID, Done)
		}},
		{"another follows one behind that was cancelled", func(r *rig) {
			o := r.process(r.one)
			var gone, next Job
			o.Handle("a", func(ctx context.Context, _ *Run) error {
				if next.ID == "" {
					gone = r.submit(o, Job{Kind: "a", Key: "k"})
					if _, err := o.Cancel(ctx, gone.ID); err != nil {
						return err
					}
					next = r.submit(o, Job{Kind: "a", Key: "k"})
				}
				return nil
			})
			r.submit(o, Job{Kind: "a", Key: "k"})
			r.drain(o)
			r.wants(o, gone.ID, Cancelled)
			r.wants(o, next.ID, Done)
		}},
		{"a key belongs to one kind", func(r *rig) {
			o := r.process(r.one)
			r.submit(o, Job{Kind: "a", Key: "k"})
			if _, err := o.Submit(r.ctx, Job{Kind: "b", Key: "k"}); err == nil {
				r.Fatal("absorbed by a job of another kind")
			}
		}},
		{"many who add at once make one job", func(r *rig) {
			boxes := []*Outbox{r.process(r.one), r.process(r.other)}
			var all sync.WaitGroup
			var mu sync.Mutex
			ids := map[string]bool{}
			for i := range 16 {
				all.Go(func() {
					j, err := boxes[i%2].Submit(r.ctx, Job{Kind: "a", Key: "k"})
					if err != nil {
						r.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					ids[j.ID] = true
				})
			}
			all.Wait()
			if len(ids) != 1 || len(r.list(boxes[0], Filter{})) != 1 {
				r.Fatal(ids)
			}
		}},
	})
}
