package notify

import (
	"context"
	"errors"
	"maps"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

// Page is a part of a user's inbox, the newest first; Cursor is empty on the last.
type Page struct {
	Items  []Notification
	Cursor string
	// Unread is how many the user has not read, counted up to MaxUnread.
	Unread int
}

const (
	// DefaultLimit and MaxLimit bound a page.
	DefaultLimit = 20
	MaxLimit     = 100
	// MaxUnread is how far unread ones are counted.
	MaxUnread = 1000

	// batch is how many are marked or removed in one transaction.
	batch = 200
	// maxSince bounds what Since gives.
	maxSince = 1000
)

var newest = []query.Order{{Column: "at", Desc: true}}

// List gives a page of a user's notifications, all or only the unread.
func (b *Inbox) List(ctx context.Context, user string, unread bool, cursor string, limit int) (Page, error) {
	if limit <= 0 {
		limit = DefaultLimit
	}
	find := query.Find{Where: query.Is("user", user), Sort: newest, Limit: min(limit, MaxLimit) + 1}
	if unread {
		find.Where = query.And(find.Where, query.Is("unread", true))
	}
	if cursor != "" {
		after, err := query.DecodePosition(cursor, newest, byKey)
		if err != nil {
			return Page{}, problem.Fail(problem.Invalid, "wrong-cursor", "/cursor", nil)
		}
		find.After = after
	}
	var page Page
	err := b.Store.View(ctx, func(r store.Reader) error {
		page = Page{}
		docs, err := store.All(ctx, r, Collection, find)
		if err != nil {
			return err
		}
		if len(docs) == find.Limit {
			docs = docs[:find.Limit-1]
			page.Cursor = docs[len(docs)-1].Document().At(newest, byKey).Encode(newest)
		}
		for _, d := range docs {
			page.Items = append(page.Items, read(d))
		}
		page.Unread, err = b.unread(ctx, r, user)
		return err
	})
	return page, err
}

var byKey = func() query.Columns {
	m := query.Columns{}
	for _, c := range columns {
		m[c.Key] = c
	}
	return m
}()

func (b *Inbox) unread(ctx context.Context, r store.Reader, user string) (int, error) {
	return r.Count(ctx, Collection, query.And(query.Is("user", user), query.Is("unread", true)), query.Live, MaxUnread)
}

// Unread is how many a user has not read, up to MaxUnread.
func (b *Inbox) Unread(ctx context.Context, user string) (n int, err error) {
	err = b.Store.View(ctx, func(r store.Reader) (err error) {
		n, err = b.unread(ctx, r, user)
		return err
	})
	return n, err
}

// MarkRead marks some of a user's notifications as read; what is not theirs, or gone, is left out.
func (b *Inbox) MarkRead(ctx context.Context, user string, ids []string) error {
	if len(ids) > batch {
		return problem.Fail(problem.Invalid, "too-many-items", "/ids", problem.P{"max": batch})
	}
	return b.Store.Update(ctx, func(tx store.Tx) error {
		docs, err := tx.GetMany(ctx, Collection, ids)
		if err != nil {
			return err
		}
		return mark(ctx, tx, user, docs)
	})
}

// MarkAllRead marks what a user has been told until now as read.
func (b *Inbox) MarkAllRead(ctx context.Context, user string) error {
	until := b.Now().UnixMilli()
	find := query.Find{Sort: newest, Limit: batch, Where: query.And(query.Is("user", user), query.Is("unread", true),
		query.Where{Leaf: &query.Leaf{Column: "at", Test: query.Range, Max: until}})}
	return b.inBatches(ctx, find, func(tx store.Tx, docs []*store.Doc) error { return mark(ctx, tx, user, docs) })
}

func mark(ctx context.Context, tx store.Tx, user string, docs []*store.Doc) error {
	seen := map[string]bool{} // an id may have been sent twice
	for _, d := range docs {
		t := d.Tree()
		if t["user"] != user || t["unread"] != true || seen[d.ID] {
			continue
		}
		seen[d.ID] = true
		t = maps.Clone(t)
		delete(t, "unread")
		if err := tx.Replace(ctx, Collection, store.New(d.ID, t), d.Version); err != nil {
			return err
		}
	}
	return nil
}

// inBatches does something about all that match, which must not match any more afterwards.
func (b *Inbox) inBatches(ctx context.Context, find query.Find, do func(tx store.Tx, docs []*store.Doc) error) error {
	for {
		n := 0
		err := b.Store.Update(ctx, func(tx store.Tx) error {
			docs, err := store.All(ctx, tx, Collection, find)
			n = len(docs)
			if err != nil || n == 0 {
				return err
			}
			return do(tx, docs)
		})
		if err != nil || n < find.Limit {
			return err
		}
	}
}

// Sweep removes what is older than Keep.
func (b *Inbox) Sweep(ctx context.Context) error {
	old := query.Where{Leaf: &query.Leaf{Column: "at", Test: query.Range, Max: b.Now().Add(-Keep).UnixMilli()}}
	return b.inBatches(ctx, query.Find{Where: old, Sort: []query.Order{{Column: "at"}}, Limit: batch}, func(tx store.Tx, docs []*store.Doc) error {
		for _, d := range docs {
			if err := tx.Delete(ctx, Collection, d.ID, 0); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return nil
	})
}

// Since gives what anybody was told from a moment on, the newest first, at most maxSince: for live streams.
func (b *Inbox) Since(ctx context.Context, at time.Time) ([]Notification, error) {
	find := query.Find{Sort: newest, Limit: maxSince, Where: query.Where{Leaf: &query.Leaf{Column: "at", Test: query.Range, Min: at.UnixMilli()}}}
	var out []Notification
	err := b.Store.View(ctx, func(r store.Reader) error {
		out = nil
		docs, err := store.All(ctx, r, Collection, find)
		for _, d := range docs {
			out = append(out, read(d))
		}
		return err
	})
	return out, err
}
