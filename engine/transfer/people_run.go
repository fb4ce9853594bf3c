package transfer

import (
	"context"

	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
)

// peopleBatch is how many rows lie between two checkpoints. Users and departments are written one by one.
const peopleBatch = 50

// runPeople carries out an import of users or departments. Rows behind the checkpoint are applied again after a crash,
// which changes nothing.
func (im *importing) runPeople(ctx context.Context, c record.Caller, f File, m *Mapping) error {
	tb, p, problems, err := im.preparePeople(c, f, m)
	if err == nil {
		err = problem.Refuse(problems)
	}
	if err != nil {
		return err
	}
	im.tb = tb
	all := &plan{when: p.when}
	if err := eachBatch(ctx, tb, all, 1000, func(rows []sheet.Row) error { im.rows += len(rows); return nil }); err != nil {
		return err
	}
	im.phase = phaseRows
	r := newRoster(im.Org.Directory(), im.Org, im.Workspace(), im.ids)
	err = eachBatch(ctx, tb, all, peopleBatch, func(rows []sheet.Row) error {
		e := &entry{job: im.job.ID}
		counts := im.counts
		at := im.at
		for _, row := range rows {
			if row.Number <= im.at {
				continue
			}
			at = row.Number
			counts.Done++
			got, err := p.apply(ctx, r, row)
			if err != nil && problem.KindOf(err) == "" {
				return err
			}
			if err != nil {
				counts.Refused++
				e.refused = append(e.refused, RefusedRow{Row: row.Number, Cells: texts(row, tb.header), Problems: problem.Of(err)})
				continue
			}
			counts.count(got.action)
		}
		if at == im.at {
			return nil
		}
		im.entry++
		e.id, e.number, e.people = im.ids.of(idEntry, im.entry), im.entry, r.made
		im.counts, im.at, r.made = counts, at, people{}
		return im.Store.Update(ctx, func(tx store.Tx) error {
			if err := tx.Insert(ctx, journalCollection, e.doc()); err != nil {
				return err
			}
			return im.run.Checkpoint(ctx, tx, im.progress(im.counts, nil))
		})
	})
	if err != nil {
		return err
	}
	return im.conclude(ctx)
}

func (c *Counts) count(a Action) {
	switch a {
	case DoCreate:
		c.Created++
	case DoUpdate:
		c.Updated++
	case DoUnchanged:
		c.Unchanged++
	}
}
