package transfer

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

var (
	userFields = []string{"name", "login", "email", "phone", "department", "locale", "timezone"}
	unitFields = []string{"name", "parent", "leader", "order"}
)

// peoplePlan is a mapping for users or departments, checked against the table.
type peoplePlan struct {
	m      *Mapping
	header sheet.Header
	fields map[string]peopleColumn
	set    map[string]string
	path   []int
	leader int // -1: none
	key    string
	when   []condition
}

type peopleColumn struct {
	Column
	index int
}

func adminOnly(c record.Caller) error {
	if c.Subject.Admin {
		return nil
	}
	return problem.Fail(problem.Forbidden, "forbidden", "", problem.P{"action": "import"})
}

// preparePeople opens the table and plans an import of users or departments. Admins of the workspace may.
func (t *Transfer) preparePeople(c record.Caller, f File, m *Mapping) (*table, *peoplePlan, problem.List, error) {
	if err := adminOnly(c); err != nil {
		return nil, nil, nil, err
	}
	tb, err := openTable(f, m)
	if err != nil {
		return nil, nil, nil, err
	}
	p := &peoplePlan{m: m, header: tb.header, fields: map[string]peopleColumn{}, set: map[string]string{}, leader: -1}
	known := userFields
	if m.Target == Departments {
		known = unitFields
	}
	at := indexes(tb.header)
	var out problem.List
	find := func(name, pointer string) int {
		i, ok := at[name]
		if !ok {
			out = append(out, unknownColumn(name, pointer, tb.header))
		}
		return i
	}
	for i, c := range m.Columns {
		pointer := problem.Pointer("columns", i)
		index := find(c.Column, pointer+"/column")
		if c.Ignore {
			continue
		}
		if !slices.Contains(known, c.Field) {
			out = append(out, unknownMember(c.Field, pointer+"/field", known))
			continue
		}
		p.fields[c.Field] = peopleColumn{c, index}
	}
	for i, name := range m.DepartmentPath {
		p.path = append(p.path, find(name, problem.Pointer("departmentPath", i)))
	}
	if m.Leader != "" {
		p.leader = find(m.Leader, "/leader")
	}
	for _, k := range sortedKeys(m.Set) {
		s, ok := m.Set[k].(string)
		switch {
		case !slices.Contains(known, k):
			out = append(out, unknownMember(k, problem.Pointer("set", k), known))
		case !ok:
			out = append(out, problem.New("type", problem.Pointer("set", k), problem.P{"expected": "text"}))
		default:
			p.set[k] = s
		}
	}
	when, ps := conditions(m.When, tb.header)
	p.when = when
	return tb, p, append(append(out, ps...), p.check()...), nil
}

func unknownMember(name, pointer string, known []string) problem.Problem {
	params := problem.P{"field": name}
	if s := value.Nearest(name, known); s != "" {
		params["suggestion"] = s
	}
	return problem.New("unknown-field", pointer, params)
}

func (p *peoplePlan) check() problem.List {
	_, name := p.fields["name"]
	_, login := p.fields["login"]
	if p.m.Target == Departments {
		if !name && len(p.path) == 0 {
			return problem.List{problem.New("field-not-mapped", "/columns", problem.P{"field": "name"})}
		}
		return nil
	}
	if !name && !login {
		return problem.List{problem.New("field-not-mapped", "/columns", problem.P{"field": "name"})}
	}
	if p.key = "name"; login {
		p.key = "login"
	}
	if len(p.m.Key) > 0 {
		p.key = p.m.Key[0]
		if _, ok := p.fields[p.key]; !ok || len(p.m.Key) > 1 || !slices.Contains([]string{"name", "login", "email"}, p.key) {
			return problem.List{problem.New("not-a-key", "/key/0", problem.P{"field": p.m.Key[0], "allowed": []string{"name", "login", "email"}})}
		}
	}
	return nil
}

// text is a row's value for a field.
func (p *peoplePlan) text(row sheet.Row, field string) string {
	c, ok := p.fields[field]
	if !ok {
		return p.set[field]
	}
	s := strings.Join(strings.Fields(row.Cell(c.index).Text), " ")
	if v, ok := c.Values[s]; ok {
		s = v
	}
	if c.Match != nil {
		if v, ok := c.Match.Values[s]; ok {
			s = v
		}
	}
	return s
}

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

func (p *peoplePlan) department(ctx context.Context, r *roster, row sheet.Row, unit string) (person, error) {
	name := p.text(row, "name")
	before := r.n
	if name != "" {
		var err error
		if unit == "" && len(r.units) > 0 {
			if unit, err = r.root(ctx); err != nil {
				return person{}, err
			}
		}
		if unit != "" && r.units[unit].Parent == "" && value.Fold(r.units[unit].Name) == value.Fold(name) {
			// the root itself
		} else if unit, err = r.unit(ctx, unit, name, r.ids.of(idPerson, row.Number)); err != nil {
			return person{}, err
		}
	}
	if unit == "" {
		return person{}, problem.Fail(problem.Invalid, "key-empty", "/name", problem.P{"field": "name"})
	}
	out := person{id: unit, action: DoUnchanged, data: map[string]any{"department": r.path(unit)}}
	was := *r.units[unit]
	leader := p.text(row, "leader")
	list := r.byName[value.Fold(leader)]
	if leader != "" && len(list) != 1 {
		return out, problem.Fail(problem.Invalid, "unknown-user", "/leader", problem.P{"user": shown(leader), "count": len(list)})
	}
	order, err := strconv.Atoi(p.text(row, "order"))
	if s := p.text(row, "order"); s != "" && err != nil {
		return out, problem.Fail(problem.Invalid, "not-a-number", "/order", problem.P{"value": shown(s)})
	}
	err = r.setUnit(ctx, unit, func(d *org.Department) {
		if leader != "" {
			d.Leader = list[0].ID
		}
		if p.text(row, "order") != "" {
			d.Order = order
		}
	})
	switch {
	case r.n > before:
		out.action = DoCreate
	case was != *r.units[unit]:
		out.action = DoUpdate
	}
	return out, err
}

