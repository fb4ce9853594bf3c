package catalog

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"formwork/engine/formula"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// What is particular to the types of steps: their settings, and what they give.

func (c *stepBuilder) aggregate() map[string]formula.Type {
	f := c.form("form", false)
	if f == nil {
		return nil
	}
	c.s.Filter = c.filterAt(f)
	fn, _ := c.s.Config["fn"].(string)
	figure, key := number, text
	if name, _ := c.s.Config["field"].(string); name != "" {
		x, ok := f.ByKey[name]
		if !ok || x.Column == nil {
			c.unknownField(f, name, c.pointer+c.at+"/field")
			return nil
		}
		c.use(f.Name, name, "", c.pointer+c.at+"/field")
		if fn == "min" || fn == "max" {
			figure = exprType(x)
		}
	} else if fn != "count" {
		c.fail("required", c.pointer+c.at+"/field", nil)
	}
	if name, _ := c.s.Config["groupBy"].(string); name != "" {
		c.readable(f, name, c.pointer+c.at+"/groupBy")
		if x := f.ByKey[name]; x != nil {
			key = exprType(x)
		}
		return map[string]formula.Type{"rows": formula.ListOf(formula.ObjectOf(map[string]formula.Type{"key": key, "value": figure}))}
	}
	return map[string]formula.Type{"value": figure}
}

// change compiles update, delete and transition.
func (c *stepBuilder) change() map[string]formula.Type {
	f := c.form("form", true)
	if f == nil {
		return nil
	}
	_, byID := c.s.Config["record"]
	_, byFilter := c.s.Config["filter"]
	switch {
	case byID && byFilter:
		c.fail("not-allowed", c.pointer+c.at+"/filter", problem.P{"name": "filter"})
	case !byID && !byFilter && f != c.a.Form:
		c.fail("required", c.pointer+c.at+"/record", nil)
	}
	c.exprAt("record", text)
	c.s.Filter = c.filterAt(f)
	scope := maps.Clone(c.scope)
	scope["item"] = RecordType(f)
	c.about(f, func() { c.data(f, scope) })
	if c.s.Type.Key == "transition" {
		if f.Stages == nil {
			c.fail("no-stages", c.pointer+c.at+"/form", problem.P{"form": f.Name})
			return nil
		}
		if to, ok := c.s.Config["to"].(string); ok && f.Stages.States[to] == nil {
			c.fail("unknown-stage", c.pointer+c.at+"/to", problem.P{"stage": to})
		} else if ok {
			c.use(f.Name, f.Stages.Field, to, c.pointer+c.at+"/to")
		}
		c.exprAt("to", text)
		c.textAt("comment", c.s.Config["comment"])
	}
	return map[string]formula.Type{"count": number}
}

func (c *stepBuilder) post() map[string]formula.Type {
	f := c.form("form", false)
	if f == nil {
		return nil
	}
	c.exprAt("key", text)
	c.exprAt("amount", number)
	for setting, kinds := range map[string]string{"keyField": "text", "amountField": "number currency percent"} {
		name, _ := c.s.Config[setting].(string)
		x := f.ByKey[name]
		switch {
		case x == nil:
			c.unknownField(f, name, c.pointer+c.at+"/"+setting)
		case x.Computed() || !slices.Contains(strings.Fields(kinds), x.Type.Key):
			c.fail("wrong-field-type", c.pointer+c.at+"/"+setting, problem.P{"field": name, "type": x.Type.Key, "wanted": strings.Fields(kinds)})
		default:
			c.use(f.Name, name, "", c.pointer+c.at+"/"+setting)
		}
		if values, _ := c.s.Config["data"].(map[string]any); values[name] != nil {
			c.fail("repeated", c.pointer+c.at+"/data"+problem.Pointer(name), problem.P{"key": name})
		}
	}
	c.data(f, c.scope)
	return map[string]formula.Type{"amount": number, "already": number, "id": text}
}

