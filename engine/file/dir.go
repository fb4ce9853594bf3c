package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// dir keeps a blob as <path>/ab/cd/<id>, where abcd are the first letters of the id; one that is being written ends in
// ".part", which no id does.
type dir struct {
	path string
}

// Dir keeps blobs below a directory, which is made when it is needed. Only the owner may read them, nobody may run them.
func Dir(path string) Blobs { return dir{path} }

func (d dir) place(id string) string { return filepath.Join(d.path, id[:2], id[2:4], id) }

const part = ".part"

// Put implements Blobs: the file appears under its name whole and on disk, or not at all.
func (d dir) Put(ctx context.Context, id string, r io.Reader) (size int64, err error) {
	if err := check(id); err != nil {
		return 0, err
	}
	final := d.place(id)
	if err := makeDir(filepath.Dir(final)); err != nil {
		return 0, fmt.Errorf("put file %s: %w", id, err)
	}
	size, err = write(final+part, watched{ctx, r})
	if err == nil {
		err = os.Rename(final+part, final)
	}
	if err == nil {
		err = syncDir(filepath.Dir(final))
	}
	if err != nil {
		_ = os.Remove(final + part) // or else Delete
		return 0, fmt.Errorf("put file %s: %w", id, err)
	}
	return size, nil
}

func write(path string, r io.Reader) (size int64, err error) {
	w, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	if size, err = io.Copy(w, r); err == nil {
		err = w.Sync()
	}
	return size, errors.Join(err, w.Close())
}

// Open implements Blobs.
func (d dir) Open(_ context.Context, id string) (Content, error) {
	if err := check(id); err != nil {
		return nil, err
	}
	f, err := os.Open(d.place(id))
	if err != nil {
		return nil, err // not f: a nil *os.File is no nil Content
	}
	return f, nil
}

// Delete implements Blobs. Directories stay: the next file may want them at the same moment.
func (d dir) Delete(_ context.Context, id string) error {
	if check(id) != nil {
		return nil // Put has refused it
	}
	var failed error
	removed := false
	for _, path := range []string{d.place(id) + part, d.place(id)} {
		err := os.Remove(path)
		removed = removed || err == nil
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	if removed { // or a power cut brings it back when nothing knows of it any more
		failed = errors.Join(failed, syncDir(filepath.Dir(d.place(id))))
	}
	return failed
}

// makeDir makes a directory, and what is missing above it, so that their names are on disk.
func makeDir(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := makeDir(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(parent)
}

// syncDir makes the names in a directory durable. Windows cannot and need not.
func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
