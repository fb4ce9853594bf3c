package automation

import (
	"fmt"
	"maps"
	"strings"

	"formwork/engine/catalog"
	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// env is the names that expressions see; extra names come before the others.
func (x *execution) env(extra map[string]any) formula.Env {
	return formula.Env{Now: x.Now(), Zone: x.Zone(), Lookup: func(name string) (any, bool) {
		if v, ok := extra[name]; ok {
			return v, true
		}
		switch name {
		case "record":
			m, err := x.record()
			return m, err == nil && m != nil
		case "before":
			return x.cause.Before, x.cause.Before != nil
		case "user":
			return x.People().Person(x.cause.By)
		case "steps":
			return x.steps, true
		case "vars":
			return x.vars, true
		case "item":
			if len(x.items) > 0 {
				return x.items[len(x.items)-1], true
			}
		case "run":
			return map[string]any{"id": x.id, "at": x.cause.At}, true
		}
		return nil, false
	}}
}

// record is the trigger's record as it is when the step begins.
func (x *execution) record() (map[string]any, error) {
	if x.known != nil || x.cause.Record == "" {
		return x.known, nil
	}
	m, err := x.load(x.cause.Form, x.cause.Record)
	x.known = m
	return m, err
}

// load is a record as expressions see it; in a rehearsal as it would be by now.
func (x *execution) load(form, id string) (map[string]any, error) {
	if m := x.overlay[form+"/"+id]; m != nil {
		return maps.Clone(m), nil
	}
	rec, err := x.Records.Load(x.ctx, x.caller, form, id)
	if err != nil {
		return nil, err
	}
	return x.Records.Values(rec), nil
}

// eval gives an expression's value in JSON's terms. A value that could not be computed is empty.
func (x *execution) eval(p *formula.Program, extra map[string]any) (any, error) {
	v, _, err := p.Eval(x.ctx, x.env(extra))
	if err != nil {
		if x.ctx.Err() != nil {
			return nil, x.ctx.Err()
		}
		return nil, problem.Fail(problem.Invalid, "formula-budget", "", problem.P{"field": p.Source()})
	}
	return formula.Plain(v), nil
}

func (x *execution) conditionOf(p *formula.Program) (bool, error) {
	v, err := x.eval(p, nil)
	holds, _ := v.(bool)
	return holds, err
}

// exprText is the text that the expression of a setting gives, "" where there is none.
func (x *execution) exprText(s *catalog.Step, setting string) (string, error) {
	p := s.Exprs["/"+setting]
	if p == nil {
		return "", nil
	}
	v, err := x.eval(p, nil)
	if err != nil {
		return "", err
	}
	return textOf(v), nil
}

func textOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return value.Text(v)
	}
	return strings.Trim(string(value.AppendJSON(nil, v)), `"`)
}

// data is what a step writes.
func (x *execution) data(s *catalog.Step, extra map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(s.Data))
	for _, d := range s.Data {
		if d.Expr == nil {
			out[d.Key] = value.Clone(d.Const)
			continue
		}
		v, err := x.eval(d.Expr, extra)
		if err != nil {
			return nil, err
		}
		out[d.Key] = v
	}
	return out, nil
}

// filter puts values where a filter has expressions. One that comes out empty makes its test match nothing: who looks for
// what has the same phone does not mean everything without a phone.
func (x *execution) filter(s *catalog.Step) (query.Filter, error) { return x.filled(s, s.Filter) }

func (x *execution) filled(s *catalog.Step, f query.Filter) (query.Filter, error) {
	kids := func(list []query.Filter) ([]query.Filter, error) {
		if list == nil {
			return nil, nil
		}
		out := make([]query.Filter, len(list))
		for i, k := range list {
			var err error
			if out[i], err = x.filled(s, k); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	var err error
	if f.And, err = kids(f.And); err != nil {
		return f, err
	}
	if f.Or, err = kids(f.Or); err != nil {
		return f, err
	}
	if f.Not != nil {
		not, err := x.filled(s, *f.Not)
		if err != nil {
			return f, err
		}
		f.Not = &not
	}
	if f.Field == "" {
		return f, nil
	}
	never := query.Filter{Field: f.Field, Op: "in", Value: []any{}, Pointer: f.Pointer}
	if p := s.Exprs[f.Pointer+"/value"]; p != nil {
		if f.Value, err = x.eval(p, nil); err != nil {
			return f, err
		}
		if value.IsEmpty(f.Value) {
			return never, nil
		}
		return f, nil
	}
	items, ok := f.Value.([]any)
	if !ok {
		return f, nil
	}
	out := make([]any, 0, len(items))
	for i, v := range items {
		if p := s.Exprs[fmt.Sprintf("%s/value/%d", f.Pointer, i)]; p != nil {
			if v, err = x.eval(p, nil); err != nil {
				return f, err
			}
			if value.IsEmpty(v) {
				if f.Op == "between" {
					return never, nil
				}
				continue
			}
		}
		out = append(out, v)
	}
	f.Value = out
	return f, nil
}

// text fills in the expressions of a text, in every language.
func (x *execution) text(s *catalog.Step, setting string) (definition.Text, error) {
	var out definition.Text
	for key, pieces := range s.Texts {
		name, lang, _ := strings.Cut(key, "/")
		if name != setting {
			continue
		}
		var b strings.Builder
		for _, p := range pieces {
			if p.Expr == nil {
				b.WriteString(p.Words)
				continue
			}
			v, _, err := p.Expr.Eval(x.ctx, x.env(nil))
			if err != nil {
				return nil, problem.Fail(problem.Invalid, "formula-budget", "", problem.P{"field": p.Expr.Source()})
			}
			b.WriteString(x.shown(v))
		}
		if out == nil {
			out = definition.Text{}
		}
		out[lang] = b.String()
	}
	return out, nil
}

// shown is a value within a text: a date-time as a clock in the workspace shows it.
func (x *execution) shown(v any) string {
	if t, ok := v.(formula.Instant); ok {
		return clock(t, x.Zone())
	}
	return textOf(formula.Plain(v))
}

// values is a written record as later steps see it.
func (x *execution) values(rec *record.Record) map[string]any { return x.Records.Values(rec) }

// keep reduces a record to what later expressions read of it.
func (x *execution) keep(s *catalog.Step, m map[string]any) map[string]any {
	out := only(m, x.a.Keep[s.Key])
	if out == nil {
		out = map[string]any{}
	}
	out["id"] = m["id"]
	return out
}
