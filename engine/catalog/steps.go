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
	"formwork/schemas/step"
	"formwork/schemas/value"
)

const (
	// maxStepDepth is how deep steps may stand within steps; maxSteps how many an automation may have in all.
	maxStepDepth = 8
	maxSteps     = 200
)

// list compiles steps that follow each other.
func (b *builder) list(defs []definition.Step, pointer string, depth int) []*Step {
	if depth > maxStepDepth {
		b.fail("too-deep", b.pointer+pointer, problem.P{"max": maxStepDepth})
		return nil
	}
	var out []*Step
	for i := range defs {
		at := fmt.Sprintf("%s/%d", pointer, i)
		if b.keys[defs[i].Key] {
			b.fail("repeated", b.pointer+at+"/key", problem.P{"key": defs[i].Key})
		}
		b.keys[defs[i].Key] = true
		if len(b.keys) > maxSteps {
			b.fail("max-items", b.pointer+at, problem.P{"limit": maxSteps, "actual": len(b.keys)})
			return out
		}
		if s := b.step(&defs[i], at, depth); s != nil {
			out = append(out, s)
		}
	}
	return out
}

func (b *builder) step(def *definition.Step, pointer string, depth int) *Step {
	t, ok := step.Lookup(def.Type)
	if !ok {
		b.fail("unknown-step", b.pointer+pointer+"/type", nearestOf(problem.P{"type": def.Type}, def.Type, step.Keys()))
		return nil
	}
	ps := t.Check(def.Config)
	b.problems = append(b.problems, ps.At(b.pointer+pointer+"/config")...)
	if ps.Blocks() {
		return nil
	}
	s := &Step{Key: def.Key, Def: def, Type: t, Config: map[string]any{}, Exprs: map[string]*formula.Program{}, Texts: map[string][]Piece{}}
	if len(def.Config) > 0 {
		v, _ := value.Decode(def.Config)
		s.Config, _ = v.(map[string]any)
	}
	if def.When != nil {
		s.When = b.condition(def.When, pointer+"/when/expr")
	}
	c := &stepBuilder{builder: b, s: s, at: pointer + "/config", depth: depth}
	gives := c.compile()
	if gives != nil {
		b.steps[def.Key] = formula.ObjectOf(gives)
	}
	return s
}

// stepBuilder compiles the settings of one step. at is their pointer relative to the automation.
type stepBuilder struct {
	*builder
	s     *Step
	at    string
	depth int
}

var (
	number  = formula.Of(formula.Number)
	text    = formula.Of(formula.Text)
	boolean = formula.Of(formula.Bool)
	anyType = formula.Type{}
)

// compile gives what later steps see of the step, nil for nothing.
func (c *stepBuilder) compile() map[string]formula.Type {
	switch c.s.Type.Key {
	case "find":
		f := c.form("form", false)
		if f == nil {
			return nil
		}
		c.exprAt("record", text)
		c.s.Filter = c.filterAt(f)
		_, ps := query.ParseSort(c.strings("sort"), f.Columns, c.pointer+c.at+"/sort")
		c.problems = append(c.problems, ps...)
		rec := RecordType(f)
		return map[string]formula.Type{"found": boolean, "count": number, "record": rec, "records": formula.ListOf(rec)}
	case "aggregate":
		return c.aggregate()
	case "create":
		f := c.form("form", false)
		if f == nil {
			return nil
		}
		c.data(f, c.scope)
		return map[string]formula.Type{"id": text, "record": RecordType(f)}
	case "update", "delete", "transition":
		return c.change()
	case "post":
		return c.post()
	case "assign":
		return c.assign()
	case "notify":
		return c.notify()
	case "set":
		c.set()
	case "calculate":
		return c.calculate()
	case "branch":
		c.branch()
	case "each":
		return c.each()
	case "stop":
		c.textAt("reason", c.s.Config["reason"])
	}
	return nil
}

// form finds the form that a setting names, the trigger's where that may be left out.
func (c *stepBuilder) form(setting string, optional bool) *Form {
	name, _ := c.s.Config[setting].(string)
	if name == "" {
		if optional && c.a.Form != nil {
			c.s.Form = c.a.Form
			return c.a.Form
		}
		c.fail("required", c.pointer+c.at+"/"+setting, nil)
		return nil
	}
	f, ok := c.formOf(c.app, name, c.pointer+c.at+"/"+setting)
	if ok {
		c.uses(f)
		c.s.Form = f
	}
	return f
}

func (c *stepBuilder) strings(setting string) []string {
	list, _ := query.StringsOf(c.s.Config[setting], "")
	return list
}

// source is the text of a setting {"expr": ...}.
func source(v any) (string, bool) {
	m, ok := v.(map[string]any)
	if !ok || len(m) != 1 {
		return "", false
	}
	s, ok := m["expr"].(string)
	return s, ok
}

// exprAt compiles the setting where it is an expression.
func (c *stepBuilder) exprAt(setting string, want formula.Type) *formula.Program {
	src, ok := source(c.s.Config[setting])
	if !ok {
		return nil
	}
	p := c.expr(src, c.at+"/"+setting+"/expr", want)
	c.s.Exprs["/"+setting] = p
	return p
}

