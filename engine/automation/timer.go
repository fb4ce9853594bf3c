package automation

import (
	"context"
	"errors"
	"strings"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/outbox"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/value"
)

const (
	// every is how often dates are looked at; farthest how long a schedule's job sleeps at most.
	every    = time.Minute
	farthest = 6 * time.Hour
	// fireBatch is how many records are dealt with in one transaction.
	fireBatch = 100
)

// EnsureTimers makes sure that each automation that goes by the clock has its timer. A timer whose automation is gone ends
// by itself.
func (e *Engine) EnsureTimers(ctx context.Context) error {
	for name, a := range e.Catalog.Snapshot().Automations {
		if !a.Def.Trigger.On.Timed() || a.Def.Disabled {
			continue
		}
		from := e.Now().Add(-time.Duration(a.Def.Trigger.Past) * day)
		job := outbox.Job{Kind: JobTimer, Key: "timer/" + name, Topic: JobTimer, Subject: name,
			Payload: map[string]any{"automation": name, "from": instant(from)}}
		have, err := e.Outbox.List(ctx, outbox.Filter{Topic: JobTimer, Subject: name, Limit: 1})
		if err != nil {
			return err
		}
		if len(have) > 0 && !have[0].State.Finished() {
			continue
		}
		if len(have) > 0 && have[0].State == outbox.Failed { // it goes on where it was
			if until, ok := have[0].Progress["until"].(string); ok {
				job.Payload["from"] = until
			}
		}
		if _, err := e.Outbox.Submit(ctx, job); err != nil {
			return err
		}
	}
	return nil
}

// timer looks, for one automation, whether its time has come since it last looked.
func (e *Engine) timer(ctx context.Context, run *outbox.Run) error {
	job := run.Job()
	name, _ := job.Payload["automation"].(string)
	a := e.Catalog.Snapshot().Automations[name]
	if a == nil || !a.Def.Trigger.On.Timed() || a.Def.Disabled {
		return nil
	}
	now := e.Now().UTC().Truncate(time.Millisecond)
	from := momentOf(job.Progress["until"])
	if from.IsZero() {
		from = momentOf(job.Payload["from"])
	}
	if !now.After(from) { // just begun, or the clock was put back: what has fired does not again
		run.Again(now.Add(min(from.Sub(now)+time.Millisecond, every)))
		return nil
	}
	again := now.Add(every)
	var err error
	switch {
	case a.Def.Trigger.On == definition.OnSchedule:
		again, err = e.schedule(ctx, a, from, now)
	case !e.Paused(name).Paused:
		err = e.dates(ctx, a, from, now)
	}
	if err != nil {
		return err
	}
	run.Again(again)
	return run.Progress(ctx, map[string]any{"until": instant(now)})
}

