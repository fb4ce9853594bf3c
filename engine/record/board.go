package record

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
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
	// Previous are the rows of the period that the card compares with, parallel to Rows: nil where there is none. Then is
	// what that period is.
	Previous []query.Result
	Then     *query.Span
	// Target is what the first figure is to reach in the period; nil for none.
	Target *float64
	// Problems say why a card has no figures: usually that the caller may not read what it is made of.
	Problems problem.List
}

// Board computes a dashboard for a caller. NotFound when none of the caller's roles opens it. A card that the caller
// may not read carries the problem instead of figures.
func (r *Records) Board(ctx context.Context, c Caller, app, key string, p BoardParams) (Board, error) {
	s := r.session(ctx, c)
	a := s.snap.Apps[app]
	if a == nil || !opens(c.Subject, app, key) {
		return Board{}, problem.Fail(problem.NotFound, "not-found", "", problem.P{"dashboard": key})
	}
	board, ok := a.Board(key)
	if !ok {
		return Board{}, problem.Fail(problem.NotFound, "not-found", "", problem.P{"dashboard": key})
	}
	period := p.Period
	if period == nil && board.Period != "" {
		period = board.Period
	}
	if period == "" || period == "all" {
		period = nil
	}
	b := boarding{session: s, app: app, period: period, department: p.Department}
	if period != nil {
		from, to, ok := query.Period(period, query.Env{Now: s.now, Zone: s.zone})
		if !ok {
			return Board{}, problem.Fail(problem.Invalid, "wrong-period", "/period", problem.P{"value": period})
		}
		b.span = &query.Span{From: from, To: to}
	}
	if _, ok := s.people.Unit(p.Department); p.Department != "" && !ok {
		return Board{}, problem.Fail(problem.Invalid, "unknown-department", "/department", problem.P{"department": p.Department})
	}
	out := Board{Def: board, Span: b.span, Cards: make([]CardData, len(board.Cards))}
	if b.span != nil {
		out.Elapsed = b.span.Elapsed(b.today())
	}
	failed := make([]error, len(board.Cards))
	slots := make(chan struct{}, cardsAtOnce)
	var wait sync.WaitGroup
	for i := range board.Cards {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			out.Cards[i], failed[i] = b.card(ctx, c, &board.Cards[i], i)
		})
	}
	wait.Wait()
	return out, errors.Join(failed...)
}

// cardsAtOnce is how many cards are computed side by side.
const cardsAtOnce = 4

// Board is a dashboard with its figures.
type Board struct {
	Def   *definition.Dashboard
	Cards []CardData
	// Span is the period in days, nil for all time; Elapsed how many of them are over, today among them.
	Span    *query.Span
	Elapsed int64
}

// boarding computes cards. What it holds is only read.
type boarding struct {
	*session
	app        string
	period     any
	span       *query.Span
	department string
}

func (b *boarding) today() int64 { return query.Env{Now: b.now, Zone: b.zone}.Today() }

// card computes one card, with a session of its own: cards are computed side by side.
func (b *boarding) card(ctx context.Context, c Caller, card *definition.Card, i int) (CardData, error) {
	f := b.snap.Forms[catalog.Qualify(b.app, card.Form)]
	out := CardData{Key: card.Key, Form: f.Name}
	ask, ps := catalog.AskOf(card, fmt.Sprintf("/cards/%d", i))
	if ps.Blocks() {
		out.Problems = ps
		return out, nil
	}
	s := b.Records.session(ctx, c)
	own := ask.Filter
	ask.Filter = narrow(own, f, card, b.period, b.department)
	answer, err := b.Aggregate(ctx, c, f.Name, ask)
	if problem.KindOf(err) != "" {
		out.Problems = problem.Of(err)
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Rows, out.Labels = answer.Rows, answer.Labels
	for _, row := range answer.Rows {
		out.Filters = append(out.Filters, s.drill(ask, row))
	}
	out.Target = b.target(card)
	if then := b.then(card); then != nil {
		ask.Filter = narrow(own, f, card, map[string]any{"from": value.FormatDate(then.From), "to": value.FormatDate(then.To)}, b.department)
		ask.Having, ask.Sort, ask.Limit = query.Filter{}, nil, 0
		before, err := b.Aggregate(ctx, c, f.Name, ask)
		if err != nil {
			return out, err
		}
		out.Then, out.Previous = then, beside(ask.GroupBy, answer.Rows, before.Rows)
	}
	return out, nil
}

// then is the period that a card compares with; nil where there is none. Of a period under way, as many days as are over.
func (b *boarding) then(card *definition.Card) *query.Span {
	if card.Compare == "" || card.DateField == "" || b.span == nil {
		return nil
	}
	find := query.Before
	if card.Compare == "last-year" {
		find = query.YearBefore
	}
	then, ok := find(*b.span)
	elapsed := b.span.Elapsed(b.today())
	if !ok || elapsed == 0 {
		return nil
	}
	if elapsed < b.span.Days() {
		then = then.First(elapsed)
	}
	return &then
}

// beside finds for every row the one of the same group.
func beside(groups []query.GroupBy, rows, before []query.Result) []query.Result {
	key := func(r query.Result) string {
		parts := make([]any, len(groups))
		for i, g := range groups {
			parts[i] = r[g.As]
		}
		return string(value.AppendJSON(nil, parts))
	}
	index := map[string]query.Result{}
	for _, r := range before {
		index[key(r)] = r
	}
	out := make([]query.Result, len(rows))
	for i, r := range rows {
		out[i] = index[key(r)]
	}
	return out
}

// longestTarget is how many days a period may have to have a target that grows with it.
const longestTarget = 100 * 366

// target is what the period is to reach: of a unit that lies in it only in part, that part.
func (b *boarding) target(card *definition.Card) *float64 {
	t := card.Target
	if t == nil {
		return nil
	}
	u := value.Unit(t.Per)
	if t.Per == "" {
		return &t.Value
	}
	if b.span == nil || card.DateField == "" || !u.Valid() || b.span.Days() > longestTarget {
		return nil
	}
	sum := 0.0
	for at := u.Floor(b.span.From); at <= b.span.To; at = u.Next(at) {
		whole := query.Span{From: at, To: u.Next(at) - 1}
		part := query.Span{From: max(whole.From, b.span.From), To: min(whole.To, b.span.To)}
		sum += t.Value * float64(part.Days()) / float64(whole.Days())
	}
	sum = math.Round(sum*100) / 100
	return &sum
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
