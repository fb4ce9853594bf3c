package sqlite

import (
	"context"
	"slices"
	"sync"

	"formwork/engine/store"
)

// watchers are those who want to know of insertions. As the file has one process, nobody else inserts.
type watchers struct {
	mu     sync.Mutex
	byName map[string][]chan struct{}
}

// Watch implements store.Store.
func (s *Store) Watch(ctx context.Context, collection string) (<-chan struct{}, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.ended() {
		return nil, store.ErrClosed
	}
	w := &s.watch
	ch := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byName == nil {
		w.byName = map[string][]chan struct{}{}
	}
	w.byName[collection] = append(w.byName[collection], ch)
	context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.byName[collection] = slices.DeleteFunc(w.byName[collection], func(c chan struct{}) bool { return c == ch })
	})
	return ch, nil
}

// wake tells the watchers of a collection; one who has not come for the last hint gets no second.
func (w *watchers) wake(collection string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ch := range w.byName[collection] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
