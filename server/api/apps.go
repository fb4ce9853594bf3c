package api

import (
	"cmp"
	"slices"
	"strings"

	"formwork/engine"
	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
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

// getApp is everything that a client needs to show an app, narrowed to what the caller may see.
func (s *Server) getApp(x *call) error {
	a, err := x.app()
	if err != nil {
		return err
	}
	answer, err := x.appFor(a, x.entry(a), engine.Dashboards(x.caller().Subject, a), x.publishedRights)
	if err != nil {
		return err
	}
	return x.answerTagged(answer)
}

// decide gives what the caller may do with a form; nil where that is nothing.
type decide func(*catalog.Form) *access.Decision

// publishedRights decides by the rights that are published.
func (x *call) publishedRights(f *catalog.Form) *access.Decision {
	_, d, err := x.Engine.Records.Decision(x.ctx, x.caller(), f.Name)
	if err != nil {
		return nil
	}
	return d
}

// appFor is an app narrowed to what a decision opens.
func (x *call) appFor(a *catalog.App, entry appEntry, boards []*definition.Dashboard, may decide) (appAnswer, error) {
	forms, views := []formEntry{}, []*definition.View{}
	decisions := map[string]*access.Decision{}
	for _, f := range a.Forms {
		d := may(f)
		if d == nil {
			continue
		}
		decisions[f.Name] = d
		e, err := formFor(a, f, d, may)
		if err != nil {
			return appAnswer{}, err
		}
		forms = append(forms, e)
	}
	for _, v := range a.Views {
		if d := decisions[catalog.Qualify(a.Key, v.Form)]; d != nil && d.Can(definition.Read) && answers(v, d) {
			views = append(views, viewFor(v, d))
		}
	}
	shown := make([]*definition.Dashboard, len(boards))
	for i, b := range boards {
		shown[i] = boardFor(a, b, func(form string) *access.Decision {
			if d := decisions[form]; d != nil {
				return d
			}
			if f := x.Engine.Catalog.Snapshot().Forms[form]; f != nil && f.App != a.Key {
				return may(f)
			}
			return nil
		})
	}
	boards = shown
	pages := x.pagesFor(a, views, boards, may)
	return appAnswer{entry, a.Def.Description, menuFor(a, forms, views, boards, pages), forms, views, boards, pages}, nil
}

// menuFor leaves out what the caller cannot open.
func menuFor(a *catalog.App, forms []formEntry, views []*definition.View, boards []*definition.Dashboard, pages []pageEntry) []definition.MenuItem {
	return slices.DeleteFunc(slices.Clone(a.Def.Menu), func(m definition.MenuItem) bool {
		return m.Form != "" && !slices.ContainsFunc(forms, func(f formEntry) bool { return f.Form == catalog.Qualify(a.Key, m.Form) }) ||
			m.View != "" && !slices.ContainsFunc(views, func(v *definition.View) bool { return v.Key == m.View }) ||
			m.Page != "" && !slices.ContainsFunc(pages, func(p pageEntry) bool { return p.Key == m.Page }) ||
			m.Dashboard != "" && !slices.ContainsFunc(boards, func(d *definition.Dashboard) bool { return d.Key == m.Dashboard })
	})
}

// answers says whether the caller may ask what a view asks: its filter names no field that is closed to them.
func answers(v *definition.View, d *access.Decision) bool {
	filter, ps := query.ParseFilterJSON(v.Filter, "")
	ok := !ps.Blocks()
	filter.Fields(func(name, _ string) {
		head, _, _ := strings.Cut(name, ".")
		ok = ok && d.Askable(head)
	})
	return ok
}

// appAnswer is an app as a caller may use it.
type appAnswer struct {
	appEntry
	Description definition.Text         `json:"description,omitempty"`
	Menu        []definition.MenuItem   `json:"menu,omitempty"`
	Forms       []formEntry             `json:"forms"`
	Views       []*definition.View      `json:"views"`
	Dashboards  []*definition.Dashboard `json:"dashboards"`
	Pages       []pageEntry             `json:"pages"`
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
