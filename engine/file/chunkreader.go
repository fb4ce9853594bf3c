package file

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"sync"
)

// kept is how many chunks a reader remembers: who reads an archive goes to and fro between few places.
const kept = 4

// chunkReader reads a blob of Chunked at any place. Safe for concurrent use.
type chunkReader struct {
	ctx        context.Context
	from       *chunked
	id         string
	size, each int64

	mu     sync.Mutex
	recent []chunk // the latest last
	closed bool
}

type chunk struct {
	n    int64
	data []byte // read only
}

func (r *chunkReader) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, fmt.Errorf("file %s: read at %d: %w", r.id, off, fs.ErrInvalid)
	}
	for n < len(p) {
		if off >= r.size {
			return n, io.EOF
		}
		data, err := r.chunk(off / r.each)
		if err != nil {
			return n, err
		}
		at := off % r.each
		if at >= int64(len(data)) {
			return n, fmt.Errorf("file %s: its chunk %d is too short", r.id, off/r.each)
		}
		copied := copy(p[n:], data[at:])
		n, off = n+copied, off+int64(copied)
	}
	return n, nil
}

// chunk is the n-th, from memory if it is there. Two who ask for a new one at a time both fetch it.
func (r *chunkReader) chunk(n int64) ([]byte, error) {
	data, err := r.remembered(n)
	if data != nil || err != nil {
		return data, err
	}
	tree, err := r.from.get(r.ctx, chunkID(r.id, n))
	if err != nil {
		return nil, err
	}
	text, _ := tree["data"].(string)
	if data, err = base64.StdEncoding.DecodeString(text); err != nil {
		return nil, fmt.Errorf("file %s: its chunk %d is damaged: %w", r.id, n, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.recent) >= kept {
		r.recent = append(r.recent[:0], r.recent[1:]...)
	}
	r.recent = append(r.recent, chunk{n, data})
	return data, nil
}

func (r *chunkReader) remembered(n int64) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, fs.ErrClosed
	}
	for i, c := range r.recent {
		if c.n == n {
			r.recent = append(append(r.recent[:i], r.recent[i+1:]...), c)
			return c.data, nil
		}
	}
	return nil, nil
}

func (r *chunkReader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return fs.ErrClosed
	}
	r.closed, r.recent = true, nil
	return nil
}
