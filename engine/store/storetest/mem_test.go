package storetest

import (
	"testing"

	"formwork/engine/query"
	"formwork/engine/store"
)

func TestMemoryConforms(t *testing.T) {
	Run(t, func(*testing.T) store.Store { return NewMemory() })
}

// unclosed is a Memory that outlives Close, as a database does.
type unclosed struct{ *Memory }

func (unclosed) Close() error { return nil }

// kept opens one Memory per directory.
func kept() Opener {
	byDir := map[string]*Memory{}
	return func(_ *testing.T, dir string) store.Store {
		if byDir[dir] == nil {
			byDir[dir] = NewMemory()
		}
		return unclosed{byDir[dir]}
	}
}

func TestSuitesOfSeveralProcesses(t *testing.T) {
	RunReopen(t, kept())
	RunShared(t, kept())
}

func TestMemoryAgreesWithItself(t *testing.T) {
	Differential(t, 3000, 1, map[string]store.Store{"memory": NewMemory()})
}

// TestMemoryRunsAgain: a document that fn read is written before it commits.
func TestMemoryRunsAgain(t *testing.T) {
	r := newRig(t, NewMemory())
	r.must(r.insert("a", object{"count": 1.0}))
	runs := 0
	r.must(r.update(func(tx store.Tx) error {
		runs++
		d, err := tx.Get(r.ctx, r.name, "a")
		if err != nil {
			return err
		}
		if runs < 3 {
			if err := r.raise("a"); err != nil {
				return err
			}
		}
		return tx.Insert(r.ctx, r.name, store.New("b", object{"count": count(d)}))
	}))
	if runs != 3 {
		t.Fatalf("fn ran %d times", runs)
	}
	r.wantsJSON("b", `{"count":3}`)
}

// TestMemoryWillNotSaveABrokenTransaction: ignoring a duplicate does not work in MongoDB, so it does not here.
func TestMemoryWillNotSaveABrokenTransaction(t *testing.T) {
	r := newRig(t, NewMemory())
	r.must(r.insert("a", object{}))
	r.wantsDuplicate(r.update(func(tx store.Tx) error {
		_ = tx.Insert(r.ctx, r.name, store.New("b", object{}), store.New("a", object{}))
		return nil
	}), "id")
	r.wantsIDs(query.Find{}, "a")
}
