package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"formwork/engine/store"
)

const (
	// afterError is the pause of the loop when the store fails.
	afterError = time.Second
	// lastGrace is the least that handlers are given to return once told, and to have their outcome stored.
	lastGrace = 5 * time.Second
)

// Run does jobs until ctx ends. Then it claims no more and lets running handlers finish; after Options.Grace their ctx
// ends too, and what they leave is queued again at the last checkpoint, without counting as an attempt. A handler that
// does not heed its ctx is left behind after another Grace, at least 5 s; its lease runs out. One Run per Outbox. It returns nil, or store.ErrClosed.
func (o *Outbox) Run(ctx context.Context) error {
	var woken <-chan struct{}
	var err error
	if !o.Exclusive { // else whoever adds a job wakes
		if woken, err = o.store.Watch(ctx, collection); err != nil && ctx.Err() == nil {
			o.Log.Warn("outbox cannot watch the store, it polls", "error", err)
		}
	}
	hard, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var working, sweeping sync.WaitGroup
	sweeping.Go(func() { o.sweepAll(ctx) })
	start := func(e *entry) *Run {
		r := o.begin(hard, e)
		working.Go(func() { o.work(r) })
		return r
	}
	o.atWork(start)
	err = o.loop(ctx, woken, start)
	o.atWork(nil)
	o.settle(&working, stop)
	sweeping.Wait()
	return err
}

func (o *Outbox) loop(ctx context.Context, woken <-chan struct{}, start func(*entry) *Run) error {
	for {
		wait := poll
		if free := o.free(); free > 0 {
			var err error
			wait, err = o.dispatch(ctx, free, start)
			switch {
			case ctx.Err() != nil:
				return nil
			case errors.Is(err, store.ErrClosed):
				return err
			case err != nil:
				o.Log.Error("outbox cannot claim jobs", "error", err)
				wait = afterError
			}
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-o.wake:
		case _, ok := <-woken:
			if !ok {
				woken = nil
			}
		case <-timer.C:
		}
		timer.Stop()
	}
}

// dispatch starts up to free jobs and says how long there is nothing more to start.
func (o *Outbox) dispatch(ctx context.Context, free int, start func(*entry) *Run) (time.Duration, error) {
	o.taking.Lock()
	defer o.taking.Unlock()
	ids, wait, err := o.look(ctx, free)
	if err != nil || len(ids) == 0 {
		return wait, err
	}
	taken, err := o.claim(ctx, ids)
	for _, e := range taken {
		start(e)
	}
	return wait, err
}

// settle waits for handlers: of their own accord, then told to stop, then no longer.
func (o *Outbox) settle(working *sync.WaitGroup, stop func()) {
	idle := make(chan struct{})
	go func() { working.Wait(); close(idle) }()
	if within(o.Grace, idle) {
		return
	}
	stop()
	if !within(max(o.Grace, lastGrace), idle) {
		o.Log.Error("outbox leaves handlers behind that do not stop", "jobs", o.busy())
	}
}

func within(d time.Duration, done <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// Drain does everything that is due now, one job after the other in the order of their due times, and what becomes due
// by that; it also waits for jobs that Run has at work here. Failures of jobs are in the jobs. For tests and commands;
// not to be called by a handler. When ctx ends the running handler is told to stop.
func (o *Outbox) Drain(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		// Who is at work is asked first: who ends meanwhile may have given the next its turn. Nobody takes a job between.
		o.taking.Lock()
		r := o.any()
		ids, _, err := o.look(ctx, 1)
		o.taking.Unlock()
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			if r == nil {
				return nil
			}
			select {
			case <-r.done:
			case <-ctx.Done():
			}
			continue
		}
		taken, err := o.claim(ctx, ids)
		if err != nil {
			return err
		}
		for _, e := range taken {
			r := o.begin(ctx, e)
			go o.work(r) // a goroutine of its own, as a handler may end it
			<-r.done
		}
	}
}

// begin enters a claimed job among those at work.
func (o *Outbox) begin(ctx context.Context, e *entry) *Run {
	r := &Run{box: o, job: e.Job, token: e.token, done: make(chan struct{})}
	r.ctx, r.end = context.WithCancelCause(ctx)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held[e.ID] = r
	return r
}

// atWork says how jobs are started while Run is at work, nil when it is not.
func (o *Outbox) atWork(start func(*entry) *Run) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.start = start
}

// waiting says whether more was due, when last looked, than could be started.
func (o *Outbox) waiting() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.backlog
}

// free is how many more handlers may be put to work.
func (o *Outbox) free() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Workers - len(o.held) - o.promised
}

func (o *Outbox) busy() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.held)
}

// any is some job at work, nil when there is none.
func (o *Outbox) any() *Run {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.held {
		return r
	}
	return nil
}

// work is an attempt from begin to end.
func (o *Outbox) work(r *Run) {
	stop := make(chan struct{})
	var keeping sync.WaitGroup
	keeping.Go(func() { r.keep(stop) })
	failure := errors.New("the handler ended its goroutine")
	defer func() { // deferred, so that it happens even then
		o.write(r, failure, r.ctx.Err() != nil)
		close(stop)
		keeping.Wait()
		r.end(nil)
		o.mu.Lock()
		delete(o.held, r.job.ID)
		o.mu.Unlock()
		close(r.done)
		if !r.completed() || o.waiting() {
			o.Wake()
		}
	}()
	failure = o.call(r)
}

func (o *Outbox) call(r *Run) (err error) {
	defer func() {
		if p := recover(); p != nil {
			o.Log.Error("job panicked", "job", r.job.ID, "kind", r.job.Kind, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	o.mu.Lock()
	h := o.handlers[r.job.Kind]
	o.mu.Unlock()
	return h(r.ctx, r)
}

// write stores the outcome. While the store fails it tries again for as long as the lease lasts; after that the job is
// whoever's takes it, and runs again.
func (o *Outbox) write(r *Run, failure error, stopped bool) {
	log := o.Log.With("job", r.job.ID, "kind", r.job.Kind, "attempt", r.job.Attempts)
	if failure != nil && !stopped {
		log.Warn("job failed", "error", failure)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), o.Lease)
	defer cancel()
	for pause := 50 * time.Millisecond; ; pause *= 2 {
		err := o.conclude(ctx, r, failure, stopped)
		if err == nil {
			return
		}
		log.Error("outcome of a job not stored", "error", err)
		if errors.Is(err, ErrLeaseLost) || errors.Is(err, store.ErrClosed) {
			return
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}
