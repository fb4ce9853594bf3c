package automation

import (
	"fmt"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Steps that only read, and compute.

func (x *execution) find(s *catalog.Step) error {
	entry := x.entry(s)
	var found []map[string]any
	if s.Exprs["/record"] != nil {
		id, err := x.exprText(s, "record")
		if err != nil {
			return err
		}
		entry["in"] = map[string]any{"record": id}
		m, err := x.existing(s.Form.Name, id)
		if err != nil {
			return err
		}
		if m != nil {
			found = append(found, m)
		}
	} else {
		filter, err := x.filter(s)
		if err != nil {
			return err
		}
		entry["in"] = brief(map[string]any{"filter": filterTree(filter)})
		sort, _ := query.StringsOf(s.Config["sort"], "")
		recs, err := x.Records.Find(x.ctx, x.caller, s.Form.Name, record.Query{Filter: filter, Sort: sort, Limit: number(s.Config["limit"], 1)})
		if err != nil {
			return err
		}
		for _, r := range recs {
			found = append(found, x.values(r))
		}
	}
	out := map[string]any{"found": len(found) > 0, "count": float64(len(found))}
	list := make([]any, len(found))
	for i, m := range found {
		list[i] = x.keep(s, m)
	}
	if len(list) > 0 {
		out["record"] = list[0]
	}
	out["records"] = list
	x.gave(s, out)
	entry["out"] = brief(map[string]any{"count": out["count"], "records": ids(found)})
	x.note(entry)
	return x.bounded()
}

// existing is a live record, nil when there is none.
func (x *execution) existing(form, id string) (map[string]any, error) {
	if id == "" {
		return nil, nil
	}
	if m := x.overlay[form+"/"+id]; m != nil {
		return m, nil
	}
	rec, err := x.Records.Load(x.ctx, x.caller, form, id)
	if problem.KindOf(err) == problem.NotFound || err == nil && rec.Doc.Deleted {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return x.values(rec), nil
}

func ids(list []map[string]any) []any {
	out := []any{}
	for i, m := range list {
		if i == 20 {
			return append(out, "…")
		}
		out = append(out, m["id"])
	}
	return out
}

func filterTree(f query.Filter) any {
	v, _ := value.Decode(f.FilterJSON())
	return v
}

func number(v any, otherwise int) int {
	if f, ok := v.(float64); ok {
		return int(f)
	}
	return otherwise
}

// maxRows bounds the groups of an aggregate.
const maxRows = 200

func (x *execution) aggregate(s *catalog.Step) error {
	filter, err := x.filter(s)
	if err != nil {
		return err
	}
	fn, _ := s.Config["fn"].(string)
	field, _ := s.Config["field"].(string)
	group, _ := s.Config["groupBy"].(string)
	ask := query.Ask{Filter: filter, Measures: []query.Figure{{Fn: query.Fn(fn), Field: field, As: "value", Scale: -1}}}
	if group != "" {
		ask.GroupBy = []query.GroupBy{{Field: group, As: "key"}}
		ask.Sort, ask.Limit = []string{"-value"}, maxRows
	}
	answer, err := x.Records.Aggregate(x.ctx, x.caller, s.Form.Name, ask)
	if err != nil {
		return err
	}
	out := map[string]any{}
	if group != "" {
		rows := make([]any, len(answer.Rows))
		for i, r := range answer.Rows {
			rows[i] = map[string]any{"key": figure(r["key"]), "value": figure(r["value"])}
		}
		out["rows"] = rows
	} else if len(answer.Rows) > 0 {
		out["value"] = figure(answer.Rows[0]["value"])
	} else if fn == "count" {
		out["value"] = float64(0)
	}
	x.gave(s, out)
	entry := x.entry(s)
	entry["in"], entry["out"] = brief(map[string]any{"filter": filterTree(filter)}), brief(out)
	x.note(entry)
	return x.bounded()
}

// figure is a figure of an aggregate as a number that expressions know.
func figure(v any) any {
	switch v := v.(type) {
	case value.Decimal:
		return v.Float()
	case int64:
		return float64(v)
	}
	return v
}

func (x *execution) set(s *catalog.Step) error {
	values, err := x.data(s, nil)
	if err != nil {
		return err
	}
	for k, v := range values {
		x.vars[k] = v
	}
	entry := x.entry(s)
	entry["out"] = brief(values)
	x.note(entry)
	return x.bounded()
}

// calculate computes named lines. The log keeps of each its expression and what it read.
func (x *execution) calculate(s *catalog.Step) error {
	list, _ := s.Config["lines"].([]any)
	lines := map[string]any{}
	var trace, logged []any
	for i, l := range list {
		m, _ := l.(map[string]any)
		key, _ := m["key"].(string)
		extra := map[string]any{"lines": lines}
		p := s.Exprs[fmt.Sprintf("/lines/%d/value", i)]
		v, err := x.eval(p, extra)
		if err != nil {
			return err
		}
		n, _ := v.(float64)
		if scale, ok := m["scale"].(float64); ok {
			n = value.Round(n, int(scale))
		}
		title := titleOf(m["title"]).In(x.Locale())
		if title == "" {
			title = key
		}
		lines = withKey(lines, key, n)
		trace = append(trace, map[string]any{"key": key, "title": title, "value": n})
		logged = append(logged, map[string]any{"key": key, "expr": p.Source(), "value": n, "read": x.reads(p, extra)})
	}
	x.gave(s, map[string]any{"lines": lines, "trace": trace})
	entry := x.entry(s)
	entry["out"], entry["trace"] = brief(lines), logged
	x.note(entry)
	return x.bounded()
}

// withKey copies, as earlier lines may have been handed out.
func withKey(m map[string]any, key string, v any) map[string]any {
	out := make(map[string]any, len(m)+1)
	for k, x := range m {
		out[k] = x
	}
	out[key] = v
	return out
}

// reads are the values that an expression read, by their paths.
func (x *execution) reads(p *formula.Program, extra map[string]any) map[string]any {
	env := x.env(extra)
	out := map[string]any{}
	for _, d := range p.Deps() {
		v, _ := env.Lookup(d[0])
		name := d[0]
		for _, k := range d[1:] {
			m, ok := v.(map[string]any)
			if !ok {
				break
			}
			v = m[k]
			name += "." + k
		}
		out[name] = brief(v)
	}
	return out
}

func titleOf(v any) definition.Text {
	switch v := v.(type) {
	case string:
		return definition.Text{"": v}
	case map[string]any:
		out := definition.Text{}
		for lang, s := range v {
			out[lang], _ = s.(string)
		}
		return out
	}
	return nil
}

func (x *execution) stop(s *catalog.Step) error {
	reason, err := x.text(s, "reason")
	if err != nil {
		return err
	}
	if failed, _ := s.Config["failed"].(bool); failed {
		return problem.Fail(problem.Invalid, "stopped", "", problem.P{"reason": reason})
	}
	x.stopped, x.reason = true, reason
	entry := x.entry(s)
	if len(reason) > 0 {
		entry["out"] = map[string]any{"reason": reason.In(x.Locale())}
	}
	x.note(entry)
	return nil
}

// clock is an instant as people read it.
func clock(t formula.Instant, zone *time.Location) string {
	return time.UnixMilli(int64(t)).In(zone).Format("2006-01-02 15:04")
}
