package automation

import (
	"context"
	"maps"

	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

// plan is what a step wants to write, from what was read.
type plan struct {
	intents []*record.Intent
	// within is written beside the records, in their transaction; again there makes the step begin anew.
	within func(ctx context.Context, tx store.Tx) error
	// out is what the step gives when the records are written.
	out   func(written []record.Result) map[string]any
	entry map[string]any
	// together: it is a page of a loop.
	together bool
}

// plan makes the plan of a step that writes.
func (x *execution) plan(s *catalog.Step) (*plan, error) {
	var p *plan
	var err error
	switch s.Type.Key {
	case "create":
		p, err = x.create(s)
	case "update", "delete", "transition":
		p, err = x.change(s)
	case "post":
		p, err = x.post(s)
	case "assign":
		p, err = x.assign(s)
	case "notify":
		p, err = x.notify(s)
	default:
		panic("automation: no step " + s.Type.Key)
	}
	if err != nil {
		return nil, err
	}
	for _, in := range p.intents {
		in.At = problem.Pointer("steps", s.Key)
	}
	return p, nil
}

// commit carries out a plan together with the mark that the step is done.
func (x *execution) commit(s *catalog.Step, p *plan, depth int, final bool) error {
	if len(p.intents) == 0 && p.within == nil { // nothing to write
		if p.out != nil {
			x.gave(s, p.out(nil))
		}
		x.note(p.entry)
		return x.bounded()
	}
	if x.job == nil {
		return x.rehearse(s, p)
	}
	before := x.path[depth]
	x.path[depth] = frame{Step: before.Step + 1}
	log, cut := len(x.log), x.cut
	err := x.write(s, p, final)
	if err != nil {
		x.path[depth] = before
		if x.cut == cut {
			x.log = x.log[:log]
		}
		return err
	}
	x.known = nil // it may be what was written
	if final {
		x.path = nil
	}
	return nil
}

// write is the one transaction of a step.
func (x *execution) write(s *catalog.Step, p *plan, final bool) error {
	steps, log, cut := x.steps, x.log, x.cut
	_, err := x.Records.Bulk(x.ctx, x.caller, p.intents, true, record.WriteOptions{Checkpoint: func(ctx context.Context, tx store.Tx, written []record.Result) error {
		x.steps, x.log, x.cut = maps.Clone(steps), log[:len(log):len(log)], cut // it may run again
		if p.within != nil {
			if err := p.within(ctx, tx); err != nil {
				return err
			}
		}
		if p.out != nil {
			out := p.out(written)
			x.gave(s, out)
			p.entry["out"] = brief(loggable(out))
		}
		p.entry["wrote"] = wrote(written)
		x.note(p.entry)
		if err := x.bounded(); err != nil {
			return err
		}
		if final {
			return x.job.Complete(ctx, tx, x.progress(), x.result(""))
		}
		return x.job.Checkpoint(ctx, tx, x.progress())
	}})
	if err == nil {
		x.seq++
	} else {
		x.steps, x.log, x.cut = steps, log, cut
		if x.contended = x.a.Name + "." + s.Key; len(p.intents) > 0 && p.within == nil {
			x.contended = p.intents[0].ID
		}
	}
	return err
}

// loggable leaves whole records out of what the log shows of a result.
func loggable(out map[string]any) map[string]any {
	m := maps.Clone(out)
	delete(m, "record")
	delete(m, "records")
	return m
}

// wrote lists which records were written, for the log.
func wrote(results []record.Result) []any {
	out := []any{}
	for _, r := range results {
		if r.Record == nil || !r.Changed {
			continue
		}
		if len(out) == 20 {
			return append(out, "…")
		}
		out = append(out, map[string]any{"form": r.Record.Form.Name, "record": r.Record.Doc.ID, "rev": float64(r.Record.Rev())})
	}
	return out
}

// rehearse shows what a plan would do, and lets later steps see it.
func (x *execution) rehearse(s *catalog.Step, p *plan) error {
	var would []any
	var problems problem.List
	results := make([]record.Result, len(p.intents))
	for i, in := range p.intents {
		m, ps, err := x.Records.Rehearse(x.ctx, x.caller, in)
		if err != nil {
			return err
		}
		problems = append(problems, ps...)
		if ps.Blocks() {
			return &problem.Failure{Kind: problem.Invalid, Problems: problems}
		}
		if x.overlay == nil {
			x.overlay = map[string]map[string]any{}
		}
		id, _ := m["id"].(string)
		x.overlay[in.Form+"/"+id] = m
		results[i] = record.Result{Changed: true}
		if len(would) < 20 {
			would = append(would, map[string]any{"form": in.Form, "record": id, "verb": string(in.Verb), "data": brief(in.Data)})
		}
	}
	x.known = nil
	if p.out != nil {
		out := p.out(results)
		x.gave(s, out)
		p.entry["out"] = brief(loggable(out))
	}
	p.entry["would"] = would
	x.note(p.entry)
	return x.bounded()
}

func (x *execution) create(s *catalog.Step) (*plan, error) {
	values, err := x.data(s, nil)
	if err != nil {
		return nil, err
	}
	in := &record.Intent{Verb: record.Create, Form: s.Form.Name, ID: x.NewID(), Data: values}
	p := &plan{intents: []*record.Intent{in}, entry: x.entry(s)}
	p.entry["in"] = brief(values)
	p.out = func(written []record.Result) map[string]any {
		out := map[string]any{"id": in.ID}
		if len(written) == 1 && written[0].Record != nil {
			out["record"] = x.keep(s, x.values(written[0].Record))
		} else if m := x.overlay[in.Form+"/"+in.ID]; m != nil {
			out["record"] = x.keep(s, m)
		}
		return out
	}
	return p, nil
}

// targets are the records that a step is about, as they are now.
func (x *execution) targets(s *catalog.Step) ([]map[string]any, error) {
	if _, byFilter := s.Config["filter"]; byFilter {
		filter, err := x.filter(s)
		if err != nil {
			return nil, err
		}
		limit := number(s.Config["limit"], 100)
		recs, err := x.Records.Find(x.ctx, x.caller, s.Form.Name, record.Query{Filter: filter, Limit: limit})
		if err != nil {
			return nil, err
		}
		out := make([]map[string]any, len(recs))
		for i, r := range recs {
			out[i] = x.values(r)
		}
		return out, nil
	}
	m, err := x.target(s)
	if err != nil || m == nil {
		return nil, err
	}
	return []map[string]any{m}, nil
}

// target is the one record that a step is about; nil where an expression gives none.
func (x *execution) target(s *catalog.Step) (map[string]any, error) {
	if s.Exprs["/record"] == nil {
		if x.cause.Record == "" {
			return nil, problem.Fail(problem.Invalid, "no-record", "", nil)
		}
		return x.record()
	}
	id, err := x.exprText(s, "record")
	if err != nil || id == "" {
		return nil, err
	}
	m, err := x.load(s.Form.Name, id)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// changed are the records that a step writes: as they are, or the id alone of one of which nothing is read.
func (x *execution) changed(s *catalog.Step) ([]map[string]any, error) {
	if s.Exprs["/record"] == nil || x.job == nil {
		return x.targets(s)
	}
	id, err := x.exprText(s, "record")
	if err != nil || id == "" {
		return nil, err
	}
	if len(x.items) > 0 { // the record that a loop is at was read just now
		if m, ok := x.items[len(x.items)-1].(map[string]any); ok && m["id"] == id && s.Form == x.loops[len(x.loops)-1] && x.contended == "" {
			return []map[string]any{m}, nil
		}
		return x.targets(s)
	}
	if readsItem(s) {
		return x.targets(s)
	}
	return []map[string]any{{"id": id}}, nil
}

// readsItem says whether what a step writes depends on the record that it writes to.
func readsItem(s *catalog.Step) bool {
	for _, d := range s.Data {
		if d.Expr == nil {
			continue
		}
		for _, dep := range d.Expr.Deps() {
			if dep[0] == "item" {
				return true
			}
		}
	}
	return false
}

func (x *execution) change(s *catalog.Step) (*plan, error) {
	targets, err := x.changed(s)
	if err != nil {
		return nil, err
	}
	to, comment := "", ""
	if s.Type.Key == "transition" {
		to, _ = s.Config["to"].(string)
		if s.Exprs["/to"] != nil {
			if to, err = x.exprText(s, "to"); err != nil {
				return nil, err
			}
		}
		text, err := x.text(s, "comment")
		if err != nil {
			return nil, err
		}
		comment = text.In("")
	}
	p := &plan{entry: x.entry(s)}
	verb := map[string]record.Verb{"update": record.Update, "delete": record.Delete, "transition": record.Move}[s.Type.Key]
	for _, t := range targets {
		values, err := x.data(s, map[string]any{"item": t})
		if err != nil {
			return nil, err
		}
		in := &record.Intent{Verb: verb, Form: s.Form.Name, Data: values, To: to, Comment: comment}
		in.ID, _ = t["id"].(string)
		x.ifUnchanged(in, t)
		p.intents = append(p.intents, in)
	}
	in := map[string]any{"records": ids(targets)}
	if len(p.intents) > 0 && len(p.intents[0].Data) > 0 {
		in["data"] = p.intents[0].Data
	}
	if to != "" {
		in["to"] = to
	}
	p.entry["in"] = brief(in)
	p.out = func(written []record.Result) map[string]any {
		n := 0
		for _, r := range written {
			if r.Changed {
				n++
			}
		}
		return map[string]any{"count": float64(n)}
	}
	return p, nil
}

// ifUnchanged makes a write valid only for the record as it was read. In a rehearsal the record may be as it would be.
func (x *execution) ifUnchanged(in *record.Intent, read map[string]any) {
	if rev, ok := read["rev"].(float64); ok && x.job != nil {
		in.If = &record.Rev{Rev: int64(rev), Crev: -1}
	}
}

// post writes what is due less what was posted under the key. A document of the key, which every posting writes, makes
// postings of one key follow each other.
func (x *execution) post(s *catalog.Step) (*plan, error) {
	key, err := x.exprText(s, "key")
	if err != nil {
		return nil, err
	}
	p := &plan{entry: x.entry(s)}
	if key == "" {
		return nil, problem.Fail(problem.Invalid, "required", problem.Pointer("steps", s.Key, "key"), nil)
	}
	due, err := x.eval(s.Exprs["/amount"], nil)
	if err != nil {
		return nil, err
	}
	keyField, _ := s.Config["keyField"].(string)
	amountField, _ := s.Config["amountField"].(string)
	lock, err := x.lock("post", s.Form.Name, keyField, key)
	if err != nil {
		return nil, err
	}
	answer, err := x.Records.Aggregate(x.ctx, x.caller, s.Form.Name, query.Ask{
		Filter:   query.Filter{Field: keyField, Op: "eq", Value: key},
		Measures: []query.Figure{{Fn: query.Sum, Field: amountField, As: "sum", Scale: -1}},
	})
	if err != nil {
		return nil, err
	}
	already := 0.0
	if len(answer.Rows) > 0 {
		already, _ = figure(answer.Rows[0]["sum"]).(float64)
	}
	amount, _ := due.(float64)
	rest := x.rounded(s, amountField, amount-already)
	p.entry["in"] = map[string]any{"key": key, "due": amount, "already": already}
	id := ""
	p.out = func([]record.Result) map[string]any {
		return map[string]any{"amount": rest, "already": already, "id": id}
	}
	if rest == 0 {
		return p, nil
	}
	values, err := x.data(s, nil)
	if err != nil {
		return nil, err
	}
	id = x.NewID()
	values[keyField], values[amountField] = key, rest
	p.intents = []*record.Intent{{Verb: record.Create, Form: s.Form.Name, ID: id, Data: values}}
	p.within = lock.take
	return p, nil
}
