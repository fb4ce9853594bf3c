package templates_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/formula"
	"formwork/schemas/field"
	"formwork/schemas/problem"
	"formwork/schemas/value"
	"formwork/templates"
)

// seed is the form of seed/demo.json, see README.md.
type seed struct {
	Departments []struct {
		Ref    string `json:"ref"`
		Name   string `json:"name"`
		Parent *link  `json:"parent"`
	} `json:"departments"`
	Users []struct {
		Ref        string `json:"ref"`
		Login      string `json:"login"`
		Name       string `json:"name"`
		Department link   `json:"department"`
		Leader     bool   `json:"leader"`
	} `json:"users"`
	Records []struct {
		Form  string `json:"form"`
		Items []struct {
			Ref  string         `json:"ref"`
			Data map[string]any `json:"data"`
			Past []struct {
				Stage   string `json:"stage"`
				DaysAgo int    `json:"daysAgo"`
				Time    string `json:"time"`
			} `json:"past"`
		} `json:"items"`
	} `json:"records"`
}

type link struct {
	Ref string `json:"ref"`
}

// installDay stands for the day on which the demonstration data is installed: early, so that a time of the same day
// would lie in the future.
var installDay = time.Date(2025, 3, 31, 0, 30, 0, 0, time.UTC)

// seeder reads demonstration data in the order of the file, as an installation does.
type seeder struct {
	t     *testing.T
	snap  *catalog.Snapshot
	ids   map[string]string // by ref
	kinds map[string]string // what a ref names: department, user or app.form
	next  int
}

func TestSeedFitsItsForms(t *testing.T) {
	for _, key := range keys(t) {
		t.Run(key, func(t *testing.T) {
			name := key + "/seed/demo.json"
			source, err := fs.ReadFile(templates.FS, name)
			if errors.Is(err, fs.ErrNotExist) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var s seed
			d := json.NewDecoder(bytes.NewReader(source))
			d.DisallowUnknownFields()
			if err := d.Decode(&s); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			r := seeder{t: t, snap: compile(t, key), ids: map[string]string{}, kinds: map[string]string{}}
			r.organisation(s)
			for _, group := range s.Records {
				form, ok := r.snap.Form(group.Form)
				if !ok {
					t.Errorf("form %s is unknown", group.Form)
					continue
				}
				for _, item := range group.Items { // the pipeline checks that its stages are known and in order
					if n := len(item.Past); n > 0 && item.Past[n-1].Stage != item.Data[form.Stages.Field] {
						t.Errorf("%s: its past ends in %s", item.Ref, item.Past[n-1].Stage)
					}
				}
				r.unique(form, len(group.Items), func(i int) (string, map[string]any) {
					return group.Items[i].Ref, r.record(form, group.Items[i].Ref, group.Items[i].Data)
				})
			}
		})
	}
}

func (r *seeder) name(ref, kind string) {
	if ref == "" || ref[0] != '@' || r.ids[ref] != "" {
		r.t.Errorf("ref %q is malformed or taken", ref)
	}
	r.next++
	r.ids[ref], r.kinds[ref] = fmt.Sprintf("%024x", r.next), kind
}

// resolve wants the ref to stand earlier in the file, so that one pass is enough.
func (r *seeder) resolve(at, ref, kind string) string {
	if r.kinds[ref] != kind {
		r.t.Errorf("%s: %q is no %s that stands before", at, ref, kind)
	}
	return r.ids[ref]
}

func (r *seeder) organisation(s seed) {
	roots := 0
	for _, d := range s.Departments {
		if d.Parent == nil {
			roots++
		} else {
			r.resolve(d.Ref, d.Parent.Ref, "department")
		}
		r.name(d.Ref, "department")
	}
	if roots != 1 {
		r.t.Errorf("%d departments have no parent, want 1", roots)
	}
	leads := map[string]bool{}
	for _, u := range s.Users {
		r.resolve(u.Ref, u.Department.Ref, "department")
		r.name(u.Ref, "user")
		if u.Ref != "@user:"+u.Login || u.Name == "" {
			r.t.Errorf("user %q: login %q, name %q", u.Ref, u.Login, u.Name)
		}
		if u.Leader && leads[u.Department.Ref] {
			r.t.Errorf("%s has two leaders", u.Department.Ref)
		}
		leads[u.Department.Ref] = leads[u.Department.Ref] || u.Leader
	}
	for _, d := range s.Departments {
		if !leads[d.Ref] {
			r.t.Errorf("%s has no leader", d.Ref)
		}
	}
}

