package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// views checks what looks at forms: views, dashboards, roles and the app's menu.
func (c *compiler) views(a *App) {
	for _, v := range a.Views {
		c.view(a, v)
	}
	for _, d := range a.Boards {
		for i := range d.Cards {
			c.card(a, d, i)
		}
	}
	for _, r := range a.Roles {
		c.role(a, r)
	}
	for i, m := range a.Def.Menu {
		pointer := fmt.Sprintf("%s/menu/%d", at(a.Key, definition.KindApp, a.Key), i)
		if m.Form != "" {
			c.formOf(a, m.Form, pointer+"/form")
		}
		if _, ok := a.View(m.View); !ok && m.View != "" {
			c.fail("unknown-view", pointer+"/view", problem.P{"view": m.View})
		}
		if m.Page != "" && !slices.ContainsFunc(a.pages, func(p *definition.Page) bool { return p.Key == m.Page }) {
			c.fail("unknown-page", pointer+"/page", problem.P{"page": m.Page})
		}
		if _, ok := a.Board(m.Dashboard); !ok && m.Dashboard != "" {
			c.fail("unknown-dashboard", pointer+"/dashboard", problem.P{"dashboard": m.Dashboard})
		}
	}
}

func (c *compiler) formOf(a *App, name, pointer string) (*Form, bool) {
	f, ok := c.snap.Forms[Qualify(a.Key, name)]
	if !ok {
		params := problem.P{"form": name}
		names := make([]string, 0, len(c.snap.Forms))
		for n := range c.snap.Forms {
			names = append(names, n)
		}
		if s := value.Nearest(Qualify(a.Key, name), names); s != "" {
			params["suggestion"] = s
		}
		c.fail("unknown-form", pointer, params)
		return nil, false
	}
	c.use(f.Name, "", "", pointer)
	return f, true
}

func (c *compiler) view(a *App, v *definition.View) {
	pointer := at(a.Key, definition.KindView, v.Key)
	f, ok := c.formOf(a, v.Form, pointer+"/form")
	if !ok {
		return
	}
	for i, k := range v.Fields {
		c.readable(f, k, fmt.Sprintf("%s/fields/%d", pointer, i))
	}
	if v.GroupBy != "" {
		c.readable(f, v.GroupBy, pointer+"/groupBy")
	}
	for i, s := range v.Summaries {
		c.readable(f, s.Field, fmt.Sprintf("%s/summaries/%d/field", pointer, i))
	}
	for i, k := range v.Scoped {
		c.askable(f, k, fmt.Sprintf("%s/scoped/%d", pointer, i))
	}
	_, ps := query.ParseSort(v.Sort, f.Columns, pointer+"/sort")
	c.problems = append(c.problems, ps...)
	for i, k := range v.Sort {
		if k = strings.TrimPrefix(k, "-"); f.ByKey[k] != nil {
			c.use(f.Name, k, "", fmt.Sprintf("%s/sort/%d", pointer, i))
		}
	}
	c.filter(f, v.Filter, pointer+"/filter")
}

// readable accepts fields and envelope columns.
func (c *compiler) readable(f *Form, key, pointer string) {
	if _, ok := f.Columns[key]; ok && f.ByKey[key] == nil {
		return
	}
	c.known(f, key, pointer)
}

// askable accepts columns and paths through relations, users and departments.
func (c *compiler) askable(f *Form, key, pointer string) {
	if _, ok := f.Columns[key]; ok {
		if f.ByKey[key] != nil {
			c.use(f.Name, key, "", pointer)
		}
		return
	}
	head, rest, path := strings.Cut(key, ".")
	x, ok := f.ByKey[head]
	switch {
	case path && (head == "createdBy" || head == "updatedBy") && slices.Contains(userProperties["user"], strings.Split(rest, ".")[0]):
	case !path || !ok:
		c.unknownField(f, key, pointer)
	case x.Relation != nil:
		c.use(f.Name, head, "", pointer)
		c.askable(x.Relation, rest, pointer)
	case slices.Contains(userProperties[x.As.Key], strings.Split(rest, ".")[0]):
		c.use(f.Name, head, "", pointer)
	default:
		c.unknownField(f, key, pointer)
	}
}

// filter checks the names of a filter in a definition; values that depend on the user are resolved when it is asked.
func (c *compiler) filter(f *Form, raw json.RawMessage, pointer string) query.Filter {
	parsed, ps := query.ParseFilterJSON(raw, pointer)
	c.problems = append(c.problems, ps...)
	parsed.Fields(func(name, at string) { c.askable(f, name, at) })
	c.constants(f, parsed)
	c.compared(f, parsed)
	return parsed
}

