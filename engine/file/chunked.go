package file

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"formwork/engine/query"
	"formwork/engine/store"
)

const (
	chunksCollection = "chunks"
	chunkSize        = 512 << 10
	// deleteBatch is small, as the documents are large.
	deleteBatch = 8
)

// chunked keeps a blob as documents: a chunk each in <id>.000000 and so on, in base64 as documents are JSON, and at last
// <id> with the size. Without that one there is no blob.
type chunked struct {
	store store.Store

	mu    sync.Mutex
	ready bool
}

// Chunked keeps blobs in a store: for servers that share a database and no disk. The collection is made when it is
// needed.
func Chunked(s store.Store) Blobs { return &chunked{store: s} }

// prepare makes the collection once; after an error the next call tries again.
func (c *chunked) prepare(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ready {
		return nil
	}
	err := c.store.Ensure(ctx, store.Collection{
		Name:    chunksCollection,
		Columns: []query.Column{{Key: "file", Path: []string{"file"}, Kind: query.Text}},
		Indexes: []store.Index{{Key: "file", Columns: []query.Order{{Column: "file"}}}},
	})
	if err != nil {
		return fmt.Errorf("file: chunks: %w", err)
	}
	c.ready = true
	return nil
}

func chunkID(id string, n int64) string { return fmt.Sprintf("%s.%06d", id, n) }

// Put implements Blobs.
func (c *chunked) Put(ctx context.Context, id string, r io.Reader) (size int64, err error) {
	if err := check(id); err != nil {
		return 0, err
	}
	// What a Put that broke off has left would be in the way.
	if err := c.Delete(ctx, id); err != nil {
		return 0, err
	}
	if size, err = c.write(ctx, id, watched{ctx, r}); err != nil {
		_ = c.Delete(context.WithoutCancel(ctx), id)
		return 0, fmt.Errorf("put file %s: %w", id, err)
	}
	return size, nil
}

func (c *chunked) write(ctx context.Context, id string, r io.Reader) (size int64, err error) {
	b := make([]byte, chunkSize)
	for n, last := int64(0), false; !last; n++ {
		read, err := fill(r, b)
		if last = err == io.EOF; err != nil && !last {
			return 0, err
		}
		size += int64(read)
		if read == 0 {
			break
		}
		if err := c.insert(ctx, chunkID(id, n), id, "data", base64.StdEncoding.EncodeToString(b[:read])); err != nil {
			return 0, err
		}
	}
	return size, c.insert(ctx, id, id, "size", float64(size))
}

func (c *chunked) insert(ctx context.Context, key, file, member string, v any) error {
	return c.store.Update(ctx, func(tx store.Tx) error {
		return tx.Insert(ctx, chunksCollection, store.New(key, map[string]any{"file": file, member: v}))
	})
}

// Open implements Blobs.
func (c *chunked) Open(ctx context.Context, id string) (Content, error) {
	if err := check(id); err != nil {
		return nil, err
	}
	if err := c.prepare(ctx); err != nil {
		return nil, err
	}
	tree, err := c.get(ctx, id)
	if err != nil {
		return nil, err
	}
	size, _ := tree["size"].(float64)
	r := &chunkReader{ctx: ctx, from: c, id: id, size: int64(size), each: chunkSize}
	return chunkContent{io.NewSectionReader(r, 0, r.size), r}, nil
}

// chunkContent is a chunkReader with a place to read on from.
type chunkContent struct {
	*io.SectionReader
	io.Closer
}

// get is the content of a document. fs.ErrNotExist when there is none.
func (c *chunked) get(ctx context.Context, id string) (tree map[string]any, err error) {
	err = c.store.View(ctx, func(r store.Reader) error {
		d, err := r.Get(ctx, chunksCollection, id)
		if err == nil {
			tree = d.Tree()
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("file chunk %s: %w", id, fs.ErrNotExist)
	}
	return tree, err
}

// Delete implements Blobs.
func (c *chunked) Delete(ctx context.Context, id string) error {
	if check(id) != nil {
		return nil // Put has refused it
	}
	if err := c.prepare(ctx); err != nil {
		return err
	}
	// The document that makes it a blob goes first, so that no half of one is found.
	err := c.remove(ctx, id)
	for err == nil {
		var ids []string
		err = c.store.View(ctx, func(r store.Reader) error {
			ids = nil
			for d, err := range r.Find(ctx, chunksCollection, query.Find{Where: query.Is("file", id), Limit: deleteBatch}) {
				if err != nil {
					return err
				}
				ids = append(ids, d.ID)
			}
			return nil
		})
		if err != nil || len(ids) == 0 {
			break
		}
		err = c.remove(ctx, ids...)
	}
	if err != nil {
		return fmt.Errorf("delete file %s: %w", id, err)
	}
	return nil
}

func (c *chunked) remove(ctx context.Context, ids ...string) error {
	return c.store.Update(ctx, func(tx store.Tx) error {
		for _, id := range ids {
			if err := tx.Delete(ctx, chunksCollection, id, 0); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return nil
	})
}
