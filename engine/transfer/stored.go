package transfer

import (
	"context"
	"io"

	"formwork/engine/file"
	"formwork/engine/store"
)

// Stored keeps uploads and error sheets among all other files.
func Stored(f *file.Files) Files { return stored{f} }

type stored struct{ files *file.Files }

func (s stored) Open(ctx context.Context, id string) (File, error) {
	c, m, err := s.files.Read(ctx, id)
	if err != nil {
		return File{}, err
	}
	return File{Name: m.Name, Size: m.Size, ReaderAt: c, Closer: c}, nil
}

func (s stored) Save(ctx context.Context, user, name, mediaType string, r io.Reader) (string, error) {
	m, err := s.files.Save(ctx, user, name, mediaType, r, 0)
	return m.ID, err
}

func (s stored) Keep(ctx context.Context, tx store.Tx, id string) error {
	return s.files.Attach(ctx, tx, id)
}
