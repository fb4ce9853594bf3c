package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/engine/store/sqlite"
)

const tortureDir = "FORMWORK_TORTURE_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(tortureDir); dir != "" {
		victim(dir)
		return
	}
	os.Exit(m.Run())
}

// counted is the victim's collection. Every round declares another column, so that a backfill is under way while it
// writes.
func counted(round int) store.Collection {
	c := store.Collection{Name: "torture", Columns: []query.Column{
		{Key: "name", Path: []string{"name"}, Kind: query.Text, Order: true, Search: true},
		{Key: "part", Path: []string{"part"}, Kind: query.Number},
		{Key: "tags", Path: []string{"tags"}, Kind: query.Text, Array: true},
	}, Indexes: []store.Index{{Key: "name", Columns: []query.Order{{Column: "name"}}, Unique: true}}}
	key := "extra" + strconv.Itoa(round)
	c.Columns = append(c.Columns, query.Column{Key: key, Path: []string{"extra"}, Kind: query.Number})
	c.Indexes = append(c.Indexes, store.Index{Key: key, Columns: []query.Order{{Column: key}}})
	return c
}

// victim writes pairs of documents until it is killed and prints the number of every pair that was acknowledged.
func victim(dir string) {
	ctx := context.Background()
	round, _ := strconv.Atoi(os.Getenv("FORMWORK_TORTURE_ROUND"))
	s, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(dir, "t.db")})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	if round == 0 {
		if err := s.Ensure(ctx, counted(0)); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
	} else {
		go func() {
			if err := s.Ensure(ctx, counted(round)); err != nil {
				fmt.Println("error", err)
			}
		}()
	}
	fmt.Println("ready")
	var out sync.Mutex
	var wg sync.WaitGroup
	var next atomic.Int64
	for range 16 {
		wg.Go(func() {
			for {
				n := int64(round)*1_000_000 + next.Add(1)
				err := s.Update(ctx, func(t store.Tx) error {
					return t.Insert(ctx, "torture", half(n, 0), half(n, 1))
				})
				out.Lock()
				if err != nil {
					fmt.Println("error", err)
				} else {
					fmt.Println(n)
				}
				out.Unlock()
			}
		})
	}
	wg.Wait()
}

func half(n int64, part int) *store.Doc {
	return store.New(fmt.Sprintf("%d-%d", n, part), map[string]any{
		"name": fmt.Sprintf("Doc %d of %d", part, n), "part": float64(part), "extra": float64(n % 97), "tags": []any{"a", strconv.FormatInt(n%5, 10)},
	})
}

// TestKill kills a writing process at random moments, again and again on the same file, and asserts that every
// acknowledged write is there, that no transaction is there by half, and that the file and what is derived are sound.
func TestKill(t *testing.T) {
	rounds := 20
	if s := os.Getenv("FORMWORK_TORTURE"); s != "" {
		var err error
		if rounds, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	acknowledged := map[int64]bool{}
	for round := range rounds {
		for _, n := range killOne(t, dir, round) {
			acknowledged[n] = true
		}
		inspect(t, dir, round, acknowledged)
	}
	t.Logf("%d rounds, %d acknowledged", rounds, len(acknowledged))
	if len(acknowledged) == 0 {
		t.Error("nothing was ever acknowledged")
	}
}

func killOne(t *testing.T, dir string, round int) (acknowledged []int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), tortureDir+"="+dir, "FORMWORK_TORTURE_ROUND="+strconv.Itoa(round))
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(pipe)
	var kill *time.Timer
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF || err != nil {
			break // a line that was cut off is no acknowledgement
		}
		switch line = strings.TrimSpace(line); {
		case line == "ready":
			kill = time.AfterFunc(time.Duration(rand.IntN(300_000))*time.Microsecond, func() { cmd.Process.Kill() })
		case strings.HasPrefix(line, "error"):
			t.Errorf("round %d: %s", round, line)
		default:
			n, err := strconv.ParseInt(line, 10, 64)
			if err != nil {
				t.Fatalf("victim said %q", line)
			}
			acknowledged = append(acknowledged, n)
		}
	}
	cmd.Wait()
	if kill == nil {
		t.Fatal("the victim never got ready")
	}
	kill.Stop()
	return acknowledged
}

func inspect(t *testing.T, dir string, round int, acknowledged map[int64]bool) {
	t.Helper()
	ctx := t.Context()
	s, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(dir, "t.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Integrity(ctx); err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	if err := s.Ensure(ctx, counted(round)); err != nil {
		t.Fatal(err)
	}
	if err := s.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	key := "extra" + strconv.Itoa(round)
	err = s.View(ctx, func(r store.Reader) error {
		parts := map[string]int{}
		for d, err := range r.Find(ctx, "torture", query.Find{}) {
			if err != nil {
				return err
			}
			n, _, _ := strings.Cut(d.ID, "-")
			parts[n]++
		}
		for n, c := range parts {
			if c != 2 {
				t.Errorf("round %d: transaction %s is there by half", round, n)
			}
		}
		for n := range acknowledged {
			if parts[strconv.FormatInt(n, 10)] == 0 {
				t.Errorf("round %d: acknowledged write %d is lost", round, n)
			}
		}
		for what, w := range map[string]query.Where{
			"column":      {Leaf: &query.Leaf{Column: key, Test: query.Empty, Not: true}},
			"side table":  {Leaf: &query.Leaf{Column: "tags", Test: query.HasAny, Values: []any{"a"}}},
			"search":      {Leaf: &query.Leaf{Test: query.Search, Among: []string{"name"}, Values: []any{"doc "}}},
			"backfill 97": {Leaf: &query.Leaf{Column: key, Test: query.Range, Min: int64(0), Max: int64(96)}},
		} {
			n, err := r.Count(ctx, "torture", w, query.Live, 0)
			if err != nil {
				return err
			}
			if n != 2*len(parts) {
				t.Errorf("round %d: %s finds %d of %d", round, what, n, 2*len(parts))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
