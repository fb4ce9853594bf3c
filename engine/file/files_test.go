package file_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"formwork/engine/file"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/engine/store/storetest"
	"formwork/schemas/problem"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// rig is files on a store, with a clock and a way to make the bytes' deletion fail.
type rig struct {
	*file.Files
	*testing.T
	store store.Store
	blobs *fragile
	now   time.Time
}

type fragile struct {
	file.Blobs
	broken error
}

func (f *fragile) Delete(ctx context.Context, id string) error {
	if f.broken != nil {
		return f.broken
	}
	return f.Blobs.Delete(ctx, id)
}

func eachFiles(t *testing.T, test func(*rig)) {
	run := func(name string, open func(*testing.T) store.Store, blobs func(*testing.T, store.Store) file.Blobs) {
		t.Run(name, func(t *testing.T) {
			r := &rig{T: t, store: open(t), now: noon}
			r.blobs = &fragile{Blobs: blobs(t, r.store)}
			var ids atomic.Int64
			f, err := file.Open(t.Context(), file.Options{Store: r.store, Blobs: r.blobs, Now: func() time.Time { return r.now },
				NewID: func() string { return fmt.Sprintf("%024x", ids.Add(1)) }})
			must(t, err)
			r.Files = f
			test(r)
		})
	}
	memory := func(*testing.T) store.Store { return storetest.NewMemory() }
	dir := func(t *testing.T, _ store.Store) file.Blobs { return file.Dir(filepath.Join(t.TempDir(), "files")) }
	chunked := func(_ *testing.T, s store.Store) file.Blobs { return file.Chunked(s) }
	run("memory-dir", memory, dir)
	run("memory-chunked", memory, chunked)
	run("sqlite-dir", openSQLite, dir)
	run("sqlite-chunked", openSQLite, chunked)
	run("mongo-chunked", openMongo, chunked)
}

func (r *rig) save(name, content string) file.Meta {
	r.Helper()
	m, err := r.Save(r.Context(), "ann", name, "", strings.NewReader(content), 0)
	must(r.T, err)
	return m
}

func (r *rig) attach(ids ...string) error {
	return r.store.Update(r.Context(), func(tx store.Tx) error { return r.Attach(r.Context(), tx, ids...) })
}

// stored counts metadata, that which readers do not see too.
func (r *rig) stored() int {
	r.Helper()
	var n int
	must(r.T, r.store.View(r.Context(), func(x store.Reader) (err error) {
		n, err = x.Count(r.Context(), "files", query.Where{}, query.Both, 0)
		return err
	}))
	return n
}

func (r *rig) gone(id string) {
	r.Helper()
	if _, err := r.Get(r.Context(), id); problem.KindOf(err) != problem.NotFound {
		r.Errorf("get says %v", err)
	}
	if _, _, err := r.Read(r.Context(), id); problem.KindOf(err) != problem.NotFound {
		r.Errorf("read says %v", err)
	}
	if err := r.attach(id); problem.KindOf(err) != problem.NotFound {
		r.Errorf("attach says %v", err)
	}
}

func TestSaveAndRead(t *testing.T) {
	eachFiles(t, func(r *rig) {
		content := append([]byte("%PDF-1.7\n"), noise(700_000)...)
		saved, err := r.Save(r.Context(), "ann", `C:\Users\ann\报价单.pdf`, "image/png", bytes.NewReader(content), int64(len(content)))
		must(r.T, err)
		sum := sha256.Sum256(content)
		want := file.Meta{ID: saved.ID, Name: "报价单.pdf", Size: int64(len(content)), Type: "application/pdf", SHA256: hex.EncodeToString(sum[:]), At: noon, By: "ann"}
		if saved != want {
			r.Errorf("saved %+v, want %+v", saved, want)
		}
		c, m, err := r.Read(r.Context(), saved.ID)
		must(r.T, err)
		defer c.Close()
		got, err := io.ReadAll(c)
		if err != nil || !bytes.Equal(got, content) || m != want {
			r.Errorf("read %d bytes and %+v, %v", len(got), m, err)
		}
	})
}

