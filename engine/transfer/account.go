package transfer

import (
	"context"
	"errors"

	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

// account counts, within the transaction, what became of lines: it looks at what is there now.
func (im *importing) account(ctx context.Context, tx store.Tx, lines, written []*line, intents []*record.Intent, e *entry, c *Counts) error {
	want := make([]string, len(written))
	for i, l := range written {
		want[i] = l.id
	}
	docs, err := tx.GetMany(ctx, im.plan.form.Collection.Name, want)
	if err != nil {
		return err
	}
	now := make(map[string]*store.Doc, len(docs))
	for _, d := range docs {
		now[d.ID] = d
	}
	done := map[*line]bool{}
	for i, l := range written {
		d := now[l.id]
		if u, ok := im.written(l, d, intents[i]); ok {
			done[l] = true
			if l.action == DoCreate {
				e.created = append(e.created, l.id)
			} else {
				e.updated = append(e.updated, u)
			}
		}
	}
	wanted := map[*line]bool{}
	for _, l := range written {
		wanted[l] = true
	}
	for _, l := range lines {
		im.tally(l, wanted[l], done[l], e, c)
	}
	return nil
}

// written says whether a line's record is now as the line wants it, and for an update what that changed.
func (im *importing) written(l *line, now *store.Doc, in *record.Intent) (updated, bool) {
	if now == nil || l.action == DoCreate {
		return updated{}, now != nil
	}
	was, is := &record.Record{Form: im.plan.form, Doc: l.before}, &record.Record{Form: im.plan.form, Doc: now}
	u := updated{id: l.id, rev: is.Rev(), old: map[string]any{}, new: map[string]any{}}
	for k := range in.Data {
		u.old[k], u.new[k] = was.Data()[k], is.Data()[k]
	}
	return u, is.Rev() > was.Rev()
}

func (im *importing) tally(l *line, wanted, done bool, e *entry, c *Counts) {
	if im.links {
		return
	}
	c.Done++
	for _, p := range l.problems {
		if !p.Blocks() {
			c.Warnings++
		}
	}
	switch {
	case l.action == DoRefuse:
		c.Refused++
		e.refused = append(e.refused, RefusedRow{Row: l.row.Number, Cells: texts(l.row, im.plan.header), Problems: l.problems})
	case wanted && !done:
		c.Refused++
		e.open = append(e.open, l.row.Number)
	case l.action == DoUpdate:
		c.Updated++
	case l.action == DoUnchanged:
		c.Unchanged++
	default:
		c.Created++
		if !wanted { // made before a crash
			e.created = append(e.created, l.id)
		}
	}
}

// reasons completes an entry whose rows the pipeline refused.
func (im *importing) reasons(ctx context.Context, written []*line, results []record.Result, e *entry) error {
	open := map[int]bool{}
	for _, n := range e.open {
		open[n] = true
	}
	known := len(e.refused)
	for i, l := range written {
		im.counts.Warnings += len(results[i].Warnings)
		var f *problem.Failure
		switch {
		case results[i].Err == nil && open[l.row.Number]: // already as wanted
			im.counts.Refused, im.counts.Unchanged = im.counts.Refused-1, im.counts.Unchanged+1
		case results[i].Err == nil || !open[l.row.Number] && !im.links:
		case errors.As(results[i].Err, &f):
			e.refused = append(e.refused, RefusedRow{Row: l.row.Number, Cells: texts(l.row, im.plan.header), Problems: append(l.problems, f.Problems...)})
		default:
			return results[i].Err
		}
	}
	if len(open) == 0 && len(e.refused) == known {
		return nil
	}
	e.open = nil
	return im.Store.Update(ctx, func(tx store.Tx) error {
		doc, err := tx.Get(ctx, journalCollection, e.id)
		if err != nil {
			return err
		}
		return tx.Replace(ctx, journalCollection, e.doc(), doc.Version)
	})
}
