package transfer

import (
	"context"
	"strconv"
	"strings"

	"formwork/engine/org"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// person is what came of a row.
type person struct {
	action Action
	id     string
	data   map[string]any
}

// apply takes a row to the roster. A *problem.Failure refuses the row.
func (p *peoplePlan) apply(ctx context.Context, r *roster, row sheet.Row) (person, error) {
	unit, err := p.unit(ctx, r, row)
	if err != nil {
		return person{}, err
	}
	if p.leader >= 0 && unit != "" {
		if name := strings.Join(strings.Fields(row.Cell(p.leader).Text), " "); name != "" {
			if err := r.lead(ctx, unit, name, r.ids.of(idLeader, row.Number)); err != nil {
				return person{}, err
			}
		}
	}
	if p.m.Target == Departments {
		return p.department(ctx, r, row, unit)
	}
	return p.user(ctx, r, row, unit)
}

// unit is the department of a row: by its path below the root, made where it is missing, or by the department column.
func (p *peoplePlan) unit(ctx context.Context, r *roster, row sheet.Row) (string, error) {
	var names []string
	for _, i := range p.path {
		if s := strings.Join(strings.Fields(row.Cell(i).Text), " "); s != "" {
			names = append(names, s)
		}
	}
	missing := MissingCreate
	field := "department"
	if p.m.Target == Departments {
		field = "parent"
	}
	if len(names) == 0 {
		text := p.text(row, field)
		if text == "" {
			return "", nil
		}
		switch ids := r.unitNames[value.Fold(text)]; len(ids) {
		case 1:
			return ids[0], nil
		case 0:
		default:
			return "", problem.Fail(problem.Invalid, "ambiguous-reference", "/"+field, problem.P{"value": shown(text), "count": len(ids)})
		}
		if missing = MissingError; p.fields[field].Match != nil && p.fields[field].Match.Missing != "" {
			missing = p.fields[field].Match.Missing
		}
		switch missing {
		case MissingCreate:
			names = parts(text, "/")
		case MissingError:
			return "", problem.Fail(problem.Invalid, "unknown-department", "/"+field, problem.P{"department": shown(text)})
		default:
			return "", nil
		}
	}
	at, err := r.root(ctx)
	for depth, name := range names {
		if err != nil {
			return "", err
		}
		at, err = r.unit(ctx, at, name, r.ids.of(idUnit+byte(depth%0x20), row.Number))
	}
	return at, err
}

func (p *peoplePlan) user(ctx context.Context, r *roster, row sheet.Row, unit string) (person, error) {
	u := org.User{ID: r.ids.of(idPerson, row.Number), Name: p.text(row, "name"), Login: p.text(row, "login"), Email: p.text(row, "email"),
		Phone: p.text(row, "phone"), Locale: p.text(row, "locale"), Timezone: p.text(row, "timezone"), Department: unit}
	key := p.text(row, p.key)
	if key == "" {
		return person{}, problem.Fail(problem.Invalid, "key-empty", "/"+p.key, problem.P{"field": p.key})
	}
	there := r.byName[value.Fold(key)]
	switch p.key {
	case "login":
		there = nil
		if have := r.byLogin[value.Fold(key)]; have != nil {
			there = []*org.User{have}
		}
	case "email":
		there = r.byEmail[value.Fold(key)]
	}
	out := person{data: map[string]any{"name": u.Name, "department": r.path(unit)}}
	switch {
	case len(there) > 1:
		return out, problem.Fail(problem.Conflict, "ambiguous-key", "/"+p.key, problem.P{"fields": []string{p.key}, "count": len(there)})
	case len(there) == 0 && p.m.Mode == Update:
		return out, problem.Fail(problem.NotFound, "record-missing", "/"+p.key, problem.P{"fields": []string{p.key}})
	case len(there) == 0:
		made, err := r.create(ctx, u)
		if err != nil {
			return out, err
		}
		out.action, out.id, out.data["login"] = DoCreate, made.ID, made.Login
		return out, nil
	case there[0].ID == u.ID: // by this very row, before a crash
		r.note(u.ID, &r.made.users)
		out.action, out.id = DoCreate, u.ID
		return out, nil
	case p.m.Mode == Create:
		return out, problem.Fail(problem.Duplicate, "record-exists", "/"+p.key, problem.P{"fields": []string{p.key}})
	}
	r.note(there[0].ID, &r.made.users)
	changed, err := r.update(ctx, there[0], u)
	out.action, out.id, out.data["login"] = DoUnchanged, there[0].ID, there[0].Login
	if changed {
		out.action = DoUpdate
	}
	return out, err
}

// department makes or changes a department under its parent, without one under the root.
func (p *peoplePlan) department(ctx context.Context, r *roster, row sheet.Row, parent string) (person, error) {
	leader := p.text(row, "leader")
	list := r.byName[value.Fold(leader)]
	if leader != "" && len(list) != 1 {
		return person{}, problem.Fail(problem.Invalid, "unknown-user", "/leader", problem.P{"user": shown(leader), "count": len(list)})
	}
	place := p.text(row, "order")
	order, err := strconv.Atoi(place)
	if place != "" && err != nil {
		return person{}, problem.Fail(problem.Invalid, "not-a-number", "/order", problem.P{"value": shown(place)})
	}
	before := r.n
	unit, err := p.named(ctx, r, row, parent)
	if err != nil {
		return person{}, err
	}
	was := *r.units[unit]
	err = r.setUnit(ctx, unit, func(d *org.Department) {
		if leader != "" {
			d.Leader = list[0].ID
		}
		if place != "" {
			d.Order = order
		}
	})
	out := person{id: unit, action: DoUnchanged, data: map[string]any{"department": r.path(unit)}}
	switch {
	case r.n > before:
		out.action = DoCreate
	case was != *r.units[unit]:
		out.action = DoUpdate
	}
	return out, err
}

// named is the department that a row is about: of that name under the parent, or the end of the row's path.
func (p *peoplePlan) named(ctx context.Context, r *roster, row sheet.Row, parent string) (string, error) {
	name := p.text(row, "name")
	if name == "" {
		if parent == "" || len(p.path) == 0 {
			return "", problem.Fail(problem.Invalid, "key-empty", "/name", problem.P{"field": "name"})
		}
		return parent, nil
	}
	if parent == "" {
		root, err := r.root(ctx)
		if err != nil || value.Fold(r.units[root].Name) == value.Fold(name) {
			return root, err
		}
		parent = root
	}
	return r.unit(ctx, parent, name, r.ids.of(idPerson, row.Number))
}
