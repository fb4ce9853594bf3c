package install

import (
	"context"
	"errors"
	"io/fs"
	"maps"
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
	// Contents tell of the apps, Forms how many forms they have together. Pictures are names for Picture.
	Contents []Content `json:"contents"`
	Forms    int       `json:"forms"`
	Pictures []string  `json:"pictures"`
}

// List is the gallery, in the order of keys.
func (i *Installer) List(ctx context.Context) ([]Template, error) {
	entries, err := fs.ReadDir(i.FS, ".")
	if err != nil {
		return nil, err
	}
	versions := map[string]string{}
	err = i.Store.View(ctx, func(r store.Reader) error {
		docs, err := store.All(ctx, r, collection, query.Find{})
		for _, d := range docs {
			if v, ok := d.Tree()["version"].(string); ok && d.Tree()["state"] == installed {
				versions[d.ID] = v
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
		t := Template{Key: p.Key, Title: p.Title, Description: p.Description, Version: p.Version, Apps: p.Template.Apps,
			Locales: p.Locales, Demo: p.Demo, Installed: versions[p.Key], Pictures: picturesIn(i.FS, p.Key)}
		t.Contents, t.Forms = p.contents()
		out = append(out, t)
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

// States of an installation. An app is installed when its definitions are published; demonstration data is something that
// may come later, or be tried again after it failed.
const (
	installing = "installing"
	installed  = "installed"
)

// Install publishes a template's apps together and, when asked, writes its demonstration data. Conflict when it is
// installed already (installing once more with demo adds the data), or when one of its apps exists for another reason.
// What was interrupted continues where it stopped. When the data fails the template is installed without.
func (i *Installer) Install(ctx context.Context, by, key string, demo bool) (Result, error) {
	p, err := Read(i.FS, key)
	if err != nil {
		return Result{}, err
	}
	at, err := i.state(ctx, key)
	if err != nil {
		return Result{}, err
	}
	demo = demo && p.Demo
	if at.state == installed && (!demo || at.demo) {
		return Result{}, problem.Fail(problem.Conflict, "already-installed", "", problem.P{"template": key})
	}
	out := Result{Template: key, Version: p.Version, Apps: map[string]int64{}}
	if at.state != installed {
		if err := i.publish(ctx, by, p, at); err != nil {
			return out, err
		}
	} else {
		out.Version = at.version
	}
	for _, app := range p.Template.Apps {
		if a := i.Catalog.Snapshot().Apps[app]; a != nil {
			out.Apps[app] = a.Version
		}
	}
	if !demo {
		return out, nil
	}
	if err := i.seed(ctx, key, &out); err != nil {
		return out, err
	}
	return out, i.mark(ctx, key, func(tree map[string]any) { tree["demo"] = true })
}

// publish brings a template from nothing, or from where it was interrupted, to installed.
func (i *Installer) publish(ctx context.Context, by string, p *Package, at installation) error {
	there := func(app string) bool { return i.Catalog.Snapshot().Apps[app] != nil }
	if at.state == "" {
		if n := slices.IndexFunc(p.Template.Apps, there); n >= 0 {
			return problem.Fail(problem.Conflict, "app-exists", "", problem.P{"app": p.Template.Apps[n]})
		}
	}
	if at.state == "" || at.version != p.Version {
		if err := i.mark(ctx, p.Key, func(tree map[string]any) { i.begin(tree, by, p) }); err != nil {
			return err
		}
	}
	if n := slices.IndexFunc(p.Template.Apps, there); n >= 0 && !i.ours(p) {
		return problem.Fail(problem.Conflict, "app-exists", "", problem.P{"app": p.Template.Apps[n]})
	} else if n < 0 {
		if _, err := i.Catalog.PublishSources(ctx, by, p.Title.In("en")+" "+p.Version, p.Apps); err != nil {
			if problem.KindOf(err) != "" { // it will not go better by itself: leave no trace
				err = errors.Join(err, i.forget(context.WithoutCancel(ctx), p.Key))
			}
			return err
		}
	}
	return i.mark(ctx, p.Key, func(tree map[string]any) { tree["state"] = installed })
}

// ours says whether the apps that are there are those that an interrupted installation published.
func (i *Installer) ours(p *Package) bool {
	snap := i.Catalog.Snapshot()
	return !slices.ContainsFunc(p.Template.Apps, func(app string) bool {
		return snap.Apps[app] == nil || !maps.Equal(snap.Apps[app].Sources, p.Apps[app])
	})
}

type installation struct {
	state, version string
	demo           bool
}

func (i *Installer) state(ctx context.Context, key string) (s installation, err error) {
	err = i.Store.View(ctx, func(r store.Reader) error {
		d, err := r.Get(ctx, collection, key)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			s.state, _ = d.Tree()["state"].(string)
			s.version, _ = d.Tree()["version"].(string)
			s.demo, _ = d.Tree()["demo"].(bool)
		}
		return err
	})
	return s, err
}

// begin notes what is being installed: the pristine base that an upgrade merges against. It stays as it is when
// demonstration data comes later, from a newer package.
func (i *Installer) begin(tree map[string]any, by string, p *Package) {
	base := map[string]any{}
	for app, sources := range p.Apps {
		m := map[string]any{}
		for name, s := range sources {
			m[name] = s
		}
		base[app] = m
	}
	tree["version"], tree["state"], tree["demo"], tree["by"], tree["base"] = p.Version, installing, false, by, base
	tree["at"] = value.FormatInstant(i.Now().UnixMilli())
}

// mark changes what is noted of an installation.
func (i *Installer) mark(ctx context.Context, key string, change func(tree map[string]any)) error {
	return i.Store.Update(ctx, func(tx store.Tx) error {
		old, err := tx.Get(ctx, collection, key)
		if errors.Is(err, store.ErrNotFound) {
			tree := map[string]any{}
			change(tree)
			return tx.Insert(ctx, collection, store.New(key, tree))
		}
		if err != nil {
			return err
		}
		tree := maps.Clone(old.Tree())
		change(tree)
		return tx.Replace(ctx, collection, store.New(key, tree), old.Version)
	})
}

func (i *Installer) forget(ctx context.Context, key string) error {
	return i.Store.Update(ctx, func(tx store.Tx) error { return tx.Delete(ctx, collection, key, 0) })
}
