package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"formwork/engine/org"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const (
	idleFor     = 7 * 24 * time.Hour
	absoluteFor = 30 * 24 * time.Hour
	// touchEvery is how exact seenAt is: reading writes at most this often.
	touchEvery = time.Hour
)

// Start opens a session for a user who proved who they are. The token is for the cookie and is not stored.
func (a *Auth) Start(ctx context.Context, u *org.User) (token string, id *Identity, err error) {
	token = secret()
	key := digest(token)
	now := a.instant()
	err = a.Store.Update(ctx, func(tx store.Tx) error {
		return tx.Insert(ctx, sessionsCollection, store.New(key, map[string]any{"user": u.ID, "epoch": float64(u.Epoch), "createdAt": now, "seenAt": now}))
	})
	if err != nil {
		return "", nil, err
	}
	return token, &Identity{User: u, Session: key, CSRF: csrfOf(token)}, nil
}

// csrfOf derives the CSRF token from the session's secret: whoever cannot read the cookie cannot know it.
func csrfOf(token string) string { return digest("csrf\x00" + token) }

// CheckCSRF compares what a request repeated, in constant time.
func (id *Identity) CheckCSRF(sent string) error {
	if id.Session == "" || subtle.ConstantTimeCompare([]byte(sent), []byte(id.CSRF)) == 1 {
		return nil
	}
	return problem.Fail(problem.Forbidden, "csrf", "", nil)
}

// Session finds who a session's token belongs to. An Unauthenticated failure when it is unknown, has run out or was
// ended.
func (a *Auth) Session(ctx context.Context, token string) (*Identity, error) {
	key := digest(token)
	e, ok := a.known.get(key)
	if !ok {
		var err error
		if e, err = a.readSession(ctx, key); err != nil {
			return nil, err
		}
		a.known.put(key, e)
	}
	u, ok := a.active(e.user)
	if !ok || u.Epoch != e.epoch {
		return nil, unauthenticated("session-ended")
	}
	return &Identity{User: u, Session: key, CSRF: csrfOf(token)}, nil
}

func (a *Auth) readSession(ctx context.Context, key string) (entry, error) {
	var doc *store.Doc
	err := a.Store.View(ctx, func(r store.Reader) (err error) {
		doc, err = r.Get(ctx, sessionsCollection, key)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return entry{}, nil
	}
	if err != nil {
		return entry{}, err
	}
	t := doc.Tree()
	now := a.Now()
	seen, created := at(t["seenAt"]), at(t["createdAt"])
	if now.Sub(seen) > idleFor || now.Sub(created) > absoluteFor {
		return entry{}, nil
	}
	if now.Sub(seen) > touchEvery {
		if err := a.touch(ctx, doc); err != nil {
			return entry{}, err
		}
	}
	user, _ := t["user"].(string)
	epoch, _ := t["epoch"].(float64)
	return entry{id: key, user: user, epoch: int64(epoch)}, nil
}

// touch notes that the session was used. Two requests may try at once: one wins, which is enough.
func (a *Auth) touch(ctx context.Context, doc *store.Doc) error {
	tree := map[string]any{}
	for k, v := range doc.Tree() {
		tree[k] = v
	}
	tree["seenAt"] = a.instant()
	err := a.Store.Update(ctx, func(tx store.Tx) error {
		return tx.Replace(ctx, sessionsCollection, store.New(doc.ID, tree), doc.Version)
	})
	if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// End closes one session. No error if there is none.
func (a *Auth) End(ctx context.Context, session string) error {
	err := a.Store.Update(ctx, func(tx store.Tx) error { return tx.Delete(ctx, sessionsCollection, session, 0) })
	a.known.drop()
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// EndAll voids every session of a user: their epoch moves on.
func (a *Auth) EndAll(ctx context.Context, user string) error {
	_, err := a.Org.UpdateUser(ctx, user, 0, func(u *org.User) error { u.Epoch++; return nil })
	if err != nil {
		return err
	}
	a.known.drop()
	return a.Store.Update(ctx, func(tx store.Tx) error {
		docs, err := store.All(ctx, tx, sessionsCollection, query.Find{Where: query.Is("user", user), Limit: 1000})
		for _, d := range docs {
			if err := tx.Delete(ctx, sessionsCollection, d.ID, 0); err != nil {
				return err
			}
		}
		return err
	})
}

func (a *Auth) instant() string { return value.FormatInstant(a.Now().UnixMilli()) }

func at(v any) time.Time {
	s, _ := v.(string)
	ms, err := value.ParseInstant(s)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
