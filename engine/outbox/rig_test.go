package outbox

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/engine/store/mongo"
	"formwork/engine/store/sqlite"
	"formwork/engine/store/storetest"
	"formwork/engine/store/storetest/mongoserver"
)

type object = map[string]any

// promise is a subtest that every store must pass.
type promise struct {
	name string
	keep func(*rig)
}

// onEveryStore runs promises on the stores, each on an empty one.
func onEveryStore(t *testing.T, promises []promise) {
	stores := []struct {
		name string
		open func(t *testing.T) (one, other store.Store) // as two processes see it
	}{
		{"memory", func(t *testing.T) (store.Store, store.Store) {
			s := storetest.NewMemory()
			return s, s
		}},
		{"sqlite", func(t *testing.T) (store.Store, store.Store) {
			s, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db")})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			return s, s
		}},
		{"mongo", func(t *testing.T) (store.Store, store.Store) {
			uri := mongoserver.SharedDatabase(t)
			open := func() store.Store {
				s, err := mongo.Open(t.Context(), mongo.Options{URI: uri})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = s.Close() })
				return s
			}
			return open(), open()
		}},
	}
	for _, s := range stores {
		t.Run(s.name, func(t *testing.T) {
			for _, p := range promises {
				t.Run(p.name, func(t *testing.T) {
					one, other := s.open(t)
					p.keep(newRig(t, one, other))
				})
			}
		})
	}
}

// rig is a store with a collection for the effects of jobs, and a clock that stands until it is moved.
type rig struct {
	*testing.T
	ctx        context.Context
	one, other store.Store
	ids        atomic.Int64
	mu         sync.Mutex
	time       time.Time
}

const effects = "effects"

func newRig(t *testing.T, one, other store.Store) *rig {
	r := &rig{T: t, ctx: t.Context(), one: one, other: other, time: time.Date(2017, 3, 1, 9, 0, 0, 0, time.UTC)}
	r.must(one.Ensure(r.ctx, store.Collection{Name: effects}))
	return r
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.time
}

func (r *rig) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.time = r.time.Add(d)
}

// process opens an outbox. Its waiting times are by the real clock and so long that no test depends on them.
func (r *rig) process(s store.Store, change ...func(*Options)) *Outbox {
	r.Helper()
	o := Options{
		Now: r.now, NewID: func() string { return fmt.Sprintf("id%06d", r.ids.Add(1)) }, Lease: time.Minute,
		Backoff: func(attempt int) time.Duration { return time.Duration(attempt) * time.Minute }, MaxAttempts: 3,
	}
	for _, c := range change {
		c(&o)
	}
	box, err := Open(r.ctx, s, o)
	r.must(err)
	return box
}

func (r *rig) submit(o *Outbox, j Job) Job {
	r.Helper()
	out, err := o.Submit(r.ctx, j)
	r.must(err)
	return out
}

func (r *rig) drain(o *Outbox) {
	r.Helper()
	r.must(o.Drain(r.ctx))
}

// wants checks where a job stands.
func (r *rig) wants(o *Outbox, id string, s State) Job {
	r.Helper()
	j, err := o.Get(r.ctx, id)
	r.must(err)
	if j.State != s {
		r.Fatalf("job %s is %s, not %s: %+v", id, j.State, s, j)
	}
	return j
}

func (r *rig) list(o *Outbox, f Filter) []Job {
	r.Helper()
	l, err := o.List(r.ctx, f)
	r.must(err)
	return l
}

// run lets a process work in the background; stop waits until it has ended.
func (r *rig) run(o *Outbox) (stop func()) {
	ctx, cancel := context.WithCancel(r.ctx)
	done := make(chan error, 1)
	go func() { done <- o.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			r.Error(err)
		}
	})
}

// effect is what a step does: it cannot be done twice.
func effect(ctx context.Context, tx store.Tx, id string) error {
	return tx.Insert(ctx, effects, store.New(id, object{}))
}

func (r *rig) wantsEffects(want ...string) {
	r.Helper()
	var got []string
	r.must(r.one.View(r.ctx, func(x store.Reader) error {
		got = nil
		docs, err := store.All(r.ctx, x, effects, query.Find{})
		for _, d := range docs {
			got = append(got, d.ID)
		}
		return err
	}))
	if !slices.Equal(got, want) {
		r.Fatalf("effects %v, want %v", got, want)
	}
}

// steps does steps 1 to 3, each committed with its mark, and calls between after each commit.
func steps(s store.Store, between func(n int) error) Handler {
	return func(ctx context.Context, run *Run) error {
		done, _ := run.Job().Progress["done"].(float64)
		for n := int(done) + 1; n <= 3; n++ {
			err := s.Update(ctx, func(tx store.Tx) error {
				if err := effect(ctx, tx, fmt.Sprint("step", n)); err != nil {
					return err
				}
				return run.Checkpoint(ctx, tx, object{"done": n})
			})
			if err != nil {
				return err
			}
			if between == nil {
				continue
			}
			if err := between(n); err != nil {
				return err
			}
		}
		run.Result(object{"steps": 3})
		return nil
	}
}

// mortal is a store as a process has it that can be killed: from then on nothing it does reaches the store.
type mortal struct {
	store.Store
	dead atomic.Bool
}

func (m *mortal) Update(ctx context.Context, fn func(store.Tx) error) error {
	if m.dead.Load() {
		return store.ErrClosed
	}
	return m.Store.Update(ctx, fn)
}

func (m *mortal) View(ctx context.Context, fn func(store.Reader) error) error {
	if m.dead.Load() {
		return store.ErrClosed
	}
	return m.Store.View(ctx, fn)
}

var errFlaky = errors.New("not this time")
