package catalog

import (
	"formwork/engine/query"
	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// references resolves relations, lookups and roll-ups to forms and fields.
func (c *compiler) references(f *Form) {
	for _, x := range f.Fields {
		pointer := f.fieldPointer(x.Key) + "/x-field"
		switch x.Type.Key {
		case "relation":
			to, ok := c.target(f, x.Def.Form, pointer+"/form")
			if ok {
				x.Relation = to
				to.PointedBy = append(to.PointedBy, &Pointer{Form: f, Field: x, OnDelete: orRestrict(x.Def.OnDelete)})
			}
		case "table":
			c.links(f, x)
		case "rollup":
			child, ok := c.target(f, x.Def.Form, pointer+"/form")
			if !ok {
				continue
			}
			link, ok := child.ByKey[x.Def.Link]
			if !ok {
				c.unknownField(child, x.Def.Link, pointer+"/link")
				continue
			}
			if link.Type.Key != "relation" || Qualify(child.App, link.Def.Form) != f.Name {
				c.fail("rollup-link", pointer+"/link", problem.P{"field": x.Def.Link, "form": f.Name})
				continue
			}
			c.use(child.Name, link.Key, "", pointer+"/link")
			r := &Rollup{Parent: f, Field: x, Child: child, Link: link, Fn: query.Fn(x.Def.Fn), Reads: map[string]bool{link.Key: true}}
			if r.Fn != query.Count {
				of, ok := child.ByKey[x.Def.Field]
				if !ok {
					c.unknownField(child, x.Def.Field, pointer+"/field")
					continue
				}
				r.Of = of
				c.use(child.Name, of.Key, "", pointer+"/field")
				r.Reads[of.Key] = true
			}
			x.Rollup = r
		}
	}
	for _, x := range f.Fields { // relations are known now
		if x.Type.Key == "lookup" {
			c.lookup(f, x, f.fieldPointer(x.Key)+"/x-field")
		}
	}
}

func orRestrict(d definition.OnDelete) definition.OnDelete {
	if d == "" {
		return definition.Restrict
	}
	return d
}

// target finds the form that a definition of f names.
func (c *compiler) target(f *Form, name, pointer string) (*Form, bool) {
	to, ok := c.snap.Forms[Qualify(f.App, name)]
	if !ok {
		params := problem.P{"form": name}
		names := make([]string, 0, len(c.snap.Forms))
		for n := range c.snap.Forms {
			names = append(names, n)
		}
		if s := value.Nearest(Qualify(f.App, name), names); s != "" {
			params["suggestion"] = s
		}
		c.fail("unknown-form", pointer, params)
		return to, false
	}
	c.use(to.Name, "", "", pointer)
	return to, true
}

// userProperties are what a lookup or a path can read of a user or a department.
var userProperties = map[string][]string{
	"user":       {"name", "login", "department", "email", "phone"},
	"department": {"name", "leader", "parent"},
}

func (c *compiler) lookup(f *Form, x *Field, pointer string) {
	via, ok := f.ByKey[x.Def.Via]
	if !ok {
		c.unknownField(f, x.Def.Via, pointer+"/via")
		return
	}
	c.use(f.Name, via.Key, "", pointer+"/via")
	l := &Lookup{Form: f, Field: x, Via: via}
	switch via.Type.Key {
	case "relation":
		to, known := c.snap.Forms[Qualify(f.App, via.Def.Form)]
		if !known {
			return // reported with the relation
		}
		if l.Target, ok = to.ByKey[x.Def.Field]; !ok {
			c.unknownField(to, x.Def.Field, pointer+"/field")
			return
		}
		c.use(to.Name, l.Target.Key, "", pointer+"/field")
		to.LookedUpBy = append(to.LookedUpBy, l)
	default:
		c.fail("lookup-via", pointer+"/via", problem.P{"field": x.Def.Via})
		return
	}
	x.Lookup = l
}

// types finds the type of the values of computed fields.
func (c *compiler) types(f *Form) {
	for _, x := range f.Fields {
		c.resolve(f, x)
	}
}

// resolve settles x.As and x.AsDef, following lookups, roll-ups and formulas through forms.
func (c *compiler) resolve(f *Form, x *Field) {
	pointer := f.fieldPointer(x.Key) + "/x-field"
	switch c.state[x] {
	case 1:
		c.fail("cycle", pointer, problem.P{"field": f.Name + "." + x.Key})
		return
	case 2:
		return
	}
	c.state[x] = 1
	defer func() { c.state[x] = 2 }()
	switch {
	case x.Lookup != nil:
		to := x.Via()
		c.resolve(to, x.Lookup.Target)
		c.resultOf(x, x.Lookup.Target.As, x.Lookup.Target.AsDef)
		if x.As.Key == "table" || x.As.Key == "file" || x.As.Key == "image" || x.Lookup.Target.Def.Live {
			c.fail("lookup-type", pointer+"/field", problem.P{"type": x.As.Key})
		}
	case x.Rollup != nil:
		c.rollupType(f, x, pointer)
	case x.Type.Key == "formula":
		c.formula(f, x, pointer)
	case x.Type.Key == "table":
		c.cells(f, x)
	}
}

// Via is the form that a lookup reads from.
func (x *Field) Via() *Form { return x.Lookup.Via.Relation }

// resultOf gives x the type and settings of another field's values.
func (c *compiler) resultOf(x *Field, t *field.Type, def *definition.Field) {
	as := *def
	as.Key, as.Title, as.Unique, as.Search, as.Required = x.Key, x.Def.Title, false, x.Def.Search, false
	if x.Def.Scale != nil {
		as.Scale = x.Def.Scale
	}
	as.Type = t.Key
	x.As, x.AsDef = t, &as
}

func (c *compiler) plainResult(x *Field, typeKey string, scale *int) {
	t, _ := field.Lookup(typeKey)
	as := definition.Field{Key: x.Key}
	as.Type, as.Title, as.Scale = typeKey, x.Def.Title, scale
	if x.Def.Scale != nil {
		as.Scale = x.Def.Scale
	}
	x.As, x.AsDef = t, &as
}

func (c *compiler) rollupType(f *Form, x *Field, pointer string) {
	r := x.Rollup
	zero := 0
	if r.Fn == query.Count {
		c.plainResult(x, "number", &zero)
		return
	}
	c.resolve(r.Child, r.Of)
	st := r.Of.As.Storage(r.Of.AsDef)
	switch {
	case st.Kind == "number" && !st.Array && (r.Fn == query.Sum || r.Fn == query.Min || r.Fn == query.Max):
		c.resultOf(x, r.Of.As, r.Of.AsDef)
	case st.Kind == "number" && !st.Array && r.Fn == query.Avg:
		scale := min(st.Scale+2, value.MaxScale)
		c.plainResult(x, "number", &scale)
	case (st.Kind == "date" || st.Kind == "instant") && !st.Array && (r.Fn == query.Min || r.Fn == query.Max):
		c.resultOf(x, r.Of.As, r.Of.AsDef)
	default:
		c.fail("rollup-type", pointer+"/field", problem.P{"fn": string(r.Fn), "type": r.Of.As.Key})
	}
}
