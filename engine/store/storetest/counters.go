package storetest

import (
	"context"
	"errors"
	"sync"

	"formwork/engine/store"
)

// counters: numbers and wake-ups, the two things outside documents.
func counters() []promise {
	return []promise{
		{"reserve/begins at 1 and counts on", func(r *rig) {
			name := r.counter()
			for _, c := range []struct{ n, first int64 }{{1, 1}, {1, 2}, {10, 3}, {1, 13}, {1000000, 14}, {1, 1000014}} {
				if got, err := r.s.Reserve(r.ctx, name, c.n); err != nil || got != c.first {
					r.Fatalf("reserved %d, %v; want %d", got, err, c.first)
				}
			}
			if got, err := r.s.Reserve(r.ctx, name+".other", 1); err != nil || got != 1 {
				r.Fatalf("another counter begins at %d, %v", got, err)
			}
		}},
		{"reserve/unique among callers and increasing for each", func(r *rig) {
			name := r.counter()
			var mu sync.Mutex
			seen := map[int64]bool{}
			for _, err := range r.together(8, func(i int) error {
				last := int64(0)
				for range 25 {
					n := int64(1 + i%3)
					first, err := r.s.Reserve(r.ctx, name, n)
					if err != nil {
						return err
					}
					if first <= last {
						return errors.New("not increasing")
					}
					last = first + n - 1
					mu.Lock()
					for k := first; k <= last; k++ {
						if seen[k] {
							err = errors.New("given twice")
						}
						seen[k] = true
					}
					mu.Unlock()
					if err != nil {
						return err
					}
				}
				return nil
			}) {
				r.must(err)
			}
		}},
		{"reserve/not undone by a transaction that fails", func(r *rig) {
			name := r.counter()
			first, err := r.s.Reserve(r.ctx, name, 1)
			r.must(err)
			_ = r.update(func(store.Tx) error { return errors.New("no") })
			next, err := r.s.Reserve(r.ctx, name, 1)
			r.must(err)
			if next <= first {
				r.Fatalf("%d after %d", next, first)
			}
		}},
		{"watch/an insert wakes every watcher", func(r *rig) {
			var wakes []<-chan struct{}
			for range 3 {
				w, err := r.s.Watch(r.ctx, r.name)
				r.must(err)
				wakes = append(wakes, w)
			}
			r.must(r.insert("a", object{}))
			for _, w := range wakes {
				r.woken(w)
			}
			r.must(r.insert("b", object{}))
			for _, w := range wakes {
				r.woken(w)
			}
		}},
		{"watch/never blocks the writer", func(r *rig) {
			w, err := r.s.Watch(r.ctx, r.name)
			r.must(err)
			for i := range 100 {
				r.must(r.insert(number(i), object{}))
			}
			r.woken(w)
		}},
		{"watch/ends with its context", func(r *rig) {
			ctx, cancel := context.WithCancel(r.ctx)
			_, err := r.s.Watch(ctx, r.name)
			r.must(err)
			cancel()
			r.must(r.insert("a", object{}))
			w, err := r.s.Watch(r.ctx, r.name)
			r.must(err)
			r.must(r.insert("b", object{}))
			r.woken(w)
		}},
	}
}

// counter is a name that no earlier run on the same database has used.
func (r *rig) counter() string {
	return r.name + "." + fresh()
}

// woken waits for a wake-up until the test's deadline.
func (r *rig) woken(w <-chan struct{}) {
	r.Helper()
	ctx, cancel := context.WithTimeout(r.ctx, patience)
	defer cancel()
	select {
	case <-w:
	case <-ctx.Done():
		r.Fatal("no wake-up")
	}
}
