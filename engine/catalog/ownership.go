package catalog

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Limit is a compiled limit: so many records that match Where per value of Owner.
type Limit struct {
	Form  *Form
	Def   *definition.Limit
	Owner *Field
	Where query.Where
	// Name is form, key and what it counts: counters of a limit that counts otherwise are others.
	Name string
}

// Claim is a compiled claim.
type Claim struct {
	Def     *definition.Claim
	Field   *Field
	When    *formula.Program
	Set     []Filling
	Release []Filling
}

// Filling fills a field with a constant in canonical form, or by an expression; with neither it clears the field.
type Filling struct {
	Field *Field
	Value any
	Expr  *formula.Program
}

// Duplicate is a compiled rule on records that are the same.
type Duplicate struct {
	Form *Form
	Def  *definition.Duplicate
	// Name is form, key and how values are compared.
	Name string
	With []*Duplicate
}

// Claim finds a claim by its key.
func (f *Form) Claim(key string) *Claim {
	i := slices.IndexFunc(f.Claims, func(c *Claim) bool { return c.Def.Key == key })
	if i < 0 {
		return nil
	}
	return f.Claims[i]
}

// ownership compiles limits, claims and duplicate rules.
func (c *compiler) ownership(f *Form) {
	for i := range f.Def.Limits {
		c.limit(f, &f.Def.Limits[i], fmt.Sprintf("%s/limits/%d", f.pointer(), i))
	}
	for i := range f.Def.Claims {
		c.claim(f, &f.Def.Claims[i], fmt.Sprintf("%s/claims/%d", f.pointer(), i))
	}
	for i := range f.Def.Duplicates {
		c.duplicate(f, &f.Def.Duplicates[i], fmt.Sprintf("%s/duplicates/%d", f.pointer(), i))
	}
}

func (c *compiler) limit(f *Form, def *definition.Limit, pointer string) {
	x := f.ByKey[def.Owner]
	switch {
	case x == nil:
		c.unknownField(f, def.Owner, pointer+"/owner")
		return
	case x.Column == nil || x.Column.Array || x.As.Key != "user" && x.As.Key != "department" && x.As.Key != "relation":
		c.fail("limit-owner", pointer+"/owner", problem.P{"field": def.Owner})
		return
	}
	c.use(f.Name, x.Key, "", pointer+"/owner")
	where := c.fixed(f, def.Filter, pointer+"/filter")
	for i, r := range def.Roles {
		if !c.hasRole(f.App, r.Role) {
			c.fail("unknown-role", fmt.Sprintf("%s/roles/%d/role", pointer, i), problem.P{"role": r.Role})
		}
	}
	f.Limits = append(f.Limits, &Limit{Form: f, Def: def, Owner: x, Where: where, Name: strings.Join([]string{f.Name, def.Key, def.Owner, compact(def.Filter)}, "/")})
}

// fixed is a filter that counts: what matches must not change by itself, so it knows no clock and no user.
func (c *compiler) fixed(f *Form, raw json.RawMessage, pointer string) query.Where {
	filter, ps := query.ParseFilterJSON(raw, pointer)
	w, more := query.Resolve(filter, f.Columns, query.Env{})
	c.problems = append(c.problems, append(ps, more...)...)
	filter.Fields(func(name, at string) {
		if f.ByKey[name] != nil {
			c.use(f.Name, name, "", at)
		}
	})
	c.compared(f, filter)
	if filterVolatile(filter) {
		c.fail("volatile", pointer, nil)
	}
	return w
}

func compact(raw json.RawMessage) string {
	v, err := value.Decode(raw)
	if len(raw) == 0 || err != nil {
		return ""
	}
	return string(value.AppendJSON(nil, v))
}

func (c *compiler) claim(f *Form, def *definition.Claim, pointer string) {
	x := f.ByKey[def.Field]
	switch {
	case x == nil:
		c.unknownField(f, def.Field, pointer+"/field")
		return
	case x.Type.Key != "user":
		c.fail("claim-field", pointer+"/field", problem.P{"field": def.Field})
		return
	}
	c.use(f.Name, x.Key, "", pointer+"/field")
	out := &Claim{Def: def, Field: x}
	if def.When != nil {
		p, ps := formula.Compile(def.When.Source, c.scope(f), formula.Options{Volatile: true, Want: formula.Of(formula.Bool)})
		c.problems = append(c.problems, ps.At(pointer+"/when/expr")...)
		c.read(f, p, pointer+"/when/expr")
		out.When = p
	}
	for i, r := range def.Roles {
		if !c.hasRole(f.App, r) {
			c.fail("unknown-role", fmt.Sprintf("%s/roles/%d", pointer, i), problem.P{"role": r})
		}
	}
	out.Set = c.assignments(f, x, def.Set, pointer+"/set")
	if r := def.Release; r != nil {
		out.Release = c.assignments(f, x, r.Set, pointer+"/release/set")
		for i, k := range r.Require {
			c.known(f, k, fmt.Sprintf("%s/release/require/%d", pointer, i))
		}
	}
	f.Claims = append(f.Claims, out)
}

