package api

import (
	"encoding/json"
	"fmt"
	"slices"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/formula"
	"formwork/engine/record"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// formEntry is a form as a caller may use it: a client needs nothing else to show it, compute it and check it.
type formEntry struct {
	Key        string               `json:"key"`
	Form       string               `json:"form"` // app.form
	Title      definition.Text      `json:"title"`
	Help       definition.Text      `json:"description,omitempty"`
	Icon       string               `json:"icon,omitempty"`
	TitleField string               `json:"titleField,omitempty"`
	Owner      string               `json:"owner"` // column that tells whose a record is
	Schema     json.RawMessage      `json:"schema"`
	Layout     []definition.Section `json:"layout,omitempty"`
	Rules      []definition.Rule    `json:"rules,omitempty"`
	Stages     *stagesEntry         `json:"stages,omitempty"`
	// Claims are the ways to take a record that nobody has; Duplicates tell which fields are compared before a write. Limits
	// says that there are some: a request of its own tells how much is used.
	Claims     []claimEntry        `json:"claims,omitempty"`
	Duplicates []duplicateEntry    `json:"duplicates,omitempty"`
	Limits     bool                `json:"limits,omitempty"`
	Actions    []definition.Action `json:"actions"`
	// Access lists fields that are not wholly open.
	Access     map[string]definition.FieldAccess `json:"access,omitempty"`
	Searchable bool                              `json:"searchable"`
	// Results tell what the values of computed fields, and of columns ("lines.net"), are: the settings that go with them.
	Results map[string]resultEntry `json:"results,omitempty"`
	// Targets are the forms that relations point to, by field or column ("lines.product").
	Targets map[string]targetEntry `json:"targets,omitempty"`
	// Programs are checked expressions, by the pointer of their text in this entry.
	Programs map[string]json.RawMessage `json:"programs,omitempty"`
}

// resultEntry says how the values of a computed field are shown.
type resultEntry struct {
	Type     string              `json:"type"`
	Scale    *int                `json:"scale,omitempty"`
	Unit     definition.Text     `json:"unit,omitempty"`
	Currency string              `json:"currency,omitempty"`
	Format   string              `json:"format,omitempty"`
	Options  []definition.Option `json:"options,omitempty"`
}

// targetEntry is a form that a relation points to.
type targetEntry struct {
	Form       string          `json:"form"`
	Title      definition.Text `json:"title"`
	Icon       string          `json:"icon,omitempty"`
	TitleField string          `json:"titleField,omitempty"`
	// Readable says that the caller may read records there, Creatable that they may add some.
	Readable  bool `json:"readable"`
	Creatable bool `json:"creatable"`
}

// formFor leaves out what the decision hides: a hidden field cannot be told from one that does not exist.
func formFor(a *catalog.App, f *catalog.Form, d *access.Decision, may decide) (formEntry, error) {
	e := formEntry{Key: f.Key, Form: f.Name, Title: f.Def.Title, Help: f.Def.Description, Icon: f.Def.Icon, TitleField: f.Def.TitleField,
		Owner: f.Owner, Schema: f.Published, Actions: []definition.Action{}, Programs: map[string]json.RawMessage{}}
	for _, a := range definition.Actions {
		if d.Can(a) {
			e.Actions = append(e.Actions, a)
		}
	}
	e.Searchable = slices.ContainsFunc(f.SearchColumns, d.Askable)
	n := narrowed{f, d}
	for _, x := range f.Fields {
		if a := d.Field(x.Key); a != definition.Writable && a != definition.Hidden {
			if e.Access == nil {
				e.Access = map[string]definition.FieldAccess{}
			}
			e.Access[x.Key] = a
		}
	}
	var err error
	if e.Schema, err = n.schema(); err != nil {
		return e, err
	}
	if n.hidden(e.TitleField) {
		e.TitleField = ""
	}
	if n.hidden(e.Owner) {
		e.Owner = "createdBy"
	}
	values(f, n, may, &e)
	e.Stages = n.stages(a)
	e.Claims, e.Duplicates, e.Limits = n.claims(), n.duplicates(), len(f.Limits) > 0
	return e, n.expressions(&e)
}

// values describes what computed fields and relations hold.
func values(f *catalog.Form, n narrowed, may decide, e *formEntry) {
	for _, fd := range f.Fields {
		if n.hidden(fd.Key) {
			continue
		}
		if fd.Computed() && fd.AsDef != nil {
			e.result(fd.Key, fd.As.Key, fd.AsDef)
		}
		if to := record.Target(fd); to != nil {
			e.target(fd.Key, to, may)
		}
		for _, c := range fd.Cells {
			e.result(fd.Key+"."+c.Key, c.As.Key, c.AsDef)
		}
		for _, l := range fd.Links {
			if l.Form != nil {
				e.target(fd.Key+"."+l.Key, l.Form, may)
			}
		}
	}
}

func (e *formEntry) result(name, kind string, as *definition.Field) {
	if e.Results == nil {
		e.Results = map[string]resultEntry{}
	}
	e.Results[name] = resultEntry{Type: kind, Scale: as.Scale, Unit: as.Unit, Currency: as.Currency, Format: as.Format, Options: as.Options}
}

func (e *formEntry) target(name string, to *catalog.Form, may decide) {
	if e.Targets == nil {
		e.Targets = map[string]targetEntry{}
	}
	t := targetEntry{Form: to.Name, Title: to.Def.Title, Icon: to.Def.Icon}
	if d := may(to); d != nil {
		t.Readable, t.Creatable = d.Can(definition.Read), d.Can(definition.Create)
		if d.Field(to.Def.TitleField) != definition.Hidden {
			t.TitleField = to.Def.TitleField
		}
	}
	e.Targets[name] = t
}

// narrowed is a form as far as a decision opens it.
type narrowed struct {
	f *catalog.Form
	d *access.Decision
}

func (n narrowed) hidden(key string) bool { return n.d.Field(key) == definition.Hidden }

// knows says whether everything that an expression reads can be read as it is.
func (n narrowed) knows(p *formula.Program) bool {
	return !slices.ContainsFunc(p.Deps(), func(dep formula.Dep) bool { return !n.d.Askable(dep[0]) })
}

// names says whether an expression names something hidden: then not even its text goes out.
func (n narrowed) names(p *formula.Program) bool {
	return p != nil && slices.ContainsFunc(p.Deps(), func(dep formula.Dep) bool { return n.hidden(dep[0]) })
}

// expressions fills layout and rules, and the programs of all expressions that the caller can compute.
func (n narrowed) expressions(e *formEntry) error {
	var failed error
	addAny := func(p *formula.Program, format string, args ...any) {
		if failed == nil {
			e.Programs[fmt.Sprintf(format, args...)], failed = p.JSON()
		}
	}
	add := func(p *formula.Program, format string, args ...any) {
		if p != nil && n.knows(p) {
			addAny(p, format, args...)
		}
	}
	for _, x := range n.f.Fields {
		if at := "/schema/properties" + problem.Pointer(x.Key) + "/x-field"; !n.hidden(x.Key) {
			add(x.Formula, "%s/expr", at)
			add(x.DefaultExpr, "%s/default/expr", at)
			for _, c := range x.Cells { // of their row alone
				addAny(c.Formula, "/schema/properties%s/items/properties%s/x-field/expr", problem.Pointer(x.Key), problem.Pointer(c.Key))
			}
		}
	}
	for i, s := range n.f.Def.Layout {
		s.Fields = slices.DeleteFunc(slices.Clone(s.Fields), n.hidden)
		if len(s.Fields) == 0 {
			continue
		}
		p := n.f.Visible[i]
		if n.names(p) {
			p, s.Visible = nil, nil
		}
		add(p, "/layout/%d/visible/expr", len(e.Layout))
		e.Layout = append(e.Layout, s)
	}
	for _, r := range n.f.Rules {
		if n.names(r.When) || slices.ContainsFunc(r.Def.Require, n.hidden) || n.hidden(r.Def.At) {
			continue // the server holds it all the same
		}
		add(r.When, "/rules/%d/when/expr", len(e.Rules))
		e.Rules = append(e.Rules, *r.Def)
	}
	if e.Stages != nil {
		for i, m := range n.f.Stages.Moves {
			if e.Stages.Transitions[i].Guard != nil {
				add(m.Guard, "/stages/transitions/%d/guard/expr", i)
			}
		}
	}
	return failed
}
