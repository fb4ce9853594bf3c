package record

import (
	"context"

	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// maxReverted is how many changes a record's past is computed from at most.
const maxReverted = 5_000

// Revert writes the values that a record had as of a rev, as a patch like any other. What the caller may not write, and
// what only a transition writes, stays: the warnings name it.
func (r *Records) Revert(ctx context.Context, c Caller, form, id string, rev int64, ifRev *Rev, o WriteOptions) (*Record, problem.List, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return nil, nil, err
	}
	in := &Intent{Verb: Update, Form: form, ID: id, Reverts: rev, If: ifRev}
	var kept problem.List
	err = r.Store.View(ctx, func(rd store.Reader) error {
		doc, err := s.visible(rd, f, id)
		if err != nil {
			return err
		}
		rec := &Record{f, doc}
		if rev < 1 || rev > rec.Rev() {
			return problem.Fail(problem.Invalid, "unknown-rev", "/rev", problem.P{"rev": rev, "max": rec.Rev()})
		}
		if in.If == nil { // what is written was computed from this
			in.If = &Rev{rec.Rev(), -1}
		}
		now, _ := s.lifted(f, doc.Tree())
		was, err := s.asOf(rd, id, now, rev)
		if err != nil {
			return err
		}
		in.Data, kept = map[string]any{}, nil
		for _, x := range f.Fields {
			if value.Equal(now[x.Key], was[x.Key]) || x.Computed() || !d.Askable(x.Key) {
				continue
			}
			if code := unrevertable(x, d.Writable(x.Key)); code != "" {
				kept = append(kept, problem.Problem{Code: code, Pointer: "/data" + problem.Pointer(x.Key), Severity: problem.Warning,
					Params: problem.P{"field": x.Key, "title": x.Def.Title}})
				continue
			}
			in.Data[x.Key] = was[x.Key]
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	rec, warnings, err := r.Write(ctx, c, in, o)
	return rec, append(kept, warnings...), err
}

// unrevertable is why a field keeps its present value; "" when it need not.
func unrevertable(x *catalog.Field, writable bool) string {
	switch {
	case x.Stage:
		return "stage-by-transition"
	case !writable, x.Def.ReadOnly, x.Type.Key == "serial":
		return "not-writable"
	}
	return ""
}

// asOf goes back from the present, change by change.
func (s *session) asOf(rd store.Reader, id string, now map[string]any, rev int64) (map[string]any, error) {
	was := map[string]any{}
	for k, v := range now {
		was[k] = v
	}
	where := query.And(query.Is("record", id), query.Where{Leaf: &query.Leaf{Column: "rev", Test: query.Range, Min: rev + 1}})
	docs, err := store.All(s.ctx, rd, changesCollection, query.Find{Where: where, Sort: []query.Order{{Column: "rev", Desc: true}}, Limit: maxReverted + 1})
	if err != nil {
		return nil, err
	}
	if len(docs) > maxReverted {
		return nil, problem.Fail(problem.Invalid, "too-far-back", "/rev", problem.P{"max": maxReverted})
	}
	for _, doc := range docs {
		diff, _ := doc.Tree()["diff"].(map[string]any)
		for k, v := range diff {
			if pair, _ := v.([]any); len(pair) == 2 {
				was[k] = pair[0]
			}
		}
	}
	return was, nil
}
