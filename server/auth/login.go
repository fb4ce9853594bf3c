package auth

import (
	"context"

	"formwork/engine/org"
	"formwork/schemas/problem"
)

// Login checks a login and password and opens a session. Unauthenticated when they do not fit: unknown login, wrong
// password, deactivated user and a user without password look the same and take as long. TooMany after many failures.
func (a *Auth) Login(ctx context.Context, login, password, address string) (token string, id *Identity, err error) {
	if err := a.admit(ctx, login, address); err != nil {
		return "", nil, err
	}
	u, known := a.Org.Directory().ByLogin(login)
	stored := a.hasher.nobody
	if known && u.Active && u.Password != "" {
		stored = u.Password
	}
	ok, stale, err := a.verify(ctx, stored, password)
	if err != nil {
		return "", nil, err
	}
	if !ok || stored == a.hasher.nobody {
		if err := a.failed(ctx, login); err != nil {
			return "", nil, err
		}
		return "", nil, unauthenticated("wrong-password")
	}
	if err := a.succeeded(ctx, login, address); err != nil {
		return "", nil, err
	}
	if stale {
		if u, err = a.rehash(ctx, u, password); err != nil {
			return "", nil, err
		}
	}
	return a.Start(ctx, u)
}

// verify is hasher.verify for text from outside: what is too long is not hashed at all.
func (a *Auth) verify(ctx context.Context, stored, password string) (ok, stale bool, err error) {
	if len(password) > maxPassword {
		password = ""
	}
	return a.hasher.verify(ctx, stored, password)
}

// rehash stores the password at the present cost. The epoch stays: it is the same password.
func (a *Auth) rehash(ctx context.Context, u *org.User, password string) (*org.User, error) {
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	old := u.Password
	return a.Org.UpdateUser(ctx, u.ID, 0, func(u *org.User) error {
		if u.Password == old {
			u.Password = hash
		}
		return nil
	})
}

// ChangePassword replaces a user's own password and voids all their sessions. Guessing the old one is throttled like a
// login.
func (a *Auth) ChangePassword(ctx context.Context, u *org.User, old, password, address string) (*org.User, error) {
	if err := a.admit(ctx, u.Login, address); err != nil {
		return nil, err
	}
	stored := u.Password
	if stored == "" {
		stored = a.hasher.nobody
	}
	ok, _, err := a.verify(ctx, stored, old)
	if err != nil {
		return nil, err
	}
	if !ok {
		if err := a.failed(ctx, u.Login); err != nil {
			return nil, err
		}
		return nil, problem.Fail(problem.Invalid, "wrong-password", "/old", nil)
	}
	if err := a.succeeded(ctx, u.Login, address); err != nil {
		return nil, err
	}
	return a.SetPassword(ctx, u.ID, password)
}

// SetPassword gives a user a password, by an admin or at an invitation, and voids all their sessions.
func (a *Auth) SetPassword(ctx context.Context, user, password string) (*org.User, error) {
	u, ok := a.Org.Directory().Users[user]
	if !ok {
		return nil, problem.Fail(problem.NotFound, "not-found", "", problem.P{"user": user})
	}
	hash, err := a.Hash(ctx, u.Login, password, "/password")
	if err != nil {
		return nil, err
	}
	u, err = a.Org.UpdateUser(ctx, user, 0, func(u *org.User) error {
		u.Password = hash
		u.Epoch++
		return nil
	})
	a.known.drop()
	return u, err
}