// filterAt checks the setting filter: names and constants as elsewhere, expressions in the automation's scope.
func (c *stepBuilder) filterAt(f *Form) query.Filter { return c.filterOf(f, "filter") }

func (c *stepBuilder) filterOf(f *Form, setting string) query.Filter {
	filter, ps := query.ParseFilter(c.s.Config[setting], "/"+setting)
	c.problems = append(c.problems, ps.At(c.pointer+c.at)...)
	filter.Fields(func(name, at string) { c.askable(f, name, c.pointer+c.at+at) })
	c.leaves(f, filter)
	return filter
}

func (c *stepBuilder) leaves(f *Form, filter query.Filter) {
	for _, kids := range [][]query.Filter{filter.And, filter.Or} {
		for _, k := range kids {
			c.leaves(f, k)
		}
	}
	if filter.Not != nil {
		c.leaves(f, *filter.Not)
	}
	if filter.Field == "" {
		return
	}
	c.option(f, filter.Field, filter.Value, c.pointer+c.at+filter.Pointer+"/value")
	dynamic := false
	take := func(v any, at string) {
		if src, ok := source(v); ok {
			dynamic = true
			c.s.Exprs[at] = c.expr(src, c.at+at+"/expr", anyType)
		}
	}
	take(filter.Value, filter.Pointer+"/value")
	if items, ok := filter.Value.([]any); ok {
		for i, v := range items {
			take(v, fmt.Sprintf("%s/value/%d", filter.Pointer, i))
		}
	}
	if _, own := f.Columns[filter.Field]; own && !dynamic && filter.Op != "under" {
		_, ps := query.Resolve(filter, f.Columns, query.Env{})
		c.problems = append(c.problems, ps.At(c.pointer+c.at)...)
	}
}

// data compiles what is written into a form.
func (c *stepBuilder) data(f *Form, scope formula.Scope) {
	values, _ := c.s.Config["data"].(map[string]any)
	for _, k := range slices.Sorted(maps.Keys(values)) {
		at := c.at + "/data" + problem.Pointer(k)
		x := f.ByKey[k]
		switch {
		case x == nil:
			c.unknownField(f, k, c.pointer+at)
			continue
		case x.Computed():
			c.fail("computed", c.pointer+at, problem.P{"field": k})
			continue
		case x.Stage && c.s.Type.Key != "create" && c.s.Type.Key != "update":
			c.fail("stage-by-transition", c.pointer+at, problem.P{"field": k})
			continue
		}
		c.use(f.Name, k, "", c.pointer+at)
		c.option(f, k, values[k], c.pointer+at)
		set := Assignment{Key: k}
		if src, ok := source(values[k]); ok {
			set.Expr = c.exprIn(scope, src, at+"/expr", anyType)
			if set.Expr != nil && !fits(exprType(x), set.Expr.Type()) {
				c.fail("formula-type", c.pointer+at+"/expr", problem.P{"type": set.Expr.Type().String()})
			}
		} else {
			_, ps := x.Type.Coerce(x.Def, values[k], coerceEnv())
			c.problems = append(c.problems, ps.At(c.pointer+at)...)
			set.Const = values[k]
		}
		c.s.Data = append(c.s.Data, set)
	}
}

// fits says whether a field may be filled with a value of a type.
func fits(field, got formula.Type) bool {
	return takes(field.Kind, got.Kind) || field.Kind == formula.List && got.Kind == formula.List || got.Kind == ""
}

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
	c.data(f, scope)
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
	c.data(f, scope)
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
	if src, ok := source(c.s.Config["list"]); ok {
		p := c.expr(src, c.at+"/list/expr", formula.Of(formula.List))
		c.s.Exprs["/list"] = p
		if p != nil && p.Type().Elem != nil {
			item = *p.Type().Elem
		}
	} else {
		f := c.form("form", false)
		if f == nil {
			return nil
		}
		c.s.Filter = c.filterAt(f)
		item = RecordType(f)
	}
	outer, had := c.scope["item"]
	c.scope["item"] = item
	c.s.Body = c.nested(c.s.Config["steps"], "/steps")
	if delete(c.scope, "item"); had {
		c.scope["item"] = outer
	}
	return map[string]formula.Type{"count": number}
}

// textAt compiles a text for people in which {{ expressions }} stand.
func (c *stepBuilder) textAt(setting string, v any) {
	each := func(lang, s string) {
		at := "/" + setting
		if lang != "" {
			at += problem.Pointer(lang)
		}
		c.s.Texts[setting+"/"+lang] = c.pieces(s, at)
	}
	switch v := v.(type) {
	case string:
		each("", v)
	case map[string]any:
		for _, lang := range slices.Sorted(maps.Keys(v)) {
			s, _ := v[lang].(string)
			each(lang, s)
		}
	}
}

func (c *stepBuilder) pieces(s, at string) []Piece {
	var out []Piece
	for s != "" {
		words, rest, ok := strings.Cut(s, "{{")
		if words != "" {
			out = append(out, Piece{Words: words})
		}
		if !ok {
			break
		}
		src, after, closed := strings.Cut(rest, "}}")
		if !closed {
			c.fail("syntax", c.pointer+c.at+at, problem.P{"detail": "}}"})
			break
		}
		out = append(out, Piece{Expr: c.expr(strings.TrimSpace(src), c.at+at, anyType)})
		s = after
	}
	return out
}
