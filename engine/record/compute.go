package record

import (
	"maps"

	"formwork/engine/catalog"
	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/schemas/problem"
)

// compute fills lookups and formulas in dependency order, and the roll-ups of a new record. A full recomputation asks
// the children anew.
func (p *pipeline) compute() error {
	switch {
	case p.creating:
		for _, ru := range p.f.Rollups {
			if ru.Fn == query.Count || ru.Fn == query.Sum {
				p.data[ru.Field.Key] = float64(0)
			}
		}
	case p.e.intent.Full:
		acc, _ := p.e.before.Tree()["acc"].(map[string]any)
		p.acc = maps.Clone(acc)
		for _, ru := range p.f.Rollups {
			if err := p.rollup(ru, p.e.before.ID, &p.acc); err != nil {
				return err
			}
		}
	}
	for _, x := range p.f.Computed {
		if x.Lookup == nil {
			continue
		}
		if err := p.lookup(x.Lookup); err != nil {
			return err
		}
	}
	if err := p.cells(); err != nil {
		return err
	}
	return p.formulas()
}

// formulas computes the stored formulas in dependency order.
func (p *pipeline) formulas() error {
	env := p.expressions(p.Zone()) // what is stored must not depend on who writes
	for _, x := range p.f.Computed {
		if x.Formula == nil {
			continue
		}
		v, errs, err := x.Formula.Eval(p.ctx, env)
		if err != nil {
			if p.ctx.Err() != nil {
				return p.ctx.Err()
			}
			q := problem.New("formula-budget", "/data"+problem.Pointer(x.Key), problem.P{"field": x.Key})
			if p.e.intent.Verb == Recompute {
				q.Severity = problem.Warning // it keeps the value that it had
			}
			p.problems = append(p.problems, q)
			continue
		}
		for _, fe := range errs {
			p.problems = append(p.problems, problem.Problem{Code: "formula-" + fe.Code, Pointer: "/data" + problem.Pointer(x.Key),
				Params: problem.P{"line": fe.Line, "column": fe.Column}, Severity: problem.Warning})
		}
		p.setComputed(x, formula.Plain(v))
	}
	return nil
}

// setComputed stores a computed value in the shape of its result type; what does not fit it is empty with a warning.
func (p *pipeline) setComputed(x *catalog.Field, v any) {
	got, ps := x.As.Coerce(x.AsDef, v, p.fieldEnv(p.Zone()))
	if ps.Blocks() {
		got = nil
		for _, q := range ps.At("/data" + problem.Pointer(x.Key)) {
			q.Severity = problem.Warning
			p.problems = append(p.problems, q)
		}
	}
	p.set(x.Key, got)
}

// lookup copies a value through a relation. The copy belongs to the record: field rights guard it here, not there.
func (p *pipeline) lookup(l *catalog.Lookup) error {
	id, _ := p.data[l.Via.Key].(string)
	if id == "" {
		p.set(l.Field.Key, nil)
		return nil
	}
	to := l.Via.Relation
	doc, err := p.r.Get(p.ctx, to.Collection.Name, id)
	if isNotFound(err) {
		p.set(l.Field.Key, nil)
		return nil
	}
	if err != nil {
		return err
	}
	data := dataOf(doc.Tree())
	v := data[l.Target.Key]
	if behind(to, doc.Tree()) { // of an older shape, until it is converted
		lifted, _ := lift(to, map[string]any{l.Target.Key: v}, nil, p.fieldEnv(p.Zone()))
		v = lifted[l.Target.Key]
	}
	p.set(l.Field.Key, v)
	return nil
}
