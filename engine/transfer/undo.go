package transfer

import (
	"context"
	"math"
	"slices"

	"formwork/engine/catalog"
	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// undoing is one attempt at undoing an import.
type undoing struct {
	*Transfer
	run       *outbox.Run
	by        record.Caller
	ids       ids
	revs      map[string]int64 // created records that the import itself changed later -> their rev after that
	done      Undone
	conflicts []any
	// removed and inUse are those of one pass: what is in use by something that goes later can go in the next.
	removed, inUse int
}

// Undone says what undoing came to.
type Undone struct {
	Removed   int // created by the import, now in the recycle bin
	Restored  int // changed by it, now as before
	Conflicts int // touched since, or in use
}

const maxConflicts = 100

func (u *undoing) progress(entry int) map[string]any {
	return map[string]any{"entry": entry, "removed": u.done.Removed, "restored": u.done.Restored, "conflicts": u.done.Conflicts,
		"conflictList": u.conflicts, "passRemoved": u.removed, "passInUse": u.inUse}
}

// RunUndo is the handler of JobUndo. Progress and result: {removed, restored, conflicts, conflictList: [{form, record,
// field?, problems}]}, of which the first hundred are listed.
func (t *Transfer) RunUndo(ctx context.Context, run *outbox.Run) error {
	job := run.Job()
	imported, _ := job.Payload["job"].(string)
	of, err := t.Outbox.Get(ctx, imported)
	if err != nil {
		return err
	}
	u := &undoing{Transfer: t, run: run, by: t.Caller(job.By, JobUndo), ids: idsOf(of.ID, of.CreatedAt), revs: map[string]int64{}}
	u.done = Undone{intOf(job.Progress["removed"]), intOf(job.Progress["restored"]), intOf(job.Progress["conflicts"])}
	u.conflicts, _ = job.Progress["conflictList"].([]any)
	if err := t.mayUndo(ctx, u.by, of); err != nil {
		return err
	}
	for e, err := range t.entries(ctx, imported, false, 0) {
		if err != nil {
			return err
		}
		for _, x := range e.updated {
			if u.ids.made(x.id) {
				u.revs[x.id] = x.rev
			}
		}
	}
	from := math.MaxInt32
	if job.Progress["entry"] != nil {
		from = intOf(job.Progress["entry"]) - 1
		u.removed, u.inUse = intOf(job.Progress["passRemoved"]), intOf(job.Progress["passInUse"])
	}
	for {
		if err := u.pass(ctx, imported, from); err != nil {
			return err
		}
		if u.removed == 0 || u.inUse == 0 {
			break
		}
		from, u.removed, u.inUse, u.done.Conflicts, u.conflicts = math.MaxInt32, 0, 0, 0, nil
	}
	result := u.progress(0)
	delete(result, "entry")
	delete(result, "passRemoved")
	delete(result, "passInUse")
	run.Result(result)
	return run.Progress(ctx, u.progress(0))
}

// pass goes through the journal, newest entry first.
func (u *undoing) pass(ctx context.Context, imported string, from int) error {
	for e, err := range u.entries(ctx, imported, true, from) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = u.entry(ctx, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// entry undoes one entry of the journal.
func (u *undoing) entry(ctx context.Context, e *entry) error {
	snap := u.Records.Catalog.Snapshot()
	var intents []*record.Intent
	if f := snap.Forms[e.form]; f != nil {
		more, err := u.intents(ctx, f, e)
		if err != nil {
			return err
		}
		intents = more
	}
	for _, r := range e.related {
		if f := snap.Forms[r.form]; f != nil {
			more, err := u.intents(ctx, f, &entry{created: []string{r.id}})
			if err != nil {
				return err
			}
			intents = append(intents, more...)
		}
	}
	if err := u.people(ctx, e); err != nil {
		return err
	}
	caller := u.by
	if f := snap.Forms[e.form]; f != nil {
		_, d, err := u.Records.Decision(ctx, u.by, f.Name)
		if err != nil {
			return err
		}
		caller = importer(u.by, f, d, false)
		caller.Bound = false // it goes back where it was
	}
	for len(intents) > 0 { // a batch and its related records may be more than one write takes
		n := min(len(intents), record.MaxBulk)
		last := n == len(intents)
		if err := u.write(ctx, caller, intents[:n], e.number, last); err != nil {
			return err
		}
		if intents = intents[n:]; last {
			return nil
		}
	}
	return u.run.Progress(ctx, u.progress(e.number))
}

func (u *undoing) write(ctx context.Context, c record.Caller, intents []*record.Intent, entry int, last bool) error {
	results, err := u.bulk(ctx, c, intents, func(ctx context.Context, tx store.Tx) error {
		if !last {
			return nil
		}
		// What failed is counted after this; a crash in between loses a line of the report, nothing else.
		return u.run.Checkpoint(ctx, tx, u.progress(entry))
	})
	if err != nil {
		return err
	}
	for i, x := range results {
		in := intents[i]
		switch {
		case x.Err != nil && problem.KindOf(x.Err) == "":
			return x.Err
		case x.Err != nil:
			u.conflict(in.Form, in.ID, "", problem.Of(x.Err))
		case in.Verb == record.Delete:
			u.done.Removed++
			u.removed++
		default:
			u.done.Restored++
		}
	}
	return nil
}

// intents are what undoes an entry's records of one form, as far as nobody touched them since.
func (u *undoing) intents(ctx context.Context, f *catalog.Form, e *entry) ([]*record.Intent, error) {
	want := append([]string{}, e.created...)
	for _, x := range e.updated {
		want = append(want, x.id)
	}
	there := map[string]*record.Record{}
	err := u.Store.View(ctx, func(r store.Reader) error {
		docs, err := r.GetMany(ctx, f.Collection.Name, want)
		for _, d := range docs {
			if !d.Deleted {
				there[d.ID] = &record.Record{Form: f, Doc: d}
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []*record.Intent
	for _, id := range slices.Backward(e.created) {
		r := there[id]
		if r == nil {
			continue // deleted since
		}
		rev := int64(1)
		if n := u.revs[id]; n > 0 {
			rev = n
		}
		if r.Rev() != rev {
			u.conflict(f.Name, id, "", problem.List{problem.New("changed-since", "", problem.P{"rev": r.Rev()})})
			continue
		}
		out = append(out, &record.Intent{Verb: record.Delete, Form: f.Name, ID: id, If: &record.Rev{Rev: rev, Crev: -1}})
	}
	for _, x := range e.updated {
		r := there[x.id]
		if r == nil || u.ids.made(x.id) {
			continue
		}
		if in := u.back(f, r, x); in != nil {
			out = append(out, in)
		}
	}
	return out, nil
}

// back gives a record its old values, field by field where they still are what the import wrote.
func (u *undoing) back(f *catalog.Form, r *record.Record, x updated) *record.Intent {
	data := map[string]any{}
	for k, was := range x.old {
		now := r.Data()[k]
		switch {
		case value.Equal(now, was):
		case !value.Equal(now, x.new[k]):
			u.conflict(f.Name, x.id, k, problem.List{problem.New("changed-since", "/data"+problem.Pointer(k), problem.P{"rev": r.Rev()})})
		default:
			data[k] = was
		}
	}
	if len(data) == 0 {
		return nil
	}
	return &record.Intent{Verb: record.Update, Form: f.Name, ID: x.id, Data: data}
}

func (u *undoing) conflict(form, id, field string, ps problem.List) {
	if len(ps) > 0 && (ps[0].Code == "in-use" || ps[0].Code == "department-not-empty") {
		u.inUse++
	}
	if u.done.Conflicts++; len(u.conflicts) >= maxConflicts {
		return
	}
	c := map[string]any{"form": form, "record": id}
	if field != "" {
		c["field"] = field
	}
	if m, ok := (RefusedRow{Problems: ps}).tree().(map[string]any); ok {
		c["problems"] = m["problems"]
	}
	u.conflicts = append(u.conflicts, c)
}
