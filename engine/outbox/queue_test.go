package outbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"formwork/engine/store"
	"formwork/schemas/problem"
)

// order remembers what handlers did.
type order struct {
	mu   sync.Mutex
	list []string
}

func (o *order) add(s string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list = append(o.list, s)
}

func (o *order) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.list, " ")
}

func TestQueues(t *testing.T) {
	onEveryStore(t, []promise{
		{"jobs of a queue run in the order in which they were added, whatever came of the one before", func(r *rig) {
			box := r.process(r.one)
			var did order
			box.Handle("a", func(_ context.Context, run *Run) error {
				name, _ := run.Job().Payload["name"].(string)
				did.add(name)
				if name == "bad" {
					return problem.Fail(problem.Invalid, "no", "", nil)
				}
				return nil
			})
			var ids []string
			for _, name := range []string{"one", "bad", "two", "three"} {
				ids = append(ids, r.submit(box, Job{Kind: "a", Queue: "q", Payload: object{"name": name}}).ID)
			}
			if _, err := box.Cancel(r.ctx, ids[2]); err != nil {
				r.Fatal(err)
			}
			r.drain(box)
			if did.String() != "one bad three" {
				r.Errorf("they ran as %s", &did)
			}
			r.wants(box, ids[1], Failed)
		}},
		{"one that waits for its next attempt keeps those behind it waiting", func(r *rig) {
			box := r.process(r.one)
			var did order
			box.Handle("a", func(_ context.Context, run *Run) error {
				name, _ := run.Job().Payload["name"].(string)
				did.add(name)
				if name == "one" && run.Job().Attempts == 1 {
					return errFlaky
				}
				return nil
			})
			r.submit(box, Job{Kind: "a", Queue: "q", Payload: object{"name": "one"}})
			two := r.submit(box, Job{Kind: "a", Queue: "q", Payload: object{"name": "two"}})
			r.submit(box, Job{Kind: "a", Queue: "other", Payload: object{"name": "else"}})
			r.drain(box)
			r.wants(box, two.ID, Queued)
			r.pass(time.Minute)
			r.drain(box)
			if did.String() != "one else one two" {
				r.Errorf("they ran as %s", &did)
			}
		}},
		{"a queue that two processes add to and work at keeps its order", func(r *rig) {
			const n = 20
			var mu sync.Mutex
			var did []string
			handle := func(_ context.Context, run *Run) error {
				mu.Lock()
				defer mu.Unlock()
				did = append(did, run.Job().ID)
				return nil
			}
			var stops []func()
			var boxes []*Outbox
			for _, s := range []store.Store{r.one, r.other} {
				box := r.process(s, func(o *Options) { o.Workers = 4 })
				box.Handle("a", handle)
				boxes = append(boxes, box)
				stops = append(stops, r.run(box))
			}
			r.must(r.one.Update(r.ctx, func(tx store.Tx) error { return tx.Insert(r.ctx, effects, store.New("common", nil)) }))
			var want []string
			for i := range n {
				s, box := r.one, boxes[0]
				if i%2 == 1 {
					s, box = r.other, boxes[1]
				}
				batch, id := box.Batch(), ""
				r.must(s.Update(r.ctx, func(tx store.Tx) error {
					batch.Reset()
					d, err := tx.Get(r.ctx, effects, "common")
					if err != nil {
						return err
					}
					if err := tx.Replace(r.ctx, effects, store.New("common", object{"n": float64(i)}), d.Version); err != nil {
						return err
					}
					id, err = batch.Enqueue(r.ctx, tx, Job{Kind: "a", Queue: "q"})
					return err
				}))
				batch.Committed()
				want = append(want, id)
			}
			deadline := time.Now().Add(20 * time.Second)
			for {
				mu.Lock()
				done := len(did)
				mu.Unlock()
				if done == n || time.Now().After(deadline) {
					break
				}
				boxes[0].Wake()
				boxes[1].Wake()
				time.Sleep(time.Millisecond)
			}
			for _, stop := range stops {
				stop()
			}
			if !slices.Equal(did, want) {
				r.Errorf("ran as %v, added as %v", did, want)
			}
		}},
	})
}

