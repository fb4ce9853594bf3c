package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"formwork/engine/catalog"
	"formwork/engine/record"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// pageEntry is a page as a caller may use it; what its blocks show comes from a request of its own.
type pageEntry struct {
	Key    string          `json:"key"`
	Page   string          `json:"page"` // app.page
	Title  definition.Text `json:"title"`
	Help   definition.Text `json:"description,omitempty"`
	Icon   string          `json:"icon,omitempty"`
	Layout string          `json:"layout"`
	Blocks []blockEntry    `json:"blocks"`
}

// blockEntry is a block without what it asks.
type blockEntry struct {
	Key       string                     `json:"key"`
	Type      string                     `json:"type"`
	Title     definition.Text            `json:"title,omitempty"`
	Help      definition.Text            `json:"help,omitempty"`
	Width     int                        `json:"width,omitempty"`
	Limit     int                        `json:"limit,omitempty"`
	Form      string                     `json:"form,omitempty"` // app.form
	View      string                     `json:"view,omitempty"`
	Fields    []string                   `json:"fields,omitempty"`
	Chips     []string                   `json:"chips,omitempty"`
	Link      string                     `json:"link,omitempty"`
	Values    map[string]json.RawMessage `json:"values,omitempty"`
	Claim     string                     `json:"claim,omitempty"`
	Dashboard string                     `json:"dashboard,omitempty"`
	Card      *definition.Card           `json:"card,omitempty"`
	Figures   []figureEntry              `json:"figures,omitempty"`
	Items     []definition.Shortcut      `json:"items,omitempty"`
}

// figureEntry is a figure without its query.
type figureEntry struct {
	Key    string          `json:"key"`
	Title  definition.Text `json:"title"`
	Form   string          `json:"form"`
	Format string          `json:"format,omitempty"`
	Period string          `json:"period,omitempty"`
	Goal   *float64        `json:"goal,omitempty"`
}

// pagesFor are the pages that the caller sees. What leads where they may not go is left out.
func (x *call) pagesFor(a *catalog.App, views []*definition.View, boards []*definition.Dashboard, may decide) []pageEntry {
	subject := x.caller().Subject
	out := []pageEntry{}
	for _, p := range a.Pages {
		if !record.Sees(subject, a.Key, p.Def.Roles) {
			continue
		}
		e := pageEntry{Key: p.Def.Key, Page: p.Name, Title: p.Def.Title, Help: p.Def.Description, Icon: p.Def.Icon, Layout: p.Def.Layout, Blocks: []blockEntry{}}
		if e.Layout == "" {
			e.Layout = "both"
		}
		for _, b := range p.Blocks {
			if !record.Sees(subject, a.Key, b.Def.Roles) {
				continue
			}
			entry, ok := blockFor(b, may)
			if !ok {
				continue
			}
			entry.Items = slices.DeleteFunc(entry.Items, func(i definition.Shortcut) bool {
				return i.View != "" && !slices.ContainsFunc(views, func(v *definition.View) bool { return v.Key == i.View }) ||
					i.Dashboard != "" && !slices.ContainsFunc(boards, func(d *definition.Dashboard) bool { return d.Key == i.Dashboard })
			})
			e.Blocks = append(e.Blocks, entry)
		}
		out = append(out, e)
	}
	return out
}

// blockFor is false for a block of which the caller would see nothing.
func blockFor(b *catalog.Block, may decide) (blockEntry, bool) {
	def := b.Def
	e := blockEntry{Key: def.Key, Type: def.Type, Title: def.Title, Help: def.Help, Width: def.Width, Limit: def.Limit, View: def.View, Link: def.Link,
		Values: def.Values, Claim: def.Claim, Dashboard: def.Dashboard, Card: b.Card}
	if b.Form != nil {
		e.Form = b.Form.Name
		d := may(b.Form)
		if d == nil || !d.Can(definition.Read) && !d.Can(definition.Create) {
			return e, false
		}
		open := func(keys []string) []string {
			return slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return d.Field(k) == definition.Hidden })
		}
		fields := def.Fields
		if b.View != nil && len(fields) == 0 {
			fields = b.View.Fields
		}
		e.Fields, e.Chips = open(fields), open(def.Chips)
		for k := range e.Values {
			if !d.Writable(k) {
				e.Values = nil
				break
			}
		}
	}
	for _, f := range b.Figures {
		if d := may(f.Form); d != nil && d.Can(definition.Read) && (f.Def.Field == "" || d.Askable(f.Def.Field)) {
			e.Figures = append(e.Figures, figureEntry{f.Def.Key, f.Def.Title, f.Form.Name, f.Def.Format, f.Def.Period, f.Def.Goal})
		}
	}
	for n, i := range def.Items {
		if to := b.Items[n]; to != nil {
			i.Form = to.Name
			if d := may(to); d == nil || i.New && !d.Can(definition.Create) {
				continue
			}
		}
		e.Items = append(e.Items, i)
	}
	return e, def.Type != "figures" || len(e.Figures) > 0
}

