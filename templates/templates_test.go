package templates_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"formwork/engine/catalog"
	"formwork/schemas/definition"
	"formwork/schemas/meta"
	"formwork/templates"
)

// folders says where definitions of a kind stand below apps/<app>.
var folders = map[definition.Kind]string{
	definition.KindOptionSet: "optionsets", definition.KindForm: "forms", definition.KindView: "views",
	definition.KindDashboard: "dashboards", definition.KindRole: "roles", definition.KindPage: "pages",
	definition.KindAutomation: "automations", definition.KindCalendar: "calendars",
}

func keys(t *testing.T) []string {
	t.Helper()
	entries, err := fs.ReadDir(templates.FS, ".")
	if err != nil || len(entries) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := fs.ReadFile(templates.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// decode reads one definition the way an installation does.
func decode(t *testing.T, name string) (definition.Head, any) {
	t.Helper()
	source := read(t, name)
	head, problems := meta.Check(source)
	if len(problems) > 0 {
		t.Errorf("%s: %s", name, problems)
	}
	d, err := definition.Decode(source)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return head, d
}

func head(t *testing.T, key string) *definition.Template {
	t.Helper()
	_, d := decode(t, key+"/template.json")
	tpl, ok := d.(*definition.Template)
	if !ok || tpl.Key != key {
		t.Fatalf("%s/template.json is not the template %s", key, key)
	}
	return tpl
}

// each calls fn with every definition of a template's apps.
func each(t *testing.T, key string, fn func(app, name string, h definition.Head, d any)) {
	t.Helper()
	for _, app := range head(t, key).Apps {
		err := fs.WalkDir(templates.FS, key+"/apps/"+app, func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				h, d := decode(t, name)
				fn(app, name, h, d)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryDefinitionStandsWhereItsKindAndKeySay(t *testing.T) {
	for _, key := range keys(t) {
		apps, err := fs.ReadDir(templates.FS, key+"/apps")
		if err != nil {
			t.Fatal(err)
		}
		listed := head(t, key).Apps
		for _, e := range apps {
			if !slices.Contains(listed, e.Name()) {
				t.Errorf("%s: app %s is not listed in template.json", key, e.Name())
			}
		}
		each(t, key, func(app, name string, h definition.Head, _ any) {
			want := path.Join(key, "apps", app, folders[h.Kind], h.Key+".json")
			if h.Kind == definition.KindApp {
				want = path.Join(key, "apps", app, "app.json")
				if h.Key != app {
					t.Errorf("%s: its key is %s", name, h.Key)
				}
			}
			if name != want {
				t.Errorf("%s should be %s", name, want)
			}
			if !definition.KeyPattern.MatchString(h.Key) || len(h.Key) > definition.MaxKey {
				t.Errorf("%s: key %q", name, h.Key)
			}
		})
	}
}

// Compiling is the check of every reference: forms, fields, options, roles, views, stages, and of every expression.
func TestTemplatesCompile(t *testing.T) {
	for _, key := range keys(t) {
		t.Run(key, func(t *testing.T) {
			if snap := compile(t, key); len(snap.Forms) == 0 {
				t.Error("no forms")
			}
		})
	}
}

func compile(t *testing.T, key string) *catalog.Snapshot {
	t.Helper()
	sources := map[string]catalog.Sources{}
	each(t, key, func(app, name string, h definition.Head, _ any) {
		if sources[app] == nil {
			sources[app] = catalog.Sources{}
		}
		sources[app][string(h.Kind)+"/"+h.Key] = string(read(t, name))
	})
	var releases []catalog.Release
	for app, s := range sources {
		releases = append(releases, catalog.Release{App: app, Version: 1, Sources: s})
	}
	snap, problems := catalog.Compile(1, releases)
	for _, p := range problems {
		t.Errorf("%s", p)
	}
	if snap == nil {
		t.FailNow()
	}
	return snap
}

func TestKeysWithinADefinitionAreUnique(t *testing.T) {
	for _, key := range keys(t) {
		each(t, key, func(_, name string, _ definition.Head, d any) {
			seen := map[string]bool{}
			once := func(what, key string) {
				if key == "" || seen[what+" "+key] {
					t.Errorf("%s: %s %q is missing or repeated", name, what, key)
				}
				seen[what+" "+key] = true
			}
			switch d := d.(type) {
			case *definition.Form:
				formKeys(t, name, d, once)
			case *definition.OptionSet:
				for _, o := range d.Options {
					once("option", o.Value)
				}
			case *definition.Dashboard:
				for _, c := range d.Cards {
					once("card", c.Key)
				}
			case *definition.Role:
				for _, f := range d.Forms {
					once("right to form", f.Form)
				}
			}
		})
	}
}

func formKeys(t *testing.T, name string, f *definition.Form, once func(what, key string)) {
	for _, x := range f.Fields {
		once("field", x.Key)
		if !definition.FieldPattern.MatchString(x.Key) {
			t.Errorf("%s: field key %q", name, x.Key)
		}
		for _, o := range x.Options {
			once("option of "+x.Key, o.Value)
		}
	}
	for _, s := range f.Layout {
		once("section", s.Key)
	}
	for _, r := range f.Rules {
		once("rule", r.Key)
	}
	for _, u := range f.Unique {
		once("unique", u.Key)
	}
	for _, i := range f.Indexes {
		once("index", i.Key)
	}
	if f.Stages != nil {
		for _, s := range f.Stages.States {
			once("state", s.Key)
		}
		for _, m := range f.Stages.Transitions {
			once("transition", m.Key)
		}
	}
}

// helpers are fields that only feed others and stand in no section.
var helpers = []string{"customerName", "title", "period"}

func TestLayoutShowsEveryFieldOnce(t *testing.T) {
	for _, key := range keys(t) {
		each(t, key, func(_, name string, _ definition.Head, d any) {
			f, ok := d.(*definition.Form)
			if !ok {
				return
			}
			shown := map[string]int{}
			for _, s := range f.Layout {
				for _, k := range s.Fields {
					shown[k]++
				}
			}
			for _, x := range f.Fields {
				helper := (x.Type == "lookup" || x.Type == "formula") && slices.Contains(helpers, x.Key)
				if n := shown[x.Key]; n != 1 && !(n == 0 && helper) {
					t.Errorf("%s: field %s stands %d times in the layout", name, x.Key, n)
				}
			}
		})
	}
}

// Roles of sales reps stay narrow whatever else changes.
func TestRepsCannotDoWhatTheyMustNot(t *testing.T) {
	never := map[string][]definition.Action{
		"":         {definition.SetStage, definition.Import, definition.Export},
		"customer": {definition.Delete},
	}
	seen := 0
	each(t, "sales-crm", func(app, name string, _ definition.Head, d any) {
		r, ok := d.(*definition.Role)
		if !ok || r.Key != "rep" {
			return
		}
		seen++
		if !r.Members.Default || r.Admin {
			t.Errorf("%s: everybody is a rep and no rep is an administrator", name)
		}
		for _, f := range r.Forms {
			for _, a := range slices.Concat(never[""], never[f.Form]) {
				if slices.Contains(f.Actions, a) {
					t.Errorf("%s: a rep may %s %s.%s", name, a, app, f.Form)
				}
			}
		}
	})
	if seen != 3 {
		t.Errorf("%d apps have a role rep, want 3", seen)
	}
}

func TestTextsAreInEveryLanguage(t *testing.T) {
	for _, key := range keys(t) {
		tpl := head(t, key)
		if !slices.Equal(tpl.Locales, []string{"zh-CN", "en"}) {
			t.Errorf("%s: locales %v", key, tpl.Locales)
		}
		w := words{t: t, where: key + "/template.json", locales: tpl.Locales}
		w.must("title", tpl.Title)
		w.may("description", tpl.Description)
		each(t, key, func(_, name string, _ definition.Head, d any) {
			w.where = name
			w.definition(d)
		})
	}
}

// words checks that texts exist in every locale.
type words struct {
	t       *testing.T
	where   string
	locales []string
}

func (w *words) may(what string, text definition.Text) {
	if len(text) > 0 {
		w.must(what, text)
	}
}

func (w *words) must(what string, text definition.Text) {
	for _, l := range w.locales {
		if strings.TrimSpace(text[l]) == "" {
			w.t.Errorf("%s: %s has no text in %s", w.where, what, l)
		}
	}
	if len(text) != len(w.locales) {
		w.t.Errorf("%s: %s is in %d languages, want %d", w.where, what, len(text), len(w.locales))
	}
}

func (w *words) definition(d any) {
	switch d := d.(type) {
	case *definition.App:
		w.head(d.Head)
	case *definition.OptionSet:
		w.head(d.Head)
		w.options("option", d.Options)
	case *definition.View:
		w.head(d.Head)
	case *definition.Role:
		w.head(d.Head)
	case *definition.Dashboard:
		w.head(d.Head)
		for _, c := range d.Cards {
			w.must("card "+c.Key, c.Title)
			w.may("help of card "+c.Key, c.Help)
			for as, title := range c.Titles {
				w.must("figure "+as+" of card "+c.Key, title)
			}
		}
	case *definition.Form:
		w.head(d.Head)
		w.form(d)
	case *definition.Automation:
		w.head(d.Head)
		w.steps(d.Steps)
	case *definition.Calendar:
		w.head(d.Head)
		for _, x := range append(d.Holidays, d.Workdays...) {
			w.may("days from "+x.From, x.Title)
		}
	case *definition.Page:
		w.head(d.Head)
		for _, b := range d.Blocks {
			w.may("block "+b.Key, b.Title)
			w.may("help of block "+b.Key, b.Help)
			for _, f := range b.Figures {
				w.must("figure "+f.Key, f.Title)
			}
			for _, i := range b.Items {
				w.may("shortcut "+i.Key, i.Title)
			}
			for _, src := range b.Sources {
				w.must("reason of "+src.Key, src.Reason)
				for _, a := range src.Actions {
					w.must("action "+a.Type+" of "+src.Key, a.Title)
				}
			}
		}
	default:
		w.t.Errorf("%s: a %T is not looked at", w.where, d)
	}
}

// steps looks at the texts of steps, those within branches and loops among them.
func (w *words) steps(list []definition.Step) {
	for _, s := range list {
		w.may("step "+s.Key, s.Title)
		var c struct {
			Title, Body, Reason definition.Text
			Steps, Else         []definition.Step
			Cases               []struct {
				Title definition.Text
				Steps []definition.Step
			}
		}
		if err := json.Unmarshal(s.Config, &c); err != nil {
			w.t.Errorf("%s: step %s: %v", w.where, s.Key, err)
		}
		w.may("title of step "+s.Key, c.Title)
		w.may("body of step "+s.Key, c.Body)
		w.may("reason of step "+s.Key, c.Reason)
		w.steps(c.Steps)
		w.steps(c.Else)
		for _, x := range c.Cases {
			w.may("case of step "+s.Key, x.Title)
			w.steps(x.Steps)
		}
	}
}

func (w *words) head(h definition.Head) {
	w.must("title", h.Title)
	w.may("description", h.Description)
}

func (w *words) options(what string, list []definition.Option) {
	for _, o := range list {
		w.must(what+" "+o.Value, o.Title)
	}
}

func (w *words) fields(list []definition.Field) {
	for _, x := range list {
		w.must("field "+x.Key, x.Title)
		w.may("help of "+x.Key, x.Help)
		w.may("placeholder of "+x.Key, x.Placeholder)
		w.may("unit of "+x.Key, x.Unit)
		w.options("option of "+x.Key, x.Options)
		w.fields(x.Fields)
	}
}

func (w *words) form(f *definition.Form) {
	w.fields(f.Fields)
	for _, s := range f.Layout {
		w.must("section "+s.Key, s.Section)
	}
	for _, r := range f.Rules {
		if len(r.Require) == 0 {
			w.must("refusal of rule "+r.Key, r.Refuse)
		}
		w.may("refusal of rule "+r.Key, r.Refuse)
	}
	for _, l := range f.Limits {
		w.must("limit "+l.Key, l.Title)
		w.must("message of limit "+l.Key, l.Message)
	}
	for _, c := range f.Claims {
		w.must("claim "+c.Key, c.Title)
		if c.When != nil {
			w.must("refusal of claim "+c.Key, c.Refuse)
		}
		if c.Release != nil {
			w.must("release of claim "+c.Key, c.Release.Title)
		}
	}
	for _, d := range f.Duplicates {
		w.must("duplicate "+d.Key, d.Title)
	}
	if f.Stages == nil {
		return
	}
	for _, s := range f.Stages.States {
		w.must("state "+s.Key, s.Title)
	}
	for _, m := range f.Stages.Transitions {
		w.must("transition "+m.Key, m.Title)
		if m.Guard != nil {
			w.must(fmt.Sprintf("refusal of transition %s", m.Key), m.Refuse)
		}
	}
}
