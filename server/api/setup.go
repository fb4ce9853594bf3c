package api

import (
	"net/http"

	"formwork/schemas/problem"
	"formwork/server/auth"
)

// setupState says whether the workspace waits to be set up, and whether this caller may do it.
func (s *Server) setupState(x *call) error {
	needed := s.FirstRun.Needed()
	allowed := needed && s.FirstRun.Allowed(x.setupKey(), x.local()) == nil
	return x.answer(http.StatusOK, map[string]any{"needed": needed, "allowed": allowed})
}

// setupKey is the secret of the one-time link, from a header or the query.
func (x *call) setupKey() string {
	if h := x.fiber.Get("X-Setup-Token"); h != "" {
		return h
	}
	return x.fiber.Query("token")
}

// setup sets the workspace up and signs the first admin in.
func (s *Server) setup(x *call) error {
	if !s.FirstRun.Needed() {
		return problem.Fail(problem.Conflict, "already-set-up", "", nil)
	}
	if err := x.sameSite(); err != nil {
		return err
	}
	if err := s.FirstRun.Allowed(x.setupKey(), x.local()); err != nil {
		return err
	}
	f, err := x.object(false)
	if err != nil {
		return err
	}
	w := auth.Wish{Name: f.text("name"), Login: f.text("login"), Password: f.text("password"), Locale: f.text("locale"),
		Timezone: f.text("timezone"), Currency: f.text("currency"), Template: f.text("template"), Demo: f.bool("demo")}
	f.required("login", "password")
	if err := f.err(); err != nil {
		return err
	}
	u, err := s.FirstRun.Run(x.ctx, w)
	if err != nil {
		return err
	}
	token, id, err := s.Auth.Start(x.ctx, u)
	if err != nil {
		return err
	}
	return x.signedIn(http.StatusCreated, token, id)
}
