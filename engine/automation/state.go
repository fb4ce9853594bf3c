package automation

import (
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// progress is the state as a checkpoint keeps it.
func (x *execution) progress() map[string]any {
	path := make([]any, len(x.path))
	for i, f := range x.path {
		m := map[string]any{"step": float64(f.Step)}
		if f.Case > 0 {
			m["case"] = float64(f.Case)
		}
		if f.After != "" {
			m["after"] = f.After
		}
		if f.Item != "" {
			m["item"] = f.Item
		}
		if f.Done > 0 {
			m["done"] = float64(f.Done)
		}
		if f.List != nil {
			m["list"] = f.List
		}
		path[i] = m
	}
	out := map[string]any{"path": path, "taken": float64(x.taken), "seq": float64(x.seq + 1), "began": instant(x.began)}
	if len(x.steps) > 0 {
		out["steps"] = x.steps
	}
	if len(x.vars) > 0 {
		out["vars"] = x.vars
	}
	if len(x.log) > 0 {
		out["log"] = x.log
	}
	if x.cut > 0 {
		out["cut"] = float64(x.cut)
	}
	return out
}

// restore takes up a run where a checkpoint left it.
func (x *execution) restore(m map[string]any) {
	n := func(m map[string]any, k string) int { f, _ := m[k].(float64); return int(f) }
	s := func(m map[string]any, k string) string { v, _ := m[k].(string); return v }
	path, _ := m["path"].([]any)
	for _, v := range path {
		f, _ := v.(map[string]any)
		list, _ := f["list"].([]any)
		x.reached = append(x.reached, frame{Step: n(f, "step"), Case: n(f, "case"), After: s(f, "after"), Item: s(f, "item"), Done: n(f, "done"), List: list})
	}
	if steps, ok := value.Clone(m["steps"]).(map[string]any); ok {
		x.steps = steps
	}
	if vars, ok := value.Clone(m["vars"]).(map[string]any); ok {
		x.vars = vars
	}
	if log, ok := m["log"].([]any); ok {
		x.log = append([]any{}, log...)
	}
	x.cut, x.taken, x.seq = n(m, "cut"), n(m, "taken"), n(m, "seq")
}

// bounded refuses a run that remembers too much.
func (x *execution) bounded() error {
	if size := len(value.AppendJSON(nil, map[string]any{"steps": x.steps, "vars": x.vars})); size > maxState {
		return tooLarge(size)
	}
	return nil
}

func tooLarge(size int) error {
	return problem.Fail(problem.Invalid, "run-too-large", "", problem.P{"limit": maxState, "actual": size})
}
