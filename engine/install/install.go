package install

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/org"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const collection = "install.templates"

// Options are what an Installer works with.
type Options struct {
	Store   store.Store
	Catalog *catalog.Catalog
	Records *record.Records
	Org     *org.Org
	FS      fs.FS
	Now     func() time.Time
	Zone    func() *time.Location
}

// Installer installs templates.
type Installer struct{ Options }

// Open prepares the collection of installations.
func Open(ctx context.Context, o Options) (*Installer, error) {
	return &Installer{o}, o.Store.Ensure(ctx, store.Collection{Name: collection})
}

// Template is a template of the gallery and whether it is installed.
type Template struct {
	Key         string          `json:"key"`
	Title       definition.Text `json:"title"`
	Description definition.Text `json:"description,omitempty"`
	Version     string          `json:"version"`
	Apps        []string        `json:"apps"`
	Locales     []string        `json:"locales,omitempty"`
	Demo        bool            `json:"demo"`                // has demonstration data
	Installed   string          `json:"installed,omitempty"` // version
}

// List is the gallery, in the order of keys.
func (i *Installer) List(ctx context.Context) ([]Template, error) {
	entries, err := fs.ReadDir(i.FS, ".")
	if err != nil {
		return nil, err
	}
	installed := map[string]string{}
	err = i.Store.View(ctx, func(r store.Reader) error {
		docs, err := store.All(ctx, r, collection, query.Find{})
		for _, d := range docs {
			if v, ok := d.Tree()["version"].(string); ok && d.Tree()["state"] == "installed" {
				installed[d.ID] = v
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []Template
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		p, err := Read(i.FS, e.Name())
		if problem.KindOf(err) == problem.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, Template{Key: p.Key, Title: p.Title, Description: p.Description, Version: p.Version, Apps: p.Template.Apps,
			Locales: p.Locales, Demo: p.Demo, Installed: installed[p.Key]})
	}
	return out, nil
}

// Result is what an installation did.
type Result struct {
	Template string           `json:"template"`
	Version  string           `json:"version"`
	Apps     map[string]int64 `json:"apps"` // their versions
	Records  int              `json:"records"`
	Users    int              `json:"users"`
}

// Install publishes a template's apps together and, when asked, writes its demonstration data. Conflict when it is
// installed already (installing once more with demo adds the data), or when one of its apps exists for another reason.
func (i *Installer) Install(ctx context.Context, by, key string, demo bool) (Result, error) {
	p, err := Read(i.FS, key)
	if err != nil {
		return Result{}, err
	}
	state, err := i.state(ctx, key)
	if err != nil {
		return Result{}, err
	}
	switch {
	case state.state == "installed" && (!demo || state.demo):
		return Result{}, problem.Fail(problem.Conflict, "already-installed", "", problem.P{"template": key})
	case state.state == "":
		for _, app := range p.Template.Apps {
			if i.Catalog.Snapshot().Apps[app] != nil {
				return Result{}, problem.Fail(problem.Conflict, "app-exists", "", problem.P{"app": app})
			}
		}
	}
	out := Result{Template: key, Version: p.Version, Apps: map[string]int64{}}
	if err := i.mark(ctx, p, "installing", by, false); err != nil {
		return out, err
	}
	missing := slices.ContainsFunc(p.Template.Apps, func(app string) bool { return i.Catalog.Snapshot().Apps[app] == nil })
	if missing {
		if _, err := i.Catalog.PublishSources(ctx, by, p.Title.In("en")+" "+p.Version, p.Apps); err != nil {
			return out, err
		}
	}
	for _, app := range p.Template.Apps {
		out.Apps[app] = i.Catalog.Snapshot().Apps[app].Version
	}
	if demo && p.Demo {
		if err := i.seed(ctx, key, &out); err != nil {
			return out, err
		}
	}
	return out, i.mark(ctx, p, "installed", by, demo || state.demo)
}

type installation struct {
	state string
	demo  bool
}

func (i *Installer) state(ctx context.Context, key string) (s installation, err error) {
	err = i.Store.View(ctx, func(r store.Reader) error {
		d, err := r.Get(ctx, collection, key)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			s.state, _ = d.Tree()["state"].(string)
			s.demo, _ = d.Tree()["demo"].(bool)
		}
		return err
	})
	return s, err
}

// mark keeps what was installed: the pristine base that an upgrade merges against.
func (i *Installer) mark(ctx context.Context, p *Package, state, by string, demo bool) error {
	base := map[string]any{}
	for app, sources := range p.Apps {
		m := map[string]any{}
		for name, s := range sources {
			m[name] = s
		}
		base[app] = m
	}
	tree := map[string]any{"version": p.Version, "state": state, "demo": demo, "by": by, "base": base, "at": value.FormatInstant(i.Now().UnixMilli())}
	return i.Store.Update(ctx, func(tx store.Tx) error {
		old, err := tx.Get(ctx, collection, p.Key)
		if errors.Is(err, store.ErrNotFound) {
			return tx.Insert(ctx, collection, store.New(p.Key, tree))
		}
		if err != nil {
			return err
		}
		return tx.Replace(ctx, collection, store.New(p.Key, tree), old.Version)
	})
}
