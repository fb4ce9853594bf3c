package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"formwork/engine/query"
	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/meta"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Release is the definitions of one app at a version.
type Release struct {
	App     string
	Version int64
	Sources Sources
	// Plain is PlainSince of the app's forms, by "app.form".
	Plain map[string]int64
}

// Compile compiles all apps of a workspace together. Problems point into definitions, "/app/form/key/schema/...":
// app, kind and key first. The snapshot is nil when a problem blocks.
func Compile(number int64, releases []Release) (*Snapshot, problem.List) {
	c := &compiler{
		snap:      &Snapshot{Number: number, Apps: map[string]*App{}, Forms: map[string]*Form{}, Automations: map[string]*Automation{}},
		optionSet: map[string][]definition.Option{},
		state:     map[*Field]int{},
	}
	sort.Slice(releases, func(i, j int) bool { return releases[i].App < releases[j].App })
	for _, r := range releases {
		c.app(r)
	}
	for _, step := range []func(*Form){c.fields, c.references, c.types, c.expressions, c.columns} {
		for _, f := range c.forms() {
			step(f)
		}
		if c.problems.Blocks() {
			return nil, c.problems
		}
	}
	for _, f := range c.forms() {
		c.rollups(f)
		c.ownership(f)
	}
	for _, f := range c.forms() {
		c.alike(f)
	}
	if !c.problems.Blocks() {
		c.cycles()
	}
	for _, a := range c.snap.Apps {
		c.views(a)
	}
	for _, a := range c.sortedApps() {
		c.automations(a)
		c.pages(a)
	}
	for _, f := range c.forms() {
		c.indexes(f)
	}
	if c.problems.Blocks() {
		return nil, c.problems
	}
	return c.snap, c.problems
}

type compiler struct {
	snap      *Snapshot
	problems  problem.List
	optionSet map[string][]definition.Option // by app/key
	state     map[*Field]int                 // of resolving result types: 1 under way, 2 done
}

func (c *compiler) forms() []*Form {
	names := make([]string, 0, len(c.snap.Forms))
	for n := range c.snap.Forms {
		names = append(names, n)
	}
	sort.Strings(names)
	out := make([]*Form, len(names))
	for i, n := range names {
		out[i] = c.snap.Forms[n]
	}
	return out
}

func (c *compiler) fail(code, pointer string, params problem.P) {
	c.problems = append(c.problems, problem.New(code, pointer, params))
}

// at is where a definition's problems point to.
func at(app string, kind definition.Kind, key string) string {
	return problem.Pointer(app, string(kind), key)
}

func (f *Form) pointer() string { return at(f.App, definition.KindForm, f.Key) }

func (f *Form) fieldPointer(key string) string {
	return f.pointer() + "/schema/properties" + problem.Pointer(key)
}

