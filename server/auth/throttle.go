package auth

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const (
	// freeLogin and freeAddress are how many failures cost nothing; each one more doubles the wait, from a second.
	freeLogin   = 4
	freeAddress = 20
	maxWait     = 15 * time.Minute
	// lockoutAt is from how many failures of a login the wait outlives the process.
	lockoutAt = 8
	// forgetAfter is how long a quiet login or address is remembered.
	forgetAfter   = 24 * time.Hour
	throttleLimit = 50_000
)

// throttle counts failures by login and by address. An attempt is charged before it is made and given back when it
// succeeds, so that many at once do not slip through.
type throttle struct {
	now func() time.Time
	mu  sync.Mutex
	m   map[string]*attempts
}

type attempts struct {
	failures int
	last     time.Time
	until    time.Time
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, m: map[string]*attempts{}}
}

// charge counts an attempt, or says how long to wait first.
func (t *throttle) charge(key string, free int) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	a := t.m[key]
	if a == nil || now.Sub(a.last) > forgetAfter {
		t.sweep(now)
		a = &attempts{}
		t.m[key] = a
	}
	if now.Before(a.until) {
		return a.until.Sub(now)
	}
	a.failures++
	a.last = now
	if over := a.failures - free; over > 0 {
		a.until = now.Add(backOff(over))
	}
	return 0
}

func backOff(over int) time.Duration {
	return time.Duration(min(float64(maxWait), float64(time.Second)*math.Pow(2, float64(over-1))))
}

// forgive takes back what was charged; all of it, or one attempt.
func (t *throttle) forgive(key string, all bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a := t.m[key]
	switch {
	case a == nil:
	case all || a.failures <= 1:
		delete(t.m, key)
	default:
		a.failures--
		a.until = time.Time{}
	}
}

func (t *throttle) state(key string) (attempts, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if a := t.m[key]; a != nil {
		return *a, true
	}
	return attempts{}, false
}

func (t *throttle) set(key string, a attempts) {
	t.mu.Lock()
	t.m[key] = &a
	t.mu.Unlock()
}

// sweep keeps the table small. Under attack from very many addresses the oldest are forgotten first.
func (t *throttle) sweep(now time.Time) {
	if len(t.m) < throttleLimit {
		return
	}
	for _, age := range []time.Duration{forgetAfter, time.Hour, maxWait, 0} {
		for k, a := range t.m {
			if now.Sub(a.last) >= age {
				delete(t.m, k)
			}
		}
		if len(t.m) < throttleLimit {
			return
		}
	}
}

// admit lets a login be tried, or fails with TooMany and params.seconds to wait.
func (a *Auth) admit(ctx context.Context, login, address string) error {
	key := loginKey(login)
	if _, ok := a.throttle.state(key); !ok {
		if err := a.recall(ctx, key); err != nil {
			return err
		}
	}
	wait := a.throttle.charge("@"+address, freeAddress)
	if wait == 0 {
		if wait = a.throttle.charge(key, freeLogin); wait > 0 {
			a.throttle.forgive("@"+address, false)
		}
	}
	if wait == 0 {
		return nil
	}
	return problem.Fail(problem.TooMany, "throttled", "", problem.P{"seconds": int(math.Ceil(wait.Seconds()))})
}

func loginKey(login string) string { return digest("login\x00" + value.Fold(login)) }

// failed makes the wait of a login that fails often outlive the process.
func (a *Auth) failed(ctx context.Context, login string) error {
	key := loginKey(login)
	s, _ := a.throttle.state(key)
	if s.failures < lockoutAt {
		return nil
	}
	tree := map[string]any{"failures": float64(s.failures), "until": value.FormatInstant(s.until.UnixMilli())}
	return a.Store.Update(ctx, func(tx store.Tx) error {
		old, err := tx.Get(ctx, lockoutsCollection, key)
		if errors.Is(err, store.ErrNotFound) {
			return tx.Insert(ctx, lockoutsCollection, store.New(key, tree))
		}
		if err != nil {
			return err
		}
		return tx.Replace(ctx, lockoutsCollection, store.New(key, tree), old.Version)
	})
}

// recall reads the wait of a login that this process does not know.
func (a *Auth) recall(ctx context.Context, key string) error {
	return a.Store.View(ctx, func(r store.Reader) error {
		d, err := r.Get(ctx, lockoutsCollection, key)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		until := at(d.Tree()["until"])
		if n, _ := d.Tree()["failures"].(float64); a.Now().Before(until) {
			a.throttle.set(key, attempts{failures: int(n), last: a.Now(), until: until})
		}
		return nil
	})
}

// succeeded gives back what the attempt was charged and lifts the lockout.
func (a *Auth) succeeded(ctx context.Context, login, address string) error {
	key := loginKey(login)
	s, _ := a.throttle.state(key)
	a.throttle.forgive(key, true)
	a.throttle.forgive("@"+address, false)
	if s.failures < lockoutAt {
		return nil
	}
	err := a.Store.Update(ctx, func(tx store.Tx) error { return tx.Delete(ctx, lockoutsCollection, key, 0) })
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
