package scenario

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"formwork/engine"
	"formwork/engine/org"
	"formwork/engine/outbox"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// run is a scenario under way.
type run struct {
	s       *Scenario
	e       *engine.Engine
	zone    *time.Location
	mu      sync.Mutex
	now     time.Time
	ids     map[string]string // of actors and records, by their names
	form    map[string]string // of records
	read    map[string]int    // how many notifications of an actor were looked at
	actors  map[string]bool
	wrong   []error
	current string
}

// Run plays a scenario of a template on a store that holds nothing yet. What it gives are its expectations that were not
// met; an error is a failure of the machinery.
func Run(ctx context.Context, st store.Store, templates fs.FS, template string, s *Scenario) (wrong []error, err error) {
	r := &run{s: s, ids: map[string]string{}, form: map[string]string{}, read: map[string]int{}, actors: map[string]bool{}}
	if r.zone, err = time.LoadLocation(s.Timezone); err != nil {
		return nil, err
	}
	if r.now, err = r.moment(s.At); err != nil {
		return nil, err
	}
	if r.e, err = engine.Open(ctx, st, engine.Options{Now: r.clock, Templates: templates}); err != nil {
		return nil, err
	}
	if _, err := r.e.Workspace.Save(ctx, 0, func(w *org.Settings) { w.Timezone, w.Locale = s.Timezone, s.Locale }); err != nil {
		return nil, err
	}
	if err := r.people(ctx); err != nil {
		return nil, err
	}
	if _, err := r.e.Installer.Install(ctx, "", template, false); err != nil {
		return nil, err
	}
	if err := r.settle(ctx); err != nil {
		return nil, err
	}
	for i := range s.Steps {
		r.current = fmt.Sprintf("step %d", i+1)
		if err := r.step(ctx, &s.Steps[i]); err != nil {
			return r.wrong, fmt.Errorf("%s: %w", r.current, err)
		}
	}
	return append(r.wrong, r.failures(ctx)...), nil
}

func (r *run) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *run) set(t time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = t
}

func (r *run) moment(s string) (time.Time, error) {
	return time.ParseInLocation("2006-01-02 15:04", s, r.zone)
}

// settle lets everything happen that is due.
func (r *run) settle(ctx context.Context) error {
	if err := r.e.Automation.EnsureTimers(ctx); err != nil {
		return err
	}
	return r.e.Outbox.Drain(ctx)
}

func (r *run) miss(format string, args ...any) {
	r.wrong = append(r.wrong, fmt.Errorf(r.current+": "+format, args...))
}

// people makes the organisation.
func (r *run) people(ctx context.Context) error {
	units := map[string]string{}
	for _, d := range r.s.Departments {
		made, err := r.e.Org.CreateDepartment(ctx, org.Department{Name: d.Key, Parent: units[d.Parent]})
		if err != nil {
			return err
		}
		units[d.Key] = made.ID
	}
	for _, a := range r.s.Actors {
		u, err := r.e.Org.CreateUser(ctx, org.User{Login: a.Key, Name: a.Name, Department: units[a.Department], Roles: a.Roles, Admin: a.Admin, Active: true, Locale: r.s.Locale})
		if err != nil {
			return err
		}
		r.ids[a.Key], r.actors[a.Key] = u.ID, true
	}
	for _, d := range r.s.Departments {
		if d.Leader == "" {
			continue
		}
		if _, err := r.e.Org.UpdateDepartment(ctx, units[d.Key], 0, func(x *org.Department) error { x.Leader = r.ids[d.Leader]; return nil }); err != nil {
			return err
		}
	}
	return nil
}

// spans are the lengths of the units in which time passes.
var spans = map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}

func (r *run) step(ctx context.Context, s *Step) error {
	switch {
	case s.Pass != nil:
		unit, ok := spans[s.Pass.Unit]
		if !ok {
			return fmt.Errorf("unit %q", s.Pass.Unit)
		}
		r.set(r.clock().Add(time.Duration(s.Pass.Amount) * unit))
		return r.settle(ctx)
	case s.Until != "":
		t, err := r.moment(s.Until)
		if err != nil || t.Before(r.clock()) {
			return fmt.Errorf("until %s: %w", s.Until, errors.Join(err, errors.New("the clock does not go back")))
		}
		r.set(t)
		return r.settle(ctx)
	case s.Record != "":
		return r.record(ctx, s)
	case s.Told != "":
		return r.told(ctx, s)
	case s.Page != "":
		return r.page(ctx, s)
	case s.Count != "":
		return r.count(ctx, s)
	}
	return r.write(ctx, s)
}

// caller is an actor as records know them.
func (r *run) caller(key string) (record.Caller, error) {
	if !r.actors[key] {
		return record.Caller{}, fmt.Errorf("nobody is called %q", key)
	}
	return r.e.Caller(r.ids[key], "api"), nil
}

// admin reads what is to be compared.
func (r *run) admin() record.Caller { return record.System("scenario") }

func (r *run) write(ctx context.Context, s *Step) error {
	c, err := r.caller(s.As)
	if err != nil {
		return err
	}
	in := &record.Intent{Data: r.resolve(s.Data).(map[string]any), To: s.To, Claim: s.By, Comment: s.Comment}
	for _, v := range []struct {
		name string
		verb record.Verb
	}{{s.Update, record.Update}, {s.Transition, record.Move}, {s.Claim, record.Claim}, {s.Release, record.Release}, {s.Delete, record.Delete}} {
		if v.name != "" {
			in.Verb, in.Form, in.ID = v.verb, r.form[v.name], r.ids[v.name]
			if in.Form == "" {
				return fmt.Errorf("no record is called %q", v.name)
			}
		}
	}
	if s.Create != "" {
		in.Verb, in.Form = record.Create, s.Create
	}
	if in.Verb == "" {
		return errors.New("it says nothing")
	}
	rec, warnings, err := r.e.Records.Write(ctx, c, in, record.WriteOptions{})
	if err := r.refused(s, err); err != nil || rec == nil {
		return err
	}
	for _, code := range s.Warned {
		if !slices.ContainsFunc(warnings, func(p problem.Problem) bool { return p.Code == code }) {
			r.miss("it should warn of %s: %v", code, warnings)
		}
	}
	if s.Name != "" {
		r.ids[s.Name], r.form[s.Name] = rec.Doc.ID, rec.Form.Name
	}
	return r.settle(ctx)
}

