package record

import (
	"cmp"
	"context"
	"fmt"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const (
	// maxTodos is how many things to do a block shows unless it says otherwise: what people can keep in mind.
	maxTodos = 7
	// fewRows is how many records a list on a page shows unless it says otherwise.
	fewRows = 5
	// asked is how many records a source is asked for, for each that is shown: some are about the same.
	asked = 3
)

// BlockData is what a block shows. Which members are set depends on its type.
type BlockData struct {
	Def  *definition.Block
	Form *catalog.Form
	// Todos of a todo, or the records that a form suggests; More says that there are others. Done is how many were done
	// today.
	Todos []*Todo
	More  bool
	Done  int
	// Items and Labels of a list or claim; Usage of the limits of what is claimed.
	Items  [][]byte
	Labels Labels
	Usage  []Usage
	// Figures are parallel to the definition's.
	Figures []FigureData
	Card    *CardData
	// Problems say why a block is empty: usually that the caller may not read what it shows.
	Problems problem.List
}

// FigureData is a figure's value, nil when there is nothing to compute it of.
type FigureData struct {
	Key   string   `json:"key"`
	Value any      `json:"value"`
	Goal  *float64 `json:"goal,omitempty"`
	// From and To are the days of its period, Left the working days that remain of it with today.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	Left *int   `json:"left,omitempty"`
}

// Sees says whether a subject sees what is for some roles of an app.
func Sees(s access.Subject, app string, roles []string) bool {
	if len(roles) == 0 || s.Admin || s.Trusted {
		return true
	}
	for _, r := range s.Roles {
		if r.App != app {
			continue
		}
		if r.Def.Admin {
			return true
		}
		for _, k := range roles {
			if k == r.Def.Key {
				return true
			}
		}
	}
	return false
}

// PageData answers every block of a page under the caller's rights. NotFound when it is not for them. A block that they
// may not read carries the problem instead.
func (r *Records) PageData(ctx context.Context, c Caller, app, key string) (*catalog.Page, []BlockData, error) {
	s := r.session(ctx, c)
	a := s.snap.Apps[app]
	var p *catalog.Page
	if a != nil {
		p, _ = a.Page(key)
	}
	if p == nil || !Sees(c.Subject, app, p.Def.Roles) {
		return nil, nil, problem.Fail(problem.NotFound, "not-found", "", problem.P{"page": key})
	}
	out := make([]BlockData, 0, len(p.Blocks))
	for _, b := range p.Blocks {
		if !Sees(c.Subject, app, b.Def.Roles) {
			continue
		}
		data := BlockData{Def: b.Def, Form: b.Form}
		err := s.block(a, b, &data)
		if problem.KindOf(err) != "" {
			data = BlockData{Def: b.Def, Form: b.Form, Problems: problem.Of(err)}
		} else if err != nil {
			return nil, nil, err
		}
		out = append(out, data)
	}
	return p, out, nil
}

func (s *session) block(a *catalog.App, b *catalog.Block, out *BlockData) error {
	switch b.Def.Type {
	case "todo", "form":
		return s.todoBlock(b, out)
	case "claim", "list":
		return s.listBlock(b, out)
	case "figures":
		for _, f := range b.Figures {
			x, err := s.figure(f)
			if problem.KindOf(err) != "" {
				continue // without a value: what it is made of is not for this caller
			}
			if err != nil {
				return err
			}
			out.Figures = append(out.Figures, x)
		}
	case "card":
		if !opens(s.caller.Subject, a.Key, b.Board.Key) {
			return problem.Fail(problem.Forbidden, "forbidden", "", problem.P{"action": string(definition.Read), "form": b.Form.Name})
		}
		return s.cardBlock(b, out)
	}
	return nil
}

func (s *session) todoBlock(b *catalog.Block, out *BlockData) error {
	limit := cmp.Or(b.Def.Limit, maxTodos)
	if b.Def.Type == "form" {
		limit = cmp.Or(b.Def.Limit, fewRows)
		if d := s.decide(b.Form); !d.Can(definition.Create) {
			return access.Forbid(definition.Create, b.Form.Name)
		}
	}
	return s.Store.View(s.ctx, func(rd store.Reader) error {
		todos, more, err := s.todos(rd, b.Sources, limit*asked)
		if err != nil {
			return err
		}
		if len(todos) > limit {
			todos, more = todos[:limit], true
		}
		out.Todos, out.More, out.Done = todos, more, 0
		for i, def := range b.Def.Done {
			n, err := s.done(rd, b.Done[i], def)
			if err != nil {
				return err
			}
			out.Done += n
		}
		return nil
	})
}

func (s *session) done(rd store.Reader, f *catalog.Form, def definition.Counted) (int, error) {
	d := s.decide(f)
	if !d.Can(definition.Read) {
		return 0, nil
	}
	filter, ps := query.ParseFilterJSON(def.Filter, "")
	if ps.Blocks() {
		return 0, nil
	}
	find, err := s.find(rd, f, d, Query{Filter: filter})
	if err != nil {
		return 0, err
	}
	return rd.Count(s.ctx, f.Collection.Name, find.Where, query.Live, MaxCount)
}

func (s *session) listBlock(b *catalog.Block, out *BlockData) error {
	f := b.Form
	d := s.decide(f)
	if !d.Can(definition.Read) {
		return access.Forbid(definition.Read, f.Name)
	}
	q := Query{Sort: b.Def.Sort, Fields: b.Def.Fields, Limit: cmp.Or(b.Def.Limit, fewRows)}
	raw := b.Def.Filter
	if v := b.View; v != nil {
		if len(raw) == 0 {
			raw = v.Filter
		}
		if len(q.Sort) == 0 {
			q.Sort = v.Sort
		}
		if len(q.Fields) == 0 {
			q.Fields = v.Fields
		}
	}
	if q.Fields != nil { // what is hidden is left out, not refused
		var fields []string
		for _, k := range q.Fields {
			if f.ByKey[k] != nil && d.Field(k) != definition.Hidden {
				fields = append(fields, k)
			}
		}
		q.Fields = fields
	}
	filter, ps := query.ParseFilterJSON(raw, "")
	if err := problem.Refuse(ps); err != nil {
		return err
	}
	q.Filter = filter
	limit := q.Limit
	q.Limit++
	err := s.Store.View(s.ctx, func(rd store.Reader) error {
		find, err := s.find(rd, f, d, q)
		if err != nil {
			return err
		}
		docs, err := store.All(s.ctx, rd, f.Collection.Name, find)
		if err != nil {
			return err
		}
		if out.More = len(docs) > limit; out.More {
			docs = docs[:limit]
		}
		out.Items = nil
		for _, doc := range docs {
			out.Items = append(out.Items, s.render(f, d, doc, q.Fields))
		}
		out.Labels, err = s.labels(rd, f, d, docs, q.Fields)
		return err
	})
	if err != nil || b.Claim == nil {
		return err
	}
	out.Usage, err = s.Limits(s.ctx, s.caller, f.Name)
	return err
}

func (s *session) figure(x *catalog.Figure) (FigureData, error) {
	def := x.Def
	out := FigureData{Key: def.Key, Goal: def.Goal}
	filter, ps := query.ParseFilterJSON(def.Filter, "")
	if err := problem.Refuse(ps); err != nil {
		return out, err
	}
	var period any
	if def.Period != "" {
		period = def.Period
		from, to, _ := query.Period(period, query.Env{Now: s.now, Zone: s.zone})
		out.From, out.To = value.FormatDate(from), value.FormatDate(to)
		if x.Calendar != nil {
			left := 0
			for day := max(from, value.DayIn(s.now.UnixMilli(), s.zone)); day <= to; day++ {
				if x.Calendar.Works(day) {
					left++
				}
			}
			out.Left = &left
		}
	}
	filter = narrow(filter, x.Form, &definition.Card{DateField: def.DateField}, period, "")
	answer, err := s.Aggregate(s.ctx, s.caller, x.Form.Name, query.Ask{Filter: filter, Measures: []query.Figure{{Fn: query.Fn(def.Fn), Field: def.Field, As: "value"}}})
	if err != nil {
		return out, err
	}
	if len(answer.Rows) > 0 {
		out.Value = answer.Rows[0]["value"]
	}
	return out, nil
}

func (s *session) cardBlock(b *catalog.Block, out *BlockData) error {
	var period any
	if b.Board.Period != "" {
		period = b.Board.Period
	}
	ask, ps := catalog.AskOf(b.Card, fmt.Sprintf("/cards/%s", b.Card.Key))
	if err := problem.Refuse(ps); err != nil {
		return err
	}
	ask.Filter = narrow(ask.Filter, b.Form, b.Card, period, "")
	answer, err := s.Aggregate(s.ctx, s.caller, b.Form.Name, ask)
	if err != nil {
		return err
	}
	out.Card = &CardData{Key: b.Card.Key, Form: b.Form.Name, Rows: answer.Rows, Labels: answer.Labels}
	for _, row := range answer.Rows {
		out.Card.Filters = append(out.Card.Filters, s.drill(ask, row))
	}
	return nil
}
