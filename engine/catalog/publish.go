package catalog

import (
	"context"
	"errors"
	"maps"
	"slices"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Plan is what a publishing did and what is left to do.
type Plan struct {
	// Versions are the new versions, by app.
	Versions map[string]int64
	// Convert are forms ("app.form") whose stored records must be brought to the new version: a field changed its type,
	// or something computed was added or changed.
	Convert []string
	// Warnings did not block.
	Warnings problem.List
}

// Version is one published version of an app.
type Version struct {
	App     string `json:"app"`
	Version int64  `json:"version"`
	Message string `json:"message,omitempty"`
	At      string `json:"at"`
	By      string `json:"by"`
	Current bool   `json:"current"`
}

// Lint compiles the app with its drafts and says what publishing would complain about.
func (c *Catalog) Lint(ctx context.Context, app string) (problem.List, error) {
	_, sources, err := c.candidate(ctx, app)
	if err != nil {
		return nil, err
	}
	_, problems := c.compileWith(map[string]Release{app: {App: app, Sources: sources}})
	return append(problems, c.inUse(app, sources, problems)...), nil
}

// candidate is the app's published definitions with its drafts laid over them.
func (c *Catalog) candidate(ctx context.Context, app string) (drafts []Draft, sources Sources, err error) {
	if drafts, err = c.Drafts(ctx, app); err != nil {
		return nil, nil, err
	}
	sources = Sources{}
	if a := c.Snapshot().Apps[app]; a != nil {
		sources = maps.Clone(a.Sources)
	}
	for _, d := range drafts {
		if d.Removed {
			delete(sources, d.Name)
		} else {
			sources[d.Name] = d.Source
		}
	}
	return drafts, sources, nil
}

// compileWith compiles the workspace with some apps in a new version.
func (c *Catalog) compileWith(changed map[string]Release) (*Snapshot, problem.List) {
	now := c.Snapshot()
	plain := map[string]int64{}
	for name, f := range now.Forms {
		plain[name] = f.PlainSince
	}
	var releases []Release
	for _, r := range changed {
		r.Plain = plain
		releases = append(releases, r)
	}
	for key, a := range now.Apps {
		if _, ok := changed[key]; !ok {
			releases = append(releases, Release{App: key, Version: a.Version, Sources: a.Sources, Plain: plain})
		}
	}
	next, problems := Compile(now.Number+1, releases)
	if next != nil {
		for name, f := range next.Forms { // forms of other apps change with what they look up
			old := now.Forms[name]
			switch {
			case old == nil && f.Version > 1:
				f.PlainSince = f.Version // it may have been there before, in another shape
			case old != nil && !additive(old, f):
				f.PlainSince = f.Version
				if _, ok := changed[f.App]; !ok {
					f.PlainSince++ // their next version; until then records are lifted when read
				}
			}
		}
	}
	return next, problems
}

// Publish makes an app's drafts its next version. Nothing changes when a problem blocks (an Invalid failure).
func (c *Catalog) Publish(ctx context.Context, app, by, message string) (Plan, error) {
	return c.PublishIf(ctx, app, by, message, nil)
}

// PublishIf is Publish, unless fits refuses the drafts that it would publish: those that somebody else saved meanwhile.
func (c *Catalog) PublishIf(ctx context.Context, app, by, message string, fits func([]Draft) error) (Plan, error) {
	c.publish.Lock()
	defer c.publish.Unlock()
	if err := c.refresh(ctx); err != nil {
		return Plan{}, err
	}
	drafts, sources, err := c.candidate(ctx, app)
	if err != nil {
		return Plan{}, err
	}
	if len(sources) == 0 {
		return Plan{}, problem.Fail(problem.NotFound, "not-found", "", problem.P{"app": app})
	}
	if len(drafts) == 0 {
		return Plan{}, problem.Fail(problem.Conflict, "nothing-to-publish", "", problem.P{"app": app})
	}
	if fits != nil {
		if err := fits(drafts); err != nil {
			return Plan{}, err
		}
	}
	return c.release(ctx, by, message, map[string]Sources{app: sources}, drafts)
}

// PublishSources makes given definitions the next versions of their apps, together: how templates are installed, whose
// apps refer to each other. Drafts of these apps are dropped.
func (c *Catalog) PublishSources(ctx context.Context, by, message string, apps map[string]Sources) (Plan, error) {
	c.publish.Lock()
	defer c.publish.Unlock()
	if err := c.refresh(ctx); err != nil {
		return Plan{}, err
	}
	return c.release(ctx, by, message, apps, nil)
}

// Rollback publishes the definitions of an earlier version again, as a new version. Records are never deleted: a field
// that comes back finds its values.
func (c *Catalog) Rollback(ctx context.Context, app string, version int64, by string) (Plan, error) {
	c.publish.Lock()
	defer c.publish.Unlock()
	if err := c.refresh(ctx); err != nil {
		return Plan{}, err
	}
	var old Release
	err := c.store.View(ctx, func(r store.Reader) (err error) {
		old, err = release(ctx, r, app, version)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return Plan{}, problem.Fail(problem.NotFound, "unknown-version", "/version", problem.P{"version": version})
	}
	if err != nil {
		return Plan{}, err
	}
	return c.release(ctx, by, "", map[string]Sources{app: old.Sources}, nil)
}

// release compiles, expands the store, writes the versions and swaps the snapshot. Of the apps' drafts those given go, or
// all where none is: one that was saved meanwhile stays. Under the publish lock.
func (c *Catalog) release(ctx context.Context, by, message string, apps map[string]Sources, drafts []Draft) (Plan, error) {
	before := c.Snapshot()
	plan := Plan{Versions: map[string]int64{}}
	releases := map[string]Release{}
	for app, sources := range apps {
		version, err := c.lastVersion(ctx, app)
		if err != nil {
			return Plan{}, err
		}
		plan.Versions[app] = version + 1
		releases[app] = Release{App: app, Version: version + 1, Sources: sources}
	}
	next, problems := c.compileWith(releases)
	if next == nil {
		return Plan{}, &problem.Failure{Kind: problem.Invalid, Problems: problems}
	}
	plan.Warnings = problems
	changed := changedForms(before, next)
	for i, f := range changed { // expand: old and new columns side by side
		if err := c.ensure(ctx, union(before.Forms[f.Name], f), f); err != nil {
			return Plan{}, errors.Join(err, c.withdraw(ctx, changed[:i+1]))
		}
	}
	err := c.store.Update(ctx, func(tx store.Tx) error {
		if err := c.writeState(ctx, tx, before, next, plan.Versions); err != nil {
			return err
		}
		for app, r := range releases {
			if err := c.writeVersion(ctx, tx, r, by, message); err != nil {
				return err
			}
			if err := discard(ctx, tx, app, drafts); err != nil {
				return err
			}
		}
		return nil
	})
	var taken *store.DuplicateError
	if errors.As(err, &taken) { // the state or the version: another process was faster
		err = published()
	}
	if err != nil {
		return Plan{}, errors.Join(err, c.withdraw(ctx, changed))
	}
	c.swap(next)
	for _, f := range changed { // contract
		if err := c.ensure(ctx, f.Collection, f); err != nil {
			return plan, err
		}
		convert, err := c.converts(ctx, before.Forms[f.Name], f)
		if err != nil {
			return plan, err
		}
		if convert {
			plan.Convert = append(plan.Convert, f.Name)
		}
	}
	return plan, nil
}

// withdraw takes back what was done to collections for a publishing that did not happen.
func (c *Catalog) withdraw(ctx context.Context, forms []*Form) error {
	ctx = context.WithoutCancel(ctx) // it may be what ended the publishing
	if err := c.refresh(ctx); err != nil {
		return err
	}
	for _, f := range forms {
		if now := c.Snapshot().Forms[f.Name]; now != nil {
			if err := c.ensure(ctx, now.Collection, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// published is the failure of a publishing that another process overtook.
func published() error {
	return problem.Fail(problem.Conflict, "published-meanwhile", "", nil)
}

func (c *Catalog) writeVersion(ctx context.Context, tx store.Tx, r Release, by, message string) error {
	definitions := map[string]any{}
	for k, s := range r.Sources {
		definitions[k] = s
	}
	tree := map[string]any{"app": r.App, "version": float64(r.Version), "definitions": definitions, "at": value.FormatInstant(c.now().UnixMilli()), "by": by}
	if message != "" {
		tree["message"] = message
	}
	return tx.Insert(ctx, versionsCollection, store.New(versionID(r.App, r.Version), tree))
}

func (c *Catalog) writeState(ctx context.Context, tx store.Tx, before, next *Snapshot, versions map[string]int64) error {
	apps := map[string]any{}
	for key, a := range before.Apps {
		apps[key] = float64(a.Version)
	}
	for app, v := range versions {
		apps[app] = float64(v)
	}
	plain := map[string]any{}
	for name, f := range next.Forms {
		if f.PlainSince > 0 {
			plain[name] = float64(f.PlainSince)
		}
	}
	tree := map[string]any{"number": float64(before.Number + 1), "apps": apps, "plain": plain}
	state, err := tx.Get(ctx, stateCollection, stateID)
	switch {
	case errors.Is(err, store.ErrNotFound) && before.Number > 0:
		return published()
	case errors.Is(err, store.ErrNotFound):
		return tx.Insert(ctx, stateCollection, store.New(stateID, tree))
	case err != nil:
		return err
	case int64(num(state.Tree()["number"])) != before.Number:
		return published()
	}
	return tx.Replace(ctx, stateCollection, store.New(stateID, tree), state.Version)
}

func (c *Catalog) lastVersion(ctx context.Context, app string) (int64, error) {
	list, err := c.Versions(ctx, app, 1)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0].Version, nil
}

// Versions lists an app's versions, newest first.
func (c *Catalog) Versions(ctx context.Context, app string, limit int) ([]Version, error) {
	var out []Version
	err := c.store.View(ctx, func(r store.Reader) error {
		out = nil
		docs, err := store.All(ctx, r, versionsCollection, query.Find{
			Where: query.Is("app", app), Sort: []query.Order{{Column: "version", Desc: true}}, Limit: limit})
		for _, d := range docs {
			t := d.Tree()
			s := func(k string) string { v, _ := t[k].(string); return v }
			out = append(out, Version{App: app, Version: int64(num(t["version"])), Message: s("message"), At: s("at"), By: s("by")})
		}
		return err
	})
	if a := c.Snapshot().Apps[app]; a != nil {
		for i := range out {
			out[i].Current = out[i].Version == a.Version
		}
	}
	return out, err
}

// VersionSources gives the definitions of a version.
func (c *Catalog) VersionSources(ctx context.Context, app string, version int64) (Sources, error) {
	var rel Release
	err := c.store.View(ctx, func(r store.Reader) (err error) {
		rel, err = release(ctx, r, app, version)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, problem.Fail(problem.NotFound, "unknown-version", "", problem.P{"version": version})
	}
	return rel.Sources, err
}

// ensure brings the collection of a form to what is declared; values that are there twice are a problem of the
// definition that wants them unique.
func (c *Catalog) ensure(ctx context.Context, coll store.Collection, f *Form) error {
	err := c.store.Ensure(ctx, coll)
	var dup *store.DuplicateError
	if errors.As(err, &dup) {
		pointer := f.pointer() + "/unique"
		params := problem.P{"index": dup.Index}
		if len(dup.Index) > 2 && f.ByKey[dup.Index[2:]] != nil {
			pointer = f.fieldPointer(dup.Index[2:]) + "/x-field/unique"
			params = problem.P{"field": dup.Index[2:]}
		}
		if dup.ID != "" {
			params["record"] = dup.ID
		}
		return problem.Fail(problem.Invalid, "duplicate-values", pointer, params)
	}
	return err
}

// changedForms are the forms of next whose collection, or whose version, is not what it was.
func changedForms(before, next *Snapshot) []*Form {
	var out []*Form
	for name, f := range next.Forms {
		old := before.Forms[name]
		if old == nil || old.Version != f.Version || !sameCollection(old.Collection, f.Collection) {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *Form) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}

func sameCollection(a, b store.Collection) bool {
	return slices.EqualFunc(a.Columns, b.Columns, sameColumn) && slices.EqualFunc(a.Indexes, b.Indexes, func(x, y store.Index) bool {
		return x.Key == y.Key && x.Unique == y.Unique && slices.Equal(x.Columns, y.Columns) && slices.Equal(x.Include, y.Include)
	})
}

func sameColumn(a, b query.Column) bool {
	return a.Key == b.Key && slices.Equal(a.Path, b.Path) && a.Kind == b.Kind && a.Scale == b.Scale && a.Array == b.Array &&
		a.Order == b.Order && a.Match == b.Match && a.Search == b.Search
}

// union is the new collection with the columns and indexes of the old that do not contradict it.
func union(old, next *Form) store.Collection {
	c := next.Collection
	if old == nil {
		return c
	}
	c.Columns, c.Indexes = slices.Clone(c.Columns), slices.Clone(c.Indexes)
	for _, col := range old.Collection.Columns {
		if _, ok := next.Columns[col.Key]; !ok {
			c.Columns = append(c.Columns, col)
		}
	}
	for _, ix := range old.Collection.Indexes {
		replaced := slices.ContainsFunc(c.Indexes, func(x store.Index) bool { return x.Key == ix.Key })
		same := func(key string) bool {
			col, ok := next.Columns[key]
			return !ok || sameColumn(col, old.Columns[key])
		}
		if !replaced && !slices.ContainsFunc(ix.Columns, func(o query.Order) bool { return !same(o.Column) }) && !slices.ContainsFunc(ix.Include, func(k string) bool { return !same(k) }) {
			c.Indexes = append(c.Indexes, ix)
		}
	}
	return c
}

// Names lists the names ("kind/key") of an app's definitions as they would be published, and which of them are drafts.
func (c *Catalog) Names(ctx context.Context, app string) (names []string, drafts map[string]bool, err error) {
	list, err := c.Drafts(ctx, app)
	if err != nil {
		return nil, nil, err
	}
	_, sources, err := c.candidate(ctx, app)
	drafts = map[string]bool{}
	for _, d := range list {
		drafts[d.Name] = true
	}
	names = slices.Sorted(maps.Keys(sources))
	return names, drafts, err
}

// KindKey splits a name.
func KindKey(name string) (definition.Kind, string) {
	for i := range name {
		if name[i] == '/' {
			return definition.Kind(name[:i]), name[i+1:]
		}
	}
	return "", name
}
