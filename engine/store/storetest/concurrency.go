package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"formwork/engine/query"
	"formwork/engine/store"
)

// together runs fn n times at once and gives the errors.
func (r *rig) together(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = fn(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

func count(d *store.Doc) float64 {
	n, _ := d.Tree()["count"].(float64)
	return n
}

// raise adds one to a document's count.
func (r *rig) raise(id string) error {
	return r.change(id, func(d *store.Doc) *store.Doc { return store.New(id, object{"count": count(d) + 1}) })
}

// concurrency: callers at the same time.
func concurrency() []promise {
	return []promise{
		{"concurrency/400 read-modify-writes make 400", func(r *rig) {
			r.must(r.insert("a", object{"count": 0.0}))
			for _, err := range r.together(400, func(int) error { return r.raise("a") }) {
				r.must(err)
			}
			r.wantsJSON("a", `{"count":400}`)
			r.view(func(x store.Reader) {
				d, err := x.Get(r.ctx, r.name, "a")
				r.must(err)
				if d.Version != 401 {
					r.Fatalf("version %d", d.Version)
				}
			})
		}},
		{"concurrency/a document claimed by 60 goes to one", func(r *rig) {
			r.must(r.insert("job", object{}))
			taken := errors.New("taken")
			var won atomic.Int64
			for i, err := range r.together(60, func(i int) error {
				return r.update(func(tx store.Tx) error {
					d, err := tx.Get(r.ctx, r.name, "job")
					if err != nil {
						return err
					}
					if d.Tree()["name"] != nil {
						return taken
					}
					return tx.Replace(r.ctx, r.name, store.New("job", object{"name": fmt.Sprint("worker ", i)}), d.Version)
				})
			}) {
				switch {
				case err == nil:
					won.Add(1)
					r.wantsJSON("job", fmt.Sprintf(`{"name":"worker %d"}`, i))
				case !errors.Is(err, taken):
					r.Fatal(err)
				}
			}
			if won.Load() != 1 {
				r.Fatalf("%d workers have it", won.Load())
			}
		}},
		{"concurrency/jobs found by query are claimed once each", func(r *rig) {
			trees := make([]object, 40)
			for i := range trees {
				trees[i] = object{"code": "due", "count": float64(i)}
			}
			r.fill(trees...)
			var mu sync.Mutex
			claimed := map[string]int{}
			for _, err := range r.together(4, func(int) error {
				for {
					id, err := r.claim()
					if errors.Is(err, store.ErrNotFound) {
						return nil
					}
					if err != nil {
						return err
					}
					mu.Lock()
					claimed[id]++
					mu.Unlock()
				}
			}) {
				r.must(err)
			}
			for id, n := range claimed {
				if n != 1 {
					r.Errorf("%s claimed %d times", id, n)
				}
			}
			if len(claimed) != 40 {
				r.Fatalf("%d of 40 claimed", len(claimed))
			}
		}},
		{"concurrency/what was read and changed meanwhile makes it run again", func(r *rig) {
			// two on call; each may leave only while the other stays: reading without writing must still be noticed
			for round := range 20 {
				a, b := fmt.Sprint("a", round), fmt.Sprint("b", round)
				r.must(r.insert(a, object{"done": false}))
				r.must(r.insert(b, object{"done": false}))
				leave := func(me, other string) error {
					return r.update(func(tx store.Tx) error {
						mine, err := tx.Get(r.ctx, r.name, me)
						if err != nil {
							return err
						}
						theirs, err := tx.Get(r.ctx, r.name, other)
						if err != nil || theirs.Tree()["done"] == true {
							return err
						}
						return tx.Replace(r.ctx, r.name, store.New(me, object{"done": true}), mine.Version)
					})
				}
				for _, err := range r.together(2, func(i int) error {
					if i == 0 {
						return leave(a, b)
					}
					return leave(b, a)
				}) {
					r.must(err)
				}
				if r.get(a) == `{"done":true}` && r.get(b) == `{"done":true}` {
					r.Fatalf("round %d: both left", round)
				}
			}
		}},
		{"concurrency/some of a group fail, the others stand", func(r *rig) {
			r.must(r.s.Ensure(r.ctx, r.things(unique("u", "code"))))
			r.must(r.insert("old", object{"code": "taken"}))
			mine := errors.New("mine")
			errs := r.together(64, func(i int) (err error) {
				defer func() {
					if recover() != nil {
						err = mine
					}
				}()
				return r.update(func(tx store.Tx) error {
					if err := tx.Insert(r.ctx, r.name, store.New(number(i), object{"count": float64(i)})); err != nil {
						return err
					}
					switch i % 8 {
					case 1:
						return mine
					case 2:
						panic("fn")
					case 3:
						return tx.Insert(r.ctx, r.name, store.New("old", object{}))
					case 4:
						return tx.Insert(r.ctx, r.name, store.New(number(i)+"x", object{"code": "taken"}))
					case 5:
						return tx.Replace(r.ctx, r.name, store.New("old", object{}), 77)
					}
					return nil
				})
			})
			want := ""
			for i, err := range errs {
				switch i % 8 {
				case 1:
					r.wants(err, mine)
				case 2:
					if err == nil {
						r.Fatal("the panic was swallowed")
					}
				case 3:
					r.wantsDuplicate(err, "id")
				case 4:
					r.wantsDuplicate(err, "u")
				case 5:
					r.wants(err, store.ErrConflict)
				default:
					r.must(err)
					want += number(i) + " "
				}
			}
			r.wantsIDs(query.Find{Which: query.Both}, want+"old")
		}},
		{"concurrency/a context that ends in the queue harms nobody", func(r *rig) {
			first, release := make(chan struct{}), make(chan struct{})
			var once sync.Once
			slow := make(chan error, 1)
			go func() {
				slow <- r.update(func(tx store.Tx) error {
					once.Do(func() { close(first) })
					<-release
					return tx.Insert(r.ctx, r.name, store.New("slow", object{}))
				})
			}()
			<-first
			cancels := make([]context.CancelFunc, 30)
			ctxs := make([]context.Context, 30)
			for i := range ctxs {
				ctxs[i], cancels[i] = context.WithCancel(r.ctx)
				defer cancels[i]()
			}
			var here sync.WaitGroup
			here.Add(30)
			go func() {
				here.Wait() // all are about to ask
				for i := 0; i < 30; i += 2 {
					cancels[i]()
				}
				close(release)
			}()
			errs := r.together(30, func(i int) error {
				here.Done()
				return r.s.Update(ctxs[i], func(tx store.Tx) error { return tx.Insert(ctxs[i], r.name, store.New(number(i), object{})) })
			})
			r.must(<-slow)
			for i, err := range errs {
				switch {
				case err == nil:
					r.wantsJSON(number(i), "{}")
				case i%2 == 0 && errors.Is(err, context.Canceled):
					r.wantsJSON(number(i), "")
				default:
					r.Fatalf("caller %d: %v", i, err)
				}
			}
			r.wantsJSON("slow", "{}")
		}},
		{"concurrency/readers never see half a transaction", func(r *rig) {
			r.must(r.insert("a", object{"count": 100.0}))
			r.must(r.insert("b", object{"count": 0.0}))
			stop := make(chan struct{})
			writes := make(chan error, 1)
			go func() {
				defer close(stop)
				for range 60 {
					if err := r.move("a", "b"); err != nil {
						writes <- err
						return
					}
				}
				writes <- nil
			}()
			for reading := true; reading; {
				select {
				case <-stop:
					reading = false
				default:
				}
				r.view(func(x store.Reader) {
					rows, err := x.Aggregate(r.ctx, r.name, query.Aggregate{Measures: []query.Measure{{Fn: query.Sum, Column: "count"}}})
					r.must(err)
					if got := spellRow(rows[0]); got != "=> sum:100" {
						r.Fatalf("the total is %s", got)
					}
				})
			}
			r.must(<-writes)
			r.wantsJSON("b", `{"count":60}`)
		}},
	}
}

// claim takes the first document that is due and gives its id.
func (r *rig) claim() (id string, err error) {
	err = r.update(func(tx store.Tx) error {
		d, err := store.One(r.ctx, tx, r.name, query.Find{Where: query.Is("code", "due"), Sort: by("count")})
		if err != nil {
			return err
		}
		id = d.ID
		return tx.Replace(r.ctx, r.name, store.New(d.ID, object{"code": "taken"}), d.Version)
	})
	return id, err
}

// move takes one from a document's count and gives it to another's.
func (r *rig) move(from, to string) error {
	return r.update(func(tx store.Tx) error {
		for _, step := range []struct {
			id string
			n  float64
		}{{from, -1}, {to, 1}} {
			d, err := tx.Get(r.ctx, r.name, step.id)
			if err != nil {
				return err
			}
			if err := tx.Replace(r.ctx, r.name, store.New(step.id, object{"count": count(d) + step.n}), d.Version); err != nil {
				return err
			}
		}
		return nil
	})
}
