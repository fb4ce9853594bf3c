package catalog

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// Preview is an app as it would be after publishing its drafts.
type Preview struct {
	// Snapshot holds the app; nil when there is nothing that compiles.
	Snapshot *Snapshot
	// Problems are what publishing would complain about, Changes what differs from what is published.
	Problems problem.List
	Changes  []DefinitionChange
	// Left are drafts ("kind/key") that are not in the snapshot because of their problems: it has what is published.
	Left []string
}

// previewRounds is how often drafts with problems are taken out.
const previewRounds = 4

// Preview compiles the app with its drafts. Where problems block, it is as good as it can be: the drafts that have
// them are left out.
func (c *Catalog) Preview(ctx context.Context, app string) (Preview, error) {
	drafts, sources, err := c.candidate(ctx, app)
	if err != nil {
		return Preview{}, err
	}
	if len(sources) == 0 {
		return Preview{}, problem.Fail(problem.NotFound, "not-found", "", problem.P{"app": app})
	}
	old, version := Sources{}, int64(0)
	if a := c.Snapshot().Apps[app]; a != nil {
		old, version = a.Sources, a.Version
	}
	p := Preview{Changes: Changes(old, sources)}
	compile := func(s Sources) (*Snapshot, problem.List) {
		return c.compileWith(map[string]Release{app: {App: app, Version: version, Sources: s}})
	}
	p.Snapshot, p.Problems = compile(sources)
	p.Problems = append(p.Problems, c.inUse(app, sources, p.Problems)...)
	without, problems := maps.Clone(sources), p.Problems
	for round := 0; p.Snapshot == nil && round < previewRounds; round++ {
		left := blamed(app, drafts, problems)
		if round == previewRounds-1 || len(left) == 0 {
			left = nil
			for _, d := range drafts {
				left = append(left, d.Name)
			}
		}
		for _, name := range left {
			if was, ok := old[name]; ok {
				without[name] = was
			} else {
				delete(without, name)
			}
			if !slices.Contains(p.Left, name) {
				p.Left = append(p.Left, name)
			}
		}
		p.Snapshot, problems = compile(without)
	}
	slices.Sort(p.Left)
	return p, nil
}

// blamed are the drafts that have problems.
func blamed(app string, drafts []Draft, l problem.List) (names []string) {
	for _, d := range drafts {
		at := problem.Pointer(app) + "/" + d.Name
		if slices.ContainsFunc(l, func(q problem.Problem) bool { return q.Blocks() && within(q.Pointer, at) }) {
			names = append(names, d.Name)
		}
	}
	return names
}

// within says whether a pointer leads to a place or into it.
func within(pointer, at string) bool { return pointer == at || strings.HasPrefix(pointer, at+"/") }

// inUse names, for every field that the drafts take out of a form, the definitions that still use it: each has a problem
// of its own, this is the one beside the form.
func (c *Catalog) inUse(app string, sources Sources, l problem.List) (out problem.List) {
	now := c.Snapshot()
	a := now.Apps[app]
	if a == nil || !l.Blocks() {
		return nil
	}
	for _, f := range a.Forms {
		source, ok := sources["form/"+f.Key]
		if !ok {
			continue
		}
		def, err := definition.Decode([]byte(source))
		form, ok := def.(*definition.Form)
		if err != nil || !ok {
			continue
		}
		for _, x := range f.Fields {
			if _, there := form.Find(x.Key); there {
				continue
			}
			users, n := c.users(now.Uses(f.Name, x.Key, ""), l)
			if n > 0 {
				out = append(out, problem.New("field-used", f.pointer()+"/schema/properties", problem.P{"field": x.Key, "title": x.Def.Title, "form": f.Name, "uses": users, "count": n}))
			}
		}
	}
	return out
}

// users are the titles of the definitions among uses that have a problem at that place.
func (c *Catalog) users(uses []Use, l problem.List) (titles []any, n int) {
	seen := map[string]bool{}
	for _, u := range uses {
		at := fmt.Sprintf("%s%s", problem.Pointer(u.App, string(u.Kind), u.Key), u.Pointer)
		if !slices.ContainsFunc(l, func(q problem.Problem) bool { return q.Blocks() && within(q.Pointer, at) }) {
			continue
		}
		n++
		name := u.App + "/" + string(u.Kind) + "/" + u.Key
		if seen[name] {
			continue
		}
		seen[name] = true
		title := titleIn(c.Snapshot().Apps[u.App].Sources[string(u.Kind)+"/"+u.Key])
		if len(title) == 0 {
			title = definition.Text{"": u.Key}
		}
		titles = append(titles, title)
	}
	return titles, n
}

// Current is the app with its drafts where those compile, else as it is published: what an editor asks about.
func (c *Catalog) Current(ctx context.Context, app string) (*Snapshot, error) {
	_, sources, err := c.candidate(ctx, app)
	if err != nil {
		return nil, err
	}
	if next, _ := c.compileWith(map[string]Release{app: {App: app, Sources: sources}}); next != nil {
		return next, nil
	}
	return c.Snapshot(), nil
}
