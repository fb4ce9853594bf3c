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
		case l.made != nil && (l.key == "" || len(docs) == 0 || docs[0].ID == l.made.ID):
			l.id, l.action = l.made.ID, DoCreate // before a crash, by this very row
		case len(docs) > 0 && p.mapping.Mode == Create:
			l.refuse("record-exists", p.key[0].Key, problem.P{"fields": p.mapping.Key})
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

// askAtOnce is how many values one question names. Longer lists make stores weigh other ways than the index.
const askAtOnce = 90

// existing finds records by the lines' keys, a few questions a batch.
func (t *Transfer) existing(ctx context.Context, p *plan, lines []*line) (map[string][]*store.Doc, error) {
	out := map[string][]*store.Doc{}
	if len(p.key) == 0 {
		return out, nil
	}
	for some := range slices.Chunk(lines, askAtOnce) {
		if err := t.lookUp(ctx, p, some, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t *Transfer) lookUp(ctx context.Context, p *plan, lines []*line, out map[string][]*store.Doc) error {
	wanted := map[string]bool{}
	values := make([][]any, len(p.key))
	for _, l := range lines {
		if l.key == "" || wanted[l.key] || out[l.key] != nil {
			continue
		}
		wanted[l.key] = true
		for i, x := range p.key {
			if v := l.data[x.Key]; !slices.Contains(values[i], v) {
				values[i] = append(values[i], v)
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	var all []query.Filter
	for i, x := range p.key {
		all = append(all, query.Filter{Field: x.Key, Op: "in", Value: values[i]})
	}
	return t.Records.Each(ctx, p.caller, p.form.Name, record.Query{Filter: query.Filter{And: all}}, func(r *record.Record) error {
		l := line{data: r.Data()}
		(&reader{plan: p}).keyOf(&l)
		if wanted[l.key] {
			out[l.key] = append(out[l.key], r.Doc)
		}
		return nil
	})
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
