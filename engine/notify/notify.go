package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
	"unicode/utf8"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/value"
)

// Notification is one thing that one user is told.
type Notification struct {
	ID    string
	User  string
	At    time.Time
	Title definition.Text
	Body  definition.Text
	Link  Link
	// Kind tells sources apart, for icons and filters: automation, mention, job, ...
	Kind string
	// Key is unique per user: what was sent under it before is not sent again. "" is no key.
	Key  string
	Read bool
}

// Link is where a notification leads; what is empty is left out.
type Link struct {
	Form      string `json:"form,omitempty"` // app.form
	ID        string `json:"id,omitempty"`   // a record of it
	View      string `json:"view,omitempty"` // app.view
	Page      string `json:"page,omitempty"` // app.page
	Dashboard string `json:"dashboard,omitempty"`
	Run       string `json:"run,omitempty"`
}

// Options of an inbox.
type Options struct {
	Store store.Store
	Now   func() time.Time
	NewID func() string
	// Known says whether a user can be told anything: they exist and are active. nil: everybody.
	Known func(user string) bool
}

// Inbox keeps notifications. Safe for concurrent use.
type Inbox struct{ Options }

// Collection is where notifications live: what a watch follows.
const Collection = "notifications"

const (
	// MaxTitle and MaxBody are how many characters of a text are kept; what is longer is cut, with an ellipsis.
	MaxTitle = 200
	MaxBody  = 2000
	// Keep is how long a notification stays.
	Keep = 90 * 24 * time.Hour
)

// Open prepares the collection.
func Open(ctx context.Context, o Options) (*Inbox, error) {
	if o.Known == nil {
		o.Known = func(string) bool { return true }
	}
	err := o.Store.Ensure(ctx, store.Collection{Name: Collection, Columns: columns, Indexes: []store.Index{
		{Key: "user", Columns: []query.Order{{Column: "user"}, {Column: "at"}}},
		{Key: "unread", Columns: []query.Order{{Column: "user"}, {Column: "unread"}, {Column: "at"}}},
		{Key: "at", Columns: []query.Order{{Column: "at"}}},
	}})
	if err != nil {
		return nil, err
	}
	return &Inbox{o}, nil
}

var columns = []query.Column{
	{Key: "user", Path: []string{"user"}, Kind: query.Text},
	{Key: "at", Path: []string{"at"}, Kind: query.Instant},
	{Key: "unread", Path: []string{"unread"}, Kind: query.Bool},
}

// Send tells users something, in the caller's transaction. Of each notification it takes User, Title, Body, Link, Kind
// and Key. Who is unknown or inactive, and who was told under the same key before, is left out; sent is how many were
// told. Users with a stream learn of it soon after the commit.
func (b *Inbox) Send(ctx context.Context, tx store.Tx, list ...Notification) (sent int, err error) {
	now := b.Now()
	for _, n := range list {
		if n.User == "" || !b.Known(n.User) {
			continue
		}
		n.ID, n.At = b.NewID(), now
		if n.Key != "" {
			n.ID = keyed(n.User, n.Key)
			told, err := exists(ctx, tx, n.ID)
			if err != nil {
				return sent, err
			}
			if told {
				continue
			}
		}
		err := tx.Insert(ctx, Collection, store.New(n.ID, n.tree()))
		var taken *store.DuplicateError
		if errors.As(err, &taken) && n.Key != "" {
			// Somebody else was faster, after this transaction's snapshot. Looking again tells the store, where the
			// transaction is lost by that, to run it again; then it is seen.
			if told, err := exists(ctx, tx, n.ID); told && err == nil {
				continue
			}
		}
		if err != nil {
			return sent, err
		}
		sent++
	}
	return sent, nil
}

// keyed is the id of what a user is told under a key.
func keyed(user, key string) string {
	h := sha256.Sum256([]byte(user + "\x00" + key))
	return hex.EncodeToString(h[:12])
}

func exists(ctx context.Context, r store.Reader, id string) (bool, error) {
	_, err := r.Get(ctx, Collection, id)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (n Notification) tree() map[string]any {
	t := map[string]any{"user": n.User, "at": value.FormatInstant(n.At.UnixMilli())}
	if !n.Read {
		t["unread"] = true
	}
	texts := func(key string, text definition.Text, most int) {
		m := map[string]any{}
		for lang, s := range text {
			if s != "" {
				m[lang] = cut(s, most)
			}
		}
		if len(m) > 0 {
			t[key] = m
		}
	}
	texts("title", n.Title, MaxTitle)
	texts("body", n.Body, MaxBody)
	for k, v := range map[string]string{"kind": n.Kind, "key": n.Key} {
		if v != "" {
			t[k] = v
		}
	}
	link := map[string]any{}
	for k, v := range map[string]string{"form": n.Link.Form, "id": n.Link.ID, "view": n.Link.View, "page": n.Link.Page,
		"dashboard": n.Link.Dashboard, "run": n.Link.Run} {
		if v != "" {
			link[k] = v
		}
	}
	if len(link) > 0 {
		t["link"] = link
	}
	return t
}

// cut shortens a text to a number of characters.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	runes := []rune(s)
	return string(runes[:most-1]) + "…"
}

func read(d *store.Doc) Notification {
	t := d.Tree()
	s := func(m map[string]any, k string) string { v, _ := m[k].(string); return v }
	n := Notification{ID: d.ID, User: s(t, "user"), Kind: s(t, "kind"), Key: s(t, "key"), Title: textOf(t["title"]), Body: textOf(t["body"])}
	if ms, err := value.ParseInstant(s(t, "at")); err == nil {
		n.At = time.UnixMilli(ms).UTC()
	}
	unread, _ := t["unread"].(bool)
	n.Read = !unread
	if m, ok := t["link"].(map[string]any); ok {
		n.Link = Link{Form: s(m, "form"), ID: s(m, "id"), View: s(m, "view"), Page: s(m, "page"), Dashboard: s(m, "dashboard"), Run: s(m, "run")}
	}
	return n
}

func textOf(v any) definition.Text {
	m, _ := v.(map[string]any)
	if len(m) == 0 {
		return nil
	}
	t := definition.Text{}
	for lang, x := range m {
		t[lang], _ = x.(string)
	}
	return t
}
