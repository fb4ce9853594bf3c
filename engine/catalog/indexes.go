package catalog

import (
	"fmt"
	"slices"
	"strings"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// maxIndexes bounds the derived indexes of a form; what people declare comes first.
const maxIndexes = 40

// indexes derives a form's indexes from what is declared: unique fields, owner scope, relations, views, dashboards,
// hints. An index that is a prefix of another, or that repeats it, is left out.
func (c *compiler) indexes(f *Form) {
	d := deriver{f: f}
	for _, x := range f.Fields {
		if x.Def.Unique && x.Column != nil {
			d.unique("u."+x.Key, []string{x.Key})
		}
	}
	for _, u := range f.Def.Unique {
		d.unique("u."+u.Key, u.Fields)
	}
	if n := len(d.list); n > maxIndexes { // the others can do without an index, these cannot
		c.fail("max-items", f.pointer()+"/unique", problem.P{"limit": maxIndexes, "actual": n})
	}
	latest := []query.Order{{Column: "updatedAt"}}
	d.add("updated", latest, nil)
	d.add("owner", append([]query.Order{{Column: f.Owner}}, latest...), nil)
	for _, x := range f.Fields {
		if x.Relation != nil {
			d.add("r."+x.Key, append([]query.Order{{Column: x.Key}}, latest...), nil)
		}
	}
	for _, l := range f.Limits {
		d.add("limit."+l.Def.Key, append([]query.Order{{Column: l.Owner.Key}}, latest...), nil)
	}
	for i, h := range f.Def.Indexes {
		var order []query.Order
		for j, k := range h.Fields {
			name, desc := strings.CutPrefix(k, "-")
			c.readable(f, name, fmt.Sprintf("%s/indexes/%d/fields/%d", f.pointer(), i, j))
			order = append(order, query.Order{Column: name, Desc: desc})
		}
		for j, k := range h.Include {
			c.readable(f, k, fmt.Sprintf("%s/indexes/%d/include/%d", f.pointer(), i, j))
		}
		d.add("h."+h.Key, order, h.Include)
	}
	for _, a := range f.Automations { // those that look for dates
		if a.Field != nil {
			d.add("t."+a.Name, []query.Order{{Column: a.Field.Key}}, nil)
		}
		if a.Late() && a.Field != nil && a.Def.Trigger.On == definition.OnIdle && a.Field.Key != "updatedAt" {
			d.add("t.created", []query.Order{{Column: a.Field.Key}, {Column: "createdAt"}}, nil)
		}
	}
	for _, a := range c.sortedApps() {
		for _, v := range a.Views {
			if Qualify(a.Key, v.Form) == f.Name {
				d.view(a.Key, v)
			}
		}
		for _, p := range a.pages {
			d.page(a.Key, p)
		}
		for _, b := range a.Boards {
			for i := range b.Cards {
				if Qualify(a.Key, b.Cards[i].Form) == f.Name {
					d.card(a.Key+"."+b.Key, &b.Cards[i])
				}
			}
		}
	}
	f.Collection.Indexes = d.finish()
}

func (c *compiler) sortedApps() []*App {
	var out []*App
	for _, a := range c.snap.Apps {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b *App) int { return strings.Compare(a.Key, b.Key) })
	return out
}

type deriver struct {
	f    *Form
	list []store.Index
}

func (d *deriver) unique(key string, fields []string) {
	ix := store.Index{Key: key, Unique: true}
	for _, k := range fields {
		col, ok := d.f.Columns[k]
		if !ok || col.Array {
			return
		}
		ix.Columns = append(ix.Columns, query.Order{Column: k})
	}
	d.list = append(d.list, ix)
}

func (d *deriver) add(key string, order []query.Order, include []string) {
	ix := store.Index{Key: key}
	for _, o := range order {
		col, ok := d.f.Columns[o.Column]
		if !ok || col.Array || slices.ContainsFunc(ix.Columns, func(x query.Order) bool { return x.Column == o.Column }) {
			continue
		}
		ix.Columns = append(ix.Columns, o)
	}
	for _, k := range include {
		col, ok := d.f.Columns[k]
		if ok && !col.Array && !slices.Contains(ix.Include, k) && !slices.ContainsFunc(ix.Columns, func(x query.Order) bool { return x.Column == k }) {
			ix.Include = append(ix.Include, k)
		}
	}
	if len(ix.Columns) > 0 {
		d.list = append(d.list, ix)
	}
}

