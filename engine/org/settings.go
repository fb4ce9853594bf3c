package org

import (
	"context"
	"errors"
	"regexp"
	"sync/atomic"
	"time"

	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const (
	settingsCollection = "org.settings"
	settingsID         = "workspace"
)

// Settings are the workspace's own.
type Settings struct {
	Rev      int64  `json:"rev"`
	Name     string `json:"name"`
	Locale   string `json:"locale"`
	Timezone string `json:"timezone"`
	Currency string `json:"currency"`
	// SetupAt is when the workspace was set up; "" before.
	SetupAt string `json:"setupAt,omitempty"`
	// Template is what the first run still has to install, Demo whether with demo data; "" once that is done.
	Template string `json:"-"`
	Demo     bool   `json:"-"`

	zone *time.Location
}

// Defaults are the settings of a workspace that says nothing else.
func Defaults() Settings {
	return Settings{Name: "Formwork", Locale: "zh-CN", Timezone: "Asia/Shanghai", Currency: "CNY"}
}

// Zone is the time zone in which the workspace's days begin.
func (s *Settings) Zone() *time.Location {
	if s.zone == nil {
		return time.UTC
	}
	return s.zone
}

// IsSetUp says whether the first run is over.
func (s *Settings) IsSetUp() bool { return s.SetupAt != "" }

// Workspace keeps the settings. Safe for concurrent use.
type Workspace struct {
	store   store.Store
	now     func() time.Time
	current atomic.Pointer[Settings]
}

// OpenWorkspace prepares the collection and loads the settings.
func OpenWorkspace(ctx context.Context, st store.Store, now func() time.Time) (*Workspace, error) {
	if err := st.Ensure(ctx, store.Collection{Name: settingsCollection}); err != nil {
		return nil, err
	}
	if err := openMarks(ctx, st, settingsMark); err != nil {
		return nil, err
	}
	w := &Workspace{store: st, now: now}
	return w, w.Refresh(ctx)
}

// Settings are the settings as of now. Read only.
func (w *Workspace) Settings() *Settings { return w.current.Load() }

// Zone is the workspace's time zone as of now.
func (w *Workspace) Zone() *time.Location { return w.Settings().Zone() }

// Refresh loads the settings anew.
func (w *Workspace) Refresh(ctx context.Context) error {
	return w.store.View(ctx, func(r store.Reader) error {
		doc, err := r.Get(ctx, settingsCollection, settingsID)
		if errors.Is(err, store.ErrNotFound) {
			s := Defaults()
			s.zone, _ = time.LoadLocation(s.Timezone)
			w.current.Store(&s)
			return nil
		}
		if err != nil {
			return err
		}
		w.current.Store(settingsOf(doc))
		return nil
	})
}

// Watch follows changes by other processes until ctx ends.
func (w *Workspace) Watch(ctx context.Context) error { return watch(ctx, w.store, w.Refresh) }

// Save changes the settings with fn. rev is what the caller saw, 0 for any.
func (w *Workspace) Save(ctx context.Context, rev int64, fn func(*Settings)) (*Settings, error) {
	err := w.store.Update(ctx, func(tx store.Tx) error {
		s, err := w.load(ctx, tx)
		if err != nil {
			return err
		}
		if rev != 0 && s.Rev != rev {
			return problem.Fail(problem.Stale, "stale", "", problem.P{"rev": s.Rev})
		}
		fn(s)
		if err := s.check(); err != nil {
			return err
		}
		if err := move(ctx, tx, settingsMark); err != nil {
			return err
		}
		return s.write(ctx, tx)
	})
	if err == nil {
		err = w.Refresh(ctx)
	}
	return w.Settings(), err
}

// Found is the first run: it writes the settings and the first admin in one transaction. A Conflict failure when the
// workspace was set up before.
func (o *Org) Found(ctx context.Context, w *Workspace, s Settings, admin User) (*User, error) {
	admin.Admin, admin.Active = true, true
	if admin.ID == "" {
		admin.ID = o.newID()
	}
	s.SetupAt = value.FormatInstant(w.now().UnixMilli())
	err := o.change(ctx, func(tx store.Tx) error {
		wrong := checkUser(ctx, tx, &admin)
		if wrong != nil && problem.KindOf(wrong) == "" {
			return wrong
		}
		if err := problem.Refuse(append(problem.Of(s.check()), problem.Of(wrong)...)); err != nil {
			return err
		}
		if err := move(ctx, tx, settingsMark); err != nil {
			return err
		}
		old, err := w.load(ctx, tx)
		if err != nil {
			return err
		}
		if old.IsSetUp() {
			return problem.Fail(problem.Conflict, "already-set-up", "", nil)
		}
		s.Rev = old.Rev
		if err := s.write(ctx, tx); err != nil {
			return err
		}
		return tx.Insert(ctx, usersCollection, store.New(admin.ID, admin.tree()))
	})
	if err != nil {
		return nil, duplicate(err, "/login", admin.Login)
	}
	if err := w.Refresh(ctx); err != nil {
		return nil, err
	}
	return o.user(ctx, admin.ID)
}

func (w *Workspace) load(ctx context.Context, r store.Reader) (*Settings, error) {
	doc, err := r.Get(ctx, settingsCollection, settingsID)
	if errors.Is(err, store.ErrNotFound) {
		s := Defaults()
		return &s, nil
	}
	if err != nil {
		return nil, err
	}
	return settingsOf(doc), nil
}

func (s *Settings) write(ctx context.Context, tx store.Tx) error {
	tree := map[string]any{"name": s.Name, "locale": s.Locale, "timezone": s.Timezone, "currency": s.Currency}
	if s.SetupAt != "" {
		tree["setupAt"] = s.SetupAt
	}
	if s.Template != "" {
		tree["template"], tree["demo"] = s.Template, s.Demo
	}
	doc := store.New(settingsID, tree)
	if s.Rev == 0 {
		return tx.Insert(ctx, settingsCollection, doc)
	}
	return tx.Replace(ctx, settingsCollection, doc, s.Rev)
}

func settingsOf(doc *store.Doc) *Settings {
	t := doc.Tree()
	text := func(k string) string { v, _ := t[k].(string); return v }
	s := &Settings{Rev: doc.Version, Name: text("name"), Locale: text("locale"), Timezone: text("timezone"), Currency: text("currency"),
		SetupAt: text("setupAt"), Template: text("template")}
	s.Demo, _ = t["demo"].(bool)
	s.zone, _ = time.LoadLocation(s.Timezone)
	return s
}

var (
	localePattern   = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$`)
	currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)
)

// CheckLocale and CheckZone say what is wrong with a language tag or a time zone's name; nothing when it is right.
func CheckLocale(locale, pointer string) problem.List {
	if localePattern.MatchString(locale) {
		return nil
	}
	return problem.List{problem.New("wrong-locale", pointer, problem.P{"value": locale})}
}

// CheckZone: see CheckLocale. The name is of the IANA database: "Asia/Shanghai", "UTC".
func CheckZone(zone, pointer string) problem.List {
	if _, err := time.LoadLocation(zone); err == nil && zone != "" && zone != "Local" {
		return nil
	}
	return problem.List{problem.New("wrong-timezone", pointer, problem.P{"value": zone})}
}

func (s *Settings) check() error {
	ps := clean(&s.Name, "/name", true)
	ps = append(ps, CheckLocale(s.Locale, "/locale")...)
	ps = append(ps, CheckZone(s.Timezone, "/timezone")...)
	if !currencyPattern.MatchString(s.Currency) {
		ps = append(ps, problem.New("wrong-currency", "/currency", problem.P{"value": s.Currency}))
	}
	return problem.Refuse(ps)
}
