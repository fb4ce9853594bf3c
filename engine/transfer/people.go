package transfer

import (
	"slices"
	"strings"

	"formwork/engine/record"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// fields are what a column may fill.
func (t Target) fields() []string {
	if t == Departments {
		return []string{"name", "parent", "leader", "order"}
	}
	return []string{"name", "login", "email", "phone", "department", "locale", "timezone"}
}

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
	known := m.Target.fields()
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
