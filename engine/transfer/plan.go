package transfer

import (
	"slices"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/record"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// plan is a mapping that was checked against its form, its table and its caller.
type plan struct {
	mapping   *Mapping
	form      *catalog.Form
	d         *access.Decision
	caller    record.Caller
	env       field.Env
	columns   []*column // those that go into a field
	byField   map[string]*column
	key       []*catalog.Field
	constants map[string]any // canonical values of Set
	when      []condition
	header    sheet.Header
}

// column is a column of the table on its way into a field.
type column struct {
	Column
	index   int
	pointer string // into the mapping
	field   *catalog.Field
	format  sheet.DateFormat
	style   sheet.NumberStyle
	options *options // select, multiselect
	match   *matcher // relation, user, department
	// self marks a relation to the form itself that is matched by a field which the file fills: rows may point to rows.
	self   bool
	report *ColumnReport
}

// plan checks everything that does not depend on the rows.
func (t *Transfer) plan(c record.Caller, f *catalog.Form, d *access.Decision, m *Mapping, h sheet.Header) (*plan, problem.List) {
	p := &plan{mapping: m, form: f, d: d, caller: importer(c, f, d, m.Automations), header: h, byField: map[string]*column{}, constants: map[string]any{}}
	p.env = field.Env{Zone: c.Zone, NewID: t.Records.NewID}
	if p.env.Zone == nil {
		p.env.Zone = t.Records.Zone()
	}
	var out problem.List
	at := indexes(h)
	for i := range m.Columns {
		col := &column{Column: m.Columns[i], pointer: problem.Pointer("columns", i), style: sheet.PointDecimal}
		index, ok := at[col.Column.Column]
		if !ok {
			out = append(out, unknownColumn(col.Column.Column, col.pointer+"/column", h))
			continue
		}
		if col.Ignore {
			continue
		}
		col.index = index
		problems := p.target(col)
		out = append(out, problems...)
		if !problems.Blocks() {
			p.columns = append(p.columns, col)
			p.byField[col.Field] = col
		}
	}
	for _, key := range sortedKeys(m.Set) {
		x, ps := p.writable(key, problem.Pointer("set", key))
		if !ps.Blocks() && p.byField[key] != nil {
			ps = append(ps, problem.New("repeated", problem.Pointer("set", key), problem.P{"value": key}))
		}
		if !ps.Blocks() {
			var v any
			v, ps = x.Type.Coerce(x.Def, m.Set[key], p.env)
			ps = ps.At(problem.Pointer("set", key))
			p.constants[key] = v
		}
		out = append(out, ps...)
	}
	out = append(out, p.keys()...)
	when, ps := conditions(m.When, h)
	p.when = when
	return p, append(out, ps...)
}

func indexes(h sheet.Header) map[string]int {
	out := make(map[string]int, len(h.Columns))
	for _, c := range h.Columns {
		out[c.Name] = c.Index
	}
	return out
}

func unknownColumn(name, pointer string, h sheet.Header) problem.Problem {
	names := make([]string, len(h.Columns))
	for i, c := range h.Columns {
		names[i] = c.Name
	}
	params := problem.P{"column": name}
	if s := value.Nearest(name, names); s != "" {
		params["suggestion"] = s
	}
	return problem.New("unknown-column", pointer, params)
}

// writable finds a field that the caller may fill.
func (p *plan) writable(key, pointer string) (*catalog.Field, problem.List) {
	x, ok := p.form.ByKey[key]
	params := problem.P{"field": key}
	switch {
	case !ok || p.d.Field(key) == definition.Hidden:
		var names []string
		for _, y := range p.form.Fields {
			if p.d.Field(y.Key) != definition.Hidden {
				names = append(names, y.Key)
			}
		}
		if s := value.Nearest(key, names); s != "" {
			params["suggestion"] = s
		}
		return nil, problem.List{problem.New("unknown-field", pointer, params)}
	case x.Computed() || x.Def.Live:
		return nil, problem.List{problem.New("computed", pointer, params)}
	case !p.d.Writable(key):
		return nil, problem.List{problem.New("not-writable", pointer, params)}
	}
	return x, nil
}

// target checks that a column can go into its field.
func (p *plan) target(col *column) problem.List {
	x, ps := p.writable(col.Field, col.pointer+"/field")
	if ps.Blocks() {
		return ps
	}
	col.field = x
	switch x.Type.Key {
	case "table", "file", "image":
		return problem.List{problem.New("not-importable", col.pointer+"/field", problem.P{"field": col.Field, "type": x.Type.Key})}
	case "select", "multiselect":
		col.options = newOptions(x.Def.Options, col.Nearest)
	case "relation", "user", "department":
		if col.Match == nil {
			col.Match = &Match{}
		}
		return p.matching(col)
	}
	return nil
}

// keys finds the fields of the key: known, filled by every row, and such that records can be found by them.
func (p *plan) keys() problem.List {
	var out problem.List
	for i, k := range p.mapping.Key {
		at := problem.Pointer("key", i)
		x, ok := p.form.ByKey[k]
		_, constant := p.constants[k]
		switch {
		case !ok || !p.d.Askable(k):
			_, ps := p.writable(k, at)
			if len(ps) == 0 {
				ps = problem.List{problem.New("unknown-field", at, problem.P{"field": k})}
			}
			out = append(out, ps...)
		case x.Column == nil || x.Column.Array:
			out = append(out, problem.New("not-a-key", at, problem.P{"field": k}))
		case p.byField[k] != nil && p.byField[k].Match != nil && p.byField[k].Match.Missing == MissingCreate:
			out = append(out, problem.New("cannot-create", p.byField[k].pointer+"/match/missing", problem.P{"field": k}))
		case p.byField[k] == nil && !constant && slices.ContainsFunc(p.mapping.Columns, func(c Column) bool { return c.Field == k }):
			// its column was complained about
		case p.byField[k] == nil && !constant:
			out = append(out, problem.New("key-not-mapped", at, problem.P{"field": k}))
		default:
			p.key = append(p.key, x)
		}
	}
	return out
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// allow says whether the caller may import into the form in the mapping's way.
func (p *plan) allow() error {
	actions := []definition.Action{definition.Import}
	if p.mapping.Mode != Update {
		actions = append(actions, definition.Create)
	}
	if p.mapping.Mode != Create {
		actions = append(actions, definition.Update)
	}
	for _, a := range actions {
		if !p.d.Can(a) {
			return access.Forbid(a, p.form.Name)
		}
	}
	return nil
}