func TestSaveRefuses(t *testing.T) {
	reset := errors.New("connection reset")
	for _, c := range []struct {
		what  string
		from  io.Reader
		limit int64
		want  func(error) bool
	}{
		{"nothing", strings.NewReader(""), 0, func(err error) bool {
			return problem.KindOf(err) == problem.Invalid && problem.Of(err)[0].Code == "file-empty"
		}},
		{"one byte too much", strings.NewReader("12345"), 4, tooLarge(4)},
		{"too much, seen late", bytes.NewReader(noise(900_000)), 800_000, tooLarge(800_000)},
		{"a small upload that breaks off", io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(io.ErrUnexpectedEOF)), 0, is(io.ErrUnexpectedEOF)},
		{"a large upload that breaks off", io.MultiReader(bytes.NewReader(noise(600_000)), iotest.ErrReader(reset)), 0, is(reset)},
	} {
		t.Run(c.what, func(t *testing.T) {
			content, err := io.ReadAll(c.from)
			eachFiles(t, func(r *rig) {
				from := io.Reader(bytes.NewReader(content))
				if err != nil {
					from = io.MultiReader(from, iotest.ErrReader(err))
				}
				if _, err := r.Save(r.Context(), "ann", "a.txt", "", from, c.limit); !c.want(err) {
					r.Errorf("error %v", err)
				}
				if n := r.stored(); n != 0 {
					r.Errorf("%d left behind", n)
				}
			})
		})
	}
}

func tooLarge(limit int64) func(error) bool {
	return func(err error) bool {
		return problem.KindOf(err) == problem.TooLarge && problem.Of(err)[0].Code == "too-large" && problem.Of(err)[0].Params["limit"] == limit
	}
}

func is(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }

