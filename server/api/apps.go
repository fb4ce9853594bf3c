package api

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"formwork/engine"
	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// appEntry is an app in the list.
type appEntry struct {
	Key     string          `json:"key"`
	Title   definition.Text `json:"title"`
	Icon    string          `json:"icon,omitempty"`
	Color   string          `json:"color,omitempty"`
	Order   int             `json:"order,omitempty"`
	Version int64           `json:"version"` // 0: not published yet
	Admin   bool            `json:"admin"`   // the caller may change its definitions
}

// listApps lists the apps in which the caller may do anything, drafts for admins.
func (s *Server) listApps(x *call) error {
	out := []appEntry{}
	for _, a := range s.Engine.Catalog.Snapshot().Apps {
		if x.sees(a) {
			out = append(out, x.entry(a))
		}
	}
	if x.id.User.Admin {
		drafts, err := s.Engine.Catalog.DraftApps(x.ctx)
		if err != nil {
			return err
		}
		for _, key := range drafts {
			out = append(out, appEntry{Key: key, Title: definition.Text{"": key}, Admin: true})
		}
	}
	slices.SortFunc(out, func(a, b appEntry) int { return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Key, b.Key)) })
	return list(x, out)
}

func (x *call) entry(a *catalog.App) appEntry {
	return appEntry{Key: a.Key, Title: a.Def.Title, Icon: a.Def.Icon, Color: a.Def.Color, Order: a.Def.Order, Version: a.Version,
		Admin: engine.AppAdmin(x.caller().Subject, a.Key)}
}

// sees says whether the caller may know of an app.
func (x *call) sees(a *catalog.App) bool {
	c := x.caller()
	if engine.AppAdmin(c.Subject, a.Key) || len(engine.Dashboards(c.Subject, a)) > 0 {
		return true
	}
	return slices.ContainsFunc(a.Forms, func(f *catalog.Form) bool {
		_, _, err := x.Engine.Records.Decision(x.ctx, c, f.Name)
		return err == nil
	})
}

// app finds the published app of the path; NotFound when there is none or the caller may not know of it.
func (x *call) app() (*catalog.App, error) {
	a := x.Engine.Catalog.Snapshot().Apps[x.param("app")]
	if a == nil || !x.sees(a) {
		return nil, problem.Fail(problem.NotFound, "not-found", "", problem.P{"app": x.param("app")})
	}
	return a, nil
}

// formEntry is a form as a caller may use it.
type formEntry struct {
	Key        string                            `json:"key"`
	Form       string                            `json:"form"` // app.form
	Title      definition.Text                   `json:"title"`
	Icon       string                            `json:"icon,omitempty"`
	TitleField string                            `json:"titleField,omitempty"`
	Schema     json.RawMessage                   `json:"schema"`
	Layout     []definition.Section              `json:"layout,omitempty"`
	Rules      []definition.Rule                 `json:"rules,omitempty"`
	Stages     *definition.Stages                `json:"stages,omitempty"`
	Actions    []definition.Action               `json:"actions"`
	Access     map[string]definition.FieldAccess `json:"access,omitempty"` // fields that are not wholly open
	Searchable bool                              `json:"searchable"`
}

// getApp is everything that a client needs to show an app, narrowed to what the caller may see.
func (s *Server) getApp(x *call) error {
	a, err := x.app()
	if err != nil {
		return err
	}
	c := x.caller()
	forms := []formEntry{}
	decisions := map[string]*access.Decision{}
	for _, f := range a.Forms {
		_, d, err := s.Engine.Records.Decision(x.ctx, c, f.Name)
		if err != nil {
			continue
		}
		decisions[f.Name] = d
		e, err := formFor(f, d)
		if err != nil {
			return err
		}
		forms = append(forms, e)
	}
	views := []*definition.View{}
	for _, v := range a.Views {
		if d := decisions[catalog.Qualify(a.Key, v.Form)]; d != nil && d.Can(definition.Read) {
			views = append(views, viewFor(v, d))
		}
	}
	boards := engine.Dashboards(c.Subject, a)
	if boards == nil {
		boards = []*definition.Dashboard{}
	}
	return x.answer(http.StatusOK, struct {
		appEntry
		Description definition.Text         `json:"description,omitempty"`
		Menu        []definition.MenuItem   `json:"menu,omitempty"`
		Forms       []formEntry             `json:"forms"`
		Views       []*definition.View      `json:"views"`
		Dashboards  []*definition.Dashboard `json:"dashboards"`
	}{x.entry(a), a.Def.Description, a.Def.Menu, forms, views, boards})
}