func momentOf(v any) time.Time {
	s, _ := v.(string)
	ms, err := value.ParseInstant(s)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// dates fires for records whose moment lies after from and not after until.
func (e *Engine) dates(ctx context.Context, a *catalog.Automation, from, until time.Time) error {
	if a.Form == nil || a.Field == nil {
		return nil
	}
	low, high := e.bounds(a, from, until)
	key := a.Field.Key
	between := query.Filter{And: []query.Filter{{Field: key, Op: "gte", Value: spelt(a, low)}, {Field: key, Op: "lte", Value: spelt(a, high)}}}
	if err := e.look(ctx, a, between, key, from, until); err != nil {
		return err
	}
	if a.Def.Trigger.On != definition.OnIdle || key == "updatedAt" || key == "createdAt" {
		return nil
	}
	// What nothing ever happened to counts from when it was made.
	made := *a
	made.Field = &query.Column{Key: "createdAt", Path: []string{"createdAt"}, Kind: query.Instant}
	low, high = e.bounds(&made, from, until)
	never := query.Filter{And: []query.Filter{{Field: key, Op: "empty"},
		{Field: "createdAt", Op: "gte", Value: spelt(&made, low)}, {Field: "createdAt", Op: "lte", Value: spelt(&made, high)}}}
	return e.look(ctx, &made, never, "createdAt", from, until)
}

// due is a record whose moment has come.
type due struct {
	id      string
	scalar  int64
	spelled string
	at      time.Time
}

// look goes through the records that a filter finds, in the order of their dates, and fires in batches.
func (e *Engine) look(ctx context.Context, a *catalog.Automation, filter query.Filter, sort string, from, until time.Time) error {
	if !a.Filter.None() {
		filter = query.Filter{And: append([]query.Filter{a.Filter}, filter.And...)}
	}
	snap := e.Catalog.Snapshot()
	caller := e.caller(snap, snap.Automations[a.Name], nil)
	var batch []due
	fire := func() error {
		list := batch
		batch = nil
		return e.fire(ctx, a, list)
	}
	err := e.Records.Each(ctx, caller, a.Form.Name, record.Query{Filter: filter, Sort: []string{sort}}, func(r *record.Record) error {
		n, ok := scalarOf(a, r.Doc)
		if !ok {
			return nil
		}
		at, ok := e.moment(a, n)
		if !ok || !at.After(from) || at.After(until) {
			return nil
		}
		after := e.Records.Values(r)
		if holds, failed := e.holds(ctx, a, after, nil, ""); !holds && failed == "" {
			return nil
		}
		if batch = append(batch, due{r.Doc.ID, n, spelt(a, n), at}); len(batch) < fireBatch {
			return nil
		}
		return fire()
	})
	if err != nil {
		return err
	}
	return fire()
}

// fire adds the runs of a batch, each with its mark. A record that has moved its date meanwhile is left out.
func (e *Engine) fire(ctx context.Context, a *catalog.Automation, list []due) error {
	if len(list) == 0 {
		return nil
	}
	jobs := e.Outbox.Batch()
	err := e.Store.Update(ctx, func(tx store.Tx) error {
		jobs.Reset()
		for _, d := range list {
			doc, err := tx.Get(ctx, a.Form.Collection.Name, d.id)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if n, ok := scalarOf(a, doc); !ok || n != d.scalar || doc.Deleted {
				continue
			}
			fresh, err := e.mark(ctx, tx, a, d.id, d.spelled, e.Now())
			if err != nil {
				return err
			}
			if !fresh {
				continue
			}
			c := Cause{On: string(a.Def.Trigger.On), Form: a.Form.Name, Record: d.id, At: instant(d.at), Value: d.spelled}
			if _, err := jobs.Enqueue(ctx, tx, runJob(a, c)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		jobs.Reset()
		return err
	}
	jobs.Committed()
	return nil
}

// mark notes that an automation has fired for a record and a date; fresh is false when it had before.
func (e *Engine) mark(ctx context.Context, tx store.Tx, a *catalog.Automation, rec, value string, now time.Time) (fresh bool, err error) {
	id := idOf(a.Name, rec, value)
	_, err = tx.Get(ctx, firedCollection, id)
	if err == nil {
		return false, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	err = tx.Insert(ctx, firedCollection, store.New(id, map[string]any{"automation": a.Name, "record": rec, "value": value, "at": instant(now)}))
	var taken *store.DuplicateError
	if errors.As(err, &taken) { // somebody was faster: asking again makes a store whose transaction is lost run it again
		if _, err := tx.Get(ctx, firedCollection, id); err == nil {
			return false, nil
		}
	}
	return err == nil, err
}

// matches says whether a record matches the filter of a date trigger.
func (e *Engine) matches(a *catalog.Automation, f *catalog.Form, d *store.Doc, now time.Time) bool {
	if a.Filter.None() {
		return true
	}
	w, ps := query.Resolve(a.Filter, f.Columns, query.Env{Now: now, Zone: e.Zone()})
	if ps.Blocks() { // it needs more than the record to be told: looking finds it
		return !strings.Contains(string(a.Filter.FilterJSON()), `"expr"`)
	}
	return query.Eval(w, f.Columns, d.Tree())
}

// schedule starts the run of the last occurrence after from that has come, and says when to look again.
func (e *Engine) schedule(ctx context.Context, a *catalog.Automation, from, now time.Time) (again time.Time, err error) {
	zone := a.Zone
	if zone == nil {
		zone = e.Zone()
	}
	next, last := from.In(zone), time.Time{}
	for range maxOccurrences {
		next = a.Schedule.Next(next)
		if next.IsZero() || next.After(now) {
			break
		}
		if e.onDay(a, next) {
			last = next
		}
	}
	if !last.IsZero() && !next.After(now) && !next.IsZero() { // so many were missed that the last is not known: this one is as good
		last = now.Truncate(time.Minute)
	}
	fresh := !last.IsZero() && (a.Def.Trigger.Missed != "skip" || now.Sub(last) < missedAfter)
	if fresh && !e.Paused(a.Name).Paused {
		if err := e.occur(ctx, a, last); err != nil {
			return time.Time{}, err
		}
	}
	if next.IsZero() || !next.After(now) || next.Sub(now) > farthest {
		return now.Add(farthest), nil
	}
	return next.UTC(), nil
}

const (
	// maxOccurrences bounds how many missed occurrences are gone through.
	maxOccurrences = 100000
	// missedAfter is from when on an occurrence counts as missed.
	missedAfter = 10 * time.Minute
)

func (e *Engine) onDay(a *catalog.Automation, t time.Time) bool {
	if a.Calendar == nil || a.Def.Trigger.Days == "" {
		return true
	}
	works := a.Calendar.Works(value.DateOf(t.Year(), int(t.Month()), t.Day()))
	return works == (a.Def.Trigger.Days == "working")
}

// occur starts the run of an occurrence, once.
func (e *Engine) occur(ctx context.Context, a *catalog.Automation, at time.Time) error {
	jobs := e.Outbox.Batch()
	err := e.Store.Update(ctx, func(tx store.Tx) error {
		jobs.Reset()
		fresh, err := e.mark(ctx, tx, a, "", instant(at), e.Now())
		if err != nil || !fresh {
			return err
		}
		_, err = jobs.Enqueue(ctx, tx, runJob(a, Cause{On: string(definition.OnSchedule), At: instant(at)}))
		return err
	})
	if err != nil {
		jobs.Reset()
		return err
	}
	jobs.Committed()
	return nil
}
