package engine

import (
	"context"
	"encoding/json"
	"slices"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// CardData is what one card of a dashboard shows.
type CardData struct {
	Card *definition.Card
	Form string // app.form
	// Filter is what the figures were asked with, the dashboard's period in it: with it a query finds the records.
	Filter json.RawMessage
	Answer record.Answer
	// Problems say why there are no figures; the other cards have theirs all the same.
	Problems problem.List
}

// Dashboard answers every card of a dashboard for a caller. period narrows the cards that have a date field; nil stands
// for the dashboard's own. NotFound when the caller may not open it.
func (e *Engine) Dashboard(ctx context.Context, c record.Caller, app, key string, period any) (*definition.Dashboard, []CardData, error) {
	missing := problem.Fail(problem.NotFound, "not-found", "", problem.P{"dashboard": app + "." + key})
	a := e.Catalog.Snapshot().Apps[app]
	if a == nil || !mayOpen(c.Subject, app, key) {
		return nil, nil, missing
	}
	d, ok := a.Board(key)
	if !ok {
		return nil, nil, missing
	}
	if period == nil && d.Period != "" {
		period = d.Period
	}
	cards := make([]CardData, len(d.Cards))
	for i := range d.Cards {
		var err error
		if cards[i], err = e.card(ctx, c, app, &d.Cards[i], period); err != nil {
			return nil, nil, err
		}
	}
	return d, cards, nil
}

func (e *Engine) card(ctx context.Context, c record.Caller, app string, card *definition.Card, period any) (CardData, error) {
	out := CardData{Card: card, Form: catalog.Qualify(app, card.Form)}
	ask, ps := catalog.AskOf(card, "")
	if ps.Blocks() {
		out.Problems = ps
		return out, nil
	}
	if card.DateField != "" && period != nil {
		within := query.Filter{Field: card.DateField, Op: "within", Value: period, Pointer: "/period"}
		if ask.Filter.None() {
			ask.Filter = within
		} else {
			ask.Filter = query.Filter{And: []query.Filter{ask.Filter, within}}
		}
	}
	if !ask.Filter.None() {
		out.Filter = ask.Filter.FilterJSON()
	}
	answer, err := e.Records.Aggregate(ctx, c, out.Form, ask)
	if err != nil && problem.KindOf(err) == "" {
		return out, err
	}
	out.Answer, out.Problems = answer, problem.Of(err)
	return out, nil
}

// mayOpen says whether a role of the subject opens a dashboard of an app.
func mayOpen(s access.Subject, app, key string) bool {
	return AppAdmin(s, app) || slices.ContainsFunc(s.Roles, func(r access.Role) bool {
		return r.App == app && (slices.Contains(r.Def.Dashboards, "*") || slices.Contains(r.Def.Dashboards, key))
	})
}

// Dashboards are the dashboards of an app that a subject may open.
func Dashboards(s access.Subject, a *catalog.App) []*definition.Dashboard {
	var out []*definition.Dashboard
	for _, d := range a.Boards {
		if mayOpen(s, a.Key, d.Key) {
			out = append(out, d)
		}
	}
	return out
}
