package automation

import (
	"context"
	"slices"
	"strings"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// Run is a run, as it is looked at.
type Run struct {
	outbox.Job
	Automation string
	Version    int64
	Cause      Cause
}

// RunOf reads a run from its job; ok is false for a job that is none.
func RunOf(j outbox.Job) (r Run, ok bool) {
	if j.Kind != JobRun {
		return Run{}, false
	}
	name, _ := j.Payload["automation"].(string)
	version, _ := j.Payload["version"].(float64)
	return Run{Job: j, Automation: name, Version: int64(version), Cause: causeOf(j.Payload)}, true
}

// Filter says which runs Runs gives.
type Filter struct {
	Automation string // app.key
	Form       string // with Record
	Record     string
	State      outbox.State
	Limit      int
	Cursor     string
}

// Runs lists runs, newest first, a page at a time.
func (e *Engine) Runs(ctx context.Context, f Filter) (runs []Run, cursor string, err error) {
	of := outbox.Filter{Kind: JobRun, Topic: f.Automation, State: f.State, Limit: f.Limit, Cursor: f.Cursor}
	if f.Record != "" {
		of.Subject = f.Form + "/" + f.Record
	}
	jobs, cursor, err := e.Outbox.Page(ctx, of)
	for _, j := range jobs {
		if r, ok := RunOf(j); ok {
			runs = append(runs, r)
		}
	}
	return runs, cursor, err
}

// Get finds a run.
func (e *Engine) Get(ctx context.Context, id string) (Run, error) {
	j, err := e.Outbox.Get(ctx, id)
	if err != nil {
		return Run{}, err
	}
	r, ok := RunOf(j)
	if !ok {
		return Run{}, problem.Fail(problem.NotFound, "not-found", "", problem.P{"run": id})
	}
	return r, nil
}

// Replay starts a new run for what set an earlier one off, by the definition as it is now. It does everything again.
func (e *Engine) Replay(ctx context.Context, id, by string) (Run, error) {
	old, err := e.Get(ctx, id)
	if err != nil {
		return Run{}, err
	}
	if !old.State.Finished() {
		return Run{}, problem.Fail(problem.Conflict, "run-not-finished", "", problem.P{"run": id, "state": string(old.State)})
	}
	a := e.Catalog.Snapshot().Automations[old.Automation]
	if a == nil {
		return Run{}, notFound(old.Automation)
	}
	c := old.Cause
	c.Replay, c.Failed, c.Depth, c.Run = id, "", 0, ""
	if by != "" && c.By == "" {
		c.By = by
	}
	return e.start(ctx, a, c)
}

// start adds a run in a transaction of its own.
func (e *Engine) start(ctx context.Context, a *catalog.Automation, c Cause) (Run, error) {
	jobs, id := e.Outbox.Batch(), ""
	err := e.Store.Update(ctx, func(tx store.Tx) (err error) {
		jobs.Reset()
		if c.Record != "" && a.Form != nil { // what adds to a record's queue reads the record
			if _, err := tx.Get(ctx, a.Form.Collection.Name, c.Record); err != nil {
				return err
			}
		}
		id, err = jobs.Enqueue(ctx, tx, runJob(a, c))
		return err
	})
	if err != nil {
		jobs.Reset()
		return Run{}, err
	}
	for _, done := range jobs.Committed() { // who pressed a button sees what came of it, if that is soon
		timer := time.NewTimer(e.Patience)
		select {
		case <-done:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return e.Get(context.WithoutCancel(ctx), id)
}

// Press starts the run of a button for a record. The caller must be able to read the record and have a role that the
// button names; the condition must hold.
func (e *Engine) Press(ctx context.Context, c record.Caller, form, id, button string) (Run, error) {
	rec, err := e.Records.Load(ctx, c, form, id)
	if err != nil {
		return Run{}, err
	}
	if rec.Doc.Deleted {
		return Run{}, problem.Fail(problem.NotFound, "not-found", "", problem.P{"form": form, "record": id})
	}
	name := catalog.Qualify(rec.Form.App, button)
	a := e.Catalog.Snapshot().Automations[name]
	if a == nil || a.Form == nil || a.Form.Name != form || a.Def.Trigger.On != definition.OnButton || a.Def.Disabled {
		return Run{}, notFound(name)
	}
	if !MayPress(c, a) {
		return Run{}, problem.Fail(problem.Forbidden, "button-role", "", problem.P{"roles": a.Def.Trigger.Roles})
	}
	if e.Paused(name).Paused {
		return Run{}, problem.Fail(problem.Conflict, "automation-paused", "", problem.P{"automation": name})
	}
	after := e.Records.Values(rec)
	holds, failed := e.holds(ctx, a, after, nil, c.User)
	if !holds && failed == "" {
		return Run{}, problem.Fail(problem.Conflict, "button-condition", "", problem.P{"automation": name})
	}
	return e.start(ctx, a, Cause{On: string(definition.OnButton), Form: form, Record: id, Rev: rec.Rev(), At: instant(e.Now()), By: c.User, Failed: failed})
}

// Buttons are those of a record that a caller may press now: whose role they have and whose condition holds.
func (e *Engine) Buttons(ctx context.Context, c record.Caller, form, id string) ([]*catalog.Automation, error) {
	rec, err := e.Records.Load(ctx, c, form, id)
	if err != nil || rec.Doc.Deleted {
		return nil, err
	}
	var out []*catalog.Automation
	values := e.Records.Values(rec)
	for _, a := range rec.Form.Automations {
		if a.Def.Trigger.On != definition.OnButton || e.Paused(a.Name).Paused || !MayPress(c, a) {
			continue
		}
		if holds, failed := e.holds(ctx, a, values, nil, c.User); holds || failed != "" {
			out = append(out, a)
		}
	}
	return out, nil
}

// MayPress says whether a caller has a role that a button asks for.
func MayPress(c record.Caller, a *catalog.Automation) bool {
	roles := a.Def.Trigger.Roles
	if len(roles) == 0 || c.Subject.Admin {
		return true
	}
	for _, r := range c.Subject.Roles {
		if r.App == a.App && (r.Def.Admin || slices.Contains(roles, r.Def.Key)) {
			return true
		}
	}
	return false
}

// Rehearsal is what a run would do.
type Rehearsal struct {
	// Starts says whether the condition holds; else no step was tried.
	Starts   bool
	Steps    []any
	Reason   definition.Text
	Problems problem.List
}

// Rehearse tries an automation on a record without writing anything: by its draft where there is one. before are values
// of the record before the change, for a trigger that has such; the others are as they are. What has problems is reported, not
// an error.
func (e *Engine) Rehearse(ctx context.Context, app, key, id, by string, before map[string]any) (Rehearsal, error) {
	source, _, err := e.Catalog.Definition(ctx, app, definition.KindAutomation, key)
	if err != nil {
		return Rehearsal{}, err
	}
	snap := e.Catalog.Snapshot()
	a, ps := catalog.CompileAutomation(snap, app, 0, source)
	if ps.Blocks() {
		return Rehearsal{Problems: ps}, nil
	}
	c := Cause{On: string(a.Def.Trigger.On), At: instant(e.Now()), By: by}
	x := e.execution(ctx, snap, a, c, "rehearsal")
	if a.Form != nil {
		if id == "" {
			return Rehearsal{}, problem.Fail(problem.Invalid, "required", "/record", nil)
		}
		rec, err := e.Records.Load(ctx, x.caller, a.Form.Name, id)
		if err != nil {
			return Rehearsal{}, err
		}
		now := e.Records.Values(rec)
		past := e.Records.Values(rec)
		for k, v := range before {
			past[k] = v
		}
		x.cause.Form, x.cause.Record, x.cause.Before, x.cause.Rev = a.Form.Name, id, past, rec.Rev()
		holds, failed := e.holds(ctx, a, now, past, by)
		if failed != "" {
			return Rehearsal{Problems: problem.List{problem.New("condition-failed", "/when", problem.P{"error": failed})}}, nil
		}
		if !holds {
			return Rehearsal{}, nil
		}
	}
	err = x.all()
	out := Rehearsal{Starts: true, Steps: x.log, Reason: x.reason}
	if fail := problem.Of(err); len(fail) > 0 {
		out.Problems = fail
		return out, nil
	}
	return out, err
}

// AppOf is the app of an automation's name.
func AppOf(name string) string {
	app, _, _ := strings.Cut(name, ".")
	return app
}
