package transfer

import (
	"context"
	"slices"

	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// relate makes the related records that lines ask for and that are still missing, each name once.
func (im *importing) relate(ctx context.Context, lines []*line) error {
	for i, c := range im.plan.columns {
		var intents []*record.Intent
		var names []string
		byName := map[string][]*line{}
		for _, l := range lines {
			text, ok := l.wants[c]
			if !ok || l.action == DoRefuse {
				continue
			}
			if f := c.match.find(text); f.id != "" {
				l.data[c.Field] = f.id
				continue
			}
			name := value.Fold(text)
			if byName[name] == nil {
				names = append(names, name)
				intents = append(intents, &record.Intent{Verb: record.Create, Form: c.field.Relation.Name,
					ID: im.ids.of(idTarget+byte(i%0x80), l.row.Number), Data: map[string]any{c.Match.By: text}})
			}
			byName[name] = append(byName[name], l)
		}
		if len(intents) == 0 {
			continue
		}
		if err := im.makeRelated(ctx, c, intents, names, byName); err != nil {
			return err
		}
	}
	return nil
}

func (im *importing) makeRelated(ctx context.Context, c *column, intents []*record.Intent, names []string, byName map[string][]*line) error {
	im.entry++
	e := &entry{id: im.ids.of(idEntry, im.entry), job: im.job.ID, number: im.entry, form: im.plan.form.Name}
	for _, in := range intents {
		e.related = append(e.related, related{in.Form, in.ID})
	}
	results, err := im.bulk(ctx, im.plan.caller, intents, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Insert(ctx, journalCollection, e.doc()); err != nil {
			return err
		}
		return im.run.Checkpoint(ctx, tx, im.progress(im.counts, nil))
	})
	if err != nil {
		return err
	}
	for i, x := range results {
		if x.Err != nil && problem.KindOf(x.Err) == "" {
			return x.Err
		}
		text, _ := intents[i].Data[c.Match.By].(string)
		if x.Err == nil {
			c.match.enter(text, intents[i].ID)
		}
		for _, l := range byName[names[i]] {
			if x.Err == nil {
				l.data[c.Field] = intents[i].ID
				continue
			}
			l.refuse("cannot-create-reference", c.Field, problem.P{"column": c.Column.Column, "value": shown(text)})
			l.problems = append(l.problems, problem.Of(x.Err)...)
		}
	}
	return nil
}

// pointing says whether rows may point to rows of the same file.
func (im *importing) pointing() bool {
	return slices.ContainsFunc(im.plan.columns, func(c *column) bool { return c.self })
}

// link sets the relations between rows of the file, now that all rows are records.
func (im *importing) link(ctx context.Context) error {
	im.links = true
	for _, c := range im.plan.columns {
		if c.self {
			if err := im.load(ctx, im.plan, c); err != nil {
				return err
			}
		}
	}
	return eachBatch(ctx, im.tb, im.plan, im.Batch, func(rows []sheet.Row) error {
		rows = slices.DeleteFunc(slices.Clone(rows), func(r sheet.Row) bool { return r.Number <= im.at || !im.points(r) })
		if len(rows) == 0 {
			return nil
		}
		lines, err := im.reader.lines(ctx, rows)
		if err == nil {
			lines, err = im.unset(ctx, lines)
		}
		if err != nil || len(lines) == 0 {
			return err
		}
		return im.write(ctx, lines, nil)
	})
}

// points says whether a row names another.
func (im *importing) points(r sheet.Row) bool {
	return slices.ContainsFunc(im.plan.columns, func(c *column) bool {
		_, filled := c.text(r.Cell(c.index))
		return c.self && filled
	})
}

// unset keeps the lines whose record is there and whose relations are not as wanted.
func (im *importing) unset(ctx context.Context, lines []*line) ([]*line, error) {
	there, err := im.existing(ctx, im.plan, lines)
	if err == nil && len(im.plan.key) == 0 {
		err = im.made(ctx, lines)
	}
	if err != nil {
		return nil, err
	}
	var out []*line
	for _, l := range lines {
		if l.before = l.made; l.key != "" && len(there[l.key]) == 1 {
			l.before = there[l.key][0]
		}
		if l.action == DoRefuse || l.before == nil {
			continue
		}
		for k := range l.data {
			if c := im.plan.byField[k]; c == nil || !c.self {
				delete(l.data, k)
			}
		}
		l.id, l.made, l.action = l.before.ID, nil, DoUpdate
		if len(im.plan.changes(l)) > 0 || len(l.later) > 0 {
			out = append(out, l)
		}
	}
	return out, nil
}

// unlinked are the rows whose relation points to a row that did not become a record. They are records themselves, so
// they count as warnings, but stand in the error sheet.
func (im *importing) unlinked(lines []*line) []RefusedRow {
	if !im.links {
		return nil
	}
	var out []RefusedRow
	for _, l := range lines {
		for c, text := range l.later {
			im.counts.Warnings++
			out = append(out, RefusedRow{Row: l.row.Number, Cells: texts(l.row, im.plan.header), Problems: problem.List{
				problem.New("unknown-reference", "/data"+problem.Pointer(c.Field), problem.P{"column": c.Column.Column, "value": shown(text)})}})
		}
	}
	return out
}

// reopen tries rows again that were refused just before a crash, for reasons that were lost with it.
func (im *importing) reopen(ctx context.Context) error {
	var open []*entry
	wanted := map[int]bool{}
	for e, err := range im.entries(ctx, im.job.ID, false, 0) {
		if err != nil {
			return err
		}
		if len(e.open) > 0 {
			open = append(open, e)
			for _, n := range e.open {
				wanted[n] = true
			}
		}
	}
	if len(open) == 0 {
		return nil
	}
	var lines []*line
	err := eachBatch(ctx, im.tb, im.plan, im.Batch, func(rows []sheet.Row) error {
		rows = slices.DeleteFunc(slices.Clone(rows), func(r sheet.Row) bool { return !wanted[r.Number] })
		got, err := im.reader.lines(ctx, rows)
		lines = append(lines, got...)
		return err
	})
	if err != nil {
		return err
	}
	return im.write(ctx, lines, open)
}
