package sqlite_test

import (
	"path/filepath"
	"testing"

	"formwork/engine/store"
	"formwork/engine/store/sqlite"
	"formwork/engine/store/storetest"
)

func open(t testing.TB) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t) })
}

// TestDifferential asks twice: with the ways chosen by counting, which for few documents is nearly always a small set
// of rows, and with walks and scans only.
func TestDifferential(t *testing.T) {
	n := storetest.Questions(t)
	t.Run("counted", func(t *testing.T) {
		storetest.Differential(t, n/2, 1, map[string]store.Store{"sqlite": open(t)})
	})
	t.Run("walked", func(t *testing.T) {
		s := open(t)
		s.Walk()
		storetest.Differential(t, n/2, 1_000_000, map[string]store.Store{"sqlite": s})
	})
}
