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
	"formwork/schemas/value"
)

// Page is a compiled page.
type Page struct {
	Name string // app.key
	App  string
	Def  *definition.Page
	// Blocks are in the order of the definition.
	Blocks []*Block
}

// Block is a compiled block. Which members are set depends on its type.
type Block struct {
	Def     *definition.Block
	Form    *Form
	Claim   *Claim
	View    *definition.View
	Board   *definition.Dashboard
	Card    *definition.Card
	Sources []*Source
	Done    []*Form // parallel to Def.Done
	Figures []*Figure
	Items   []*Form // of Def.Items that open a form, nil for the others
}

// Source is a compiled source of things to do.
type Source struct {
	Def  *definition.Source
	Form *Form
	// About is the relation by which things are joined, nil for the record itself.
	About *Field
	// Reasons are the reason's pieces, by language.
	Reasons map[string][]Piece
}

// Figure is a compiled figure.
type Figure struct {
	Def      *definition.Figure
	Form     *Form
	Calendar *Calendar
}

// Page finds a page.
func (a *App) Page(key string) (*Page, bool) {
	i := slices.IndexFunc(a.Pages, func(p *Page) bool { return p.Def.Key == key })
	if i < 0 {
		return nil, false
	}
	return a.Pages[i], true
}

// pages compiles those of an app.
func (c *compiler) pages(a *App) {
	for _, def := range a.pages {
		p := &Page{Name: a.Key + "." + def.Key, App: a.Key, Def: def}
		pointer := at(a.Key, definition.KindPage, def.Key)
		c.pageRoles(a, def.Roles, pointer)
		for i := range def.Blocks {
			p.Blocks = append(p.Blocks, c.block(a, &def.Blocks[i], fmt.Sprintf("%s/blocks/%d", pointer, i)))
		}
		a.Pages = append(a.Pages, p)
	}
}

func (c *compiler) pageRoles(a *App, roles []string, pointer string) {
	for i, r := range roles {
		if !c.hasRole(a.Key, r) {
			c.fail("unknown-role", fmt.Sprintf("%s/roles/%d", pointer, i), problem.P{"role": r})
		}
	}
}

// needed are the members without which a type of block shows nothing.
var needed = map[string]string{"todo": "sources", "figures": "figures", "form": "form", "claim": "claim", "card": "card", "shortcuts": "items"}

func (c *compiler) block(a *App, def *definition.Block, pointer string) *Block {
	b := &Block{Def: def}
	c.pageRoles(a, def.Roles, pointer)
	have := map[string]bool{"sources": len(def.Sources) > 0, "figures": len(def.Figures) > 0, "form": def.Form != "", "claim": def.Claim != "",
		"card": def.Card != "", "items": len(def.Items) > 0}
	if k := needed[def.Type]; k != "" && !have[k] {
		c.fail("required", pointer+"/"+k, nil)
	}
	form := def.Form
	if def.View != "" {
		if b.View, _ = a.View(def.View); b.View == nil {
			c.fail("unknown-view", pointer+"/view", problem.P{"view": def.View})
		} else if form == "" {
			form = b.View.Form
		}
	}
	switch {
	case form != "":
		b.Form, _ = c.formOf(a, form, pointer+"/form")
	case def.Type == "list" || def.Type == "claim":
		c.fail("required", pointer+"/form", nil)
	}
	if b.Form != nil {
		c.blockForm(b, pointer)
	}
	if def.Type == "card" {
		c.blockCard(a, b, pointer)
	}
	for i := range def.Sources {
		if s := c.source(a, &def.Sources[i], fmt.Sprintf("%s/sources/%d", pointer, i)); s != nil {
			b.Sources = append(b.Sources, s)
		}
	}
	for i, d := range def.Done {
		at := fmt.Sprintf("%s/done/%d", pointer, i)
		f, ok := c.formOf(a, d.Form, at+"/form")
		if ok {
			c.filter(f, d.Filter, at+"/filter")
		}
		b.Done = append(b.Done, f)
	}
	for i := range def.Figures {
		if x := c.figure(a, &def.Figures[i], fmt.Sprintf("%s/figures/%d", pointer, i)); x != nil {
			b.Figures = append(b.Figures, x)
		}
	}
	for i, item := range def.Items {
		b.Items = append(b.Items, c.shortcut(a, &item, fmt.Sprintf("%s/items/%d", pointer, i)))
	}
	return b
}

