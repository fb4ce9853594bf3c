package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"formwork/engine/org"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

const (
	sessionsCollection = "auth.sessions"
	tokensCollection   = "auth.tokens"
	lockoutsCollection = "auth.lockouts"
)

// Options are what Auth needs.
type Options struct {
	Store store.Store
	Org   *org.Org
	Now   func() time.Time
	NewID func() string
	// Cost of hashing a password; the zero value is DefaultCost.
	Cost Cost
}

// Auth keeps sessions and tokens and checks passwords. Safe for concurrent use.
type Auth struct {
	Options
	hasher   *hasher
	throttle *throttle
	known    *cache
}

// Open prepares the collections.
func Open(ctx context.Context, o Options) (*Auth, error) {
	text := func(key string) query.Column { return query.Column{Key: key, Path: []string{key}, Kind: query.Text} }
	instant := func(key string) query.Column { return query.Column{Key: key, Path: []string{key}, Kind: query.Instant} }
	for _, c := range []store.Collection{
		{Name: sessionsCollection, Columns: []query.Column{text("user"), instant("seenAt")}, Indexes: []store.Index{
			{Key: "user", Columns: []query.Order{{Column: "user"}}}, {Key: "seen", Columns: []query.Order{{Column: "seenAt"}}}}},
		{Name: tokensCollection, Columns: []query.Column{text("user"), text("hash")}, Indexes: []store.Index{
			{Key: "hash", Unique: true, Columns: []query.Order{{Column: "hash"}}}, {Key: "user", Columns: []query.Order{{Column: "user"}}}}},
		{Name: lockoutsCollection, Columns: []query.Column{instant("until")}, Indexes: []store.Index{{Key: "until", Columns: []query.Order{{Column: "until"}}}}},
	} {
		if err := o.Store.Ensure(ctx, c); err != nil {
			return nil, err
		}
	}
	if o.Cost == (Cost{}) {
		o.Cost = DefaultCost()
	}
	return &Auth{Options: o, hasher: newHasher(o.Cost), throttle: newThrottle(o.Now), known: newCache(o.Now)}, nil
}

// Identity is a caller that proved who they are.
type Identity struct {
	User *org.User
	// Session or Token is the id of what they proved it with; the other is "".
	Session, Token string
	// CSRF is what a session's unsafe requests must repeat.
	CSRF string
}

// unauthenticated is the failure of a caller who did not prove who they are.
func unauthenticated(code string) error { return problem.Fail(problem.Unauthenticated, code, "", nil) }

// secret is a random value of 256 bits as text.
func secret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails, by its contract
	return base64.RawURLEncoding.EncodeToString(b)
}

func digest(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// active finds a user who may work.
func (a *Auth) active(id string) (*org.User, bool) {
	u := a.Org.Directory().Users[id]
	return u, u != nil && u.Active
}

// Sweep removes sessions and lockouts that have run out, a bounded number at a time.
func (a *Auth) Sweep(ctx context.Context) error {
	now := a.Now()
	return a.Store.Update(ctx, func(tx store.Tx) error {
		for _, x := range []struct {
			collection, column string
			until              time.Time
		}{{sessionsCollection, "seenAt", now.Add(-idleFor)}, {lockoutsCollection, "until", now}} {
			old := query.Where{Leaf: &query.Leaf{Column: x.column, Test: query.Range, Max: x.until.UnixMilli()}}
			docs, err := store.All(ctx, tx, x.collection, query.Find{Where: old, Sort: []query.Order{{Column: x.column}}, Limit: 500})
			if err != nil {
				return err
			}
			for _, d := range docs {
				if err := tx.Delete(ctx, x.collection, d.ID, 0); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
