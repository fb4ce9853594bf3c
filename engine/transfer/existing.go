package transfer

import (
	"context"
	"slices"

	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// decide finds, with one question, which of the lines' records are there, and what each line has to do.
func (t *Transfer) decide(ctx context.Context, p *plan, lines []*line) error {
	there, err := t.existing(ctx, p, lines)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.action == DoRefuse {
			continue
		}
		docs := there[l.key]
		switch {
		case l.key == "" || len(docs) == 0 && p.mapping.Mode != Update:
			l.action = DoCreate
		case len(docs) == 0:
			l.refuse("record-missing", p.key[0].Key, problem.P{"fields": p.mapping.Key})
		case len(docs) > 1:
			l.refuse("ambiguous-key", p.key[0].Key, problem.P{"fields": p.mapping.Key, "count": len(docs)})
		default:
			l.id, l.before = docs[0].ID, docs[0]
			l.action = DoUpdate
			if len(p.changes(l)) == 0 {
				l.action = DoUnchanged
			}
		}
	}
	return nil
}

// existing finds records by the lines' keys.
func (t *Transfer) existing(ctx context.Context, p *plan, lines []*line) (map[string][]*store.Doc, error) {
	if len(p.key) == 0 {
		return nil, nil
	}
	wanted := map[string]bool{}
	values := make([][]any, len(p.key))
	for _, l := range lines {
		if l.key == "" || wanted[l.key] {
			continue
		}
		wanted[l.key] = true
		for i, x := range p.key {
			if v := l.data[x.Key]; len(p.key) == 1 || !slices.Contains(values[i], v) {
				values[i] = append(values[i], v)
			}
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	var all []query.Filter
	for i, x := range p.key {
		all = append(all, query.Filter{Field: x.Key, Op: "in", Value: values[i]})
	}
	out := map[string][]*store.Doc{}
	err := t.Records.Each(ctx, p.caller, p.form.Name, record.Query{Filter: query.Filter{And: all}}, func(r *record.Record) error {
		l := line{data: r.Data()}
		(&reader{plan: p}).keyOf(&l)
		if wanted[l.key] {
			out[l.key] = append(out[l.key], r.Doc)
		}
		return nil
	})
	return out, err
}

// changes are the values of a line that its record does not have yet.
func (p *plan) changes(l *line) map[string]any {
	data, _ := l.before.Tree()["data"].(map[string]any)
	out := map[string]any{}
	for k, v := range l.data {
		if !value.Equal(v, data[k]) {
			out[k] = v
		}
	}
	return out
}
