package api

import (
	"slices"
	"strings"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/schemas/definition"
)

// boardFor leaves cards out that ask for what is closed to the caller: their definition would name it.
func boardFor(a *catalog.App, d *definition.Dashboard, decision func(form string) *access.Decision) *definition.Dashboard {
	out := *d
	out.Cards = slices.DeleteFunc(slices.Clone(d.Cards), func(card definition.Card) bool {
		may := decision(catalog.Qualify(a.Key, card.Form))
		return may == nil || !asks(&card, may)
	})
	return &out
}

// asks says whether everything that a card names may be asked for. What lies behind a path is asked with the caller's
// rights when the figures are computed.
func asks(card *definition.Card, d *access.Decision) bool {
	if d.Open() {
		return true
	}
	ask, ps := catalog.AskOf(card, "")
	ok := !ps.Blocks()
	name := func(field string) {
		head, _, _ := strings.Cut(field, ".")
		ok = ok && (head == "" || d.Askable(head))
	}
	filters := []query.Filter{ask.Filter}
	for _, g := range ask.GroupBy {
		name(g.Field)
	}
	for _, m := range ask.Measures {
		name(m.Field)
		filters = append(filters, m.Filter)
	}
	name(card.DateField)
	for _, f := range filters {
		f.Fields(func(field, _ string) { name(field) })
	}
	return ok
}
