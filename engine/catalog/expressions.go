package catalog

import (
	"fmt"

	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// UserType is what `user` is in expressions.
var UserType = formula.ObjectOf(map[string]formula.Type{
	"id": formula.Of(formula.Text), "name": formula.Of(formula.Text), "login": formula.Of(formula.Text),
	"department": formula.Of(formula.Text),
})

// exprType is the type of a field's values in expressions.
func exprType(x *Field) formula.Type { return typeOf(x.As.Expr, x.As.Key, x.AsDef) }

func typeOf(kind, key string, def *definition.Field) formula.Type {
	switch {
	case key == "table":
		fields := map[string]formula.Type{}
		for i := range def.Fields {
			sub := &def.Fields[i]
			if t, ok := fieldType(sub.Type); ok {
				fields[sub.Key] = typeOf(t.Expr, t.Key, sub)
			}
		}
		return formula.ListOf(formula.ObjectOf(fields))
	case kind == "list" && (key == "file" || key == "image"):
		return formula.ListOf(formula.ObjectOf(map[string]formula.Type{
			"id": formula.Of(formula.Text), "name": formula.Of(formula.Text), "size": formula.Of(formula.Number), "type": formula.Of(formula.Text),
		}))
	case kind == "list":
		return formula.ListOf(formula.Of(formula.Text))
	}
	return formula.Of(formula.Kind(kind))
}

// scope is the names that a form's expressions may use: its fields, and user (volatile).
func (c *compiler) scope(f *Form) formula.Scope {
	s := formula.Scope{"user": UserType}
	for _, x := range f.Fields {
		if c.state[x] != 1 && !x.Def.Live {
			s[x.Key] = exprType(x)
		}
	}
	return s
}

// Scope is the names of a compiled form.
func (f *Form) Scope() formula.Scope {
	s := formula.Scope{"user": UserType}
	for _, x := range f.Fields {
		if !x.Def.Live {
			s[x.Key] = exprType(x)
		}
	}
	return s
}

// formula compiles a formula field; the fields that it names are resolved first.
func (c *compiler) formula(f *Form, x *Field, pointer string) {
	named := identifiers(x.Def.Expr)
	for _, y := range f.Fields {
		if y == x || !named[y.Key] {
			continue
		}
		if c.state[y] == 1 {
			c.fail("cycle", pointer+"/expr", problem.P{"field": y.Key})
			return
		}
		c.resolve(f, y)
	}
	p, ps := formula.Compile(x.Def.Expr, c.scope(f), formula.Options{Volatile: x.Def.Live, VolatileNames: []string{"user"}, Scale: x.Def.Scale})
	c.problems = append(c.problems, ps.At(pointer+"/expr")...)
	if p == nil {
		return
	}
	x.Formula = p
	c.read(f, p, pointer+"/expr")
	key, ok := c.resultKey(x.Def, p, pointer)
	if !ok {
		return
	}
	scale := formulaScale
	c.plainResult(x, key, &scale)
	x.AsDef.Search = x.Def.Search
	x.AsDef.Currency, x.AsDef.Unit = x.Def.Currency, x.Def.Unit
}

// formulaScale is how many decimals a computed number has where nothing says so.
const formulaScale = 6

// resultKey is the type of what a formula computes.
func (c *compiler) resultKey(def *definition.Field, p *formula.Program, pointer string) (string, bool) {
	key, ok := map[formula.Kind]string{
		formula.Number: "number", formula.Text: "text", formula.Bool: "switch", formula.DateKind: "date", formula.DateTime: "datetime",
		formula.Empty: "text",
	}[p.Type().Kind]
	if !ok {
		c.fail("formula-type", pointer+"/expr", problem.P{"type": p.Type().String()})
		return "", false
	}
	if def.Result != "" && def.Result != key {
		if !(def.Result == "currency" || def.Result == "percent") || key != "number" {
			c.fail("formula-type", pointer+"/result", problem.P{"type": p.Type().String()})
			return "", false
		}
		key = def.Result
	}
	return key, true
}

// identifiers are the words of an expression: a cheap over-approximation of the names it reads, so that the fields among
// them have their types before it is compiled.
func identifiers(src string) map[string]bool {
	out := map[string]bool{}
	start := -1
	for i := 0; i <= len(src); i++ {
		word := i < len(src) && (src[i] == '_' || src[i] >= '0' && src[i] <= '9' || src[i] >= 'a' && src[i] <= 'z' || src[i] >= 'A' && src[i] <= 'Z')
		switch {
		case word && start < 0:
			start = i
		case !word && start >= 0:
			out[src[start:i]] = true
			start = -1
		}
	}
	return out
}

// expressions compiles defaults, rules and guards, and orders the computed fields.
func (c *compiler) expressions(f *Form) {
	scope := c.scope(f)
	for _, x := range f.Fields {
		c.defaultOf(f, x, scope)
	}
	for i := range f.Def.Rules {
		r := &f.Def.Rules[i]
		pointer := fmt.Sprintf("%s/rules/%d", f.pointer(), i)
		p, ps := formula.Compile(r.When.Source, scope, formula.Options{Volatile: true, Want: formula.Of(formula.Bool)})
		c.problems = append(c.problems, ps.At(pointer+"/when/expr")...)
		rule := &Rule{Def: r, When: p, Reads: map[string]bool{}}
		for j, k := range r.Require {
			c.known(f, k, fmt.Sprintf("%s/require/%d", pointer, j))
			rule.Reads[k] = true
		}
		if r.At != "" {
			c.known(f, r.At, pointer+"/at")
		}
		if p == nil {
			continue
		}
		for _, d := range p.Deps() {
			rule.Reads[d[0]] = true
		}
		c.read(f, p, pointer+"/when/expr")
		f.Rules = append(f.Rules, rule)
	}
	if f.Stages != nil {
		for i, m := range f.Stages.Moves {
			if m.Def.Guard == nil {
				continue
			}
			p, ps := formula.Compile(m.Def.Guard.Source, scope, formula.Options{Volatile: true, Want: formula.Of(formula.Bool)})
			c.problems = append(c.problems, ps.At(fmt.Sprintf("%s/stages/transitions/%d/guard/expr", f.pointer(), i))...)
			m.Guard = p
			c.read(f, p, fmt.Sprintf("%s/stages/transitions/%d/guard/expr", f.pointer(), i))
		}
	}
	f.Visible = make([]*formula.Program, len(f.Def.Layout))
	for i, s := range f.Def.Layout {
		if s.Visible != nil {
			p, ps := formula.Compile(s.Visible.Source, scope, formula.Options{Volatile: true, Want: formula.Of(formula.Bool)})
			c.problems = append(c.problems, ps.At(fmt.Sprintf("%s/layout/%d/visible/expr", f.pointer(), i))...)
			f.Visible[i] = p
			c.read(f, p, fmt.Sprintf("%s/layout/%d/visible/expr", f.pointer(), i))
		}
	}
	c.order(f)
}

// defaultOf reads a field's default: {"expr": ...} or a constant that the field must accept.
func (c *compiler) defaultOf(f *Form, x *Field, scope formula.Scope) {
	if len(x.Def.Default) == 0 {
		return
	}
	pointer := f.fieldPointer(x.Key) + "/x-field/default"
	v, err := value.Decode(x.Def.Default)
	if err != nil {
		c.fail("malformed", pointer, problem.P{"error": err.Error()})
		return
	}
	if m, ok := v.(map[string]any); ok {
		if src, ok := m["expr"].(string); ok && len(m) == 1 {
			p, ps := formula.Compile(src, scope, formula.Options{Volatile: true})
			c.problems = append(c.problems, ps.At(pointer+"/expr")...)
			if p != nil && !takes(exprType(x).Kind, p.Type().Kind) {
				c.fail("formula-type", pointer+"/expr", problem.P{"type": p.Type().String()})
			}
			x.DefaultExpr = p
			c.read(f, p, pointer+"/expr")
			return
		}
	}
	got, ps := x.Type.Coerce(x.Def, v, coerceEnv())
	c.problems = append(c.problems, ps.At(pointer)...)
	x.Default = got
}

// takes says whether a field of one kind may be filled with a value of another: as coercion would, it makes text of numbers
// and dates, and a date of a date-time or the other way round.
func takes(field, got formula.Kind) bool {
	switch got {
	case field, formula.Empty, formula.Any:
		return true
	case formula.DateKind, formula.DateTime:
		return field == formula.Text || field == formula.DateKind || field == formula.DateTime
	case formula.Number:
		return field == formula.Text
	case formula.Text: // one option of several
		return field == formula.List
	}
	return field == formula.Any
}

// order sorts formulas and lookups of a form so that each comes after what it reads.
func (c *compiler) order(f *Form) {
	done := map[string]bool{}
	var visit func(x *Field)
	visit = func(x *Field) {
		if done[x.Key] {
			return
		}
		done[x.Key] = true
		if x.Lookup != nil {
			f.Computed = append(f.Computed, x)
			return
		}
		if x.Formula == nil {
			return
		}
		for _, d := range x.Formula.Deps() {
			if y := f.ByKey[d[0]]; y != nil && y != x {
				visit(y)
			}
		}
		if x.Def.Live {
			f.Live = append(f.Live, x)
			return
		}
		f.Computed = append(f.Computed, x)
	}
	for _, x := range f.Fields {
		visit(x)
	}
}

// rollups compiles the filters of a form's roll-ups and registers them with both ends.
func (c *compiler) rollups(f *Form) {
	for _, x := range f.Fields {
		r := x.Rollup
		if r == nil {
			continue
		}
		pointer := f.fieldPointer(x.Key) + "/x-field/filter"
		filter, ps := query.ParseFilterJSON(x.Def.Filter, pointer)
		c.problems = append(c.problems, ps...)
		w, ps := query.Resolve(filter, r.Child.Columns, query.Env{}) // no clock, no user: what it counts must not change by itself
		c.problems = append(c.problems, ps...)
		filter.Fields(func(name, at string) {
			r.Reads[name] = true
			if r.Child.ByKey[name] != nil {
				c.use(r.Child.Name, name, "", at)
			}
		})
		c.compared(r.Child, filter)
		if filterVolatile(filter) {
			c.fail("volatile", pointer, nil)
		}
		if r.Of != nil && r.Of.Column == nil {
			c.fail("rollup-type", f.fieldPointer(x.Key)+"/x-field/field", problem.P{"fn": string(r.Fn), "type": r.Of.As.Key})
		}
		r.Where = w
		f.Rollups = append(f.Rollups, r)
		r.Child.RollsInto = append(r.Child.RollsInto, r)
	}
}

// filterVolatile says whether a filter depends on the day it is asked.
func filterVolatile(f query.Filter) bool {
	if f.Op == "within" {
		if s, ok := f.Value.(string); !ok || !labelled(s) {
			return true
		}
	}
	for _, k := range f.And {
		if filterVolatile(k) {
			return true
		}
	}
	for _, k := range f.Or {
		if filterVolatile(k) {
			return true
		}
	}
	return f.Not != nil && filterVolatile(*f.Not)
}

func labelled(s string) bool { _, _, ok := query.Label(s); return ok }

// cycles refuses values that depend on themselves through other forms: a lookup of a roll-up of a formula of the lookup.
func (c *compiler) cycles() {
	type node struct {
		f *Form
		x *Field
	}
	state := map[*Field]int{}
	var visit func(n node) bool
	visit = func(n node) bool {
		switch state[n.x] {
		case 1:
			c.fail("cycle", n.f.fieldPointer(n.x.Key)+"/x-field", problem.P{"field": n.f.Name + "." + n.x.Key})
			return false
		case 2:
			return true
		}
		state[n.x] = 1
		ok := true
		switch {
		case n.x.Formula != nil:
			for _, d := range n.x.Formula.Deps() {
				if y := n.f.ByKey[d[0]]; y != nil {
					ok = ok && visit(node{n.f, y})
				}
			}
		case n.x.Lookup != nil:
			ok = visit(node{n.x.Lookup.Via.Relation, n.x.Lookup.Target})
		case n.x.Rollup != nil:
			for k := range n.x.Rollup.Reads {
				if y := n.x.Rollup.Child.ByKey[k]; y != nil {
					ok = ok && visit(node{n.x.Rollup.Child, y})
				}
			}
		}
		state[n.x] = 2
		return ok
	}
	for _, f := range c.forms() {
		for _, x := range f.Fields {
			if !visit(node{f, x}) {
				return
			}
		}
	}
}