// view wants: the filter's equalities and each scoped field, then the sort.
func (d *deriver) view(app string, v *definition.View) {
	sort, _ := query.ParseSort(v.Sort, d.f.Columns, "")
	if len(sort) == 0 {
		sort = []query.Order{{Column: "updatedAt", Desc: true}}
	}
	filter, _ := query.ParseFilterJSON(v.Filter, "")
	var equal []query.Order
	equalities(filter, func(field string) { equal = append(equal, query.Order{Column: field}) })
	name := "v." + app + "." + v.Key
	d.add(name, append(slices.Clone(equal), sort...), nil)
	scoped := slices.Clone(equal)
	for _, s := range v.Scoped {
		scoped = append(scoped, query.Order{Column: s})
		d.add(name+"."+s, append(append(slices.Clone(equal), query.Order{Column: s}), sort...), nil)
	}
	if len(v.Scoped) > 1 {
		d.add(name+".scoped", append(scoped, sort...), nil)
	}
	if v.GroupBy != "" {
		d.add(name+".group", append(append([]query.Order{{Column: v.GroupBy}}, equal...), sort...), nil)
	}
}

// equalities are the fields that a filter pins to one value.
func equalities(f query.Filter, fn func(field string)) {
	if f.Op == "eq" && !strings.Contains(f.Field, ".") {
		fn(f.Field)
	}
	for _, k := range f.And {
		equalities(k, fn)
	}
}

// card wants its group keys first, everything else it reads beside them: the aggregate then runs on the index alone.
func (d *deriver) card(name string, card *definition.Card) {
	ask, ps := AskOf(card, "")
	if ps.Blocks() {
		return
	}
	var order []query.Order
	var include []string
	root := func(field string) string { head, _, _ := strings.Cut(field, "."); return head }
	for _, g := range ask.GroupBy {
		order = append(order, query.Order{Column: root(g.Field)})
	}
	if len(order) == 0 {
		equalities(ask.Filter, func(field string) { order = append(order, query.Order{Column: field}) })
	}
	if len(order) == 0 && card.DateField != "" {
		order = append(order, query.Order{Column: card.DateField})
	}
	ask.Filter.Fields(func(k, _ string) { include = append(include, root(k)) })
	for _, m := range ask.Measures {
		include = append(include, root(m.Field))
		m.Filter.Fields(func(k, _ string) { include = append(include, root(k)) })
	}
	if card.DateField != "" {
		include = append(include, card.DateField)
	}
	if d.f.Owner != "createdBy" {
		include = append(include, d.f.Owner) // the scope of those who see only their own
	}
	if len(order) == 0 && len(include) > 0 {
		order, include = []query.Order{{Column: include[0]}}, include[1:]
	}
	d.add(fmt.Sprintf("d.%s.%s", name, card.Key), order, include)
}

// finish merges what one index can serve. Two indexes with the same columns become one that includes what both do.
func (d *deriver) finish() []store.Index {
	var out []store.Index
	seen := map[string]bool{}
	for _, ix := range d.list {
		if seen[ix.Key] {
			continue
		}
		seen[ix.Key] = true
		i := slices.IndexFunc(out, func(o store.Index) bool {
			return !o.Unique && !ix.Unique && slices.Equal(o.Columns, ix.Columns)
		})
		if i < 0 {
			out = append(out, ix)
			continue
		}
		for _, k := range ix.Include {
			if !slices.Contains(out[i].Include, k) {
				out[i].Include = append(slices.Clone(out[i].Include), k)
			}
		}
	}
	out = slices.DeleteFunc(out, func(ix store.Index) bool { // a plain index that leads another
		return !ix.Unique && len(ix.Include) == 0 && slices.ContainsFunc(out, func(o store.Index) bool {
			return !o.Unique && len(o.Columns) > len(ix.Columns) && slices.Equal(o.Columns[:len(ix.Columns)], ix.Columns)
		})
	})
	if len(out) > maxIndexes {
		out = out[:maxIndexes]
	}
	return out
}
