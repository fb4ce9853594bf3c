package api

import (
	"net/http"

	"formwork/engine/personal"
	"formwork/schemas/value"
)

// savedView is a view with its problems in the caller's words.
func (x *call) savedView(v personal.View) personal.View {
	if len(v.Problems) > 0 {
		v.Problems = x.explain(v.Problems)
	}
	return v
}

// listViews gives the views of a form that the caller saved, and those that are shared.
func (s *Server) listViews(x *call) error {
	views, err := s.Engine.Personal.Views(x.ctx, x.caller(), x.form())
	if err != nil {
		return err
	}
	for i := range views {
		views[i] = x.savedView(views[i])
	}
	return list(x, views)
}

func (s *Server) createView(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	v, err := s.Engine.Personal.AddView(x.ctx, x.caller(), x.form(), f.m)
	if err != nil {
		return err
	}
	x.fiber.Set("Location", x.fiber.Path()+"/"+v.ID)
	return x.answer(http.StatusCreated, x.savedView(v))
}

func (s *Server) patchView(x *call) error {
	rev, err := x.ifMatch()
	if err != nil {
		return err
	}
	f, err := x.object(false)
	if err != nil {
		return err
	}
	v, err := s.Engine.Personal.ChangeView(x.ctx, x.caller(), x.form(), x.param("view"), revOf(rev, 0), f.m)
	if err != nil {
		return err
	}
	return x.answer(http.StatusOK, x.savedView(v))
}

func (s *Server) deleteView(x *call) error {
	if err := s.Engine.Personal.RemoveView(x.ctx, x.caller(), x.form(), x.param("view")); err != nil {
		return err
	}
	return x.nothing()
}

// preferences are what the caller's screens remember.
func (s *Server) preferences(x *call) error {
	m, err := s.Engine.Personal.Preferences(x.ctx, x.id.User.ID)
	if err != nil {
		return err
	}
	return x.send(http.StatusOK, value.AppendJSON(nil, m))
}

func (s *Server) patchPreferences(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	m, err := s.Engine.Personal.Prefer(x.ctx, x.id.User.ID, f.m)
	if err != nil {
		return err
	}
	return x.send(http.StatusOK, value.AppendJSON(nil, m))
}

func (s *Server) favourites(x *call) error {
	items, err := s.Engine.Personal.Favourites(x.ctx, x.caller())
	if err != nil {
		return err
	}
	return list(x, items)
}

func (s *Server) markFavourite(x *call) error {
	if err := s.Engine.Personal.Mark(x.ctx, x.caller(), x.param("form"), x.param("id")); err != nil {
		return err
	}
	return x.nothing()
}

func (s *Server) unmarkFavourite(x *call) error {
	if err := s.Engine.Personal.Unmark(x.ctx, x.id.User.ID, x.param("form"), x.param("id")); err != nil {
		return err
	}
	return x.nothing()
}