// assignments compiles values for fields. The stage moves by its transitions, and what is computed by itself.
func (c *compiler) assignments(f *Form, claimed *Field, set map[string]json.RawMessage, pointer string) []Filling {
	var out []Filling
	for _, key := range slices.Sorted(maps.Keys(set)) {
		x, at := f.ByKey[key], pointer+problem.Pointer(key)
		switch {
		case x == nil:
			c.unknownField(f, key, at)
			continue
		case x.Computed() || x.Stage || x == claimed:
			c.fail("not-assignable", at, problem.P{"field": key})
			continue
		}
		c.use(f.Name, key, "", at)
		v, err := value.Decode(set[key])
		if err != nil {
			c.fail("malformed", at, problem.P{"error": err.Error()})
			continue
		}
		a := Filling{Field: x}
		if m, ok := v.(map[string]any); ok {
			src, _ := m["expr"].(string)
			p, ps := formula.Compile(src, c.scope(f), formula.Options{Volatile: true})
			c.problems = append(c.problems, ps.At(at+"/expr")...)
			if p != nil && !takes(exprType(x).Kind, p.Type().Kind) {
				c.fail("formula-type", at+"/expr", problem.P{"type": p.Type().String()})
			}
			c.read(f, p, at+"/expr")
			a.Expr = p
		} else {
			got, ps := x.Type.Coerce(x.Def, v, coerceEnv())
			c.problems = append(c.problems, ps.At(at)...)
			c.option(f, key, got, at)
			a.Value = got
		}
		out = append(out, a)
	}
	return out
}

// comparable are the types whose values can be compared for duplicates.
var comparable = []string{"text", "phone", "email", "url", "serial", "number", "select", "date"}

func (c *compiler) duplicate(f *Form, def *definition.Duplicate, pointer string) {
	for i, k := range def.Fields {
		switch x := f.ByKey[k]; {
		case x == nil:
			c.unknownField(f, k, fmt.Sprintf("%s/fields/%d", pointer, i))
		case !slices.Contains(comparable, x.As.Key):
			c.fail("not-comparable", fmt.Sprintf("%s/fields/%d", pointer, i), problem.P{"field": k})
		default:
			c.use(f.Name, k, "", fmt.Sprintf("%s/fields/%d", pointer, i))
		}
	}
	for i, k := range def.Reveal {
		c.readable(f, k, fmt.Sprintf("%s/reveal/%d", pointer, i))
	}
	f.Duplicates = append(f.Duplicates, &Duplicate{Form: f, Def: def, Name: strings.Join([]string{f.Name, def.Key, def.Match, strings.Join(def.Fields, ",")}, "/")})
}

// alike joins duplicate rules of several forms, once all are compiled.
func (c *compiler) alike(f *Form) {
	for i, rule := range f.Duplicates {
		for j, w := range rule.Def.With {
			pointer := fmt.Sprintf("%s/duplicates/%d/with/%d", f.pointer(), i, j)
			other, ok := c.snap.Forms[Qualify(f.App, w.Form)]
			if !ok {
				c.fail("unknown-form", pointer+"/form", problem.P{"form": w.Form})
				continue
			}
			k := slices.IndexFunc(other.Duplicates, func(d *Duplicate) bool { return d.Def.Key == w.Key })
			if k < 0 || other.Duplicates[k].Def.Match != rule.Def.Match {
				c.fail("unknown-rule", pointer+"/key", problem.P{"rule": w.Key, "form": other.Name})
				continue
			}
			rule.With = append(rule.With, other.Duplicates[k])
		}
	}
}

// compared changes when the keys by which duplicates are found are to be made anew.
func (f *Form) compared() string {
	var names []string
	for _, d := range f.Duplicates {
		names = append(names, d.Name)
	}
	return strings.Join(names, ";")
}
