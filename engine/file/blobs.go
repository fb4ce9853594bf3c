package file

import (
	"context"
	"fmt"
	"io"
	"io/fs"
)

// Blobs keeps bytes by id. Safe for concurrent use; nobody writes one id twice at a time.
type Blobs interface {
	// Put stores all that r gives. When it returns without error the bytes are durable; else nothing is there that Open
	// would find, and errors.Is finds the error of r.
	Put(ctx context.Context, id string, r io.Reader) (size int64, err error)
	// Open reads what Put has stored. An error for which errors.Is(err, fs.ErrNotExist) when there is nothing. ctx must
	// last as long as the content is read.
	Open(ctx context.Context, id string) (Content, error)
	// Delete removes it, and what a Put that was interrupted has left of it. No error when there is nothing.
	Delete(ctx context.Context, id string) error
}

// Content is stored bytes, open for reading. ReadAt is safe for concurrent use.
type Content interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// check refuses ids that could not be told from a path, or from one another on a disk that ignores case.
func check(id string) error {
	ok := len(id) >= 8 && len(id) <= 48
	for _, c := range []byte(id) {
		ok = ok && (c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '-')
	}
	if !ok {
		return fmt.Errorf("file id %q: %w", id, fs.ErrNotExist)
	}
	return nil
}

// watched is a reader that ends with its ctx.
type watched struct {
	ctx context.Context
	r   io.Reader
}

func (w watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}

// fill reads until p is full or r ends. Unlike io.ReadFull it gives the error of r as it is, io.EOF at the end alone: an
// upload that breaks off may say io.ErrUnexpectedEOF itself, and must not pass for one that is complete.
func fill(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var read int
		read, err = r.Read(p[n:])
		n += read
	}
	if n == len(p) && err == io.EOF {
		err = nil // said again at the next call
	}
	return n, err
}
