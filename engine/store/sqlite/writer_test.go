package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/engine/store/sqlite"
)

// held keeps the writer busy until release is called, so that what is queued meanwhile shares a transaction.
func held(t *testing.T, s *sqlite.Store) (release func()) {
	t.Helper()
	started, gate, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once // it may run again
	go func() {
		done <- s.Update(context.Background(), func(store.Tx) error {
			once.Do(func() { close(started) })
			<-gate
			return nil
		})
	}()
	<-started
	return func() {
		close(gate)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func notes(t *testing.T, s *sqlite.Store) {
	t.Helper()
	err := s.Ensure(t.Context(), store.Collection{Name: "note",
		Columns: []query.Column{{Key: "name", Path: []string{"name"}, Kind: query.Text}},
		Indexes: []store.Index{{Key: "name", Columns: []query.Order{{Column: "name"}}, Unique: true}}})
	if err != nil {
		t.Fatal(err)
	}
}

func note(t store.Tx, id string) error {
	return t.Insert(context.Background(), "note", store.New(id, map[string]any{"name": id}))
}

func stored(t *testing.T, s *sqlite.Store) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	err := s.View(context.Background(), func(r store.Reader) error {
		docs, err := store.All(context.Background(), r, "note", query.Find{})
		for _, d := range docs {
			out[d.ID] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestNeighbours puts Updates that succeed, fail, collide, panic and end their goroutine into one group: each gets its
// own outcome and nobody else's.
func TestNeighbours(t *testing.T) {
	s := open(t)
	notes(t, s)
	release := held(t, s)
	refused := errors.New("refused")
	var wg sync.WaitGroup
	for i := range 40 {
		id := fmt.Sprintf("n%02d", i)
		wg.Go(func() {
			var want any
			var err error
			finished := false
			defer func() {
				p := recover()
				if i%5 == 2 && p != want || i%5 != 2 && p != nil {
					t.Errorf("%s: panic %v", id, p)
				}
				if i%5 == 3 && finished {
					t.Errorf("%s: the caller's goroutine goes on", id)
				}
			}()
			switch i % 5 {
			case 0:
				err = s.Update(context.Background(), func(x store.Tx) error { return note(x, id) })
				if err != nil {
					t.Errorf("%s: %v", id, err)
				}
			case 1:
				err = s.Update(context.Background(), func(x store.Tx) error { note(x, id); return refused })
				if err != refused {
					t.Errorf("%s: %v", id, err)
				}
			case 2:
				want = "oh"
				s.Update(context.Background(), func(x store.Tx) error { note(x, id); panic("oh") })
			case 3:
				s.Update(context.Background(), func(x store.Tx) error { note(x, id); runtime.Goexit(); return nil })
			case 4:
				err = s.Update(context.Background(), func(x store.Tx) error {
					if err := note(x, id); err != nil {
						return err
					}
					if err := note(x, id); err == nil { // collides, and the member goes on without it
						return errors.New("inserted twice")
					}
					return nil
				})
				if err != nil {
					t.Errorf("%s: %v", id, err)
				}
			}
			finished = true
		})
	}
	release()
	wg.Wait()
	have := stored(t, s)
	for i := range 40 {
		id := fmt.Sprintf("n%02d", i)
		if want := i%5 == 0 || i%5 == 4; have[id] != want {
			t.Errorf("%s stored: %v, want %v", id, have[id], want)
		}
	}
}

// TestWithdrawn ends the context of an Update that is still queued.
func TestWithdrawn(t *testing.T) {
	s := open(t)
	notes(t, s)
	release := held(t, s)
	ctx, cancel := context.WithCancel(context.Background())
	queued := make(chan error, 1)
	go func() {
		queued <- s.Update(ctx, func(x store.Tx) error { return note(x, "late") })
	}()
	cancel()
	if err := <-queued; err != context.Canceled {
		t.Errorf("withdrawn: %v", err)
	}
	release()
	if stored(t, s)["late"] {
		t.Error("a withdrawn Update ran")
	}
}

func TestSecondOpenIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "one.db")
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), sqlite.Options{Path: path}); !errors.Is(err, sqlite.ErrInUse) {
		t.Errorf("second open: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err = sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

func TestBackup(t *testing.T) {
	s := open(t)
	notes(t, s)
	if err := s.Update(t.Context(), func(x store.Tx) error { return note(x, "kept") }); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "copy ü?#.db")
	if err := s.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	c, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if !stored(t, c)["kept"] {
		t.Error("the copy lacks a document")
	}
}

// TestLogIsBounded writes far more than the log may hold, one by one and in bulk, while the search index follows.
func TestLogIsBounded(t *testing.T) {
	s := open(t)
	notes(t, s)
	if err := s.Ensure(t.Context(), deals()); err != nil {
		t.Fatal(err)
	}
	body := strings.Repeat("x", 20_000)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 1000 {
				d := store.New(fmt.Sprintf("%d-%d", w, i), map[string]any{"body": body})
				if err := s.Update(context.Background(), func(x store.Tx) error { return x.Insert(context.Background(), "note", d) }); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Go(func() {
		r := rand.New(rand.NewPCG(1, 2))
		for i := range int64(60) {
			docs := make([]*store.Doc, 0, 500)
			for j := range int64(500) {
				docs = append(docs, deal(r, i*500+j))
			}
			if err := s.Update(context.Background(), func(x store.Tx) error { return x.Insert(context.Background(), "bench.deal", docs...) }); err != nil {
				t.Error(err)
				return
			}
		}
	})
	wg.Wait()
	pages, err := s.Pages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the log has %d pages", pages)
	if pages > 3*8192 {
		t.Errorf("the log has %d pages", pages)
	}
}

// TestLostTransaction takes the whole transaction away in the middle of a group: those that had run run again, alone.
func TestLostTransaction(t *testing.T) {
	s := open(t)
	notes(t, s)
	release := held(t, s)
	var wg sync.WaitGroup
	for i := range 30 {
		id := fmt.Sprintf("n%02d", i)
		wg.Go(func() {
			err := s.Update(context.Background(), func(x store.Tx) error {
				if err := note(x, id); err != nil || i%10 != 5 {
					return err
				}
				return sqlite.Sabotage(x)
			})
			if (err != nil) != (i%10 == 5) {
				t.Errorf("%s: %v", id, err)
			}
		})
	}
	release()
	wg.Wait()
	have := stored(t, s)
	for i := range 30 {
		if id := fmt.Sprintf("n%02d", i); have[id] != (i%10 != 5) {
			t.Errorf("%s stored: %v", id, have[id])
		}
	}
}