func (c *stepBuilder) assign() map[string]formula.Type {
	f := c.form("form", true)
	if f == nil {
		return nil
	}
	if _, ok := c.s.Config["record"]; !ok && f != c.a.Form {
		c.fail("required", c.pointer+c.at+"/record", nil)
	}
	c.exprAt("record", text)
	name, _ := c.s.Config["field"].(string)
	if x := f.ByKey[name]; x == nil || x.Type.Key != "user" {
		c.unknownField(f, name, c.pointer+c.at+"/field")
	} else {
		c.use(f.Name, name, "", c.pointer+c.at+"/field")
	}
	rules, _ := c.s.Config["rules"].([]any)
	for i, r := range rules {
		m, _ := r.(map[string]any)
		at := fmt.Sprintf("/rules/%d", i)
		if src, ok := source(m["when"]); ok {
			c.s.Exprs[at+"/when"] = c.expr(src, c.at+at+"/when/expr", boolean)
		}
		c.people(m["among"], at+"/among")
	}
	scope := maps.Clone(c.scope)
	scope["candidate"] = UserType
	if src, ok := source(c.s.Config["capacity"]); ok {
		c.s.Exprs["/capacity"] = c.exprIn(scope, src, c.at+"/capacity/expr", number)
	}
	c.s.Filter = c.filterOf(f, "load")
	scope["item"] = RecordType(f)
	c.about(f, func() { c.data(f, scope) })
	return map[string]formula.Type{"user": text, "found": boolean}
}

// people checks who is meant; expressions may give one id or several.
func (c *stepBuilder) people(v any, at string) {
	m, _ := v.(map[string]any)
	if name, ok := m["field"].(string); ok {
		switch {
		case c.a.Form == nil:
			c.fail("no-record", c.pointer+c.at+at+"/field", nil)
		case c.a.Form.ByKey[name] == nil && name != "createdBy" && name != "updatedBy":
			c.unknownField(c.a.Form, name, c.pointer+c.at+at+"/field")
		case c.a.Form.ByKey[name] != nil:
			c.use(c.a.Form.Name, name, "", c.pointer+c.at+at+"/field")
		}
	}
	if src, ok := m["expr"].(string); ok {
		p := c.expr(src, c.at+at+"/expr", anyType)
		if p != nil && p.Type().Kind != formula.Text && p.Type().Kind != formula.List && p.Type().Kind != formula.Empty && p.Type().Kind != formula.Any {
			c.fail("formula-type", c.pointer+c.at+at+"/expr", problem.P{"type": p.Type().String()})
		}
		c.s.Exprs[at+"/expr"] = p
	}
	if src, ok := source(m["department"]); ok {
		c.s.Exprs[at+"/department"] = c.expr(src, c.at+at+"/department/expr", text)
	}
	if role, ok := m["role"].(string); ok && !c.hasRole(c.app.Key, role) {
		c.fail("unknown-role", c.pointer+c.at+at+"/role", problem.P{"role": role})
	}
}

func (c *stepBuilder) notify() map[string]formula.Type {
	to, _ := c.s.Config["to"].([]any)
	for i, p := range to {
		c.people(p, fmt.Sprintf("/to/%d", i))
	}
	c.textAt("title", c.s.Config["title"])
	c.textAt("body", c.s.Config["body"])
	if _, ok := c.s.Config["record"]; ok {
		c.form("form", true)
		c.exprAt("record", text)
	} else if name, ok := c.s.Config["form"].(string); ok && (c.a.Form == nil || Qualify(c.app.Key, name) != c.a.Form.Name) {
		c.fail("required", c.pointer+c.at+"/record", nil)
	} else {
		c.s.Form = c.a.Form
	}
	c.exprAt("key", anyType)
	return map[string]formula.Type{"count": number}
}

