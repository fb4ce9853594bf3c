package record

import (
	"context"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

// Kinds of jobs that records need done in the background.
const (
	// JobLookups brings the looked-up values of everything that points to a record up to date. Payload: form, record.
	JobLookups = "lookups"
	// JobConvert brings a form's stored records to its present version. Payload: form.
	JobConvert = "convert"
)

// Progress is how a background job reports and checkpoints. Implemented by outbox.Run.
type Progress interface {
	// Checkpoint saves progress in the transaction of the step that it marks.
	Checkpoint(ctx context.Context, tx store.Tx, progress map[string]any) error
}

const batch = 200

// System is the caller for work of the engine itself.
func System(via string) Caller {
	return Caller{User: "system", Subject: access.Subject{User: "system", Trusted: true}, Via: via}
}

// RunLookups carries out a JobLookups from where it was left. Every batch commits with its checkpoint.
func (r *Records) RunLookups(ctx context.Context, payload, progress map[string]any, run Progress) error {
	form, _ := payload["form"].(string)
	id, _ := payload["record"].(string)
	f := r.Catalog.Snapshot().Forms[form]
	if f == nil {
		return nil // the form was removed meanwhile
	}
	done, _ := progress["done"].(float64)
	for i, holder := range holders(f) {
		if i < int(done) {
			continue
		}
		after, _ := progress["after"].(string)
		if i > int(done) {
			after = ""
		}
		err := r.sweep(ctx, holder.Form, query.Is(holder.Via.Key, id), after, false, func(tx store.Tx, last string) error {
			return run.Checkpoint(ctx, tx, map[string]any{"done": float64(i), "after": last})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// holders are the relation fields through which values of a form are looked up, each once.
func holders(f *catalog.Form) []*catalog.Lookup {
	var out []*catalog.Lookup
	seen := map[*catalog.Field]bool{}
	for _, l := range f.LookedUpBy {
		if !seen[l.Via] {
			seen[l.Via] = true
			out = append(out, l)
		}
	}
	return out
}

// RunConvert carries out a JobConvert from where it was left.
func (r *Records) RunConvert(ctx context.Context, payload, progress map[string]any, run Progress) error {
	form, _ := payload["form"].(string)
	f := r.Catalog.Snapshot().Forms[form]
	if f == nil {
		return nil
	}
	after, _ := progress["after"].(string)
	count, _ := progress["count"].(float64)
	again, _ := progress["again"].(bool)
	mark := func(tx store.Tx, last string) error {
		count += batch
		return run.Checkpoint(ctx, tx, map[string]any{"after": last, "count": count, "again": again})
	}
	if !again {
		if err := r.sweep(ctx, f, query.Where{}, after, true, mark); err != nil {
			return err
		}
		again, after = true, ""
	}
	// What a process that did not know the new version yet wrote behind the sweep.
	older := query.Where{Leaf: &query.Leaf{Column: "version", Test: query.Range, Max: f.PlainSince - 1}}
	return r.sweep(ctx, f, older, after, true, mark)
}

// sweep recomputes records in the order of their ids, a batch a transaction, the recycle bin included.
func (r *Records) sweep(ctx context.Context, f *catalog.Form, w query.Where, after string, full bool, mark func(tx store.Tx, last string) error) error {
	for {
		var ids []string
		err := r.Store.View(ctx, func(rd store.Reader) error {
			ids = nil
			find := query.Find{Where: w, Which: query.Both, Limit: batch}
			if after != "" {
				find.After = &query.Position{ID: after}
			}
			for d, err := range rd.Find(ctx, f.Collection.Name, find) {
				if err != nil {
					return err
				}
				ids = append(ids, d.ID)
			}
			return nil
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		intents := make([]*Intent, len(ids))
		for i, id := range ids {
			intents[i] = &Intent{Verb: Recompute, Form: f.Name, ID: id, Full: full}
		}
		results, err := r.Bulk(ctx, System("convert"), intents, false, WriteOptions{Within: func(ctx context.Context, tx store.Tx) error {
			return mark(tx, after)
		}})
		if err != nil {
			return err
		}
		for _, x := range results {
			// What cannot be recomputed stays as it is, to be lifted when it is read: one record must not stop the rest.
			if x.Err != nil && problem.KindOf(x.Err) == "" {
				return x.Err
			}
		}
	}
}
