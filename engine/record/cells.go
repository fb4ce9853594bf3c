package record

import (
	"fmt"
	"maps"

	"formwork/engine/catalog"
	"formwork/engine/formula"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// cells computes the columns of sub-tables that compute, row by row.
func (p *pipeline) cells() error {
	for _, x := range p.f.Fields {
		rows, _ := p.data[x.Key].([]any)
		if len(x.Cells) == 0 || len(rows) == 0 {
			continue
		}
		out := make([]any, len(rows))
		for i, r := range rows {
			row, _ := r.(map[string]any)
			row = maps.Clone(row) // it may be the stored one
			for _, c := range x.Cells {
				if err := p.cell(x, c, row, i); err != nil {
					return err
				}
			}
			out[i] = row
		}
		p.data[x.Key] = out
	}
	return nil
}

func (p *pipeline) cell(x *catalog.Field, c *catalog.Cell, row map[string]any, i int) error {
	pointer := fmt.Sprintf("/data%s/%d%s", problem.Pointer(x.Key), i, problem.Pointer(c.Key))
	v, errs, err := c.Formula.Eval(p.ctx, formula.Env{Now: p.now, Zone: p.Zone(), Lookup: func(name string) (any, bool) {
		v, ok := row[name]
		return v, ok
	}})
	if err != nil {
		if p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		p.problems = append(p.problems, problem.New("formula-budget", pointer, problem.P{"field": c.Key}))
		return nil
	}
	for _, fe := range errs {
		p.problems = append(p.problems, problem.Problem{Code: "formula-" + fe.Code, Pointer: pointer,
			Params: problem.P{"line": fe.Line, "column": fe.Column}, Severity: problem.Warning})
	}
	got, ps := c.As.Coerce(c.AsDef, formula.Plain(v), p.fieldEnv(p.Zone()))
	if ps.Blocks() { // what does not fit is empty
		got = nil
		for _, q := range ps.At(pointer) {
			q.Severity = problem.Warning
			p.problems = append(p.problems, q)
		}
	}
	if value.IsEmpty(got) {
		delete(row, c.Key)
	} else {
		row[c.Key] = got
	}
	return nil
}

// linked checks the ids that were put into the rows of a sub-table, each once: what they name must exist, and the caller
// must be allowed to see it. Where a record goes later the row keeps the id.
func (p *pipeline) linked(x *catalog.Field, restoring bool) error {
	if restoring { // rows may have outlived what they name
		return nil
	}
	rows, _ := p.data[x.Key].([]any)
	before, _ := p.was[x.Key].([]any)
	for _, l := range x.Links {
		known := map[string]bool{}
		for _, r := range before {
			row, _ := r.(map[string]any)
			if id, ok := row[l.Key].(string); ok {
				known[id] = true
			}
		}
		for i, r := range rows {
			row, _ := r.(map[string]any)
			id, ok := row[l.Key].(string)
			if !ok || known[id] {
				continue
			}
			known[id] = true
			there, code, params := true, "", problem.P{}
			switch l.Type {
			case "relation":
				var err error
				if there, err = p.refersTo(l.Form, id, false); err != nil {
					return err
				}
				code, params = "unknown-record", problem.P{"record": id, "form": l.Form.Name}
			case "user":
				_, there = p.people.Person(id)
				code, params = "unknown-user", problem.P{"user": id}
			case "department":
				_, there = p.people.Unit(id)
				code, params = "unknown-department", problem.P{"department": id}
			}
			if !there {
				p.problems = append(p.problems, problem.New(code, fmt.Sprintf("/data%s/%d%s", problem.Pointer(x.Key), i, problem.Pointer(l.Key)), params))
			}
		}
	}
	return nil
}
