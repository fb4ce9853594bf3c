package auth

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"formwork/engine/org"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/engine/store/storetest"
	"formwork/schemas/problem"
)

// rig is an Auth over a store in memory, with cheap hashes and a clock of its own.
type rig struct {
	*testing.T
	*Auth
	ctx  context.Context
	mu   sync.Mutex
	time time.Time
	ids  int
}

func newRig(t *testing.T, st store.Store) *rig {
	t.Helper()
	r := &rig{T: t, ctx: t.Context(), time: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	newID := func() string { r.ids++; return strings.Repeat("0", 23) + string(rune('a'+r.ids)) }
	people, err := org.Open(r.ctx, st, newID)
	if err != nil {
		t.Fatal(err)
	}
	r.Auth, err = Open(r.ctx, Options{Store: st, Org: people, NewID: newID, Cost: Cost{KiB: 64, Passes: 1, Lanes: 1}, Now: func() time.Time {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.time
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) pass(d time.Duration) {
	r.mu.Lock()
	r.time = r.time.Add(d)
	r.mu.Unlock()
}

func (r *rig) user(login, password string) *org.User {
	r.Helper()
	hash, err := r.Hash(r.ctx, login, password, "")
	if err != nil {
		r.Fatal(err)
	}
	u, err := r.Org.CreateUser(r.ctx, org.User{Login: login, Password: hash, Active: true})
	if err != nil {
		r.Fatal(err)
	}
	return u
}

// login tries to sign in from an address and gives the kind of the failure, "" for none.
func (r *rig) login(login, password, address string) problem.Kind {
	_, _, err := r.Login(r.ctx, login, password, address)
	return problem.KindOf(err)
}

const good = "correct horse battery"

func TestHashes(t *testing.T) {
	r := newRig(t, storetest.NewMemory())
	a, err := r.hasher.hash(r.ctx, good)
	if err != nil || !strings.HasPrefix(a, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatalf("%s %v", a, err)
	}
	if b, _ := r.hasher.hash(r.ctx, good); a == b {
		t.Error("two hashes have one salt")
	}
	for password, want := range map[string]bool{good: true, good + "x": false, "": false} {
		if ok, stale, err := r.hasher.verify(r.ctx, a, password); ok != want || stale || err != nil {
			t.Errorf("%q: %v %v %v", password, ok, stale, err)
		}
	}
	for _, damaged := range []string{"", "x", "$argon2i$v=19$m=64,t=1,p=1$AA$AA", "$argon2id$v=1$m=64,t=1,p=1$AA$AA", "$argon2id$v=19$m=64,t=0,p=1$AA$AA", "$argon2id$v=19$m=64,t=1,p=1$*$AA"} {
		if _, _, err := r.hasher.verify(r.ctx, damaged, good); err == nil {
			t.Errorf("%q was read", damaged)
		}
	}
	if c := DefaultCost(); c.KiB*hashingAtOnce > 40<<10 || uint64(c.KiB)*uint64(c.Passes) < 36<<10 {
		t.Errorf("%+v: hashing takes more than 40 MiB, or less work than OWASP asks for", c)
	}
}

func TestHashingWaitsForItsTurn(t *testing.T) {
	r := newRig(t, storetest.NewMemory())
	for range hashingAtOnce {
		if _, err := r.hasher.turn(r.ctx); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(r.ctx)
	cancel()
	if _, err := r.hasher.hash(ctx, good); !errors.Is(err, context.Canceled) {
		t.Errorf("one more than may: %v", err)
	}
}

func TestPasswordRules(t *testing.T) {
	for password, code := range map[string]string{
		"123456789": "password-too-short", "密码密码密码密码密": "password-too-short", "１２３４５６７８９": "password-too-short", "0123456789": "",
		"密码密码密码密码密码": "", "ADMINISTRATOR": "password-is-login", strings.Repeat("x", 257): "max-length",
	} {
		ps := CheckPassword("Administrator", password, "/password")
		if got := len(ps) > 0; got != (code != "") || got && ps[0].Code != code {
			t.Errorf("%q: %v", password, ps)
		}
	}
}

func TestPasswordsAreHashedAnewWhenTheCostChanges(t *testing.T) {
	r := newRig(t, storetest.NewMemory())
	r.user("ann", good)
	r.hasher.cost.Passes = 2
	token, _, err := r.Login(r.ctx, "ann", good, "")
	if err != nil {
		t.Fatal(err)
	}
	u, _ := r.Org.Directory().ByLogin("ann")
	if !strings.Contains(u.Password, "t=2") {
		t.Errorf("stored %s", u.Password)
	}
	if _, err := r.Session(r.ctx, token); err != nil {
		t.Errorf("the session: %v", err)
	}
	if k := r.login("ann", good, ""); k != "" {
		t.Errorf("and then: %s", k)
	}
}

func TestSecretsAreNotStored(t *testing.T) {
	r := newRig(t, storetest.NewMemory())
	u := r.user("ann", good)
	session, id, err := r.Login(r.ctx, "ann", good, "")
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := r.CreateToken(r.ctx, u.ID, "x")
	if err != nil {
		t.Fatal(err)
	}
	err = r.Store.View(r.ctx, func(rd store.Reader) error {
		for _, c := range []string{sessionsCollection, tokensCollection} {
			docs, err := store.All(r.ctx, rd, c, query.Find{})
			if err != nil || len(docs) != 1 {
				t.Fatalf("%s: %d %v", c, len(docs), err)
			}
			for _, secret := range []string{session, token, strings.TrimPrefix(token, "fw_"), id.CSRF, good} {
				if text := docs[0].ID + string(docs[0].JSON()); strings.Contains(text, secret) {
					t.Errorf("%s holds a secret: %s", c, text)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestBackOffDoubles(t *testing.T) {
	for over, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 11: maxWait, 400: maxWait} {
		if got := backOff(over); got != want {
			t.Errorf("%d: %s, want %s", over, got, want)
		}
	}
}

// What was learnt about a login that is being guessed outlives the process, and ends with the right password.
func TestLockoutsOutliveTheProcess(t *testing.T) {
	st := storetest.NewMemory()
	r := newRig(t, st)
	r.user("ann", good)
	for range lockoutAt {
		for r.login("ann", "wrong", "a") == problem.TooMany {
			r.pass(time.Second)
		}
	}
	again := newRig(t, st)
	again.time = r.time
	if k := again.login("ANN", good, "b"); k != problem.TooMany {
		t.Fatalf("after a restart: %q", k)
	}
	again.pass(maxWait)
	if k := again.login("ann", good, "b"); k != "" {
		t.Fatalf("after waiting: %s", k)
	}
	if k := newRigAt(t, st, again.time).login("ann", "wrong", "c"); k != problem.Unauthenticated {
		t.Errorf("the lockout stayed: %s", k)
	}
}

func newRigAt(t *testing.T, st store.Store, now time.Time) *rig {
	r := newRig(t, st)
	r.time = now
	return r
}

// Many attempts at once do not slip through together: each is charged before it is made.
func TestAttemptsAtOnceAreCounted(t *testing.T) {
	r := newRig(t, storetest.NewMemory())
	r.user("ann", good)
	var wait sync.WaitGroup
	var mu sync.Mutex
	tried := 0
	for range 40 {
		wait.Go(func() {
			if r.login("ann", "wrong", "a") == problem.Unauthenticated {
				mu.Lock()
				tried++
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	if tried != freeLogin+1 {
		t.Errorf("%d passwords were tried", tried)
	}
}

func TestThrottleStaysSmall(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	th := newThrottle(func() time.Time { return now })
	for i := range throttleLimit + 1000 {
		now = now.Add(time.Millisecond)
		th.charge(string(rune(i))+"x", freeAddress)
	}
	if len(th.m) > throttleLimit {
		t.Errorf("%d entries", len(th.m))
	}
}

func TestCacheForgets(t *testing.T) {
	r := newRig(t, storetest.NewMemory())
	r.user("ann", good)
	token, id, err := r.Login(r.ctx, "ann", good, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Session(r.ctx, token); err != nil {
		t.Fatal(err)
	}
	// Another process ends the session: seen when the cache has run out, at the latest.
	other := newRigAt(t, r.Store, r.time)
	if err := other.End(r.ctx, id.Session); err != nil {
		t.Fatal(err)
	}
	r.pass(cachedFor + time.Second)
	if _, err := r.Session(r.ctx, token); problem.KindOf(err) != problem.Unauthenticated {
		t.Errorf("still in: %v", err)
	}
}

func TestSweep(t *testing.T) {
	r := newRig(t, storetest.NewMemory())
	r.user("ann", good)
	if _, _, err := r.Login(r.ctx, "ann", good, ""); err != nil {
		t.Fatal(err)
	}
	count := func() (n int) {
		if err := r.Sweep(r.ctx); err != nil {
			t.Fatal(err)
		}
		err := r.Store.View(r.ctx, func(rd store.Reader) (err error) {
			n, err = rd.Count(r.ctx, sessionsCollection, query.Where{}, query.Live, 0)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(); n != 1 {
		t.Fatalf("%d sessions", n)
	}
	r.pass(idleFor + time.Hour)
	if n := count(); n != 0 {
		t.Errorf("%d sessions are left", n)
	}
}
