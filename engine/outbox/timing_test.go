package outbox

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"formwork/engine/store"
	"formwork/engine/store/storetest"
)

// timed runs fn in a bubble whose clock, which is also that of the processes, moves when all of them sleep.
func timed(t *testing.T, fn func(r *rig, real func(*Options))) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.NewMemory()
		fn(newRig(t, s, s), func(o *Options) { o.Now, o.Lease, o.Grace = time.Now, 30*time.Second, 10*time.Second })
	})
}

// counting counts what a process asks of the store.
type counting struct {
	store.Store
	views, updates atomic.Int64
	failing        atomic.Bool
}

func (c *counting) View(ctx context.Context, fn func(store.Reader) error) error {
	c.views.Add(1)
	return c.Store.View(ctx, fn)
}

func (c *counting) Update(ctx context.Context, fn func(store.Tx) error) error {
	c.updates.Add(1)
	if c.failing.Load() {
		return errFlaky
	}
	return c.Store.Update(ctx, fn)
}

func TestRunStartsJobsWhenTheyAreDue(t *testing.T) {
	timed(t, func(r *rig, real func(*Options)) {
		o := r.process(r.one, real)
		begin := time.Now()
		var at []time.Duration
		o.Handle("a", func(context.Context, *Run) error { at = append(at, time.Since(begin)); return nil })
		stop := r.run(o)
		want := []time.Duration{time.Second, 7 * time.Second, 90 * time.Minute}
		for _, d := range want {
			r.submit(o, Job{Kind: "a", Due: begin.Add(d)})
		}
		time.Sleep(2 * time.Hour)
		stop()
		if len(at) != len(want) {
			t.Fatal(at)
		}
		for i := range at {
			if at[i] != want[i] {
				t.Errorf("job %d began after %v, not %v", i, at[i], want[i])
			}
		}
	})
}

func TestRunRetriesByItself(t *testing.T) {
	timed(t, func(r *rig, real func(*Options)) {
		o := r.process(r.one, real)
		begin := time.Now()
		o.Handle("a", func(context.Context, *Run) error { return errFlaky })
		j := r.submit(o, Job{Kind: "a"})
		stop := r.run(o)
		time.Sleep(time.Hour)
		stop()
		if got := r.wants(o, j.ID, Failed); got.UpdatedAt.Sub(begin).Round(time.Second) != 3*time.Minute {
			t.Fatalf("%+v", got)
		}
	})
}

func TestRunDoesNotSpin(t *testing.T) {
	timed(t, func(r *rig, real func(*Options)) {
		c := &counting{Store: r.one}
		o := r.process(c, real, func(o *Options) { o.Workers = 1 })
		o.Handle("long", func(ctx context.Context, _ *Run) error {
			<-ctx.Done()
			return ctx.Err()
		})
		for range 10 { // due all the time, and no worker free
			r.submit(o, Job{Kind: "long"})
		}
		r.submit(o, Job{Kind: "foreign"})
		c.views.Store(0)
		c.updates.Store(0)
		stop := r.run(o)
		time.Sleep(time.Hour)
		stop()
		if v, u := c.views.Load(), c.updates.Load(); v > 725 || u > 365 {
			t.Fatalf("%d views and %d updates in an hour", v, u)
		}
	})
}

func TestRunSurvivesAStoreThatFails(t *testing.T) {
	timed(t, func(r *rig, real func(*Options)) {
		c := &counting{Store: r.one}
		o := r.process(c, real)
		o.Handle("a", nothing)
		j := r.submit(o, Job{Kind: "a"})
		c.failing.Store(true)
		c.updates.Store(0)
		stop := r.run(o)
		time.Sleep(time.Minute)
		if n := c.updates.Load(); n > 65 {
			t.Errorf("%d attempts to claim in a minute", n)
		}
		c.failing.Store(false)
		time.Sleep(2 * time.Second)
		r.wants(o, j.ID, Done)
		stop()
	})
}

func TestLeaseIsKeptWhileTheHandlerRuns(t *testing.T) {
	timed(t, func(r *rig, real func(*Options)) {
		o, other := r.process(r.one, real), r.process(r.other, real)
		o.Handle("a", func(context.Context, *Run) error { time.Sleep(10 * time.Minute); return nil })
		other.Handle("a", func(context.Context, *Run) error { t.Error("taken over"); return nil })
		j := r.submit(o, Job{Kind: "a"})
		stop := r.run(o)
		synctest.Wait() // it has claimed the job
		stopOther := r.run(other)
		time.Sleep(11 * time.Minute)
		r.wants(o, j.ID, Done)
		stop()
		stopOther()
	})
}