func (c *compiler) blockForm(b *Block, pointer string) {
	f, def := b.Form, b.Def
	for i, k := range def.Fields {
		c.readable(f, k, fmt.Sprintf("%s/fields/%d", pointer, i))
	}
	for i, k := range def.Chips {
		if at := fmt.Sprintf("%s/chips/%d", pointer, i); f.ByKey[k] != nil && f.ByKey[k].As.Key == "select" {
			c.use(f.Name, k, "", at)
		} else {
			c.unknownField(f, k, at)
		}
	}
	c.link(f, def.Link, pointer+"/link")
	c.begun(f, def.Values, pointer+"/values")
	c.filter(f, def.Filter, pointer+"/filter")
	_, ps := query.ParseSort(def.Sort, f.Columns, pointer+"/sort")
	c.problems = append(c.problems, ps...)
	if def.Claim != "" {
		if b.Claim = f.Claim(def.Claim); b.Claim == nil {
			c.fail("unknown-claim", pointer+"/claim", problem.P{"claim": def.Claim, "form": f.Name})
		}
	}
}

// link accepts a relation, or nothing.
func (c *compiler) link(f *Form, key, pointer string) {
	if x := f.ByKey[key]; key != "" && (x == nil || x.Relation == nil) {
		c.unknownField(f, key, pointer)
	} else if key != "" {
		c.use(f.Name, key, "", pointer)
	}
}

// begun checks constants that a record begins with.
func (c *compiler) begun(f *Form, values map[string]json.RawMessage, pointer string) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		x, at := f.ByKey[key], pointer+problem.Pointer(key)
		if x == nil || x.Computed() {
			c.unknownField(f, key, at)
			continue
		}
		v, err := value.Decode(values[key])
		if err != nil {
			c.fail("malformed", at, problem.P{"error": err.Error()})
			continue
		}
		got, ps := x.Type.Coerce(x.Def, v, coerceEnv())
		c.problems = append(c.problems, ps.At(at)...)
		c.use(f.Name, key, "", at)
		c.option(f, key, got, at)
	}
}

func (c *compiler) blockCard(a *App, b *Block, pointer string) {
	board, ok := a.Board(b.Def.Dashboard)
	if !ok {
		c.fail("unknown-dashboard", pointer+"/dashboard", problem.P{"dashboard": b.Def.Dashboard})
		return
	}
	i := slices.IndexFunc(board.Cards, func(x definition.Card) bool { return x.Key == b.Def.Card })
	if i < 0 {
		c.fail("unknown-card", pointer+"/card", problem.P{"card": b.Def.Card, "dashboard": board.Key})
		return
	}
	b.Board, b.Card = board, &board.Cards[i]
	b.Form = c.snap.Forms[Qualify(a.Key, b.Card.Form)]
}

func (c *compiler) source(a *App, def *definition.Source, pointer string) *Source {
	f, ok := c.formOf(a, def.Form, pointer+"/form")
	if !ok {
		return nil
	}
	s := &Source{Def: def, Form: f, Reasons: map[string][]Piece{}}
	c.filter(f, def.Filter, pointer+"/filter")
	_, ps := query.ParseSort(def.Sort, f.Columns, pointer+"/sort")
	c.problems = append(c.problems, ps...)
	for _, named := range []struct{ key, member string }{{def.Title, "title"}, {def.Subtitle, "subtitle"}, {def.Amount, "amount"}, {def.Due, "due"}} {
		if named.key != "" {
			c.readable(f, named.key, pointer+"/"+named.member)
		}
	}
	if def.Phone != "" {
		c.phone(f, def.Phone, pointer+"/phone")
	}
	if def.About != "" {
		c.link(f, def.About, pointer+"/about")
		s.About = f.ByKey[def.About]
	}
	for _, lang := range slices.Sorted(maps.Keys(def.Reason)) {
		at := pointer + "/reason"
		if lang != "" {
			at += problem.Pointer(lang)
		}
		s.Reasons[lang] = c.pieces(f, def.Reason[lang], at)
	}
	for i := range def.Actions {
		c.pageAction(a, f, &def.Actions[i], fmt.Sprintf("%s/actions/%d", pointer, i))
	}
	return s
}

// phone accepts a field, or one of the record that a relation points to.
func (c *compiler) phone(f *Form, path, pointer string) {
	head, rest, further := strings.Cut(path, ".")
	x := f.ByKey[head]
	switch {
	case x == nil, further && x.Relation == nil:
		c.unknownField(f, head, pointer)
	case further && x.Relation.ByKey[rest] == nil:
		c.unknownField(x.Relation, rest, pointer)
	case further:
		c.use(x.Relation.Name, rest, "", pointer)
		c.use(f.Name, head, "", pointer)
	default:
		c.use(f.Name, head, "", pointer)
	}
}

