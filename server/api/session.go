package api

import (
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"formwork/schemas/problem"
	"formwork/server/auth"
)

// login opens a session.
func (s *Server) login(x *call) error {
	if err := x.sameSite(); err != nil {
		return err
	}
	f, err := x.object(false)
	if err != nil {
		return err
	}
	login, password := f.text("login"), f.text("password")
	f.required("login", "password")
	if err := f.err(); err != nil {
		return err
	}
	token, id, err := s.Auth.Login(x.ctx, login, password, x.address())
	if err != nil {
		return err
	}
	return x.signedIn(http.StatusOK, token, id)
}

// signedIn hands out the cookie and what goes with it.
func (x *call) signedIn(status int, token string, id *auth.Identity) error {
	x.cookie(token, x.Now().Add(30*24*time.Hour))
	return x.answer(status, map[string]any{"user": id.User, "csrf": id.CSRF})
}

func (x *call) cookie(value string, until time.Time) {
	x.fiber.Cookie(&fiber.Cookie{Name: cookieName, Value: value, Path: "/", Expires: until, HTTPOnly: true, Secure: x.https(x.fiber), SameSite: "Lax"})
}

// logout ends the session that asks.
func (s *Server) logout(x *call) error {
	if x.id.Session == "" {
		return problem.Fail(problem.Conflict, "not-a-session", "", nil)
	}
	if err := s.Auth.End(x.ctx, x.id.Session); err != nil {
		return err
	}
	s.Hub.EndSession(x.id.Session)
	x.cookie("", time.Unix(1, 0))
	return x.nothing()
}

// listTokens lists the caller's API tokens, without their secrets.
func (s *Server) listTokens(x *call) error {
	tokens, err := s.Auth.Tokens(x.ctx, x.id.User.ID)
	if err != nil {
		return err
	}
	return list(x, tokens)
}

// createToken makes an API token; this answer is the only place where its secret ever stands.
func (s *Server) createToken(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	name := f.text("name")
	if err := f.err(); err != nil {
		return err
	}
	t, token, err := s.Auth.CreateToken(x.ctx, x.id.User.ID, name)
	if err != nil {
		return err
	}
	return x.answer(http.StatusCreated, map[string]any{"id": t.ID, "name": t.Name, "createdAt": t.CreatedAt, "token": token})
}

// deleteToken takes an API token away.
func (s *Server) deleteToken(x *call) error {
	if err := s.Auth.DeleteToken(x.ctx, x.id.User.ID, x.param("id")); err != nil {
		return err
	}
	s.Hub.EndSession(x.param("id"))
	return x.nothing()
}
