package automation

import (
	"context"
	"slices"
	"strconv"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/formula"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/value"
)

// sets says whether a write sets an automation off, and gives the run's cause and the record.
func (l *listening) sets(ctx context.Context, tx store.Tx, a *catalog.Automation, ev *record.Event) (c Cause, after map[string]any, ok bool, err error) {
	c = Cause{On: string(a.Def.Trigger.On), Form: ev.Form.Name, Record: ev.After.ID, At: instant(ev.Now), By: ev.Caller.User}
	due := false
	switch {
	case a.Late():
		var at time.Time
		if at, c.Value, due = l.late(a, ev); !due {
			return c, nil, false, nil
		}
		c.At = instant(at)
	case !waitsFor(a, ev):
		return c, nil, false, nil
	}
	if l.Paused(a.Name).Paused {
		return c, nil, false, nil
	}
	if cause := ev.Caller.Cause; cause != nil {
		c.By, c.Run, c.Depth = cause.Actor, cause.Run, cause.Depth
	}
	after = l.Records.Values(&record.Record{Form: ev.Form, Doc: ev.After})
	rev, _ := after["rev"].(float64)
	c.Rev = int64(rev)
	var before map[string]any
	if ev.Before != nil {
		before = l.Records.Values(&record.Record{Form: ev.Form, Doc: ev.Before})
	}
	holds, failed := l.holds(ctx, a, after, before, c.By)
	if !holds && failed == "" {
		return c, nil, false, nil
	}
	c.Failed, c.Before = failed, only(before, a.Before)
	if due {
		fresh, err := l.mark(ctx, tx, a, c.Record, c.Value, ev.Now)
		return c, after, fresh, err
	}
	return c, after, true, nil
}

// holds evaluates an automation's condition. failed says why it could not be.
func (e *Engine) holds(ctx context.Context, a *catalog.Automation, after, before map[string]any, by string) (holds bool, failed string) {
	if a.When == nil {
		return true, ""
	}
	v, _, err := a.When.Eval(ctx, formula.Env{Now: e.Now(), Zone: e.Zone(), Lookup: func(name string) (any, bool) {
		switch name {
		case "record":
			return after, after != nil
		case "before":
			return before, before != nil
		case "user":
			p, ok := e.People().Person(by)
			return p, ok
		}
		return nil, false
	}})
	if err != nil {
		return false, err.Error()
	}
	holds, _ = v.(bool)
	return holds, ""
}

// only keeps what is named; "*" is everything.
func only(m map[string]any, keys []string) map[string]any {
	if m == nil || slices.Contains(keys, "*") {
		return m
	}
	var out map[string]any
	for _, k := range keys {
		if v, ok := m[k]; ok {
			if out == nil {
				out = map[string]any{}
			}
			out[k] = v
		}
	}
	return out
}

// waitsFor says whether a write is what an automation waits for.
func waitsFor(a *catalog.Automation, ev *record.Event) bool {
	t := &a.Def.Trigger
	created := ev.Verb == record.Create
	changed := ev.Before != nil && (ev.Verb == record.Update || ev.Verb == record.Move || ev.Verb == record.Recompute ||
		ev.Verb == record.Claim || ev.Verb == record.Release)
	switch t.On {
	case definition.OnCreated:
		return created
	case definition.OnDeleted:
		return ev.Verb == record.Delete
	case definition.OnChanged:
		return changed && differs(t, ev)
	case definition.OnSaved:
		return created || changed && differs(t, ev)
	case definition.OnStage:
		st := ev.Form.Stages
		if !changed || st == nil {
			return false
		}
		was, is := data(ev.Before)[st.Field], data(ev.After)[st.Field]
		return !value.Equal(was, is) && among(t.From, was) && among(t.To, is)
	}
	return false
}

// differs says whether a field that the trigger names has changed, from and to what it names. Where it names none, what is
// only computed from other records does not count.
func differs(t *definition.Trigger, ev *record.Event) bool {
	if len(t.Fields) == 0 {
		return ev.Verb != record.Recompute
	}
	was, is := data(ev.Before), data(ev.After)
	return slices.ContainsFunc(t.Fields, func(k string) bool {
		return !value.Equal(was[k], is[k]) && among(t.From, was[k]) && among(t.To, is[k])
	})
}

// among says whether a value is one of a list, or holds one of them; an empty list takes everything.
func among(list []string, v any) bool {
	if len(list) == 0 {
		return true
	}
	switch v := v.(type) {
	case string:
		return slices.Contains(list, v)
	case float64:
		return slices.Contains(list, value.Text(v))
	case bool:
		return slices.Contains(list, strconv.FormatBool(v))
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return among(list, x) })
	}
	return slices.Contains(list, "")
}

func data(d *store.Doc) map[string]any {
	m, _ := d.Tree()["data"].(map[string]any)
	return m
}

func instant(t time.Time) string { return value.FormatInstant(t.UnixMilli()) }