// app decodes an app's definitions; each must pass its meta-schema.
func (c *compiler) app(r Release) {
	a := &App{Key: r.App, Version: r.Version, Sources: r.Sources}
	names := make([]string, 0, len(r.Sources))
	for n := range r.Sources {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, name := range names {
		source := []byte(r.Sources[name])
		head, ps := meta.Check(source)
		pointer := problem.Pointer(r.App) + "/" + name
		c.problems = append(c.problems, ps.At(pointer)...)
		if ps.Blocks() {
			continue
		}
		if name != string(head.Kind)+"/"+head.Key {
			c.fail("key-disagrees", pointer+"/key", problem.P{"key": head.Key})
			continue
		}
		def, err := definition.Decode(source)
		if err != nil {
			c.fail("malformed", pointer, problem.P{"error": err.Error()})
			continue
		}
		c.add(a, def, r.Plain)
	}
	slices.SortStableFunc(a.Views, func(x, y *definition.View) int { return cmp.Compare(x.Order, y.Order) })
	if a.Def == nil {
		c.fail("required", problem.Pointer(r.App)+"/app/"+r.App, problem.P{"kind": "app"})
		return
	}
	if a.Def.Key != r.App {
		c.fail("key-disagrees", problem.Pointer(r.App)+"/app", problem.P{"key": a.Def.Key})
	}
	c.snap.Apps[r.App] = a
}

func (c *compiler) add(a *App, def any, plain map[string]int64) {
	switch d := def.(type) {
	case *definition.App:
		a.Def = d
	case *definition.OptionSet:
		c.optionSet[a.Key+"/"+d.Key] = d.Options
	case *definition.Form:
		f := &Form{Name: a.Key + "." + d.Key, App: a.Key, Key: d.Key, Version: a.Version, Def: d, ByKey: map[string]*Field{}}
		f.PlainSince = plain[f.Name]
		a.Forms = append(a.Forms, f)
		c.snap.Forms[f.Name] = f
	case *definition.View:
		a.Views = append(a.Views, d)
	case *definition.Dashboard:
		a.Boards = append(a.Boards, d)
	case *definition.Role:
		a.Roles = append(a.Roles, d)
	case *definition.Calendar:
		a.Calendars = append(a.Calendars, c.calendarOf(a.Key, d))
	case *definition.Automation:
		a.automations = append(a.automations, d)
	case *definition.Page:
		a.pages = append(a.pages, d)
	}
}

// fields finds every field's type, fills in options and checks settings, stages and the layout.
func (c *compiler) fields(f *Form) {
	for i := range f.Def.Fields {
		def := f.Def.Fields[i] // a copy: options are filled in
		pointer := f.fieldPointer(def.Key)
		t, ok := field.Lookup(def.Type)
		if !ok {
			params := problem.P{"type": def.Type}
			if s := value.Nearest(def.Type, typeKeys()); s != "" {
				params["suggestion"] = s
			}
			c.fail("unknown-field-type", pointer+"/x-field/type", params)
			continue
		}
		x := &Field{Key: def.Key, Def: &def, Type: t, As: t, AsDef: &def}
		c.options(f, &def, pointer)
		f.Fields = append(f.Fields, x)
		f.ByKey[x.Key] = x
	}
	if f.Def.Stages != nil {
		c.stages(f)
	}
	for _, x := range f.Fields {
		c.problems = append(c.problems, x.Type.Check(x.Def).At(f.fieldPointer(x.Key))...)
	}
	known := func(key, pointer string) {
		if key != "" {
			c.known(f, key, pointer)
		}
	}
	known(f.Def.TitleField, f.pointer()+"/titleField")
	for i, s := range f.Def.Layout {
		for j, k := range s.Fields {
			known(k, fmt.Sprintf("%s/layout/%d/fields/%d", f.pointer(), i, j))
		}
	}
	for i, u := range f.Def.Unique {
		for j, k := range u.Fields {
			known(k, fmt.Sprintf("%s/unique/%d/fields/%d", f.pointer(), i, j))
		}
	}
	f.Owner = "createdBy"
	if o, ok := f.ByKey["owner"]; ok && o.Type.Key == "user" {
		f.Owner = "owner"
	}
}

// options fills in those of an option set, in the columns of a sub-table too.
func (c *compiler) options(f *Form, def *definition.Field, pointer string) {
	if def.OptionSet != "" {
		options, ok := c.optionSet[f.App+"/"+def.OptionSet]
		if !ok {
			c.fail("unknown-option-set", pointer+"/x-field/optionSet", problem.P{"name": def.OptionSet})
		}
		def.Options = options
	}
	def.Fields = slices.Clone(def.Fields)
	for i := range def.Fields {
		c.options(f, &def.Fields[i], pointer+"/items/properties"+problem.Pointer(def.Fields[i].Key))
	}
}

func (c *compiler) unknownField(f *Form, key, pointer string) {
	params := problem.P{"field": key, "form": f.Name}
	names := make([]string, 0, len(f.Fields))
	for _, x := range f.Fields {
		names = append(names, x.Key)
	}
	if s := value.Nearest(key, names); s != "" {
		params["suggestion"] = s
	}
	c.fail("unknown-field", pointer, params)
}

func typeKeys() []string {
	var out []string
	for _, t := range field.All() {
		out = append(out, t.Key)
	}
	return out
}

// stages makes the options of the stage field and compiles the moves' names; guards come with the expressions.
func (c *compiler) stages(f *Form) {
	def, pointer := f.Def.Stages, f.pointer()+"/stages"
	x, ok := f.ByKey[def.Field]
	if !ok {
		c.unknownField(f, def.Field, pointer+"/field")
		return
	}
	c.use(f.Name, def.Field, "", pointer+"/field")
	if x.Type.Key != "select" || len(x.Def.Options) > 0 {
		c.fail("stage-field", pointer+"/field", problem.P{"field": def.Field})
		return
	}
	if len(x.Def.Default) > 0 { // a record begins in the initial stage
		c.fail("stage-field", f.fieldPointer(x.Key)+"/x-field/default", problem.P{"field": def.Field})
		x.Def.Default = nil
	}
	x.Stage = true
	s := &Stages{Def: def, Field: def.Field, States: map[string]*definition.State{}}
	for i := range def.States {
		st := &def.States[i]
		if s.States[st.Key] != nil {
			c.fail("repeated", fmt.Sprintf("%s/states/%d/key", pointer, i), problem.P{"key": st.Key})
		}
		s.States[st.Key] = st
		x.Def.Options = append(x.Def.Options, definition.Option{Value: st.Key, Title: st.Title, Color: st.Color, Hidden: st.Hidden})
	}
	known := func(key, pointer string) {
		if s.States[key] == nil {
			c.fail("unknown-stage", pointer, problem.P{"stage": key})
			return
		}
		c.use(f.Name, def.Field, key, pointer)
	}
	known(def.Initial, pointer+"/initial")
	for i := range def.States {
		for j, k := range def.States[i].Require {
			c.known(f, k, fmt.Sprintf("%s/states/%d/require/%d", pointer, i, j))
		}
	}
	if def.Due != "" && def.Since == "" {
		c.fail("required", pointer+"/since", nil)
	}
	s.Since, s.Due = c.stageClock(f, def.Since, "datetime", pointer+"/since"), c.stageClock(f, def.Due, "date", pointer+"/due")
	for i := range def.Transitions {
		m := &def.Transitions[i]
		for j, from := range m.From {
			if from != "*" {
				known(from, fmt.Sprintf("%s/transitions/%d/from/%d", pointer, i, j))
			}
		}
		known(m.To, fmt.Sprintf("%s/transitions/%d/to", pointer, i))
		for j, r := range m.Require {
			c.known(f, r, fmt.Sprintf("%s/transitions/%d/require/%d", pointer, i, j))
		}
		for j, r := range m.Roles {
			if !c.hasRole(f.App, r) {
				c.fail("unknown-role", fmt.Sprintf("%s/transitions/%d/roles/%d", pointer, i, j), problem.P{"role": r})
			}
		}
		s.Moves = append(s.Moves, &Move{Def: m})
	}
	f.Stages = s
}

// stageClock finds a field that the engine fills by the stage, and closes it to everybody else.
func (c *compiler) stageClock(f *Form, key, typ, pointer string) *Field {
	if key == "" {
		return nil
	}
	x, ok := f.ByKey[key]
	switch {
	case !ok:
		c.unknownField(f, key, pointer)
		return nil
	case x.Type.Key != typ || len(x.Def.Default) > 0 || x.Def.Required:
		c.fail("stage-clock", pointer, problem.P{"field": key, "type": typ})
		return nil
	}
	c.use(f.Name, key, "", pointer)
	x.Def.ReadOnly = true
	return x
}

func (c *compiler) hasRole(app, key string) bool {
	a := c.snap.Apps[app]
	return a == nil || slices.ContainsFunc(a.Roles, func(r *definition.Role) bool { return r.Key == key }) // without its app: reported
}

// columns derives what can be asked of a record.
func (c *compiler) columns(f *Form) {
	f.Columns = query.Columns{}
	f.Collection.Name = RecordsOf(f.Name)
	add := func(col query.Column) {
		f.Columns[col.Key] = col
		f.Collection.Columns = append(f.Collection.Columns, col)
	}
	for _, col := range Envelope {
		add(col)
	}
	for _, x := range f.Fields {
		if x.Def.Live {
			continue
		}
		st := x.As.Storage(x.AsDef)
		if st.Kind == "" {
			continue
		}
		col := query.Column{
			Key: x.Key, Path: []string{"data", x.Key}, Kind: query.Kind(st.Kind), Scale: st.Scale,
			Array: st.Array, Order: st.Order, Match: st.Match, Search: st.Search,
		}
		x.Column = &col
		add(col)
		if col.Search {
			f.SearchColumns = append(f.SearchColumns, x.Key)
		}
	}
	c.uniqueSets(f)
	c.schema(f)
}

// uniqueSets refuses combinations that no index could keep unique, and those whose key an index of a field has.
func (c *compiler) uniqueSets(f *Form) {
	for i, u := range f.Def.Unique {
		pointer := fmt.Sprintf("%s/unique/%d", f.pointer(), i)
		if x := f.ByKey[u.Key]; x != nil && x.Def.Unique {
			c.fail("repeated", pointer+"/key", problem.P{"key": u.Key})
		}
		for j, k := range u.Fields {
			if x := f.ByKey[k]; x != nil && (x.Column == nil || x.Column.Array) {
				c.fail("not-groupable", fmt.Sprintf("%s/fields/%d", pointer, j), problem.P{"field": k})
			}
		}
	}
}

// Title is the field that names a record, nil when there is none.
func (f *Form) Title() *Field { return f.ByKey[f.Def.TitleField] }

// Path splits "relation.field" into its steps.
func Path(p string) []string { return strings.Split(p, ".") }
