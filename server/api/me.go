package api

import (
	"net/http"

	"formwork/engine/org"
	"formwork/schemas/problem"
)

// me is who the caller is and where.
func (s *Server) me(x *call) error {
	out := map[string]any{"user": x.id.User, "workspace": s.Engine.Workspace.Settings(), "language": x.language()}
	if x.id.Session != "" {
		out["csrf"] = x.id.CSRF
	}
	return x.answer(http.StatusOK, out)
}

// patchMe changes what people may change of themselves.
func (s *Server) patchMe(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	change := f.user("name", "email", "phone", "locale", "timezone")
	if err := f.err(); err != nil {
		return err
	}
	u, err := s.Engine.Org.UpdateUser(x.ctx, x.id.User.ID, 0, change)
	if err != nil {
		return err
	}
	return x.answer(http.StatusOK, u)
}

// changePassword ends all sessions of the caller and, where a session asked, opens a new one.
func (s *Server) changePassword(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	old, password := f.text("old"), f.text("password")
	f.required("old", "password")
	if err := f.err(); err != nil {
		return err
	}
	u, err := s.Auth.ChangePassword(x.ctx, x.id.User, old, password, x.address())
	if err != nil {
		return err
	}
	s.Hub.EndUser(u.ID)
	if x.id.Session == "" {
		return x.nothing()
	}
	token, id, err := s.Auth.Start(x.ctx, u)
	if err != nil {
		return err
	}
	return x.signedIn(http.StatusOK, token, id)
}

// endSessions signs the caller out everywhere.
func (s *Server) endSessions(x *call) error { return x.endSessionsOf(x.id.User.ID) }

func (x *call) endSessionsOf(user string) error {
	if err := x.Auth.EndAll(x.ctx, user); err != nil {
		return err
	}
	x.Hub.EndUser(user)
	return x.nothing()
}

// workspace is the settings.
func (s *Server) workspace(x *call) error {
	return x.answer(http.StatusOK, s.Engine.Workspace.Settings())
}

// patchWorkspace changes the settings.
func (s *Server) patchWorkspace(x *call) error {
	if err := x.admin(); err != nil {
		return err
	}
	f, err := x.object(false)
	if err != nil {
		return err
	}
	rev := f.integer("rev")
	set := map[string]string{}
	for _, k := range []string{"name", "locale", "timezone", "currency"} {
		if v := f.text(k); f.m[k] != nil {
			set[k] = v
		}
	}
	if err := f.err(); err != nil {
		return err
	}
	settings, err := s.Engine.Workspace.Save(x.ctx, rev, func(s *org.Settings) {
		for k, to := range map[string]*string{"name": &s.Name, "locale": &s.Locale, "timezone": &s.Timezone, "currency": &s.Currency} {
			if v, ok := set[k]; ok {
				*to = v
			}
		}
	})
	if err != nil {
		return err
	}
	return x.answer(http.StatusOK, settings)
}

// admin refuses who is no admin of the workspace.
func (x *call) admin() error {
	if x.id.User.Admin {
		return nil
	}
	return problem.Fail(problem.Forbidden, "admin-only", "", nil)
}