func (c *stepBuilder) set() {
	values, _ := c.s.Config["values"].(map[string]any)
	for _, k := range slices.Sorted(maps.Keys(values)) {
		set := Assignment{Key: k, Const: values[k]}
		typ := typeOfConst(values[k])
		if src, ok := source(values[k]); ok {
			set.Const = nil
			set.Expr = c.expr(src, c.at+"/values"+problem.Pointer(k)+"/expr", anyType)
			if set.Expr != nil {
				typ = set.Expr.Type()
			}
		}
		if old, known := c.vars[k]; known && old.Kind != typ.Kind {
			typ = anyType
		}
		c.vars[k] = typ
		c.s.Data = append(c.s.Data, set)
	}
}

func typeOfConst(v any) formula.Type {
	switch v.(type) {
	case float64:
		return number
	case string:
		return text
	case bool:
		return boolean
	}
	return anyType
}

func (c *stepBuilder) calculate() map[string]formula.Type {
	lines := map[string]formula.Type{}
	scope := maps.Clone(c.scope)
	list, _ := c.s.Config["lines"].([]any)
	for i, l := range list {
		m, _ := l.(map[string]any)
		key, _ := m["key"].(string)
		at := fmt.Sprintf("/lines/%d", i)
		if _, twice := lines[key]; twice {
			c.fail("repeated", c.pointer+c.at+at+"/key", problem.P{"key": key})
		}
		scope["lines"] = formula.ObjectOf(maps.Clone(lines))
		src, _ := source(m["value"])
		c.s.Exprs[at+"/value"] = c.exprIn(scope, src, c.at+at+"/value/expr", number)
		lines[key] = number
	}
	row := formula.ObjectOf(map[string]formula.Type{"key": text, "title": text, "value": number})
	return map[string]formula.Type{"lines": formula.ObjectOf(lines), "trace": formula.ListOf(row)}
}

// nested reads steps within a step.
func (c *stepBuilder) nested(v any, at string) []*Step {
	var defs []definition.Step
	if err := json.Unmarshal(value.AppendJSON(nil, v), &defs); err != nil {
		c.fail("malformed", c.pointer+c.at+at, problem.P{"error": err.Error()})
		return nil
	}
	return c.list(defs, c.at+at, c.depth+1)
}

func (c *stepBuilder) branch() {
	cases, _ := c.s.Config["cases"].([]any)
	for i, v := range cases {
		m, _ := v.(map[string]any)
		at := fmt.Sprintf("/cases/%d", i)
		src, _ := source(m["when"])
		when := c.expr(src, c.at+at+"/when/expr", boolean)
		c.s.Cases = append(c.s.Cases, Case{when, c.nested(m["steps"], at+"/steps")})
	}
	if c.s.Config["else"] != nil {
		c.s.Cases = append(c.s.Cases, Case{nil, c.nested(c.s.Config["else"], "/else")})
	}
}

func (c *stepBuilder) each() map[string]formula.Type {
	var item formula.Type
	var of *Form
	if src, ok := source(c.s.Config["list"]); ok {
		p := c.expr(src, c.at+"/list/expr", formula.Of(formula.List))
		c.s.Exprs["/list"] = p
		if p != nil && p.Type().Elem != nil {
			item, of = *p.Type().Elem, c.listed(p)
		}
	} else {
		f := c.form("form", false)
		if f == nil {
			return nil
		}
		c.s.Filter = c.filterAt(f)
		item, of = RecordType(f), f
	}
	outer, had := c.scope["item"]
	c.scope["item"] = item
	c.about(of, func() { c.s.Body = c.nested(c.s.Config["steps"], "/steps") })
	if delete(c.scope, "item"); had {
		c.scope["item"] = outer
	}
	return map[string]formula.Type{"count": number}
}

// listed is the form whose records a list holds, where that is simply what a step found.
func (b *builder) listed(p *formula.Program) *Form {
	deps := p.Deps()
	if len(deps) != 1 || len(deps[0]) != 3 || deps[0][0] != "steps" || deps[0][2] != "records" || p.Source() != strings.Join(deps[0], ".") {
		return nil
	}
	return b.found[deps[0][1]]
}
