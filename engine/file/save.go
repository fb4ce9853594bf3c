package file

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"formwork/engine/store"
	"formwork/schemas/problem"
)

// Save keeps a new file. It streams: no more than a chunk is in memory. limit is in bytes, 0 for none.
//
// The type is found in the content; contentType and the ending of the name only choose between types that begin alike. An
// empty file is a *problem.Failure of kind Invalid (file-empty), one above the limit of kind TooLarge (too-large). An
// error of r is found by errors.Is. After an error nothing is kept.
func (f *Files) Save(ctx context.Context, by, name, contentType string, r io.Reader, limit int64) (Meta, error) {
	head := make([]byte, headSize)
	n, err := fill(r, head)
	head = head[:n]
	switch {
	case err != nil && err != io.EOF:
		return Meta{}, fmt.Errorf("read file: %w", err)
	case n == 0:
		return Meta{}, problem.Fail(problem.Invalid, "file-empty", "", nil)
	case limit > 0 && int64(n) > limit:
		return Meta{}, tooLarge(limit)
	}
	m := Meta{ID: f.NewID(), Name: clean(name), Type: kindOf(head, contentType, name), At: f.now(), By: by}
	if err := f.begin(ctx, m); err != nil {
		return Meta{}, fmt.Errorf("save file: %w", err)
	}
	sum := sha256.New()
	in := &limited{r: io.MultiReader(bytes.NewReader(head), r), limit: limit}
	if m.Size, err = f.Blobs.Put(ctx, m.ID, io.TeeReader(in, sum)); err == nil {
		m.SHA256, m.At = hex.EncodeToString(sum.Sum(nil)), f.now() // a slow upload must not be old when it ends
		err = f.commit(ctx, m)
	}
	if err == nil {
		return m, nil
	}
	// A commit may have happened although it reported an error: what stands in the store decides. What cannot be cleaned
	// up now Sweep will find.
	ctx = context.WithoutCancel(ctx)
	if hidden, e := f.hide(ctx, m.ID, true); e == nil && hidden {
		_ = f.discard(ctx, m.ID)
	} else if e == nil {
		if kept, e := f.Get(ctx, m.ID); e == nil {
			return kept, nil
		}
	}
	return Meta{}, fmt.Errorf("save file: %w", err)
}

// begin enters the file in the recycle bin, before there are bytes.
func (f *Files) begin(ctx context.Context, m Meta) error {
	return f.Store.Update(ctx, func(tx store.Tx) error {
		d := m.doc()
		d.Deleted = true
		return tx.Insert(ctx, collection, d)
	})
}

// commit takes the file out of the bin. It must be as begin left it: a Sweep that took it for a broken one has changed
// its version, and the bytes may be gone.
func (f *Files) commit(ctx context.Context, m Meta) error {
	return f.Store.Update(ctx, func(tx store.Tx) error { return tx.Replace(ctx, collection, m.doc(), 1) })
}

// hide puts a file into the bin, or marks one that is there, so that it cannot be taken out. With inBin it leaves one
// that has come out alone. false when there was nothing to hide.
func (f *Files) hide(ctx context.Context, id string, inBin bool) (hidden bool, err error) {
	err = f.Store.Update(ctx, func(tx store.Tx) error {
		hidden = false
		d, err := tx.Get(ctx, collection, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		m := read(d)
		if m.Attached || inBin && !d.Deleted {
			return nil
		}
		hidden = true
		if d.Deleted && d.Version > 1 {
			return nil // marked before
		}
		now := m.doc()
		now.Deleted = true
		return tx.Replace(ctx, collection, now, d.Version)
	})
	return hidden, err
}

// discard deletes the bytes of a hidden file, and then what is known of it.
func (f *Files) discard(ctx context.Context, id string) error {
	if err := f.Blobs.Delete(ctx, id); err != nil {
		return err
	}
	err := f.Store.Update(ctx, func(tx store.Tx) error { return tx.Delete(ctx, collection, id, 0) })
	if errors.Is(err, store.ErrNotFound) {
		return nil // another process sweeps too
	}
	return err
}

// limited fails above a limit, when it is not 0.
type limited struct {
	r        io.Reader
	n, limit int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.n += int64(n)
	if l.limit > 0 && l.n > l.limit {
		return 0, tooLarge(l.limit)
	}
	return n, err
}

func tooLarge(limit int64) error {
	return problem.Fail(problem.TooLarge, "too-large", "", problem.P{"limit": limit})
}
