package file_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"formwork/engine/file"
	"formwork/engine/store"
	"formwork/engine/store/mongo"
	"formwork/engine/store/sqlite"
	"formwork/engine/store/storetest"
	"formwork/engine/store/storetest/mongoserver"
)

const id = "65a1b2c3d4e5f60718293a4b"

func openSQLite(t *testing.T) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func openMongo(t *testing.T) store.Store {
	t.Helper()
	s, err := mongo.Open(t.Context(), mongo.Options{URI: mongoserver.SharedDatabase(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// eachBlobs runs a test on every place for bytes.
func eachBlobs(t *testing.T, test func(*testing.T, file.Blobs)) {
	t.Run("dir", func(t *testing.T) { test(t, file.Dir(filepath.Join(t.TempDir(), "files"))) })
	t.Run("chunked-memory", func(t *testing.T) { test(t, file.Chunked(storetest.NewMemory())) })
	t.Run("chunked-sqlite", func(t *testing.T) { test(t, file.Chunked(openSQLite(t))) })
	t.Run("chunked-mongo", func(t *testing.T) { test(t, file.Chunked(openMongo(t))) })
}

func noise(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestBlobsGiveBackWhatWasPut(t *testing.T) {
	const chunk = 512 << 10
	for _, size := range []int{0, 1, chunk - 1, chunk, chunk + 1, 3*chunk + 7} {
		want := noise(size)
		eachBlobs(t, func(t *testing.T, b file.Blobs) {
			n, err := b.Put(t.Context(), id, iotest.HalfReader(bytes.NewReader(want)))
			if err != nil || n != int64(size) {
				t.Fatalf("put %d of %d bytes, %v", n, size, err)
			}
			c, err := b.Open(t.Context(), id)
			must(t, err)
			got, err := io.ReadAll(c)
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%d bytes came back as %d, %v", size, len(got), err)
			}
			end, err := c.Seek(0, io.SeekEnd)
			if err != nil || end != int64(size) {
				t.Errorf("the end is at %d, %v", end, err)
			}
			must(t, c.Close())
			if _, err := c.ReadAt(make([]byte, 1), 0); err == nil {
				t.Error("a closed content reads")
			}
			must(t, b.Delete(t.Context(), id))
			if _, err := b.Open(t.Context(), id); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("deleted, and open says %v", err)
			}
			must(t, b.Delete(t.Context(), id))
		})
	}
}

func TestContentReadsAtAnyPlaceAtOnce(t *testing.T) {
	want := noise(2<<20 + 11)
	eachBlobs(t, func(t *testing.T, b file.Blobs) {
		_, err := b.Put(t.Context(), id, bytes.NewReader(want))
		must(t, err)
		c, err := b.Open(t.Context(), id)
		must(t, err)
		defer c.Close()
		var readers sync.WaitGroup
		for seed := range uint64(4) {
			readers.Go(func() {
				r := rand.New(rand.NewPCG(seed, 1))
				for range 40 {
					off := r.IntN(len(want))
					p := make([]byte, 1+r.IntN(700_000))
					n, err := c.ReadAt(p, int64(off))
					whole := off+len(p) <= len(want)
					if whole != (err == nil) || !whole && err != io.EOF || !bytes.Equal(p[:n], want[off:min(off+len(p), len(want))]) {
						t.Errorf("%d bytes at %d came back as %d, %v", len(p), off, n, err)
					}
				}
			})
		}
		readers.Wait()
		must(t, iotest.TestReader(c, want))
	})
}

// An upload that breaks off leaves nothing, whatever error it breaks off with.
func TestBlobsKeepNothingOfAPutThatFails(t *testing.T) {
	for _, broken := range []error{io.ErrUnexpectedEOF, errors.New("connection reset")} {
		eachBlobs(t, func(t *testing.T, b file.Blobs) {
			_, err := b.Put(t.Context(), id, io.MultiReader(bytes.NewReader(noise(600<<10)), iotest.ErrReader(broken)))
			if !errors.Is(err, broken) {
				t.Fatalf("put says %v, not %v", err, broken)
			}
			if _, err := b.Open(t.Context(), id); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("open says %v", err)
			}
			n, err := b.Put(t.Context(), id, strings.NewReader("again"))
			if err != nil || n != 5 {
				t.Errorf("the second try: %d, %v", n, err)
			}
		})
	}
}

func TestBlobsRefuseWhatIsNoID(t *testing.T) {
	eachBlobs(t, func(t *testing.T, b file.Blobs) {
		for _, id := range []string{"", "..", "../../../etc/passwd", "65a1b2c3/../../x", `65a1b2c3\..\x`, "65A1B2C3D4E5F60718293A4B", "65a1b2c3.part", strings.Repeat("a", 49)} {
			if _, err := b.Put(t.Context(), id, strings.NewReader("x")); err == nil {
				t.Errorf("put takes %q", id)
			}
			if _, err := b.Open(t.Context(), id); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("open %q says %v", id, err)
			}
			if err := b.Delete(t.Context(), id); err != nil {
				t.Errorf("delete %q says %v", id, err)
			}
		}
	})
}

func TestDirLaysFilesOut(t *testing.T) {
	root := filepath.Join(t.TempDir(), "files")
	b := file.Dir(root)
	_, err := b.Put(t.Context(), id, strings.NewReader("#!/bin/sh\n"))
	must(t, err)
	path := filepath.Join(root, "65", "a1", id)
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm()&0o177 != 0 {
		t.Errorf("mode %v", info.Mode())
	}
	must(t, os.WriteFile(path+".part", []byte("of a process that died"), 0o600))
	must(t, b.Delete(t.Context(), id))
	if rest, err := os.ReadDir(filepath.Dir(path)); err != nil || len(rest) > 0 {
		t.Errorf("left behind: %v, %v", rest, err)
	}
}