// peopleBatch is how many rows lie between two checkpoints. Users and departments are written one by one.
const peopleBatch = 50

// runPeople carries out an import of users or departments. Rows behind the checkpoint are applied again after a crash,
// which changes nothing.
func (im *importing) runPeople(ctx context.Context, c record.Caller, f File, m *Mapping) error {
	tb, p, problems, err := im.preparePeople(c, f, m)
	if err == nil {
		err = problem.Refuse(problems)
	}
	if err != nil {
		return err
	}
	im.tb = tb
	all := &plan{when: p.when}
	if err := eachBatch(ctx, tb, all, 1000, func(rows []sheet.Row) error { im.rows += len(rows); return nil }); err != nil {
		return err
	}
	im.phase = phaseRows
	r := newRoster(im.Org.Directory(), im.Org, im.Workspace(), im.ids)
	err = eachBatch(ctx, tb, all, peopleBatch, func(rows []sheet.Row) error {
		e := &entry{job: im.job.ID}
		counts := im.counts
		at := im.at
		for _, row := range rows {
			if row.Number <= im.at {
				continue
			}
			at = row.Number
			counts.Done++
			got, err := p.apply(ctx, r, row)
			if err != nil && problem.KindOf(err) == "" {
				return err
			}
			if err != nil {
				counts.Refused++
				e.refused = append(e.refused, RefusedRow{Row: row.Number, Cells: texts(row, tb.header), Problems: problem.Of(err)})
				continue
			}
			counts.count(got.action)
		}
		if at == im.at {
			return nil
		}
		im.entry++
		e.id, e.number, e.people = im.ids.of(idEntry, im.entry), im.entry, r.made
		im.counts, im.at, r.made = counts, at, people{}
		return im.Store.Update(ctx, func(tx store.Tx) error {
			if err := tx.Insert(ctx, journalCollection, e.doc()); err != nil {
				return err
			}
			return im.run.Checkpoint(ctx, tx, im.progress(im.counts, nil))
		})
	})
	if err != nil {
		return err
	}
	return im.conclude(ctx)
}

func (c *Counts) count(a Action) {
	switch a {
	case DoCreate:
		c.Created++
	case DoUpdate:
		c.Updated++
	case DoUnchanged:
		c.Unchanged++
	}
}

// previewPeople rehearses an import of users or departments.
func (t *Transfer) previewPeople(ctx context.Context, c record.Caller, f File, m Mapping) (Preview, error) {
	tb, p, problems, err := t.preparePeople(c, f, &m)
	if err != nil {
		return Preview{}, err
	}
	out := Preview{Target: m.Target, Sheet: tb.sheet.Name, HeaderRow: tb.header.Row, Problems: append(problems, unmapped(&m, tb.header)...)}
	for _, k := range slices.Sorted(maps.Keys(p.fields)) {
		out.Columns = append(out.Columns, ColumnReport{Column: p.fields[k].Column.Column, Field: k})
	}
	if problems.Blocks() {
		return out, nil
	}
	r := newRoster(t.Org.Directory(), nil, t.Workspace(), fake())
	err = eachBatch(ctx, tb, &plan{when: p.when}, t.Batch, func(rows []sheet.Row) error {
		for _, row := range rows {
			out.Rows++
			got, err := p.apply(ctx, r, row)
			if err != nil && problem.KindOf(err) == "" {
				return err
			}
			if err != nil {
				if out.Refused++; len(out.RefusedRows) < maxRefused {
					out.RefusedRows = append(out.RefusedRows, RefusedRow{Row: row.Number, Cells: texts(row, tb.header), Problems: problem.Of(err)})
				}
				continue
			}
			var counts Counts
			counts.count(got.action)
			out.Create, out.Update, out.Unchanged = out.Create+counts.Created, out.Update+counts.Updated, out.Unchanged+counts.Unchanged
			if len(out.Sample) < maxSample {
				out.Sample = append(out.Sample, SampleRow{Row: row.Number, Action: got.action, Data: got.data})
			}
		}
		return nil
	})
	if len(r.fresh) > 0 && m.Target == Users {
		out.Problems = append(out.Problems, warning(problem.New("departments-made", "", problem.P{"count": r.n, "names": r.fresh})))
	}
	if len(r.leaders) > 0 {
		out.Problems = append(out.Problems, warning(problem.New("leaders-made", "/leader", problem.P{"count": len(r.leaders), "names": r.leaders})))
	}
	return out, err
}
