package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/meta"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const (
	draftsCollection   = "catalog.drafts"
	versionsCollection = "catalog.versions"
	stateCollection    = "catalog.state"
	stateID            = "workspace"
)

// Options are what a catalog needs beside a store.
type Options struct {
	Now func() time.Time
}

// Catalog keeps drafts and versions of definitions and the current snapshot. Safe for concurrent use.
type Catalog struct {
	store   store.Store
	now     func() time.Time
	current atomic.Pointer[Snapshot]
	publish sync.Mutex // one publishing at a time in this process; the state document orders processes
	changed func(*Snapshot)
}

// Open prepares the catalog's collections and loads what is published.
func Open(ctx context.Context, st store.Store, o Options) (*Catalog, error) {
	text := func(key string) query.Column { return query.Column{Key: key, Path: []string{key}, Kind: query.Text} }
	number := func(key string) query.Column { return query.Column{Key: key, Path: []string{key}, Kind: query.Number} }
	for _, c := range []store.Collection{
		{Name: draftsCollection, Columns: []query.Column{text("app")}, Indexes: []store.Index{{Key: "app", Columns: []query.Order{{Column: "app"}}}}},
		{Name: versionsCollection, Columns: []query.Column{text("app"), number("version")},
			Indexes: []store.Index{{Key: "version", Unique: true, Columns: []query.Order{{Column: "app"}, {Column: "version"}}}}},
		{Name: stateCollection},
	} {
		if err := st.Ensure(ctx, c); err != nil {
			return nil, err
		}
	}
	c := &Catalog{store: st, now: o.Now}
	c.current.Store(&Snapshot{Apps: map[string]*App{}, Forms: map[string]*Form{}, Automations: map[string]*Automation{}})
	if err := c.Refresh(ctx); err != nil {
		return nil, err
	}
	return c, c.repair(ctx)
}

// repair brings the collections to what is published: a publishing that was interrupted may have left them between two
// versions. Where another process publishes meanwhile the later version wins.
func (c *Catalog) repair(ctx context.Context) error {
	for {
		snap := c.Snapshot()
		for _, f := range snap.Forms {
			if err := c.ensure(ctx, f.Collection, f); err != nil {
				return err
			}
		}
		if err := c.Refresh(ctx); err != nil || c.Snapshot() == snap {
			return err
		}
	}
}

// Snapshot is what is published now.
func (c *Catalog) Snapshot() *Snapshot { return c.current.Load() }

// OnChange registers the one function that is told of every new snapshot, after it took effect.
func (c *Catalog) OnChange(fn func(*Snapshot)) { c.changed = fn }

// Watch follows publishings by other processes until ctx ends.
func (c *Catalog) Watch(ctx context.Context) error {
	woken, err := c.store.Watch(ctx, versionsCollection)
	if err != nil {
		return err
	}
	for { // first for what was published before the watch began
		if err := c.Refresh(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case _, open := <-woken:
			if !open {
				return nil
			}
		}
	}
}

// Refresh loads what is published when another process moved it on.
func (c *Catalog) Refresh(ctx context.Context) error {
	c.publish.Lock()
	defer c.publish.Unlock()
	return c.refresh(ctx)
}

// refresh is Refresh under the publish lock.
func (c *Catalog) refresh(ctx context.Context) error {
	number, releases, err := c.load(ctx)
	if err != nil || number == c.Snapshot().Number {
		return err
	}
	snap, problems := Compile(number, releases)
	if snap == nil {
		return fmt.Errorf("published definitions do not compile: %w", problem.Refuse(problems))
	}
	c.swap(snap)
	return nil
}

func (c *Catalog) swap(s *Snapshot) {
	c.current.Store(s)
	if c.changed != nil {
		c.changed(s)
	}
}

// load reads the published version of every app in one snapshot of the store.
func (c *Catalog) load(ctx context.Context) (number int64, releases []Release, err error) {
	err = c.store.View(ctx, func(r store.Reader) error {
		number, releases = 0, nil
		state, err := r.Get(ctx, stateCollection, stateID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		number = int64(num(state.Tree()["number"]))
		apps, _ := state.Tree()["apps"].(map[string]any)
		if number == c.Snapshot().Number {
			return nil
		}
		for app, v := range apps {
			rel, err := release(ctx, r, app, int64(num(v)))
			if err != nil {
				return err
			}
			rel.Plain = plainOf(state)
			releases = append(releases, rel)
		}
		return nil
	})
	return number, releases, err
}

func plainOf(state *store.Doc) map[string]int64 {
	m, _ := state.Tree()["plain"].(map[string]any)
	out := make(map[string]int64, len(m))
	for k, v := range m {
		out[k] = int64(num(v))
	}
	return out
}

func num(v any) float64 { f, _ := v.(float64); return f }

func release(ctx context.Context, r store.Reader, app string, version int64) (Release, error) {
	d, err := r.Get(ctx, versionsCollection, versionID(app, version))
	if err != nil {
		return Release{}, fmt.Errorf("app %s version %d: %w", app, version, err)
	}
	return Release{App: app, Version: version, Sources: sourcesOf(d.Tree()["definitions"])}, nil
}

func sourcesOf(v any) Sources {
	m, _ := v.(map[string]any)
	out := make(Sources, len(m))
	for k, s := range m {
		out[k], _ = s.(string)
	}
	return out
}

func versionID(app string, version int64) string { return hash(fmt.Sprintf("%s@%d", app, version)) }

func hash(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:16])
}