// pieces compiles a text for people in which {{ expressions }} over a record stand.
func (c *compiler) pieces(f *Form, text, pointer string) []Piece {
	return cutPieces(text, func(src string) *formula.Program {
		p, ps := formula.Compile(src, c.scope(f), formula.Options{Volatile: true})
		c.problems = append(c.problems, ps.At(pointer)...)
		c.read(f, p, pointer)
		return p
	}, func() { c.fail("syntax", pointer, problem.P{"detail": "}}"}) })
}

func (c *compiler) pageAction(a *App, f *Form, def *definition.PageAction, pointer string) {
	switch def.Type {
	case "create":
		to, ok := c.formOf(a, def.Form, pointer+"/form")
		if !ok {
			return
		}
		c.link(to, def.Link, pointer+"/link")
		c.begun(to, def.Values, pointer+"/values")
	case "postpone":
		if x := f.ByKey[def.Field]; x == nil || x.Type.Key != "date" && x.Type.Key != "datetime" {
			c.unknownField(f, def.Field, pointer+"/field")
		} else {
			c.use(f.Name, def.Field, "", pointer+"/field")
		}
	case "claim":
		if f.Claim(def.Claim) == nil {
			c.fail("unknown-claim", pointer+"/claim", problem.P{"claim": def.Claim, "form": f.Name})
		}
	case "transition":
		if f.Stages == nil || f.Stages.States[def.To] == nil {
			c.fail("unknown-stage", pointer+"/to", problem.P{"stage": def.To})
		} else {
			c.use(f.Name, f.Stages.Field, def.To, pointer+"/to")
		}
	case "button":
		if !slices.ContainsFunc(a.automations, func(x *definition.Automation) bool {
			return x.Key == def.Automation && x.Trigger.On == definition.OnButton
		}) {
			c.fail("unknown-automation", pointer+"/automation", problem.P{"automation": def.Automation})
		}
	}
}

func (c *compiler) figure(a *App, def *definition.Figure, pointer string) *Figure {
	f, ok := c.formOf(a, def.Form, pointer+"/form")
	if !ok {
		return nil
	}
	x := &Figure{Def: def, Form: f}
	c.filter(f, def.Filter, pointer+"/filter")
	if def.Fn != "count" || def.Field != "" {
		c.askable(f, def.Field, pointer+"/field")
	}
	if def.DateField != "" {
		c.askable(f, def.DateField, pointer+"/dateField")
	}
	if def.Period != "" {
		if _, _, ok := query.Period(def.Period, query.Env{}); !ok {
			c.fail("wrong-period", pointer+"/period", problem.P{"value": def.Period})
		}
	}
	if def.Calendar != "" {
		if x.Calendar = a.calendar(def.Calendar); x.Calendar == nil {
			c.fail("unknown-calendar", pointer+"/calendar", problem.P{"calendar": def.Calendar})
		}
	}
	return x
}

func (c *compiler) shortcut(a *App, s *definition.Shortcut, pointer string) *Form {
	switch {
	case s.Form != "":
		f, _ := c.formOf(a, s.Form, pointer+"/form")
		return f
	case s.View != "":
		if _, ok := a.View(s.View); !ok {
			c.fail("unknown-view", pointer+"/view", problem.P{"view": s.View})
		}
	case s.Dashboard != "":
		if _, ok := a.Board(s.Dashboard); !ok {
			c.fail("unknown-dashboard", pointer+"/dashboard", problem.P{"dashboard": s.Dashboard})
		}
	case s.Page != "":
		if !slices.ContainsFunc(a.pages, func(p *definition.Page) bool { return p.Key == s.Page }) {
			c.fail("unknown-page", pointer+"/page", problem.P{"page": s.Page})
		}
	default:
		c.fail("required", pointer+"/form", nil)
	}
	return nil
}

// page wants an index for every list that a page asks for: its equalities, then its order.
func (d *deriver) page(app string, p *definition.Page) {
	want := func(name, form string, filter json.RawMessage, sort []string) {
		if Qualify(app, form) != d.f.Name {
			return
		}
		d.view(app, &definition.View{Head: definition.Head{Key: "page." + p.Key + "." + name}, Filter: filter, Sort: sort})
	}
	for _, b := range p.Blocks {
		want(b.Key, b.Form, b.Filter, b.Sort)
		for _, s := range b.Sources {
			want(b.Key+"."+s.Key, s.Form, s.Filter, s.Sort)
		}
	}
}
