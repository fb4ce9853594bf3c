package api

import (
	"net/http"
	"strings"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// previewAnswer is an app as it would be, and what publishing would do.
type previewAnswer struct {
	appAnswer
	Problems problem.List               `json:"problems"`
	Changes  []catalog.DefinitionChange `json:"changes"`
	// Left are drafts that are shown as they are published, because of their problems.
	Left []string `json:"left"`
}

// preview shows an app as it would be after publishing its drafts, to who may publish them.
func (s *Server) preview(x *call) error {
	app, err := x.designer()
	if err != nil {
		return err
	}
	p, err := s.Engine.Catalog.Preview(x.ctx, app)
	if err != nil {
		return err
	}
	out := previewAnswer{Problems: x.explain(p.Problems), Changes: p.Changes, Left: p.Left}
	if out.Changes == nil {
		out.Changes = []catalog.DefinitionChange{}
	}
	if out.Left == nil {
		out.Left = []string{}
	}
	if p.Snapshot == nil || p.Snapshot.Apps[app] == nil {
		out.appAnswer = appAnswer{appEntry: appEntry{Key: app, Title: definition.Text{"": app}, Admin: true},
			Forms: []formEntry{}, Views: []*definition.View{}, Dashboards: []*definition.Dashboard{}, Pages: []pageEntry{}}
		return x.answer(http.StatusOK, out)
	}
	a := p.Snapshot.Apps[app]
	out.appAnswer, err = x.appFor(a, x.entry(a), a.Boards, func(f *catalog.Form) *access.Decision {
		if f.App == app {
			return &access.Decision{All: true, Owner: f.Owner}
		}
		return x.publishedRights(f)
	})
	if err != nil {
		return err
	}
	return x.answer(http.StatusOK, out)
}

// useEntry is a place that names something.
type useEntry struct {
	App     string          `json:"app"`
	Kind    definition.Kind `json:"kind"`
	Key     string          `json:"key"`
	Title   definition.Text `json:"title,omitempty"`
	Part    definition.Text `json:"part,omitempty"` // the card
	Pointer string          `json:"pointer"`
}

// uses lists what names a form, a field of it or an option of that: ?form=&field=&option=, in every app of the workspace.
func (s *Server) uses(x *call) error {
	app, err := x.designer()
	if err != nil {
		return err
	}
	form := x.fiber.Query("form")
	if form == "" {
		return problem.Fail(problem.Malformed, "wrong-parameter", "", problem.P{"parameter": "form"})
	}
	snap, err := s.Engine.Catalog.Current(x.ctx, app)
	if err != nil {
		return err
	}
	f, ok := snap.Forms[catalog.Qualify(app, form)]
	if !ok {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"form": form})
	}
	out := []useEntry{}
	for _, u := range snap.Uses(f.Name, x.fiber.Query("field"), x.fiber.Query("option")) {
		e := useEntry{App: u.App, Kind: u.Kind, Key: u.Key, Pointer: u.Pointer}
		if a := snap.Apps[u.App]; a != nil {
			if h, err := definition.Peek([]byte(a.Sources[string(u.Kind)+"/"+u.Key])); err == nil {
				e.Title = h.Title
			}
			e.Part = partOf(a, u)
		}
		out = append(out, e)
	}
	return list(x, out)
}

// partOf is the title of the card that a place is in.
func partOf(a *catalog.App, u catalog.Use) definition.Text {
	rest, ok := strings.CutPrefix(u.Pointer, "/cards/")
	board, known := a.Board(u.Key)
	if !ok || !known || u.Kind != definition.KindDashboard {
		return nil
	}
	n := 0
	for _, c := range rest {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	if n >= len(board.Cards) {
		return nil
	}
	return board.Cards[n].Title
}