// Draft is a definition that is not published yet. Removed drafts take the definition away when they are published.
type Draft struct {
	App     string
	Name    string // kind/key
	Source  string
	Removed bool
	At      string
	By      string
	rev     int64
}

func draftOf(d *store.Doc) Draft {
	t := d.Tree()
	s := func(k string) string { v, _ := t[k].(string); return v }
	removed, _ := t["removed"].(bool)
	return Draft{App: s("app"), Name: s("name"), Source: s("source"), Removed: removed, At: s("at"), By: s("by"), rev: d.Version}
}

// Drafts lists an app's drafts.
func (c *Catalog) Drafts(ctx context.Context, app string) ([]Draft, error) {
	var out []Draft
	err := c.store.View(ctx, func(r store.Reader) error {
		out = nil
		docs, err := store.All(ctx, r, draftsCollection, query.Find{Where: query.Is("app", app)})
		for _, d := range docs {
			out = append(out, draftOf(d))
		}
		return err
	})
	return out, err
}

// DraftApps names apps that exist only as drafts.
func (c *Catalog) DraftApps(ctx context.Context) ([]string, error) {
	seen := map[string]bool{}
	var out []string
	err := c.store.View(ctx, func(r store.Reader) error {
		clear(seen)
		out = nil
		for d, err := range r.Find(ctx, draftsCollection, query.Find{}) {
			if err != nil {
				return err
			}
			app := draftOf(d).App
			if c.Snapshot().Apps[app] == nil && !seen[app] {
				seen[app] = true
				out = append(out, app)
			}
		}
		return nil
	})
	return out, err
}

// Definition gives a definition's JSON: the draft where there is one, else what is published. A NotFound failure when
// there is neither, or the draft removes it.
func (c *Catalog) Definition(ctx context.Context, app string, kind definition.Kind, key string) (source string, draft bool, err error) {
	name := string(kind) + "/" + key
	err = c.store.View(ctx, func(r store.Reader) error {
		d, err := r.Get(ctx, draftsCollection, hash(app+"/"+name))
		if err != nil {
			return err
		}
		got := draftOf(d)
		if got.Removed {
			return problem.Fail(problem.NotFound, "not-found", "", problem.P{"definition": name})
		}
		source, draft = got.Source, true
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		if a := c.Snapshot().Apps[app]; a != nil {
			if s, ok := a.Sources[name]; ok {
				return s, false, nil
			}
		}
		return "", false, problem.Fail(problem.NotFound, "not-found", "", problem.P{"definition": name})
	}
	return source, draft, err
}

// Put saves a draft. The source must pass its meta-schema and agree with app, kind and key; everything else is checked
// by Lint and Publish.
func (c *Catalog) Put(ctx context.Context, app string, kind definition.Kind, key string, source []byte, by string) error {
	head, problems := meta.Check(source)
	if err := problem.Refuse(problems); err != nil {
		return err
	}
	if head.Kind != kind || !kind.Valid() {
		return problem.Fail(problem.Invalid, "key-disagrees", "/kind", problem.P{"kind": string(kind)})
	}
	if head.Key != key || kind == definition.KindApp && key != app {
		return problem.Fail(problem.Invalid, "key-disagrees", "/key", problem.P{"key": key})
	}
	if !definition.KeyPattern.MatchString(app) || len(app) > definition.MaxKey {
		return problem.Fail(problem.Invalid, "wrong-key", "/key", problem.P{"key": app})
	}
	return c.writeDraft(ctx, Draft{App: app, Name: string(kind) + "/" + key, Source: string(source), By: by})
}

// Remove drafts the removal of a definition.
func (c *Catalog) Remove(ctx context.Context, app string, kind definition.Kind, key, by string) error {
	if _, _, err := c.Definition(ctx, app, kind, key); err != nil {
		return err
	}
	return c.writeDraft(ctx, Draft{App: app, Name: string(kind) + "/" + key, Removed: true, By: by})
}

func (c *Catalog) writeDraft(ctx context.Context, d Draft) error {
	tree := map[string]any{"app": d.App, "name": d.Name, "source": d.Source, "at": value.FormatInstant(c.now().UnixMilli()), "by": d.By}
	if d.Removed {
		tree["removed"] = true
	}
	id := hash(d.App + "/" + d.Name)
	return c.store.Update(ctx, func(tx store.Tx) error {
		return upsert(ctx, tx, draftsCollection, id, tree)
	})
}

func upsert(ctx context.Context, tx store.Tx, collection, id string, tree map[string]any) error {
	old, err := tx.Get(ctx, collection, id)
	if errors.Is(err, store.ErrNotFound) {
		return tx.Insert(ctx, collection, store.New(id, tree))
	}
	if err != nil {
		return err
	}
	return tx.Replace(ctx, collection, store.New(id, tree), old.Version)
}

// Discard throws an app's drafts away.
func (c *Catalog) Discard(ctx context.Context, app string) error {
	return c.store.Update(ctx, func(tx store.Tx) error { return discard(ctx, tx, app, nil) })
}

// discard removes the drafts of an app that are still as given, or all where none is.
func discard(ctx context.Context, tx store.Tx, app string, only []Draft) error {
	docs, err := store.All(ctx, tx, draftsCollection, query.Find{Where: query.Is("app", app)})
	if err != nil {
		return err
	}
	for _, d := range docs {
		if only != nil && !slices.ContainsFunc(only, func(x Draft) bool { return x.Name == draftOf(d).Name && x.rev == d.Version }) {
			continue
		}
		if err := tx.Delete(ctx, draftsCollection, d.ID, 0); err != nil {
			return err
		}
	}
	return nil
}
