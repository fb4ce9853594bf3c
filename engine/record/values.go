package record

import (
	"context"
	"errors"
	"maps"
	"slices"

	"formwork/engine/access"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/problem"
)

// Load is one record, live or in the recycle bin, as it is stored. NotFound also for what the caller may not see.
func (r *Records) Load(ctx context.Context, c Caller, form, id string) (*Record, error) {
	s := r.session(ctx, c)
	f, _, err := s.form(form)
	if err != nil {
		return nil, err
	}
	var doc *store.Doc
	err = r.Store.View(ctx, func(rd store.Reader) (err error) {
		doc, err = s.visible(rd, f, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Record{f, doc}, nil
}

// Find are the first records of a query, as they are stored, in its order.
func (r *Records) Find(ctx context.Context, c Caller, form string, q Query) ([]*Record, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return nil, err
	}
	if !d.Can(definition.Read) {
		return nil, access.Forbid(definition.Read, form)
	}
	var out []*Record
	err = r.Store.View(ctx, func(rd store.Reader) error {
		out = nil
		find, err := s.find(rd, f, d, q)
		if err != nil {
			return err
		}
		for doc, err := range rd.Find(ctx, f.Collection.Name, find) {
			if err != nil {
				return err
			}
			out = append(out, &Record{f, doc})
		}
		return nil
	})
	return out, err
}

// After are the first records that match a filter in the order of their ids, beyond an id: how many are gone through
// however they change meanwhile.
func (r *Records) After(ctx context.Context, c Caller, form string, filter query.Filter, id string, limit int) ([]*Record, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return nil, err
	}
	var out []*Record
	err = r.Store.View(ctx, func(rd store.Reader) error {
		out = nil
		find, err := s.find(rd, f, d, Query{Filter: filter, Limit: limit})
		if err != nil {
			return err
		}
		find.Sort = nil
		if id != "" {
			find.After = &query.Position{ID: id}
		}
		for doc, err := range rd.Find(ctx, f.Collection.Name, find) {
			if err != nil {
				return err
			}
			out = append(out, &Record{f, doc})
		}
		return nil
	})
	return out, err
}

// Values is a record as expressions outside of its form see it: its data in the present shape, with id, rev and when and by
// whom it was made and changed. It may be changed.
func (r *Records) Values(rec *Record) map[string]any {
	tree := rec.Doc.Tree()
	data := dataOf(tree)
	aside, _ := tree["aside"].(map[string]any)
	if behind(rec.Form, tree) || len(aside) > 0 {
		data, _ = lift(rec.Form, data, aside, field.Env{Zone: r.Zone()})
	}
	out := make(map[string]any, len(data)+6)
	maps.Copy(out, data)
	for _, k := range []string{"rev", "createdAt", "createdBy", "updatedAt", "updatedBy"} {
		out[k] = tree[k]
	}
	out["id"] = rec.Doc.ID
	return out
}

// Rehearse prepares a write without making it: the record as it would be, as Values gives it, and what would stop or warn.
// Serial numbers are not taken.
func (r *Records) Rehearse(ctx context.Context, c Caller, in *Intent) (map[string]any, problem.List, error) {
	s := r.session(ctx, c)
	if in.serials == nil {
		in.serials = map[string]string{}
	}
	var e *effect
	err := r.Store.View(ctx, func(rd store.Reader) (err error) {
		e, err = s.prepare(rd, in)
		return err
	})
	var fail *problem.Failure
	if errors.As(err, &fail) {
		return nil, slices.Clone(fail.Problems), nil
	}
	if err != nil {
		return nil, nil, err
	}
	return r.Values(&Record{e.form, e.after}), e.warnings, nil
}