func TestBatches(t *testing.T) {
	onEveryStore(t, []promise{
		{"a job is started by the transaction that adds it, and not when that fails", func(r *rig) {
			box := r.process(r.one)
			ran := make(chan string, 10)
			box.Handle("a", func(_ context.Context, run *Run) error {
				ran <- run.Job().ID
				return r.one.Update(r.ctx, func(tx store.Tx) error {
					if err := effect(r.ctx, tx, run.Job().ID); err != nil {
						return err
					}
					return run.Complete(r.ctx, tx, object{"at": "end"}, object{"ok": true})
				})
			})
			defer r.run(box)()
			r.await(func() bool { box.mu.Lock(); defer box.mu.Unlock(); return box.start != nil })
			lost := box.Batch()
			err := r.one.Update(r.ctx, func(tx store.Tx) error {
				lost.Reset()
				if _, err := lost.Enqueue(r.ctx, tx, Job{Kind: "a"}); err != nil {
					return err
				}
				return errFlaky
			})
			lost.Reset()
			if err != errFlaky {
				r.Fatal(err)
			}
			batch, id := box.Batch(), ""
			r.must(r.one.Update(r.ctx, func(tx store.Tx) (err error) {
				batch.Reset()
				id, err = batch.Enqueue(r.ctx, tx, Job{Kind: "a", Queue: "q"})
				return err
			}))
			j := r.wants(box, id, Running) // claimed as it was written
			if j.Attempts != 1 {
				r.Errorf("attempts %d", j.Attempts)
			}
			batch.Committed()
			if got := <-ran; got != id {
				r.Errorf("ran %s, not %s", got, id)
			}
			r.await(func() bool { j, err := box.Get(r.ctx, id); return err == nil && j.State == Done })
			if j, _ := box.Get(r.ctx, id); j.Result["ok"] != true || j.Progress["at"] != "end" {
				r.Errorf("it ended as %+v", j)
			}
			r.wantsEffects(id)
		}},
	})
}

func TestPromptJobs(t *testing.T) {
	alone := func(o *Options) { o.Exclusive = true }
	onEveryStore(t, []promise{
		{"a job is done in the transaction that adds it, and is not there when that fails", func(r *rig) {
			box := r.process(r.one, alone)
			do := func(ctx context.Context, tx store.Tx, fail error) Handler {
				return func(_ context.Context, run *Run) error {
					if err := effect(ctx, tx, run.Job().ID); err != nil {
						return err
					}
					if err := run.Checkpoint(ctx, tx, object{"at": "middle"}); err != nil {
						return err
					}
					if fail != nil {
						return fail
					}
					return run.Complete(ctx, tx, object{"at": "end"}, object{"ok": true})
				}
			}
			begun := make(chan struct{})
			box.Handle("probe", func(context.Context, *Run) error { close(begun); return nil })
			defer r.run(box)()
			r.submit(box, Job{Kind: "probe"})
			<-begun
			batch := box.Batch()
			err := r.one.Update(r.ctx, func(tx store.Tx) error {
				batch.Reset()
				_, err := batch.Prompt(r.ctx, tx, Job{Kind: "a", Queue: "q"}, do(r.ctx, tx, errFlaky))
				return err
			})
			batch.Reset()
			if err != errFlaky {
				r.Fatal(err)
			}
			for what, bad := range map[string]Handler{
				"left undone": func(context.Context, *Run) error { return nil },
				"panics":      func(context.Context, *Run) error { panic("no") },
			} {
				if err := r.one.Update(r.ctx, func(tx store.Tx) error {
					_, err := batch.Prompt(r.ctx, tx, Job{Kind: "a"}, bad)
					return err
				}); err == nil {
					r.Errorf("what is %s is no error", what)
				}
			}
			r.must(r.one.Update(r.ctx, func(tx store.Tx) error {
				batch.Reset()
				ok, err := batch.Prompt(r.ctx, tx, Job{Kind: "a", Queue: "q", Payload: object{"n": 1}}, do(r.ctx, tx, nil))
				if !ok {
					r.Error("it was not done")
				}
				return err
			}))
			batch.Committed()
			jobs := r.list(box, Filter{Kind: "a"})
			if len(jobs) != 1 || jobs[0].State != Done || jobs[0].Attempts != 1 || jobs[0].Progress["at"] != "end" || jobs[0].Result["ok"] != true || jobs[0].Payload["n"] != 1.0 {
				r.Fatalf("jobs %+v", jobs)
			}
			r.wantsEffects(jobs[0].ID)
		}},
		{"not behind an unfinished one of its queue, not where nobody works, not where others use the store", func(r *rig) {
			refused := func(box *Outbox, j Job) {
				r.Helper()
				r.must(r.one.Update(r.ctx, func(tx store.Tx) error {
					ok, err := box.Batch().Prompt(r.ctx, tx, j, func(context.Context, *Run) error { r.Error("it is done"); return nil })
					if ok {
						r.Error("it says it was done")
					}
					return err
				}))
			}
			idle := r.process(r.one, alone)
			refused(idle, Job{Kind: "a"})
			begun, end := make(chan struct{}), make(chan struct{})
			handle := func(box *Outbox) {
				box.Handle("slow", func(context.Context, *Run) error { close(begun); <-end; return nil })
			}
			handle(idle)
			stop := r.run(idle)
			r.submit(idle, Job{Kind: "slow", Queue: "q"})
			<-begun
			refused(idle, Job{Kind: "a", Queue: "q"})
			refused(idle, Job{Kind: "a", Key: "k"})
			close(end)
			stop()
			shared := r.process(r.one)
			begun, end = make(chan struct{}), make(chan struct{})
			handle(shared)
			defer r.run(shared)()
			r.submit(shared, Job{Kind: "slow"})
			<-begun
			refused(shared, Job{Kind: "a"})
			close(end)
		}},
	})
}

