package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Cost are the parameters of argon2id.
type Cost struct {
	KiB    uint32
	Passes uint32
	Lanes  uint8
}

// DefaultCost is one of the equivalent sets that the OWASP Password Storage Cheat Sheet recommends; of those it is the
// one whose memory, times hashing at once, leaves the process small.
func DefaultCost() Cost { return Cost{KiB: 12 << 10, Passes: 3, Lanes: 1} }

const (
	saltBytes = 16
	hashBytes = 32
	// hashingAtOnce bounds memory: each takes Cost.KiB for some tens of milliseconds.
	hashingAtOnce = 2

	minPassword = 10
	maxPassword = 256
)

// hasher hashes passwords, a few at a time.
type hasher struct {
	cost  Cost
	turns chan struct{}
	// nobody is a hash that no password has: unknown logins are checked against it, so that they take as long.
	nobody string
}

func newHasher(c Cost) *hasher {
	h := &hasher{cost: c, turns: make(chan struct{}, hashingAtOnce)}
	h.nobody = encodeHash(c, make([]byte, saltBytes), make([]byte, hashBytes))
	return h
}

func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hash makes the text that is stored: $argon2id$v=19$m=..,t=..,p=..$salt$hash.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt)
	return encodeHash(h.cost, salt, argon2.IDKey([]byte(password), salt, h.cost.Passes, h.cost.KiB, h.cost.Lanes, hashBytes)), nil
}

func encodeHash(c Cost, salt, hash []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.KiB, c.Passes, c.Lanes, b64(salt), b64(hash))
}

// verify compares in constant time. stale says that the stored text was made at another cost.
func (h *hasher) verify(ctx context.Context, stored, password string) (ok, stale bool, err error) {
	cost, salt, want, err := decodeHash(stored)
	if err != nil {
		return false, false, err
	}
	done, err := h.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	got := argon2.IDKey([]byte(password), salt, cost.Passes, cost.KiB, cost.Lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, cost != h.cost, nil
}

func decodeHash(stored string) (c Cost, salt, hash []byte, err error) {
	parts := strings.Split(stored, "$")
	version := 0
	if len(parts) != 6 || parts[1] != "argon2id" {
		return c, nil, nil, fmt.Errorf("not an argon2id hash")
	}
	if _, err = fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return c, nil, nil, fmt.Errorf("argon2 version %q", parts[2])
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.KiB, &c.Passes, &c.Lanes); err != nil || c.Passes == 0 || c.Lanes == 0 {
		return c, nil, nil, fmt.Errorf("argon2 parameters %q", parts[3])
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err == nil {
		hash, err = base64.RawStdEncoding.DecodeString(parts[5])
	}
	return c, salt, hash, err
}

// Hash checks a new password against the rules and hashes it. An Invalid failure points to where it stood.
func (a *Auth) Hash(ctx context.Context, login, password, pointer string) (string, error) {
	if err := problem.Refuse(CheckPassword(login, password, pointer)); err != nil {
		return "", err
	}
	return a.hasher.hash(ctx, password)
}

// CheckPassword holds a new password against the rules: long enough, and not the login.
func CheckPassword(login, password, pointer string) problem.List {
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPassword:
		return problem.List{problem.New("password-too-short", pointer, problem.P{"min": minPassword})}
	case len(password) > maxPassword:
		return problem.List{problem.New("max-length", pointer, problem.P{"limit": maxPassword})}
	case value.Fold(password) == value.Fold(login):
		return problem.List{problem.New("password-is-login", pointer, nil)}
	}
	return nil
}