// refused compares how a write ended.
func (r *run) refused(s *Step, err error) error {
	ps := problem.Of(err)
	switch {
	case err != nil && len(ps) == 0:
		return err
	case err == nil && s.Refused != "":
		r.miss("it should be refused with %s", s.Refused)
	case err != nil && s.Refused == "":
		r.miss("it was refused: %v", ps)
	case err != nil && !slices.ContainsFunc(ps, func(p problem.Problem) bool { return p.Code == s.Refused }):
		r.miss("it should be refused with %s: %v", s.Refused, ps)
	}
	return nil
}

// resolve puts ids in the place of names.
func (r *run) resolve(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = r.resolve(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = r.resolve(x)
		}
		return out
	case string:
		if name, ok := strings.CutPrefix(v, "@"); ok && r.ids[name] != "" {
			return r.ids[name]
		}
	}
	return v
}

// named puts names in the place of ids, so that people can read what is wrong.
func (r *run) named(v any) any {
	id, ok := v.(string)
	for name, x := range r.ids {
		if ok && x == id {
			return "@" + name
		}
	}
	return v
}

func (r *run) record(ctx context.Context, s *Step) error {
	rec, err := r.e.Records.Load(ctx, r.admin(), r.form[s.Record], r.ids[s.Record])
	if err != nil {
		return err
	}
	have := rec.Data()
	want := r.resolve(s.Data).(map[string]any)
	for k, v := range want {
		if !value.Equal(have[k], v) {
			r.miss("%s of %s is %v, want %v", k, s.Record, r.named(have[k]), r.named(v))
		}
	}
	return nil
}

func (r *run) told(ctx context.Context, s *Step) error {
	if !r.actors[s.Told] {
		return fmt.Errorf("nobody is called %q", s.Told)
	}
	page, err := r.e.Inbox.List(ctx, r.ids[s.Told], false, "", 100)
	if err != nil {
		return err
	}
	slices.Reverse(page.Items)
	var got []string
	for _, n := range page.Items[r.read[s.Told]:] {
		got = append(got, n.Title.In(r.s.Locale))
	}
	r.read[s.Told] = len(page.Items)
	slices.Sort(got) // what is told at one moment has no order
	want := slices.Sorted(slices.Values(s.Titles))
	if !slices.Equal(got, want) {
		r.miss("%s was told %q, want %q", s.Told, got, want)
	}
	return nil
}

func (r *run) page(ctx context.Context, s *Step) error {
	c, err := r.caller(s.As)
	if err != nil {
		return err
	}
	app, key, _ := strings.Cut(s.Page, ".")
	_, blocks, err := r.e.Records.PageData(ctx, c, app, key)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(blocks, func(b record.BlockData) bool { return b.Def.Key == s.Block })
	if i < 0 {
		r.miss("there is no block %q", s.Block)
		return nil
	}
	var titles, reasons []string
	for _, t := range blocks[i].Todos {
		title := t.Title
		if blocks[i].Def.Type == "form" && t.About != nil { // what the form is about to be about
			title = t.About.Title
		}
		titles = append(titles, title)
		var why []string
		for _, x := range t.Reasons {
			why = append(why, x.Text.In(r.s.Locale))
		}
		reasons = append(reasons, strings.Join(why, "；"))
	}
	for _, item := range blocks[i].Items {
		m := value.MustDecode(item)
		data, _ := m["data"].(map[string]any)
		title, _ := data[blocks[i].Form.Def.TitleField].(string)
		titles = append(titles, title)
	}
	if s.Titles != nil && !slices.Equal(titles, s.Titles) {
		r.miss("%s shows %q, want %q", s.Block, titles, s.Titles)
	}
	if s.Reasons != nil && !slices.Equal(reasons, s.Reasons) {
		r.miss("the reasons in %s are %q, want %q", s.Block, reasons, s.Reasons)
	}
	return nil
}

func (r *run) count(ctx context.Context, s *Step) error {
	q := record.Query{Count: true, Limit: 1}
	if s.Filter != nil {
		filter, ps := query.ParseFilter(r.resolve(s.Filter), "/filter")
		if err := problem.Refuse(ps); err != nil {
			return err
		}
		q.Filter = filter
	}
	page, err := r.e.Records.Query(ctx, r.admin(), s.Count, q)
	if err != nil {
		return err
	}
	if s.Is == nil || page.Total != *s.Is {
		r.miss("there are %d of %s, want %v", page.Total, s.Count, s.Is)
	}
	return nil
}

// failures are jobs that failed: an automation that stops is an expectation that was not met.
func (r *run) failures(ctx context.Context) (out []error) {
	jobs, err := r.e.Outbox.List(ctx, outbox.Filter{State: outbox.Failed, Limit: 20})
	if err != nil {
		return []error{err}
	}
	for _, j := range jobs {
		out = append(out, fmt.Errorf("a job of kind %s failed: %s %v", j.Kind, j.Error, j.Problems))
	}
	return out
}