// formFor leaves out what the decision hides: a hidden field cannot be told from one that does not exist.
func formFor(f *catalog.Form, d *access.Decision) (formEntry, error) {
	e := formEntry{Key: f.Key, Form: f.Name, Title: f.Def.Title, Icon: f.Def.Icon, TitleField: f.Def.TitleField, Schema: f.Published,
		Layout: f.Def.Layout, Rules: f.Def.Rules, Stages: f.Def.Stages, Actions: []definition.Action{}}
	for _, a := range definition.Actions {
		if d.Can(a) {
			e.Actions = append(e.Actions, a)
		}
	}
	e.Searchable = slices.ContainsFunc(f.SearchColumns, d.Askable)
	hidden := func(key string) bool { return d.Field(key) == definition.Hidden }
	none := true
	for _, x := range f.Fields {
		if a := d.Field(x.Key); a == definition.Hidden {
			none = false
		} else if a != definition.Writable {
			if e.Access == nil {
				e.Access = map[string]definition.FieldAccess{}
			}
			e.Access[x.Key] = a
		}
	}
	if none {
		return e, nil
	}
	var err error
	if e.Schema, err = withoutFields(f.Published, hidden); err != nil {
		return e, err
	}
	if hidden(e.TitleField) {
		e.TitleField = ""
	}
	e.Layout = nil
	for _, s := range f.Def.Layout {
		s.Fields = slices.DeleteFunc(slices.Clone(s.Fields), hidden)
		if s.Visible = nil; len(s.Fields) > 0 { // its condition may name what is hidden
			e.Layout = append(e.Layout, s)
		}
	}
	e.Rules = nil // rules may name what is hidden; the server holds them all the same
	if e.Stages != nil && hidden(e.Stages.Field) {
		e.Stages = nil
	}
	return e, nil
}

// withoutFields takes properties out of a form's schema, and the keywords that could tell of them.
func withoutFields(schema []byte, hidden func(string) bool) (json.RawMessage, error) {
	var top, properties map[string]json.RawMessage
	if err := json.Unmarshal(schema, &top); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(top["properties"], &properties); err != nil {
		return nil, err
	}
	for k := range properties {
		if hidden(k) {
			delete(properties, k)
		}
	}
	var required []string
	if len(top["required"]) > 0 {
		if err := json.Unmarshal(top["required"], &required); err != nil {
			return nil, err
		}
	}
	out := map[string]any{"properties": properties}
	if required = slices.DeleteFunc(required, hidden); len(required) > 0 {
		out["required"] = required
	}
	for _, k := range []string{"$schema", "$id", "title", "description", "type", "additionalProperties"} {
		if v, ok := top[k]; ok {
			out[k] = v
		}
	}
	return json.Marshal(out)
}

// viewFor leaves hidden fields out of a view.
func viewFor(v *definition.View, d *access.Decision) *definition.View {
	if d.Open() {
		return v
	}
	hidden := func(key string) bool {
		head, _, _ := strings.Cut(strings.TrimPrefix(key, "-"), ".")
		return d.Field(head) == definition.Hidden
	}
	out := *v
	out.Fields = slices.DeleteFunc(slices.Clone(v.Fields), hidden)
	out.Sort = slices.DeleteFunc(slices.Clone(v.Sort), hidden)
	out.Scoped = slices.DeleteFunc(slices.Clone(v.Scoped), hidden)
	out.Summaries = slices.DeleteFunc(slices.Clone(v.Summaries), func(s definition.Summary) bool { return hidden(s.Field) })
	if hidden(v.GroupBy) {
		out.GroupBy = ""
	}
	return &out
}
