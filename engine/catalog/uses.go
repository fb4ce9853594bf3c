package catalog

import (
	"slices"
	"strings"

	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/schemas/definition"
)

// Use is a place in a definition that names a form, a field of it, or an option (or stage) of that field.
type Use struct {
	Form   string // app.form
	Field  string // "" for the form itself
	Option string // "" for the field itself
	// App, Kind and Key are the definition's, Pointer the place in it.
	App     string
	Kind    definition.Kind
	Key     string
	Pointer string
}

// Uses are the places that name a form, or of it a field, or of that an option. A field's uses are not those of its
// options, nor a form's those of its fields.
func (s *Snapshot) Uses(form, field, option string) []Use {
	var out []Use
	for _, u := range s.uses {
		if u.Form == form && u.Field == field && u.Option == option && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b Use) int { return strings.Compare(a.where(), b.where()) })
	return out
}

func (u Use) where() string {
	return strings.Join([]string{u.App, string(u.Kind), u.Key, u.Pointer}, "/")
}

// use notes that a definition names something. The pointer begins with app, kind and key.
func (c *compiler) use(form, field, option, pointer string) {
	parts := strings.SplitN(pointer, "/", 5)
	if len(parts) < 4 {
		return
	}
	u := Use{Form: form, Field: field, Option: option, App: parts[1], Kind: definition.Kind(parts[2]), Key: parts[3]}
	if len(parts) == 5 {
		u.Pointer = "/" + parts[4]
	}
	c.snap.uses = append(c.snap.uses, u)
}

// known finds the field that a definition names; a name that is none is a problem.
func (c *compiler) known(f *Form, key, pointer string) bool {
	if _, ok := f.ByKey[key]; !ok {
		c.unknownField(f, key, pointer)
		return false
	}
	c.use(f.Name, key, "", pointer)
	return true
}

// option notes that a definition names a value of a field, where that is one of its options.
func (c *compiler) option(f *Form, key string, v any, pointer string) {
	x := f.ByKey[key]
	if x == nil {
		return
	}
	switch v := v.(type) {
	case string:
		if slices.ContainsFunc(x.Def.Options, func(o definition.Option) bool { return o.Value == v }) {
			c.use(f.Name, key, v, pointer)
		}
	case []any:
		for _, item := range v {
			c.option(f, key, item, pointer)
		}
	}
}

// compared notes the options that the leaves of a filter name.
func (c *compiler) compared(f *Form, filter query.Filter) {
	for _, kids := range [][]query.Filter{filter.And, filter.Or} {
		for _, k := range kids {
			c.compared(f, k)
		}
	}
	if filter.Not != nil {
		c.compared(f, *filter.Not)
	}
	if filter.Field != "" {
		c.option(f, filter.Field, filter.Value, filter.Pointer+"/value")
	}
}

// read notes the fields that an expression reads, and the options among its texts. under are the names that the fields
// stand behind ("record"); none for the expressions of a form.
func (c *compiler) read(f *Form, p *formula.Program, pointer string, under ...string) {
	c.readBehind(f, p, pointer, func(d formula.Dep) formula.Dep {
		switch {
		case len(under) == 0:
			return d
		case slices.Contains(under, d[0]):
			return d[1:]
		}
		return nil
	})
}

// readBehind is read of fields whose names stand behind others: behind gives what is left without those, nothing where that is
// no field of the form.
func (c *compiler) readBehind(f *Form, p *formula.Program, pointer string, behind func(formula.Dep) formula.Dep) {
	if p == nil || f == nil {
		return
	}
	noted := map[string]bool{}
	for _, d := range p.Deps() {
		if d = behind(d); len(d) == 0 {
			continue
		}
		x := f.ByKey[d[0]]
		if x == nil || noted[x.Key] {
			continue
		}
		noted[x.Key] = true
		c.use(f.Name, x.Key, "", pointer)
		for _, text := range p.Texts() {
			c.option(f, x.Key, text, pointer)
		}
	}
}