// constants holds the leaves of a filter that name a column of the form, and compare it with something that is written
// down, against the column: a wrong operator or value would fail every time it is asked.
func (c *compiler) constants(f *Form, filter query.Filter) {
	if filter.None() {
		return
	}
	for _, kids := range [][]query.Filter{filter.And, filter.Or} {
		for _, k := range kids {
			c.constants(f, k)
		}
	}
	if filter.Not != nil {
		c.constants(f, *filter.Not)
	}
	m, _ := filter.Value.(map[string]any)
	if src, ok := m["expr"].(string); ok {
		_, ps := formula.Compile(src, formula.Scope{"user": UserType}, formula.Options{Volatile: true})
		c.problems = append(c.problems, ps.At(filter.Pointer+"/value/expr")...)
		return
	}
	if _, own := f.Columns[filter.Field]; own && filter.Op != "under" {
		_, ps := query.Resolve(filter, f.Columns, query.Env{})
		c.problems = append(c.problems, ps...)
	}
}

func (c *compiler) card(a *App, d *definition.Dashboard, i int) {
	card := &d.Cards[i]
	pointer := fmt.Sprintf("%s/cards/%d", at(a.Key, definition.KindDashboard, d.Key), i)
	f, ok := c.formOf(a, card.Form, pointer+"/form")
	if !ok {
		return
	}
	ask, ps := AskOf(card, pointer)
	if c.problems = append(c.problems, ps...); ps.Blocks() {
		return
	}
	c.filter(f, card.Filter, pointer+"/filter")
	for _, g := range ask.GroupBy {
		c.askable(f, g.Field, g.Pointer+"/field")
	}
	for _, m := range ask.Measures {
		if m.Field != "" {
			c.askable(f, m.Field, m.Pointer+"/field")
		}
		m.Filter.Fields(func(name, at string) { c.askable(f, name, at) })
		c.constants(f, m.Filter)
		c.compared(f, m.Filter)
	}
	if card.DateField != "" {
		c.askable(f, card.DateField, pointer+"/dateField")
	} else if card.Compare != "" {
		c.fail("required", pointer+"/dateField", nil)
	}
	if card.Compare != "" && slices.ContainsFunc(ask.GroupBy, func(g query.GroupBy) bool { return g.Unit != "" }) {
		c.fail("compare-of-dates", pointer+"/compare", nil)
	}
}

// AskOf is the aggregate that a card shows.
func AskOf(card *definition.Card, pointer string) (query.Ask, problem.List) {
	m := map[string]any{}
	for k, raw := range map[string]json.RawMessage{"filter": card.Filter, "groupBy": card.GroupBy, "measures": card.Measures, "having": card.Having} {
		if len(raw) == 0 {
			continue
		}
		v, err := value.Decode(raw)
		if err != nil {
			return query.Ask{}, problem.List{problem.New("malformed", pointer+"/"+k, problem.P{"error": err.Error()})}
		}
		m[k] = v
	}
	if len(card.Sort) > 0 {
		list := make([]any, len(card.Sort))
		for i, s := range card.Sort {
			list[i] = s
		}
		m["sort"] = list
	}
	if card.Limit > 0 {
		m["limit"] = float64(card.Limit)
	}
	return query.ParseAsk(m, pointer)
}

func (c *compiler) role(a *App, r *definition.Role) {
	pointer := at(a.Key, definition.KindRole, r.Key)
	for i := range r.Forms {
		fr := &r.Forms[i]
		p := fmt.Sprintf("%s/forms/%d", pointer, i)
		f, ok := c.formOf(a, fr.Form, p+"/form")
		if !ok {
			continue
		}
		for j, x := range fr.Fields {
			c.known(f, x.Field, fmt.Sprintf("%s/fields/%d/field", p, j))
		}
		if fr.OwnerField != "" {
			if x, ok := f.ByKey[fr.OwnerField]; !ok || x.As.Key != "user" {
				c.unknownField(f, fr.OwnerField, p+"/ownerField")
			} else {
				c.use(f.Name, x.Key, "", p+"/ownerField")
			}
		}
		where := c.filter(f, fr.Where, p+"/where")
		where.Fields(func(name, at string) { c.reachable(f, name, at) })
	}
	for i, k := range r.Dashboards {
		if _, ok := a.Board(k); !ok && k != "*" {
			c.fail("unknown-dashboard", fmt.Sprintf("%s/dashboards/%d", pointer, i), problem.P{"dashboard": k})
		}
	}
}

// reachable refuses paths through relations in the filter of a role: rows are decided for every record that is read or
// written, so what they depend on must stand in the record. A lookup field brings it there.
func (c *compiler) reachable(f *Form, name, pointer string) {
	head, _, path := strings.Cut(name, ".")
	if x := f.ByKey[head]; path && x != nil && x.Relation != nil {
		c.fail("not-allowed", pointer, problem.P{"name": name})
	}
}
