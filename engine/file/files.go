package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const collection = "files"

// Options are what Files needs. All but Now are required.
type Options struct {
	Store store.Store
	Blobs Blobs
	Now   func() time.Time // default time.Now
	NewID func() string    // unique, 8 to 48 of 0-9 a-z -
}

// Files keeps attachments. Safe for concurrent use.
type Files struct {
	Options
}

// Meta is what is known of a file.
type Meta struct {
	ID       string
	Name     string // fit for a disk: no path, at most 255 bytes
	Size     int64  // bytes, more than 0
	Type     string // media type in lower case, without parameters
	SHA256   string // of the content, in hexadecimal
	At       time.Time
	By       string // the user who sent it, "" for the system
	Attached bool   // a record has it, so it stays
}

// Open prepares the collection.
func Open(ctx context.Context, o Options) (*Files, error) {
	if o.Store == nil || o.Blobs == nil || o.NewID == nil {
		return nil, errors.New("file: Options without Store, Blobs or NewID")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := o.Store.Ensure(ctx, declaration()); err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	return &Files{o}, nil
}

// declaration of the collection. "loose" is the time of a file that is not attached, so its index is as small as what
// Sweep has to look at; it covers the recycle bin, where files are that are being saved or deleted.
func declaration() store.Collection {
	return store.Collection{
		Name:    collection,
		Columns: []query.Column{{Key: loose, Path: []string{loose}, Kind: query.Instant}},
		Indexes: []store.Index{{Key: loose, Columns: []query.Order{{Column: loose}}, All: true}},
	}
}

const loose = "loose"

// Get finds a file. A *problem.Failure of kind NotFound.
func (f *Files) Get(ctx context.Context, id string) (Meta, error) {
	if check(id) != nil {
		return Meta{}, notFound(id, nil)
	}
	var m Meta
	err := f.Store.View(ctx, func(r store.Reader) error {
		d, err := r.Get(ctx, collection, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && d.Deleted {
			return notFound(id, err)
		}
		if err != nil {
			return err
		}
		m = read(d)
		return nil
	})
	return m, err
}

// Entry is who sent a file, and what a record holds of it, within a transaction of the caller. ok is false when there is no
// such file.
func (f *Files) Entry(ctx context.Context, r store.Reader, id string) (by string, entry map[string]any, ok bool, err error) {
	if check(id) != nil {
		return "", nil, false, nil
	}
	d, err := r.Get(ctx, collection, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && d.Deleted {
		return "", nil, false, nil
	}
	if err != nil {
		return "", nil, false, err
	}
	m := read(d)
	return m.By, map[string]any{"id": m.ID, "name": m.Name, "size": float64(m.Size), "type": m.Type}, true, nil
}

// Read opens a file. ctx must last as long as the content is read. A *problem.Failure of kind NotFound.
func (f *Files) Read(ctx context.Context, id string) (Content, Meta, error) {
	m, err := f.Get(ctx, id)
	if err != nil {
		return nil, Meta{}, err
	}
	c, err := f.Blobs.Open(ctx, id)
	if err == nil {
		return c, m, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		if _, again := f.Get(ctx, id); problem.KindOf(again) == problem.NotFound {
			return nil, Meta{}, again // it was swept in between; else bytes are missing, which is another matter
		}
	}
	return nil, Meta{}, fmt.Errorf("open file %s: %w", id, err)
}

// Attach marks files as belonging to a record, in the transaction that writes it: from then on they stay. A
// *problem.Failure of kind NotFound, with the id as parameter "file", when one does not exist or is being swept.
func (f *Files) Attach(ctx context.Context, tx store.Tx, ids ...string) error {
	for _, id := range ids {
		if check(id) != nil {
			return notFound(id, nil)
		}
		d, err := tx.Get(ctx, collection, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && d.Deleted {
			return notFound(id, err)
		}
		if err != nil {
			return err
		}
		m := read(d)
		if m.Attached {
			continue
		}
		m.Attached = true
		if err := tx.Replace(ctx, collection, m.doc(), d.Version); err != nil {
			return err
		}
	}
	return nil
}

func notFound(id string, cause error) error {
	return &problem.Failure{Kind: problem.NotFound, Cause: cause, Problems: problem.List{problem.New("not-found", "", problem.P{"file": id})}}
}

func (m Meta) doc() *store.Doc {
	at := value.FormatInstant(m.At.UnixMilli())
	tree := map[string]any{"name": m.Name, "size": float64(m.Size), "type": m.Type, "at": at, "attached": m.Attached}
	if m.SHA256 != "" {
		tree["sha256"] = m.SHA256
	}
	if m.By != "" {
		tree["by"] = m.By
	}
	if !m.Attached {
		tree[loose] = at
	}
	return store.New(m.ID, tree)
}

func read(d *store.Doc) Meta {
	tree := d.Tree()
	text := func(key string) string { s, _ := tree[key].(string); return s }
	size, _ := tree["size"].(float64)
	attached, _ := tree["attached"].(bool)
	m := Meta{ID: d.ID, Name: text("name"), Size: int64(size), Type: text("type"), SHA256: text("sha256"), By: text("by"), Attached: attached}
	if ms, err := value.ParseInstant(text("at")); err == nil {
		m.At = time.UnixMilli(ms).UTC()
	}
	return m
}

// now is the injected clock at the precision of the store.
func (f *Files) now() time.Time { return f.Now().UTC().Truncate(time.Millisecond) }
