package catalog

import (
	"slices"

	"formwork/engine/formula"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// cells compiles the columns of a sub-table that compute. They see the other columns of their row and nothing else, so a
// row can be computed by itself, in a browser too.
func (c *compiler) cells(f *Form, x *Field) {
	as := *x.AsDef
	as.Fields = slices.Clone(as.Fields)
	b := cellBuilder{compiler: c, f: f, x: x, as: &as, state: map[string]int{}}
	for i := range x.Def.Fields {
		if x.Def.Fields[i].Type == "formula" {
			b.column(i)
		}
	}
	x.AsDef = &as
}

type cellBuilder struct {
	*compiler
	f     *Form
	x     *Field
	as    *definition.Field
	state map[string]int // of columns: 1 under way, 2 done
}

// column compiles one column, those that it names first.
func (b *cellBuilder) column(i int) {
	def := &b.x.Def.Fields[i]
	pointer := b.f.fieldPointer(b.x.Key) + "/items/properties" + problem.Pointer(def.Key) + "/x-field"
	if b.state[def.Key] != 0 {
		return
	}
	b.state[def.Key] = 1
	named := identifiers(def.Expr)
	scope := formula.Scope{}
	for j := range b.x.Def.Fields {
		other := &b.x.Def.Fields[j]
		if other.Type == "formula" && named[other.Key] {
			if b.state[other.Key] == 1 {
				b.fail("cycle", pointer+"/expr", problem.P{"field": other.Key})
				return
			}
			b.column(j)
		}
		if t, ok := fieldType(b.as.Fields[j].Type); ok && b.as.Fields[j].Type != "formula" {
			scope[other.Key] = typeOf(t.Expr, t.Key, &b.as.Fields[j])
		}
	}
	b.state[def.Key] = 2
	p, ps := formula.Compile(def.Expr, scope, formula.Options{Scale: def.Scale})
	b.problems = append(b.problems, ps.At(pointer+"/expr")...)
	if p == nil {
		return
	}
	key, ok := b.resultKey(def, p, pointer)
	if !ok {
		return
	}
	scale := formulaScale
	result := definition.Field{Key: def.Key, Required: def.Required, Property: def.Property,
		XField: definition.XField{Type: key, Title: def.Title, Scale: &scale, Currency: def.Currency, Unit: def.Unit}}
	if def.Scale != nil {
		result.Scale = def.Scale
	}
	t, _ := fieldType(key)
	b.as.Fields[i] = result
	b.x.Cells = append(b.x.Cells, &Cell{Key: def.Key, Formula: p, As: t, AsDef: &b.as.Fields[i]})
}

// links resolves the columns of a sub-table that hold ids.
func (c *compiler) links(f *Form, x *Field) {
	for i := range x.Def.Fields {
		def := &x.Def.Fields[i]
		switch def.Type {
		case "relation":
			pointer := f.fieldPointer(x.Key) + "/items/properties" + problem.Pointer(def.Key) + "/x-field/form"
			if to, ok := c.target(f, def.Form, pointer); ok {
				x.Links = append(x.Links, &Link{Key: def.Key, Type: def.Type, Form: to})
			}
		case "user", "department":
			x.Links = append(x.Links, &Link{Key: def.Key, Type: def.Type})
		}
	}
}
