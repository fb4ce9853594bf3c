package api

import (
	"net/http"
	"unicode/utf8"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// foundGroup is what was found in one form.
type foundGroup struct {
	App   string          `json:"app"`
	Form  string          `json:"form"`
	Title definition.Text `json:"title"`
	Icon  string          `json:"icon,omitempty"`
	Items []foundItem     `json:"items"`
	More  bool            `json:"more"`
}

type foundItem struct {
	ID         string          `json:"id"`
	Title      string          `json:"title"`
	Subtitle   string          `json:"subtitle,omitempty"`
	FieldTitle definition.Text `json:"fieldTitle,omitempty"`
}

// maxSearch is how many characters a search may have.
const maxSearch = 200

// search looks for words in every form that the caller may search: ?q=&limit= of each form.
func (s *Server) search(x *call) error {
	words := x.fiber.Query("q")
	if n := utf8.RuneCountInString(words); n > maxSearch {
		return problem.Fail(problem.Invalid, "max-length", "/q", problem.P{"limit": maxSearch, "actual": n})
	}
	limit, err := x.number("limit", 5)
	if err != nil {
		return err
	}
	found, partial, err := s.Engine.Records.Search(x.ctx, x.caller(), words, int(limit))
	if err != nil {
		return err
	}
	groups := make([]foundGroup, len(found))
	for i, f := range found {
		g := foundGroup{App: f.Form.App, Form: f.Form.Name, Title: f.Form.Def.Title, Icon: f.Form.Def.Icon, More: f.More, Items: make([]foundItem, len(f.Hits))}
		for j, h := range f.Hits {
			g.Items[j] = foundItem{ID: h.ID, Title: h.Title, Subtitle: h.Text}
			if field := f.Form.ByKey[h.Field]; field != nil {
				g.Items[j].FieldTitle = field.Def.Title
			}
		}
		groups[i] = g
	}
	return x.answer(http.StatusOK, struct {
		Groups  []foundGroup `json:"groups"`
		Partial bool         `json:"partial"`
	}{groups, partial})
}
