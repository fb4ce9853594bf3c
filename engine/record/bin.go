package record

import (
	"maps"

	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// maxDetach is how many records one delete may change or take along; more must be dealt with first.
const maxDetach = 1000

// bin prepares a move into the recycle bin.
func (s *session) bin(e *effect) error {
	e.changed = true
	tree := maps.Clone(e.before.Tree())
	rev := num(tree["rev"]) + 1
	now := instant(s.now)
	tree["rev"], tree["updatedAt"], tree["updatedBy"], tree["deletedAt"] = rev, now, s.caller.User, now
	e.after = store.New(e.before.ID, tree)
	e.after.Deleted = true
	e.change = s.newChange(e.form, e.before.ID, int64(rev), e.intent.Verb)
	return nil
}

// detach deals with what points to a record that goes to the recycle bin, as each relation declares.
func (w *writer) detach(f *catalog.Form, id string) error {
	for _, p := range f.PointedBy {
		where := query.Is(p.Field.Key, id)
		if p.OnDelete == definition.Restrict {
			n, err := w.tx.Count(w.ctx, p.Form.Collection.Name, where, query.Live, 1)
			if err != nil {
				return err
			}
			if n > 0 {
				return w.inUse(p)
			}
			continue
		}
		docs, err := store.All(w.ctx, w.tx, p.Form.Collection.Name, query.Find{Where: where, Limit: maxDetach + 1})
		if err != nil {
			return err
		}
		if w.detached += len(docs); w.detached > maxDetach {
			if !w.mayKnow(p) {
				return w.inUse(p)
			}
			return problem.Fail(problem.Conflict, "too-many-related", "", problem.P{"form": p.Form.Name, "title": p.Form.Def.Title, "max": maxDetach})
		}
		for _, d := range docs {
			in := &Intent{Verb: Delete, Form: p.Form.Name, ID: d.ID}
			if p.OnDelete == definition.Unlink {
				in = &Intent{Verb: Update, Form: p.Form.Name, ID: d.ID, Data: map[string]any{p.Field.Key: nil}}
			}
			e, err := w.trusted("cascade").prepare(w.tx, in)
			if problem.KindOf(err) == problem.Invalid { // it cannot be without
				return w.inUse(p)
			}
			if err != nil {
				return err
			}
			if err := w.put(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayKnow says whether the caller may know that records of a form point somewhere.
func (w *writer) mayKnow(p *catalog.Pointer) bool {
	d := w.decide(p.Form)
	return d.Can(definition.Read) && d.Askable(p.Field.Key)
}

// inUse is the failure of a delete that a relation forbids. It names the form only to who may know of it.
func (w *writer) inUse(p *catalog.Pointer) error {
	if !w.mayKnow(p) {
		return problem.Fail(problem.Conflict, "not-allowed", "", nil)
	}
	return problem.Fail(problem.Conflict, "in-use", "", problem.P{"form": p.Form.Name, "title": p.Form.Def.Title, "field": p.Field.Key})
}
