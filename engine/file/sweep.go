package file

import (
	"context"
	"errors"
	"fmt"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
)

// sweepPage is how many files Sweep looks at in one question.
const sweepPage = 100

// Sweep deletes files that were sent before a time and are not attached, and what interrupted saves and sweeps of files
// of before that time have left. It gives the number of files that are gone. One that cannot be deleted is hidden and
// does not keep it from the others; the errors come joined, and the next Sweep tries again.
func (f *Files) Sweep(ctx context.Context, before time.Time) (deleted int, err error) {
	columns := query.Columns{loose: {Key: loose, Path: []string{loose}, Kind: query.Instant}}
	find := query.Find{
		Where: query.Where{Leaf: &query.Leaf{Column: loose, Test: query.Range, Max: before.UnixMilli() - 1}},
		Which: query.Both, Sort: []query.Order{{Column: loose}}, Limit: sweepPage,
	}
	var failed error
	for {
		var docs []*store.Doc
		err := f.Store.View(ctx, func(r store.Reader) (err error) {
			docs, err = store.All(ctx, r, collection, find)
			return err
		})
		if err != nil {
			return deleted, errors.Join(failed, err)
		}
		for _, d := range docs {
			gone, err := f.sweep(ctx, d.ID)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("sweep file %s: %w", d.ID, err))
			} else if gone {
				deleted++
			}
		}
		if len(docs) < sweepPage {
			return deleted, failed
		}
		at := docs[len(docs)-1].Document().At(find.Sort, columns)
		find.After = &at
	}
}

// sweep deletes one file. false when it was attached or swept by another meanwhile.
func (f *Files) sweep(ctx context.Context, id string) (gone bool, err error) {
	hidden, err := f.hide(ctx, id, false)
	if err != nil || !hidden {
		return false, err
	}
	return true, f.discard(ctx, id)
}
