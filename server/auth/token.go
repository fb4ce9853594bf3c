package auth

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

// tokenPrefix makes API tokens recognisable, by people and by scanners of leaked secrets.
const tokenPrefix = "fw_"

const (
	maxTokens    = 50 // of one user
	maxTokenName = 100
)

// Token is an API token without its secret.
type Token struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	CreatedAt string `json:"createdAt"`
}

// CreateToken makes an API token with all rights of the user. The secret is given once and not stored.
func (a *Auth) CreateToken(ctx context.Context, user, name string) (t Token, token string, err error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return t, "", problem.Fail(problem.Invalid, "required", "/name", nil)
	case utf8.RuneCountInString(name) > maxTokenName:
		return t, "", problem.Fail(problem.Invalid, "max-length", "/name", problem.P{"limit": maxTokenName})
	case strings.IndexFunc(name, unicode.IsControl) >= 0:
		return t, "", problem.Fail(problem.Invalid, "control-character", "/name", nil)
	}
	token = tokenPrefix + secret()
	t = Token{ID: a.NewID(), Name: name, CreatedAt: a.instant()}
	err = a.Store.Update(ctx, func(tx store.Tx) error {
		n, err := tx.Count(ctx, tokensCollection, query.Is("user", user), query.Live, maxTokens)
		if err != nil {
			return err
		}
		if n >= maxTokens {
			return problem.Fail(problem.Conflict, "too-many-tokens", "", problem.P{"max": maxTokens})
		}
		return tx.Insert(ctx, tokensCollection, store.New(t.ID, map[string]any{
			"user": user, "name": name, "hash": digest(token), "createdAt": t.CreatedAt}))
	})
	return t, token, err
}

// Tokens lists a user's API tokens, the oldest first.
func (a *Auth) Tokens(ctx context.Context, user string) ([]Token, error) {
	out := []Token{}
	err := a.Store.View(ctx, func(r store.Reader) error {
		out = out[:0]
		docs, err := store.All(ctx, r, tokensCollection, query.Find{Where: query.Is("user", user)})
		for _, d := range docs {
			s := func(k string) string { v, _ := d.Tree()[k].(string); return v }
			out = append(out, Token{ID: d.ID, Name: s("name"), CreatedAt: s("createdAt")})
		}
		return err
	})
	return out, err
}

// DeleteToken takes an API token away, at once. NotFound when the user has none with that id.
func (a *Auth) DeleteToken(ctx context.Context, user, id string) error {
	missing := problem.Fail(problem.NotFound, "not-found", "", problem.P{"token": id})
	err := a.Store.Update(ctx, func(tx store.Tx) error {
		d, err := tx.Get(ctx, tokensCollection, id)
		if err != nil {
			return err
		}
		if d.Tree()["user"] != user {
			return missing
		}
		return tx.Delete(ctx, tokensCollection, id, 0)
	})
	a.known.drop()
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	return err
}

// Bearer finds who an API token belongs to. An Unauthenticated failure when it is unknown.
func (a *Auth) Bearer(ctx context.Context, token string) (*Identity, error) {
	if !strings.HasPrefix(token, tokenPrefix) {
		return nil, unauthenticated("token-unknown")
	}
	key := digest(token)
	e, ok := a.known.get(key)
	if !ok {
		err := a.Store.View(ctx, func(r store.Reader) error {
			e = entry{}
			d, err := store.One(ctx, r, tokensCollection, query.Find{Where: query.Is("hash", key)})
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			if err == nil {
				e.id = d.ID
				e.user, _ = d.Tree()["user"].(string)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		a.known.put(key, e)
	}
	u, ok := a.active(e.user)
	if !ok {
		return nil, unauthenticated("token-unknown")
	}
	return &Identity{User: u, Token: e.id}, nil
}