// While a file is being saved nobody finds it.
func TestAFileIsThereWhenAllOfItIs(t *testing.T) {
	eachFiles(t, func(r *rig) {
		checked := false
		_, err := r.Save(r.Context(), "ann", "a.bin", "", io.MultiReader(bytes.NewReader(noise(5000)), readerFunc(func([]byte) (int, error) {
			r.gone(fmt.Sprintf("%024x", 1))
			checked = true
			return 0, io.EOF
		})), 0)
		must(r.T, err)
		if !checked {
			r.Error("the end was not reached")
		}
		if _, err := r.Get(r.Context(), fmt.Sprintf("%024x", 1)); err != nil {
			r.Error(err)
		}
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestSweepTakesWhatIsNotAttached(t *testing.T) {
	eachFiles(t, func(r *rig) {
		kept, old := r.save("kept.txt", "in a record"), r.save("old.txt", "forgotten")
		must(r.T, r.attach(kept.ID, kept.ID))
		must(r.T, r.attach(kept.ID))
		r.now = noon.Add(time.Hour)
		young := r.save("young.txt", "on its way")
		n, err := r.Sweep(r.Context(), noon)
		if n != 0 || err != nil {
			r.Errorf("swept %d at the time of the oldest, %v", n, err)
		}
		n, err = r.Sweep(r.Context(), noon.Add(time.Hour))
		if n != 1 || err != nil {
			r.Errorf("swept %d, %v", n, err)
		}
		r.gone(old.ID)
		for id, attached := range map[string]bool{kept.ID: true, young.ID: false} {
			c, m, err := r.Read(r.Context(), id)
			must(r.T, err)
			must(r.T, c.Close())
			if m.Attached != attached {
				r.Errorf("%s attached: %v", m.Name, m.Attached)
			}
		}
		if n := r.stored(); n != 2 {
			r.Errorf("%d are stored", n)
		}
	})
}

// A sweep that stops half-way hides the file, and the next one finishes.
func TestSweepGoesOnWhereItStopped(t *testing.T) {
	eachFiles(t, func(r *rig) {
		var all []file.Meta
		for i := range 3 {
			all = append(all, r.save(fmt.Sprint(i), "content"))
		}
		r.blobs.broken = errors.New("disk is read only")
		n, err := r.Sweep(r.Context(), noon.Add(1))
		if n != 0 || err != nil {
			r.Errorf("before the millisecond has passed: %d, %v", n, err)
		}
		n, err = r.Sweep(r.Context(), noon.Add(time.Hour))
		if n != 0 || !errors.Is(err, r.blobs.broken) {
			r.Errorf("swept %d, %v", n, err)
		}
		for _, m := range all {
			r.gone(m.ID)
		}
		r.blobs.broken = nil
		n, err = r.Sweep(r.Context(), noon.Add(time.Hour))
		if n != 3 || err != nil || r.stored() != 0 {
			r.Errorf("swept %d of 3, %v, %d stored", n, err, r.stored())
		}
	})
}

// A save whose clean-up failed too, as after a crash, is swept.
func TestSweepFindsInterruptedSaves(t *testing.T) {
	eachFiles(t, func(r *rig) {
		r.blobs.broken = errors.New("disk is read only")
		if _, err := r.Save(r.Context(), "ann", "a", "", strings.NewReader("12345"), 4); err == nil || r.stored() != 0 {
			r.Fatalf("too large is seen before anything is written; error %v", err)
		}
		if _, err := r.Save(r.Context(), "ann", "a", "", bytes.NewReader(noise(9000)), 8000); problem.KindOf(err) != problem.TooLarge || r.stored() != 1 {
			r.Fatalf("error %v, %d stored", err, r.stored())
		}
		r.blobs.broken = nil
		n, err := r.Sweep(r.Context(), noon.Add(time.Hour))
		if n != 1 || err != nil || r.stored() != 0 {
			r.Errorf("swept %d, %v, %d stored", n, err, r.stored())
		}
	})
}

func TestSweepOfMoreThanAPage(t *testing.T) {
	eachFiles(t, func(r *rig) {
		if testing.Short() {
			r.Skip("many files")
		}
		for i := range 205 {
			m := r.save(fmt.Sprint(i), "content")
			if i%5 == 0 {
				must(r.T, r.attach(m.ID))
			}
		}
		n, err := r.Sweep(r.Context(), noon.Add(time.Hour))
		if n != 164 || err != nil || r.stored() != 41 {
			r.Errorf("swept %d, %v, %d stored", n, err, r.stored())
		}
	})
}

func TestNames(t *testing.T) {
	eachFiles(t, func(r *rig) {
		for _, c := range []struct{ said, want string }{
			{"a.txt", "a.txt"}, {"../../etc/passwd", "passwd"}, {`..\boot.ini`, "boot.ini"}, {"/", "file"}, {"", "file"}, {"..", "file"}, {" . ", "file"},
			{"a\x00\r\n\tb.txt", "ab.txt"}, {"harmless\u202etxt.exe", "harmlesstxt.exe"}, {"bad\xff\xfe.txt", "bad.txt"}, {" 合同 (1).pdf ", "合同 (1).pdf"},
			{strings.Repeat("长", 200) + ".pdf", strings.Repeat("长", 83) + ".pdf"}, {strings.Repeat("x", 300), strings.Repeat("x", 255)},
		} {
			m := r.save(c.said, "x")
			if m.Name != c.want || len(m.Name) > 255 || !utf8.ValidString(m.Name) {
				r.Errorf("%q became %q, want %q", c.said, m.Name, c.want)
			}
		}
	})
}

func TestTypeIsThatOfTheContent(t *testing.T) {
	const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	archive := archiveOf(t, "a.bin")
	const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	eachFiles(t, func(r *rig) {
		for _, c := range []struct{ content, name, said, want string }{
			{png, "a.pdf", "application/pdf", "image/png"},
			{"<!DOCTYPE html><script>alert(1)</script>", "a.png", "image/png", "text/html"},
			{"just words", "a.html", "text/html", "text/plain"},
			{"name;size\nx;1\n", "a.csv", "", "text/csv"},
			{"name;size\nx;1\n", "a.dat", "text/csv; charset=gbk", "text/csv"},
			{"# Title", "README.MD", "application/octet-stream", "text/markdown"},
			{archive, "a.xlsx", xlsx, xlsx},
			{archive, "a.xlsx", "", xlsx},
			{archive, "a.exe", "application/x-msdownload", "application/zip"},
			{"\x01\x02\x03\x04", "a.js", "text/javascript", "application/octet-stream"},
		} {
			m, err := r.Save(r.Context(), "", c.name, c.said, strings.NewReader(c.content), 0)
			must(r.T, err)
			if m.Type != c.want {
				r.Errorf("%s said to be %q is stored as %q, want %q", c.name, c.said, m.Type, c.want)
			}
		}
	})
}

// archiveOf is a zip file that nothing marks as more than that.
func archiveOf(t *testing.T, entry string) string {
	t.Helper()
	var b strings.Builder
	z := zip.NewWriter(&b)
	_, err := z.Create(entry)
	must(t, err)
	must(t, z.Close())
	return b.String()
}

// uncertain is a store whose transactions report an error from the n-th on, counted from 0: after they committed, as
// when the answer is lost, or instead.
type uncertain struct {
	store.Store
	from      int
	committed bool
	n         int
}

var errLost = errors.New("no answer")

func (u *uncertain) Update(ctx context.Context, fn func(store.Tx) error) error {
	u.n++
	if u.n != u.from+1 {
		return u.Store.Update(ctx, fn)
	}
	if u.committed {
		if err := u.Store.Update(ctx, fn); err != nil {
			return err
		}
	}
	return errLost
}

// The second transaction of Save is the one that makes the file appear.
func TestSaveWhoseCommitIsUncertain(t *testing.T) {
	for _, committed := range []bool{true, false} {
		t.Run(fmt.Sprint("committed ", committed), func(t *testing.T) {
			s := &uncertain{Store: storetest.NewMemory(), from: 1, committed: committed}
			blobs := file.Dir(t.TempDir())
			f, err := file.Open(t.Context(), file.Options{Store: s, Blobs: blobs, Now: func() time.Time { return noon }, NewID: func() string { return id }})
			must(t, err)
			_, err = f.Save(t.Context(), "ann", "a.txt", "", strings.NewReader("text"), 0)
			if committed != (err == nil) || !committed && !errors.Is(err, errLost) {
				t.Errorf("save says %v", err)
			}
			c, _, err := f.Read(t.Context(), id)
			if committed {
				must(t, err)
				must(t, c.Close())
				return
			}
			if problem.KindOf(err) != problem.NotFound {
				t.Errorf("read says %v", err)
			}
			if _, err := blobs.Open(t.Context(), id); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the bytes are still there: %v", err)
			}
		})
	}
}

// A save that is slower than Sweep is patient fails, rather than leave a file without bytes.
func TestSweepDuringASave(t *testing.T) {
	eachFiles(t, func(r *rig) {
		_, err := r.Save(r.Context(), "ann", "a.bin", "", io.MultiReader(bytes.NewReader(noise(5000)), readerFunc(func([]byte) (int, error) {
			if n, err := r.Sweep(r.Context(), noon.Add(time.Hour)); n != 1 || err != nil {
				r.Errorf("swept %d, %v", n, err)
			}
			return 0, io.EOF
		})), 0)
		if err == nil {
			r.Error("saved what was swept")
		}
		r.gone(fmt.Sprintf("%024x", 1))
		if n := r.stored(); n != 0 {
			r.Errorf("%d left behind", n)
		}
	})
}
