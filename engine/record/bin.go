package record

import (
	"maps"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// maxDetach is how many records one delete may change or take along; more must be dealt with first.
const maxDetach = 1000

// bin prepares a move into the recycle bin or out of it.
func (s *session) bin(e *effect, _ *access.Decision) error {
	e.changed = true
	tree := maps.Clone(e.before.Tree())
	rev := num(tree["rev"]) + 1
	now := instant(s.now)
	tree["rev"], tree["updatedAt"], tree["updatedBy"] = rev, now, s.caller.User
	e.after = store.New(e.before.ID, tree)
	if e.intent.Verb == Delete {
		e.after.Deleted = true
		tree["deletedAt"] = now
	} else {
		delete(tree, "deletedAt")
	}
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
				return problem.Fail(problem.Conflict, "in-use", "", problem.P{"form": p.Form.Name, "title": p.Form.Def.Title, "field": p.Field.Key})
			}
			continue
		}
		docs, err := store.All(w.ctx, w.tx, p.Form.Collection.Name, query.Find{Where: where, Limit: maxDetach + 1})
		if err != nil {
			return err
		}
		if len(docs) > maxDetach {
			return problem.Fail(problem.Conflict, "too-many-related", "", problem.P{"form": p.Form.Name, "title": p.Form.Def.Title, "max": maxDetach})
		}
		for _, d := range docs {
			in := &Intent{Verb: Delete, Form: p.Form.Name, ID: d.ID}
			if p.OnDelete == definition.Unlink {
				in = &Intent{Verb: Update, Form: p.Form.Name, ID: d.ID, Data: map[string]any{p.Field.Key: nil}}
			}
			e, err := w.trusted("cascade").prepare(w.tx, in)
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
