package transfer

import (
	"context"
	"maps"
	"slices"

	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
)

// Phases of an import, in its progress.
const (
	phaseRows  = "rows"
	phaseLinks = "links" // relations between rows of the file
	phaseDone  = "done"
)

// importing is one attempt at an import job.
type importing struct {
	*Transfer
	run    *outbox.Run
	job    outbox.Job
	ids    ids
	tb     *table
	plan   *plan
	reader *reader
	counts Counts
	rows   int
	at     int // the last row that is dealt with
	entry  int // the last entry of the journal
	phase  string
	seen   map[string]bool
	// again says that an earlier attempt may have written what its checkpoint does not say.
	again bool
	// links: only relations between rows are written.
	links bool
}

func (im *importing) progress(c Counts, more map[string]any) map[string]any {
	out := c.progress(map[string]any{"rows": im.rows, "row": im.at, "entry": im.entry, "phase": im.phase})
	maps.Copy(out, more)
	return out
}

// records carries out an import into a form.
func (im *importing) records(ctx context.Context) error {
	s, problems, err := im.plan.look(ctx, im.tb)
	if err == nil {
		err = problem.Refuse(problems)
	}
	if err != nil {
		return err
	}
	im.rows, im.seen, im.again = s.rows, map[string]bool{}, true
	im.reader = &reader{plan: im.plan, survey: s}
	if im.phase, _ = im.job.Progress["phase"].(string); im.phase == "" {
		im.phase = phaseRows
	}
	if err := im.reopen(ctx); err != nil {
		return err
	}
	if im.phase == phaseRows {
		if err := im.all(ctx, im.batch); err != nil {
			return err
		}
		im.phase, im.at = phaseLinks, 0
	}
	if im.pointing() {
		if err := im.link(ctx); err != nil {
			return err
		}
	}
	return im.conclude(ctx)
}

// all goes through the rows behind the checkpoint.
func (im *importing) all(ctx context.Context, fn func(context.Context, []*line) error) error {
	return eachBatch(ctx, im.tb, im.plan, im.Batch, func(rows []sheet.Row) error {
		for len(rows) > 0 && rows[0].Number <= im.at {
			rows = rows[1:]
		}
		if len(rows) == 0 {
			return nil
		}
		lines, err := im.reader.lines(ctx, rows)
		if err != nil {
			return err
		}
		return fn(ctx, lines)
	})
}

// batch writes lines. A key that stands twice cuts them, so that the later row finds the earlier one's record.
func (im *importing) batch(ctx context.Context, lines []*line) error {
	from := 0
	here := map[string]bool{}
	for i, l := range lines {
		if l.key == "" {
			continue
		}
		if here[l.key] {
			if err := im.write(ctx, lines[from:i], nil); err != nil {
				return err
			}
			from, here = i, map[string]bool{}
		}
		here[l.key] = true
	}
	return im.write(ctx, lines[from:], nil)
}

// write takes lines, no two with one key, to their records: one transaction with the journal's entry and the checkpoint.
// closing are earlier entries whose open rows these lines are.
func (im *importing) write(ctx context.Context, lines []*line, closing []*entry) error {
	e := &entry{job: im.job.ID, form: im.plan.form.Name}
	if err := im.relate(ctx, lines); err != nil {
		return err
	}
	if err := im.find(ctx, lines); err != nil {
		return err
	}
	var intents []*record.Intent
	var written []*line
	for _, l := range lines {
		im.repeated(l)
		if in := im.intent(l); in != nil {
			intents, written = append(intents, in), append(written, l)
		}
	}
	im.entry++
	e.refused = im.unlinked(lines)
	e.id, e.number = im.ids.of(idEntry, im.entry), im.entry
	at := im.at
	if len(closing) == 0 {
		at = lines[len(lines)-1].row.Number
	}
	var counts Counts
	base := *e
	within := func(ctx context.Context, tx store.Tx) error { // may run more than once
		counts = im.counts
		entry := base
		entry.refused = slices.Clip(base.refused)
		if err := im.account(ctx, tx, lines, written, intents, &entry, &counts); err != nil {
			return err
		}
		for _, c := range closing {
			counts.Done, counts.Refused = counts.Done-len(c.open), counts.Refused-len(c.open)
			closed := *c
			closed.open = nil
			doc, err := tx.Get(ctx, journalCollection, c.id)
			if err == nil {
				err = tx.Replace(ctx, journalCollection, closed.doc(), doc.Version)
			}
			if err != nil {
				return err
			}
		}
		if err := tx.Insert(ctx, journalCollection, entry.doc()); err != nil {
			return err
		}
		was := im.at
		im.at = at
		progress := im.progress(counts, nil)
		im.at = was
		if err := im.run.Checkpoint(ctx, tx, progress); err != nil {
			return err
		}
		*e = entry
		if im.fault != nil {
			return im.fault(ctx)
		}
		return nil
	}
	results, err := im.bulk(ctx, im.plan.caller, intents, within)
	if err != nil {
		return err
	}
	if im.lost != nil {
		if err := im.lost(); err != nil {
			return err
		}
	}
	im.counts, im.at, im.again = counts, at, false
	return im.reasons(ctx, written, results, e)
}

// intent is what a line wants written; nil when it is refused, or nothing is left to do.
func (im *importing) intent(l *line) *record.Intent {
	switch l.action {
	case DoCreate:
		if l.made != nil || im.links {
			return nil
		}
		l.id = im.ids.of(idRow, l.row.Number)
		return &record.Intent{Verb: record.Create, Form: im.plan.form.Name, ID: l.id, Data: l.data}
	case DoUpdate:
		return &record.Intent{Verb: record.Update, Form: im.plan.form.Name, ID: l.id, Data: im.plan.changes(l)}
	}
	return nil
}

// repeated warns of a row that changes what an earlier row of the file made or changed.
func (im *importing) repeated(l *line) {
	if l.key == "" || im.links {
		return
	}
	earlier := im.seen[l.key] || l.before != nil && im.ids.made(l.before.ID)
	if earlier && (l.action == DoUpdate || l.action == DoUnchanged) {
		l.problems = append(l.problems, warning(problem.New("repeated-key", "/data"+problem.Pointer(im.plan.key[0].Key), problem.P{"fields": im.plan.mapping.Key})))
	}
	if len(im.seen) < 1<<20 {
		im.seen[l.key] = true
	}
}

// find decides what lines have to do. After a crash it also looks for records that rows made before: a batch that was
// written one by one has them without a checkpoint.
func (im *importing) find(ctx context.Context, lines []*line) error {
	if im.links {
		return nil // found before
	}
	if im.again {
		if err := im.made(ctx, lines); err != nil {
			return err
		}
	}
	return im.decide(ctx, im.plan, lines)
}

// made finds what rows of this job became, by the ids that follow from them.
func (im *importing) made(ctx context.Context, lines []*line) error {
	mine := make([]string, len(lines))
	for i, l := range lines {
		mine[i] = im.ids.of(idRow, l.row.Number)
	}
	return im.Store.View(ctx, func(r store.Reader) error {
		docs, err := r.GetMany(ctx, im.plan.form.Collection.Name, mine)
		have := map[string]*store.Doc{}
		for _, d := range docs {
			have[d.ID] = d
		}
		for i, l := range lines {
			l.made = have[mine[i]]
		}
		return err
	})
}