// record checks one record and gives its data as it would be stored, without what other records compute.
func (r *seeder) record(form *catalog.Form, ref string, data map[string]any) map[string]any {
	defer func() { r.name(ref, form.Name) }()
	out := map[string]any{}
	for key, v := range data {
		x, ok := form.ByKey[key]
		if !ok || x.Computed() {
			r.t.Errorf("%s: field %s is unknown or computed", ref, key)
			continue
		}
		got, problems := x.Type.Coerce(x.Def, r.plain(ref+"."+key, x, v), field.Env{Zone: time.UTC})
		if len(problems) > 0 {
			r.t.Errorf("%s.%s: %s", ref, key, problems)
		}
		if got != nil { // null keeps a default away
			out[key] = got
		}
	}
	r.formulas(form, out)
	if problems := form.Schema.Validate(out); len(problems) > 0 {
		r.t.Errorf("%s: %s", ref, problems)
	}
	for _, rule := range form.Rules {
		r.rule(ref, rule, out)
	}
	if s := form.Stages; s != nil && out[s.Field] == nil {
		r.t.Errorf("%s: no %s", ref, s.Field)
	}
	return out
}

// plain turns {"ref": ...} and {"daysAgo": ...} into values.
func (r *seeder) plain(at string, x *catalog.Field, v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	if ref, ok := m["ref"].(string); ok && len(m) == 1 {
		kind := x.Type.Key
		if x.Relation != nil {
			kind = x.Relation.Name
		}
		return r.resolve(at, ref, kind)
	}
	days, ok := m["daysAgo"].(float64)
	clock, timed := m["time"].(string)
	if !ok || timed != (x.Type.Key == "datetime") || !timed && x.Type.Key != "date" {
		r.t.Errorf("%s: %v is no value of a %s", at, v, x.Type.Key)
		return nil
	}
	day := value.FormatDate(value.DayIn(installDay.UnixMilli(), time.UTC) - int64(days))
	if timed {
		return day + "T" + clock + ":00Z"
	}
	return day
}

func (r *seeder) formulas(form *catalog.Form, data map[string]any) {
	for _, x := range form.Computed {
		if x.Formula == nil {
			continue
		}
		if v := r.eval(form.Name+"."+x.Key, x.Formula, data); v != nil {
			data[x.Key] = formula.Plain(v)
		}
	}
}

func (r *seeder) rule(ref string, rule *catalog.Rule, data map[string]any) {
	if rule.Def.Warn || r.eval(ref+" "+rule.Def.Key, rule.When, data) != true {
		return
	}
	if len(rule.Def.Require) == 0 {
		r.t.Errorf("%s is refused by %s", ref, rule.Def.Key)
	}
	for _, k := range rule.Def.Require {
		if data[k] == nil {
			r.t.Errorf("%s: %s requires %s", ref, rule.Def.Key, k)
		}
	}
}

func (r *seeder) eval(at string, p *formula.Program, data map[string]any) any {
	v, problems, err := p.Eval(context.Background(), formula.Env{Vars: data, Now: installDay})
	if err != nil || len(problems) > 0 {
		r.t.Errorf("%s: %v %v", at, problems, err)
	}
	return v
}

// unique holds the records of a form against its unique fields.
func (r *seeder) unique(form *catalog.Form, n int, record func(i int) (string, map[string]any)) {
	sets := map[string][]string{}
	for _, x := range form.Fields {
		if x.Def.Unique {
			sets[x.Key] = []string{x.Key}
		}
	}
	for _, u := range form.Def.Unique {
		sets[u.Key] = u.Fields
	}
	seen := map[string]string{}
	for i := range n {
		ref, data := record(i)
		for name, fields := range sets {
			tuple := []any{name}
			for _, k := range fields {
				if data[k] == nil {
					tuple = nil
					break
				}
				tuple = append(tuple, data[k])
			}
			if tuple == nil {
				continue
			}
			id := problem.Pointer(tuple...)
			if other := seen[id]; other != "" {
				r.t.Errorf("%s and %s have the same %s", other, ref, name)
			}
			seen[id] = ref
		}
	}
}
