package automation

import (
	"context"
	"fmt"
	"slices"

	"formwork/engine/catalog"
	"formwork/engine/notify"
	"formwork/engine/org"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/definition"
)

// people are the active users that a setting means, each once, in the order of their ids.
func (x *execution) people(s *catalog.Step, v any, at string) ([]string, error) {
	m, _ := v.(map[string]any)
	dir := x.People()
	var out []string
	add := func(v any) {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case []any:
			for _, x := range v {
				if id, ok := x.(string); ok {
					out = append(out, id)
				}
			}
		}
	}
	add(m["users"])
	if field, ok := m["field"].(string); ok {
		rec, err := x.record()
		if err != nil {
			return nil, err
		}
		add(rec[field])
	}
	if p := s.Exprs[at+"/expr"]; p != nil {
		v, err := x.eval(p, nil)
		if err != nil {
			return nil, err
		}
		add(v)
	}
	if role, ok := m["role"].(string); ok {
		out = append(out, x.withRole(dir, role)...)
	}
	department, _ := m["department"].(string)
	if p := s.Exprs[at+"/department"]; p != nil {
		v, err := x.eval(p, nil)
		if err != nil {
			return nil, err
		}
		department, _ = v.(string)
	}
	leaders, _ := m["leaders"].(bool)
	below, _ := m["below"].(bool)
	var units []string
	if department != "" {
		if units = []string{department}; below {
			units = dir.Subtree(department)
		}
	}
	if leaders {
		for _, id := range out {
			if u := dir.Users[id]; u != nil && u.Department != "" {
				units = append(units, u.Department)
			}
		}
		out = nil
		for _, id := range units {
			if d := dir.Departments[id]; d != nil {
				out = append(out, d.Leader)
			}
		}
	} else {
		out = append(out, dir.Members(units...)...)
	}
	out = slices.DeleteFunc(out, func(id string) bool { u := dir.Users[id]; return u == nil || !u.Active })
	slices.Sort(out)
	return slices.Compact(out), nil
}

// withRole are the users that have a role of the automation's app: by name, or as everybody or every leader has it.
func (x *execution) withRole(dir *org.Directory, key string) []string {
	app := x.snap.Apps[x.a.App]
	if app == nil {
		return nil
	}
	i := slices.IndexFunc(app.Roles, func(r *definition.Role) bool { return r.Key == key })
	if i < 0 {
		return nil
	}
	members := app.Roles[i].Members
	var out []string
	for id, u := range dir.Users {
		if members.Default || members.Leaders && len(dir.Leads(id)) > 0 || slices.Contains(u.Roles[x.a.App], key) {
			out = append(out, id)
		}
	}
	return out
}

// assign gives a record to somebody. Whose turn it is, and what people had when it was counted, is guarded by a lock.
func (x *execution) assign(s *catalog.Step) (*plan, error) {
	p := &plan{entry: x.entry(s)}
	t, err := x.target(s)
	if err != nil {
		return nil, err
	}
	field, _ := s.Config["field"].(string)
	chosen, rule, why := "", -1, ""
	p.out = func([]record.Result) map[string]any { return map[string]any{"user": chosen, "found": chosen != ""} }
	in := map[string]any{}
	p.entry["in"] = in
	if t == nil {
		return p, nil
	}
	in["record"] = t["id"]
	candidates, rule, err := x.candidates(s)
	if err != nil {
		return nil, err
	}
	in["rule"], in["candidates"] = float64(rule+1), brief(list(candidates))
	l, err := x.lock("assign", x.a.Name, s.Key, fmt.Sprint(rule))
	if err != nil {
		return nil, err
	}
	loads, err := x.loads(s, field, candidates)
	if err != nil {
		return nil, err
	}
	chosen, why, err = x.choose(s, candidates, loads, l)
	if err != nil {
		return nil, err
	}
	if loads != nil {
		in["loads"] = brief(counts(loads))
	}
	if chosen == "" {
		p.entry["reason"] = why
		return p, nil
	}
	l.tree["last"] = chosen
	values, err := x.data(s, map[string]any{"item": t})
	if err != nil {
		return nil, err
	}
	values[field] = chosen
	intent := &record.Intent{Verb: record.Update, Form: s.Form.Name, Data: values}
	intent.ID, _ = t["id"].(string)
	x.ifUnchanged(intent, t)
	p.intents, p.within = []*record.Intent{intent}, l.take
	return p, nil
}

// candidates are those whom the first rule that holds names, and its place; -1 for none.
func (x *execution) candidates(s *catalog.Step) ([]string, int, error) {
	rules, _ := s.Config["rules"].([]any)
	for i, r := range rules {
		at := fmt.Sprintf("/rules/%d", i)
		if p := s.Exprs[at+"/when"]; p != nil {
			holds, err := x.conditionOf(p)
			if err != nil {
				return nil, -1, err
			}
			if !holds {
				continue
			}
		}
		m, _ := r.(map[string]any)
		out, err := x.people(s, m["among"], at+"/among")
		return out, i, err
	}
	return nil, -1, nil
}

