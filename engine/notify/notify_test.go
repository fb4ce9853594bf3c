package notify_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"formwork/engine/notify"
	"formwork/engine/store"
	"formwork/engine/store/mongo"
	"formwork/engine/store/sqlite"
	"formwork/engine/store/storetest"
	"formwork/engine/store/storetest/mongoserver"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

type rig struct {
	*testing.T
	ctx   context.Context
	st    store.Store
	box   *notify.Inbox
	clock atomic.Int64
}

func (r *rig) now() time.Time       { return time.UnixMilli(r.clock.Load()).UTC() }
func (r *rig) pass(d time.Duration) { r.clock.Add(d.Milliseconds()) }

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func each(t *testing.T, fn func(r *rig)) {
	run := func(name string, open func(t *testing.T) store.Store) {
		t.Run(name, func(t *testing.T) {
			r := &rig{T: t, ctx: t.Context(), st: open(t)}
			r.clock.Store(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).UnixMilli())
			var n atomic.Int64
			var err error
			r.box, err = notify.Open(r.ctx, notify.Options{Store: r.st, Now: r.now, NewID: func() string { return fmt.Sprintf("%024x", n.Add(1)) },
				Known: func(user string) bool { return user != "gone" }})
			r.must(err)
			fn(r)
		})
	}
	run("memory", func(*testing.T) store.Store { return storetest.NewMemory() })
	run("sqlite", func(t *testing.T) store.Store {
		s, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	})
	run("mongo", func(t *testing.T) store.Store {
		s, err := mongo.Open(t.Context(), mongo.Options{URI: mongoserver.SharedDatabase(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	})
}

func (r *rig) send(list ...notify.Notification) int {
	r.Helper()
	sent := 0
	r.must(r.st.Update(r.ctx, func(tx store.Tx) (err error) {
		sent, err = r.box.Send(r.ctx, tx, list...)
		return err
	}))
	return sent
}

func (r *rig) list(user string, unread bool, cursor string, limit int) notify.Page {
	r.Helper()
	p, err := r.box.List(r.ctx, user, unread, cursor, limit)
	r.must(err)
	return p
}

func told(user, title, key string) notify.Notification {
	return notify.Notification{User: user, Title: definition.Text{"": title}, Key: key}
}

func titles(p notify.Page) string {
	var out []string
	for _, n := range p.Items {
		out = append(out, n.Title.In("en"))
	}
	return strings.Join(out, " ")
}

func TestWhatIsSentIsListed(t *testing.T) {
	each(t, func(r *rig) {
		n := notify.Notification{User: "ann", Title: definition.Text{"en": "Overdue", "zh-CN": "已逾期"}, Body: definition.Text{"": strings.Repeat("长", 3000)},
			Kind: "automation", Link: notify.Link{Form: "shop.order", ID: "a1"}}
		if r.send(n, told("gone", "nobody", ""), told("", "nobody", "")) != 1 {
			t.Fatal("who is unknown or nobody is not told")
		}
		p := r.list("ann", false, "", 0)
		if len(p.Items) != 1 || p.Unread != 1 || p.Cursor != "" {
			r.Fatalf("the inbox is %+v", p)
		}
		got := p.Items[0]
		if got.Title.In("zh-CN") != "已逾期" || got.Title.In("en") != "Overdue" || got.Link != n.Link || got.Kind != "automation" || got.Read || !got.At.Equal(r.now()) {
			r.Errorf("it came as %+v", got)
		}
		if body := []rune(got.Body.In("en")); len(body) != notify.MaxBody || body[len(body)-1] != '…' {
			r.Errorf("a long text was kept with %d characters", len(body))
		}
		if p := r.list("bob", false, "", 0); len(p.Items) != 0 || p.Unread != 0 {
			r.Errorf("somebody else sees %+v", p)
		}
	})
}

func TestAKeyTellsOnce(t *testing.T) {
	each(t, func(r *rig) {
		var wait sync.WaitGroup
		for range 12 {
			wait.Go(func() {
				err := r.st.Update(r.ctx, func(tx store.Tx) error {
					_, err := r.box.Send(r.ctx, tx, told("ann", "once", "k"), told("bob", "once", "k"))
					return err
				})
				if err != nil {
					r.Error(err)
				}
			})
		}
		wait.Wait()
		for _, user := range []string{"ann", "bob"} {
			if p := r.list(user, false, "", 0); len(p.Items) != 1 {
				r.Errorf("%s was told %d times", user, len(p.Items))
			}
		}
		if r.send(told("ann", "again", "k"), told("ann", "other", "k2"), told("ann", "within one", "k2")) != 1 {
			r.Error("only what is new under its key is sent")
		}
	})
}

func TestNothingIsToldOfAnAbandonedTransaction(t *testing.T) {
	each(t, func(r *rig) {
		_ = r.st.Update(r.ctx, func(tx store.Tx) error {
			if _, err := r.box.Send(r.ctx, tx, told("ann", "x", "k")); err != nil {
				return err
			}
			return fmt.Errorf("thought better of it")
		})
		if p := r.list("ann", false, "", 0); len(p.Items) != 0 {
			r.Errorf("told %v", titles(p))
		}
		if r.send(told("ann", "x", "k")) != 1 {
			r.Error("its key counts as used")
		}
	})
}

func TestPagesAndReading(t *testing.T) {
	each(t, func(r *rig) {
		for i := range 5 {
			r.send(told("ann", fmt.Sprint(i), ""), told("bob", "b", ""))
			r.pass(time.Second)
		}
		one := r.list("ann", false, "", 2)
		two := r.list("ann", false, one.Cursor, 2)
		three := r.list("ann", false, two.Cursor, 2)
		if got := titles(one) + "|" + titles(two) + "|" + titles(three); got != "4 3|2 1|0" || three.Cursor != "" {
			r.Errorf("pages are %s, then %q", got, three.Cursor)
		}
		if _, err := r.box.List(r.ctx, "ann", false, "nonsense", 2); problem.KindOf(err) != problem.Invalid {
			r.Errorf("a wrong cursor is %v", err)
		}
		mine := one.Items[0].ID
		r.must(r.box.MarkRead(r.ctx, "ann", []string{mine, mine, "0123456789abcdef01234567", r.list("bob", false, "", 1).Items[0].ID}))
		if p := r.list("ann", true, "", 0); titles(p) != "3 2 1 0" || p.Unread != 4 {
			r.Errorf("unread are %s (%d)", titles(p), p.Unread)
		}
		if p := r.list("bob", true, "", 0); p.Unread != 5 {
			r.Errorf("somebody else has %d unread", p.Unread)
		}
		r.must(r.box.MarkAllRead(r.ctx, "ann"))
		if p := r.list("ann", false, "", 0); p.Unread != 0 || len(p.Items) != 5 || !p.Items[4].Read {
			r.Errorf("after reading all: %+v", p)
		}
	})
}

func TestOldOnesGo(t *testing.T) {
	each(t, func(r *rig) {
		for i := range 450 {
			r.send(told("ann", fmt.Sprint(i), ""))
		}
		r.pass(notify.Keep / 2)
		r.send(told("ann", "recent", ""))
		r.pass(notify.Keep/2 + time.Second)
		r.must(r.box.Sweep(r.ctx))
		if p := r.list("ann", false, "", 0); titles(p) != "recent" || p.Unread != 1 {
			r.Errorf("left are %s (%d unread)", titles(p), p.Unread)
		}
	})
}

func TestWhatIsNewIsFound(t *testing.T) {
	each(t, func(r *rig) {
		r.send(told("ann", "old", ""))
		r.pass(time.Minute)
		since := r.now()
		r.send(told("ann", "new", ""), told("bob", "too", ""))
		got, err := r.box.Since(r.ctx, since)
		if err != nil || len(got) != 2 {
			r.Errorf("found %+v, %v", got, err)
		}
	})
}
