package catalog

import (
	"fmt"
	"maps"
	"slices"

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
		if t.Key == "find" || t.Key == "create" {
			b.found[def.Key] = s.Form
		}
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

func (c *stepBuilder) pieces(text, at string) []Piece {
	return cutPieces(text, func(src string) *formula.Program { return c.expr(src, c.at+at, anyType) },
		func() { c.fail("syntax", c.pointer+c.at+at, problem.P{"detail": "}}"}) })
}
