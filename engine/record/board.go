package record

import (
	"context"
	"fmt"
	"slices"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// BoardParams narrow a dashboard.
type BoardParams struct {
	// Period is the value of `within` for the cards' date fields; nil for the dashboard's own, "" or "all" for all time.
	Period any
	// Department narrows to records whose owner belongs to its subtree.
	Department string
}

// CardData is what a card shows. Every row comes with the filter that lists its records.
type CardData struct {
	Key     string
	Form    string
	Rows    []query.Result
	Labels  map[string]map[string]string
	Filters []query.Filter // parallel to Rows
	// Problems say why a card has no figures: usually that the caller may not read what it is made of.
	Problems problem.List
}

// Board computes a dashboard for a caller. NotFound when none of the caller's roles opens it. A card that the caller
// may not read carries the problem instead of figures.
func (r *Records) Board(ctx context.Context, c Caller, app, key string, p BoardParams) (*definition.Dashboard, []CardData, error) {
	s := r.session(ctx, c)
	a := s.snap.Apps[app]
	if a == nil || !opens(c.Subject, app, key) {
		return nil, nil, problem.Fail(problem.NotFound, "not-found", "", problem.P{"dashboard": key})
	}
	board, ok := a.Board(key)
	if !ok {
		return nil, nil, problem.Fail(problem.NotFound, "not-found", "", problem.P{"dashboard": key})
	}
	period := p.Period
	if period == nil && board.Period != "" {
		period = board.Period
	}
	if period == "" || period == "all" {
		period = nil
	}
	if period != nil {
		if _, _, ok := query.Period(period, query.Env{Now: s.now, Zone: s.zone}); !ok {
			return nil, nil, problem.Fail(problem.Invalid, "wrong-period", "/period", problem.P{"value": period})
		}
	}
	if _, ok := s.people.Unit(p.Department); p.Department != "" && !ok {
		return nil, nil, problem.Fail(problem.Invalid, "unknown-department", "/department", problem.P{"department": p.Department})
	}
	out := make([]CardData, len(board.Cards))
	for i := range board.Cards {
		card := &board.Cards[i]
		f := s.snap.Forms[catalog.Qualify(app, card.Form)]
		out[i] = CardData{Key: card.Key, Form: f.Name}
		ask, ps := catalog.AskOf(card, fmt.Sprintf("/cards/%d", i))
		if ps.Blocks() {
			out[i].Problems = ps
			continue
		}
		ask.Filter = narrow(ask.Filter, f, card, period, p.Department)
		answer, err := r.Aggregate(ctx, c, f.Name, ask)
		if problem.KindOf(err) != "" {
			out[i].Problems = problem.Of(err)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		out[i].Rows, out[i].Labels = answer.Rows, answer.Labels
		for _, row := range answer.Rows {
			out[i].Filters = append(out[i].Filters, s.drill(ask, row))
		}
	}
	return board, out, nil
}

func opens(s access.Subject, app, key string) bool {
	return s.Admin || s.Trusted || slices.ContainsFunc(s.Roles, func(r access.Role) bool {
		return r.App == app && (r.Def.Admin || slices.Contains(r.Def.Dashboards, key) || slices.Contains(r.Def.Dashboards, "*"))
	})
}

// narrow adds the dashboard's period and department to a card's filter.
func narrow(f query.Filter, form *catalog.Form, card *definition.Card, period any, department string) query.Filter {
	parts := []query.Filter{}
	if !f.None() {
		parts = append(parts, f)
	}
	if period != nil && card.DateField != "" {
		parts = append(parts, query.Filter{Field: card.DateField, Op: "within", Value: period})
	}
	if department != "" {
		parts = append(parts, query.Filter{Field: form.Owner, Op: "under", Value: department})
	}
	switch len(parts) {
	case 0:
		return query.Filter{}
	case 1:
		return parts[0]
	}
	return query.Filter{And: parts}
}

// drill is the filter that lists the records behind one row.
func (s *session) drill(ask query.Ask, row query.Result) query.Filter {
	parts := []query.Filter{}
	if !ask.Filter.None() {
		parts = append(parts, ask.Filter)
	}
	for _, g := range ask.GroupBy {
		v := row[g.As]
		leaf := query.Filter{Field: g.Field, Op: "eq", Value: v}
		switch {
		case v == nil && g.Level > 0:
			leaf = s.aboveLevel(g)
		case v == nil:
			leaf = query.Filter{Field: g.Field, Op: "empty"}
		case g.Unit != "":
			leaf.Op = "within"
		case g.Level > 0:
			leaf.Op = "under"
		}
		if !leaf.None() {
			parts = append(parts, leaf)
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return query.Filter{And: parts}
}

// aboveLevel is everything that lies in no department at the level.
func (s *session) aboveLevel(g query.GroupBy) query.Filter {
	var under []query.Filter
	for _, id := range s.people.Units() {
		if s.people.AtLevel(id, g.Level) == id {
			under = append(under, query.Filter{Field: g.Field, Op: "under", Value: id})
		}
	}
	if len(under) == 0 {
		return query.Filter{}
	}
	return query.Filter{Not: &query.Filter{Or: under}}
}