// pageData answers every block of a page in one request, under the caller's rights.
func (s *Server) pageData(x *call) error {
	app, key, ok := strings.Cut(x.param("page"), ".")
	if !ok {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"page": x.param("page")})
	}
	page, blocks, err := s.Engine.Records.PageData(x.ctx, x.caller(), app, key)
	if err != nil {
		return err
	}
	out := make([]blockAnswer, len(blocks))
	for i := range blocks {
		if out[i], err = x.blockAnswer(app, &blocks[i]); err != nil {
			return err
		}
	}
	return x.answer(http.StatusOK, object{"page": page.Name, "at": moment(s.Now()), "blocks": out})
}

// blockAnswer is what a block shows.
type blockAnswer struct {
	Key      string              `json:"key"`
	Todos    *[]todoAnswer       `json:"todos,omitempty"`
	Done     *int                `json:"done,omitempty"`
	More     *bool               `json:"more,omitempty"`
	Items    *[]json.RawMessage  `json:"items,omitempty"`
	Labels   record.Labels       `json:"labels,omitempty"`
	Usage    []usageAnswer       `json:"usage,omitempty"`
	Figures  []record.FigureData `json:"figures,omitempty"`
	Card     json.RawMessage     `json:"card,omitempty"`
	Problems problem.List        `json:"problems,omitempty"`
}

// usageAnswer is how much of a limit is used, in the caller's language.
type usageAnswer struct {
	record.Usage
	Title string `json:"title,omitempty"`
}

// todoAnswer is a thing to do in the caller's language.
type todoAnswer struct {
	*record.Todo
	Reasons []reasonAnswer `json:"reasons"`
	Actions []doingAnswer  `json:"actions"`
}

type reasonAnswer struct {
	record.Reason
	Text string `json:"text"`
}

type doingAnswer struct {
	definition.PageAction
	Title string `json:"title,omitempty"`
	Form  string `json:"form,omitempty"`
}

func (x *call) blockAnswer(app string, b *record.BlockData) (blockAnswer, error) {
	out := blockAnswer{Key: b.Def.Key, Labels: b.Labels, Figures: b.Figures, Problems: x.explain(b.Problems)}
	if len(b.Problems) > 0 {
		return out, nil
	}
	for _, u := range b.Usage {
		out.Usage = append(out.Usage, usageAnswer{u, x.text(u.Title)})
	}
	switch b.Def.Type {
	case "todo", "form":
		list := make([]todoAnswer, len(b.Todos))
		for i, t := range b.Todos {
			list[i] = x.todoAnswer(app, t)
		}
		out.Todos, out.Done, out.More = &list, &b.Done, &b.More
	case "list", "claim":
		items := make([]json.RawMessage, len(b.Items))
		for i, item := range b.Items {
			items[i] = item
		}
		out.Items, out.More = &items, &b.More
	case "card":
		tree := answerTree(record.Answer{Rows: b.Card.Rows, Labels: b.Card.Labels})
		filters := make([]any, len(b.Card.Filters))
		for i, f := range b.Card.Filters {
			if f.None() {
				continue
			}
			v, err := value.Decode(f.FilterJSON())
			if err != nil {
				return out, err
			}
			filters[i] = v
		}
		tree["key"], tree["form"], tree["filters"] = b.Card.Key, b.Card.Form, filters
		out.Card = value.AppendJSON(nil, tree)
	}
	return out, nil
}

func (x *call) todoAnswer(app string, t *record.Todo) todoAnswer {
	out := todoAnswer{Todo: t, Reasons: make([]reasonAnswer, len(t.Reasons)), Actions: make([]doingAnswer, len(t.Actions))}
	for i, r := range t.Reasons {
		out.Reasons[i] = reasonAnswer{r, x.text(r.Text)}
	}
	for i, a := range t.Actions {
		out.Actions[i] = doingAnswer{PageAction: a.PageAction, Title: x.text(a.Title)}
		if a.Form != "" {
			out.Actions[i].Form = catalog.Qualify(app, a.Form)
		}
	}
	return out
}
