package storetest

import (
	"errors"
	"testing"

	"formwork/engine/store"
)

// promise is one subtest.
type promise struct {
	name string
	keep func(*rig)
}

// Run checks every promise of package store on one open store, each in a collection of its own. open may be called more
// than once and gives an empty or used database; the suite closes what it opens.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	s := open(t)
	t.Cleanup(func() { _ = s.Close() })
	for _, group := range [][]promise{
		documents(), versions(), uniqueness(), transactions(), concurrency(), counters(), declarations(), content(), orders(), pages(), searches(), figures(),
	} {
		for _, p := range group {
			t.Run(p.name, func(t *testing.T) { p.keep(newRig(t, s)) })
		}
	}
	t.Run("close/everything is refused afterwards", func(t *testing.T) { closed(t, open(t)) })
}

// closed checks that a closed store says so.
func closed(t *testing.T, s store.Store) {
	r := newRig(t, s)
	r.must(s.Close())
	never := func() error { t.Error("fn ran on a closed store"); return nil }
	_, reserve := s.Reserve(r.ctx, r.name, 1)
	_, watch := s.Watch(r.ctx, r.name)
	for i, err := range []error{
		s.View(r.ctx, func(store.Reader) error { return never() }), s.Update(r.ctx, func(store.Tx) error { return never() }),
		s.Ensure(r.ctx, r.things()), s.Drop(r.ctx, r.name), s.Ping(r.ctx), reserve, watch,
	} {
		if !errors.Is(err, store.ErrClosed) {
			t.Errorf("call %d on a closed store: %v", i, err)
		}
	}
}