// loads counts the records that each candidate has, nil where nobody asks.
func (x *execution) loads(s *catalog.Step, field string, candidates []string) (map[string]int, error) {
	if s.Config["by"] != "least-loaded" && s.Config["capacity"] == nil || len(candidates) == 0 {
		return nil, nil
	}
	filter, err := x.filter(s)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for part := range slices.Chunk(candidates, query.MaxValues) {
		of := query.Filter{Field: field, Op: "in", Value: list(part)}
		if !filter.None() {
			of = query.Filter{And: []query.Filter{filter, of}}
		}
		answer, err := x.Records.Aggregate(x.ctx, x.caller, s.Form.Name, query.Ask{Filter: of,
			GroupBy: []query.GroupBy{{Field: field, As: "user"}}, Measures: []query.Figure{{Fn: query.Count, As: "n", Scale: -1}}})
		if err != nil {
			return nil, err
		}
		for _, r := range answer.Rows {
			id, _ := r["user"].(string)
			n, _ := figure(r["n"]).(float64)
			out[id] = int(n)
		}
	}
	return out, nil
}

// choose picks among candidates; "" and why not.
func (x *execution) choose(s *catalog.Step, candidates []string, loads map[string]int, l *lock) (chosen, why string, err error) {
	if len(candidates) == 0 {
		return "", "nobody", nil
	}
	order := candidates
	if s.Config["by"] != "first" { // beginning behind whose turn it was
		last, _ := l.tree["last"].(string)
		i, found := slices.BinarySearch(candidates, last)
		if found {
			i++
		}
		order = append(slices.Clone(candidates[i:]), candidates[:i]...)
	}
	for _, id := range order {
		room, err := x.room(s, id, loads)
		if err != nil {
			return "", "", err
		}
		if !room {
			continue
		}
		if s.Config["by"] != "least-loaded" {
			return id, "", nil
		}
		if chosen == "" || loads[id] < loads[chosen] {
			chosen = id
		}
	}
	if chosen == "" {
		why = "full"
	}
	return chosen, why, nil
}

// room says whether a candidate has less than the capacity.
func (x *execution) room(s *catalog.Step, id string, loads map[string]int) (bool, error) {
	most, limited := s.Config["capacity"].(float64)
	if p := s.Exprs["/capacity"]; p != nil {
		person, _ := x.People().Person(id)
		v, err := x.eval(p, map[string]any{"candidate": person})
		if err != nil {
			return false, err
		}
		most, limited = v.(float64)
	}
	return !limited || float64(loads[id]) < most, nil
}

func list(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

func counts(m map[string]int) map[string]any {
	out := map[string]any{}
	for k, n := range m {
		out[k] = float64(n)
	}
	return out
}

// notify tells people. The key makes each be told once: a run, or whatever the settings say.
func (x *execution) notify(s *catalog.Step) (*plan, error) {
	to, _ := s.Config["to"].([]any)
	var users []string
	for i, v := range to {
		more, err := x.people(s, v, fmt.Sprintf("/to/%d", i))
		if err != nil {
			return nil, err
		}
		users = append(users, more...)
	}
	slices.Sort(users)
	users = slices.Compact(users)
	title, err := x.text(s, "title")
	if err != nil {
		return nil, err
	}
	body, err := x.text(s, "body")
	if err != nil {
		return nil, err
	}
	key := []string{x.id, s.Key}
	for _, f := range x.path {
		key = append(key, fmt.Sprint(f.Step, f.Item, f.Done))
	}
	if p := s.Exprs["/key"]; p != nil {
		v, err := x.eval(p, nil)
		if err != nil {
			return nil, err
		}
		key = []string{x.a.Name, s.Key, textOf(v)}
	}
	n := notify.Notification{Title: title, Body: body, Kind: "automation", Key: idOf(key...)}
	if kind, ok := s.Config["kind"].(string); ok {
		n.Kind = kind
	}
	if s.Form != nil {
		n.Link.Form, n.Link.ID = s.Form.Name, x.cause.Record
		if s.Exprs["/record"] != nil {
			if n.Link.ID, err = x.exprText(s, "record"); err != nil {
				return nil, err
			}
		}
	}
	p := &plan{entry: x.entry(s)}
	p.entry["in"] = brief(map[string]any{"to": list(users), "title": title.In(x.Locale())})
	sent := len(users)
	p.out = func([]record.Result) map[string]any { return map[string]any{"count": float64(sent)} }
	if len(users) == 0 {
		return p, nil
	}
	p.within = func(ctx context.Context, tx store.Tx) (err error) {
		all := make([]notify.Notification, len(users))
		for i, u := range users {
			all[i] = n
			all[i].User = u
		}
		sent, err = x.Notify.Send(ctx, tx, all...)
		return err
	}
	return p, nil
}
