package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"formwork/engine/query"
	"formwork/engine/store"
)

// TestMemory holds what the process keeps after reading and writing on every connection.
func TestMemory(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("only Linux tells")
	}
	before := resident(t)
	s := open(t)
	if err := s.Ensure(t.Context(), deals()); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range int64(20) {
		err := s.Update(t.Context(), func(x store.Tx) error {
			for j := range int64(1000) {
				if err := x.Insert(t.Context(), "bench.deal", deal(r, i*1000+j)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			err := s.View(t.Context(), func(r store.Reader) error {
				_, err := store.All(t.Context(), r, "bench.deal", query.Find{Sort: []query.Order{{Column: "cost"}}, Limit: 1000})
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if grown := resident(t) - before; grown > 80<<10 {
		t.Errorf("the process grew by %d KiB", grown)
	} else {
		t.Log(fmt.Sprintf("from %d by %d KiB", before, grown))
	}
}

// resident is the memory of the process in KiB, after giving back what is free.
func resident(t *testing.T) int {
	t.Helper()
	free()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
