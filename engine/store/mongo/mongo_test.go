package mongo

import (
	"context"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"formwork/engine/store"
	"formwork/engine/store/storetest"
	"formwork/engine/store/storetest/mongoserver"
)

func open(t testing.TB, uri string) *Store {
	t.Helper()
	return openWith(t, Options{URI: uri})
}

func openWith(t testing.TB, opts Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// secantus says whether the server is SecantusDB. MongoDB's documentation is right where it differs; the cases that
// these tests go round are
//
//   - an index that is built while transactions are open lacks their documents, and collMod does not wait for them
//     (quiet, below);
//   - an insert reports a duplicate of a value that another document had before it was updated (TestPhantomDuplicate;
//     the driver's second, careful run inserts in two steps);
//   - an upsert by findOneAndUpdate that races with another answers with no document (Reserve tries again);
//   - $$NOW is unknown in an update (leases compare beats instead of times, which is the better way anyhow).
func secantus(t testing.TB, s *Store) bool {
	t.Helper()
	var hello struct {
		SetName string `bson:"setName"`
	}
	if err := s.db.RunCommand(t.Context(), bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		t.Fatal(err)
	}
	return hello.SetName == "secantus"
}

// quiet keeps transactions away while Ensure builds indexes.
type quiet struct {
	*Store
	building *sync.RWMutex
}

func (q quiet) Ensure(ctx context.Context, c store.Collection) error {
	q.building.Lock()
	defer q.building.Unlock()
	return q.Store.Ensure(ctx, c)
}

func (q quiet) Update(ctx context.Context, fn func(store.Tx) error) error {
	q.building.RLock()
	defer q.building.RUnlock()
	return q.Store.Update(ctx, fn)
}

func suited(t testing.TB, s *Store, building *sync.RWMutex) store.Store {
	if secantus(t, s) {
		return quiet{s, building}
	}
	return s
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		return suited(t, open(t, mongoserver.SharedDatabase(t)), new(sync.RWMutex))
	})
}

// several opens the databases of a suite by name, each under a name of its own in the server.
func several(t *testing.T) storetest.Opener {
	var building sync.RWMutex
	names := map[string]string{}
	return func(t2 *testing.T, dir string) store.Store {
		if names[dir] == "" {
			names[dir] = mongoserver.SharedDatabase(t)
		}
		return suited(t2, open(t2, names[dir]), &building)
	}
}

func TestReopen(t *testing.T) { storetest.RunReopen(t, several(t)) }

func TestShared(t *testing.T) { storetest.RunShared(t, several(t)) }

func TestDifferential(t *testing.T) {
	storetest.Differential(t, storetest.Questions(t), 1, map[string]store.Store{"mongo": open(t, mongoserver.SharedDatabase(t))})
}
