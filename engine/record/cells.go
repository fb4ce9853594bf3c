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