func TestHandlerEndsWhenTheLeaseCannotBeKept(t *testing.T) {
	timed(t, func(r *rig, real func(*Options)) {
		c := &counting{Store: r.one}
		o := r.process(c, real)
		begin := time.Now()
		var cause error
		o.Handle("a", func(ctx context.Context, _ *Run) error {
			if cause == nil {
				c.failing.Store(true)
				<-ctx.Done()
				cause = context.Cause(ctx)
				if d := time.Since(begin); d != 30*time.Second {
					t.Errorf("told after %v", d)
				}
				c.failing.Store(false)
				return ctx.Err()
			}
			return nil
		})
		j := r.submit(o, Job{Kind: "a"})
		r.drain(o)
		if got := r.wants(o, j.ID, Done); !errors.Is(cause, ErrLeaseLost) || got.Attempts != 1 {
			t.Fatalf("%v, %+v", cause, got)
		}
	})
}

func TestOutcomeIsStoredWhenTheStoreIsBack(t *testing.T) {
	timed(t, func(r *rig, real func(*Options)) {
		c := &counting{Store: r.one}
		o := r.process(c, real)
		calls := 0
		o.Handle("a", func(context.Context, *Run) error {
			calls++
			c.failing.Store(true)
			time.AfterFunc(5*time.Second, func() { c.failing.Store(false) })
			return nil
		})
		j := r.submit(o, Job{Kind: "a"})
		r.drain(o)
		if r.wants(o, j.ID, Done); calls != 1 {
			t.Fatalf("%d calls", calls)
		}
	})
}

func TestCancelReachesAnotherProcessWithTheRenewal(t *testing.T) {
	timed(t, func(r *rig, real func(*Options)) {
		o, other := r.process(r.one, real), r.process(r.other, real)
		told := make(chan bool, 1)
		o.Handle("a", func(ctx context.Context, run *Run) error {
			<-ctx.Done()
			told <- run.Cancelled()
			return ctx.Err()
		})
		j := r.submit(o, Job{Kind: "a"})
		stop := r.run(o)
		synctest.Wait()
		begin := time.Now()
		if _, err := other.Cancel(r.ctx, j.ID); err != nil {
			t.Fatal(err)
		}
		if !<-told || time.Since(begin) > 10*time.Second {
			t.Errorf("told after %v", time.Since(begin))
		}
		stop()
		r.wants(o, j.ID, Cancelled)
	})
}

func TestRunLeavesAHandlerBehindThatDoesNotStop(t *testing.T) {
	timed(t, func(r *rig, real func(*Options)) {
		o := r.process(r.one, real)
		o.Handle("a", func(context.Context, *Run) error { time.Sleep(time.Hour); return nil })
		j := r.submit(o, Job{Kind: "a"})
		stop := r.run(o)
		synctest.Wait()
		begin := time.Now()
		stop()
		if d := time.Since(begin); d != 20*time.Second {
			t.Errorf("stopped after %v", d)
		}
		r.wants(o, j.ID, Running)
		time.Sleep(time.Hour)
	})
}

func TestOldJobsAreDeletedInTheBackground(t *testing.T) {
	timed(t, func(r *rig, real func(*Options)) {
		o := r.process(r.one, real)
		o.Handle("a", nothing)
		r.submit(o, Job{Kind: "a"})
		stop := r.run(o)
		time.Sleep(keepFinished - time.Hour)
		if n := len(r.list(o, Filter{})); n != 1 {
			t.Errorf("%d jobs before the time", n)
		}
		time.Sleep(2 * time.Hour)
		if n := len(r.list(o, Filter{})); n != 0 {
			t.Errorf("%d jobs left", n)
		}
		stop()
	})
}

func TestBackoffGrowsToAnHour(t *testing.T) {
	for attempt, longest := range map[int]time.Duration{1: time.Second, 2: 4 * time.Second, 6: 1024 * time.Second, 7: time.Hour, 100: time.Hour} {
		for range 100 {
			if d := backoff(attempt); d < longest/2 || d > longest {
				t.Fatalf("attempt %d: %v", attempt, d)
			}
		}
	}
}