func (r *rig) await(holds func() bool) {
	r.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); {
		if time.Now().After(deadline) {
			r.Fatal("it never came about")
		}
		time.Sleep(time.Millisecond)
	}
}

func TestRetryAndAgain(t *testing.T) {
	onEveryStore(t, []promise{
		{"a dead letter goes on where it was", func(r *rig) {
			box := r.process(r.one)
			broken := true
			box.Handle("a", steps(r.one, func(n int) error {
				if n == 2 && broken {
					return problem.Fail(problem.Invalid, "no", "", nil)
				}
				return nil
			}))
			j := r.submit(box, Job{Kind: "a", Queue: "q"})
			if _, err := box.Retry(r.ctx, j.ID); problem.KindOf(err) != problem.Conflict {
				r.Errorf("a queued job was queued again: %v", err)
			}
			r.drain(box)
			r.wants(box, j.ID, Failed)
			broken = false
			if _, err := box.Retry(r.ctx, j.ID); err != nil {
				r.Fatal(err)
			}
			r.drain(box)
			r.wants(box, j.ID, Done)
			r.wantsEffects("step1", "step2", "step3")
		}},
		{"a job that says so runs again at its time, as the same job", func(r *rig) {
			box := r.process(r.one)
			n := 0
			box.Handle("a", func(ctx context.Context, run *Run) error {
				n++
				run.Again(r.now().Add(time.Hour))
				return run.Progress(ctx, object{"n": n})
			})
			j := r.submit(box, Job{Kind: "a", Key: "k"})
			for range 3 {
				r.drain(box)
				r.pass(time.Hour)
			}
			if got := r.wants(box, j.ID, Queued); n != 3 || got.Progress["n"] != 3.0 || got.Attempts != 0 {
				r.Errorf("it ran %d times: %+v", n, got)
			}
		}},
		{"pages are complete and in order", func(r *rig) {
			box := r.process(r.one)
			for i := range 5 {
				r.submit(box, Job{Kind: "a", Topic: "t", Subject: fmt.Sprint(i % 2)})
				r.pass(time.Millisecond)
			}
			var got []string
			for cursor := ""; ; {
				jobs, next, err := box.Page(r.ctx, Filter{Topic: "t", Limit: 2, Cursor: cursor})
				r.must(err)
				for _, j := range jobs {
					got = append(got, j.Subject)
				}
				if cursor = next; cursor == "" {
					break
				}
			}
			if fmt.Sprint(got) != "[0 1 0 1 0]" {
				r.Errorf("listed %v", got)
			}
		}},
	})
}

// A thousand jobs of one topic do not keep those of another waiting, and a kind does not take all workers.
func TestFairness(t *testing.T) {
	onEveryStore(t, []promise{
		{"topics take turns", func(r *rig) {
			box := r.process(r.one)
			box.Handle("a", func(context.Context, *Run) error { return nil })
			r.submit(box, Job{Kind: "a", Topic: "small"}) // known, and gone
			r.drain(box)
			r.must(r.one.Update(r.ctx, func(tx store.Tx) error {
				for range 3 * page {
					if err := box.Add(r.ctx, tx, "a", "", nil); err != nil {
						return err
					}
				}
				return nil
			}))
			r.pass(time.Second)
			small := r.submit(box, Job{Kind: "a", Topic: "small"})
			r.pass(time.Second)
			ids, _, err := box.look(r.ctx, 2)
			r.must(err)
			if !slices.Contains(ids, small.ID) {
				r.Errorf("of two workers none goes to the topic with one job")
			}
		}},
		{"a kind has no more at work than it may", func(r *rig) {
			box := r.process(r.one, func(o *Options) { o.Workers = 4 })
			box.HandleBy("big", Policy{AtOnce: 1}, func(context.Context, *Run) error { return nil })
			box.Handle("a", func(context.Context, *Run) error { return nil })
			for range 3 {
				r.submit(box, Job{Kind: "big"})
			}
			small := r.submit(box, Job{Kind: "a"})
			ids, _, err := box.look(r.ctx, 4)
			r.must(err)
			if len(ids) != 2 || !slices.Contains(ids, small.ID) {
				r.Errorf("of 3 big jobs and a small one %d start", len(ids))
			}
		}},
	})
}
