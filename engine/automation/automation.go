package automation

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/notify"
	"formwork/engine/org"
	"formwork/engine/outbox"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/definition"
)

// Kinds of jobs.
const (
	// JobRun is a run of an automation, JobTimer what looks for dates and keeps a schedule: one an automation.
	JobRun   = "run"
	JobTimer = "timer"
)

const (
	firedCollection = "automation.fired"
	turnsCollection = "automation.turns"
	pauseCollection = "automation.pauses"
)

// Via is how the writes of automations come, as their changes say; Actor is the user that they are by.
const (
	Via   = "automation"
	Actor = "system"
)

// Notifier tells users something in a transaction. Implemented by notify.Inbox.
type Notifier interface {
	Send(ctx context.Context, tx store.Tx, list ...notify.Notification) (sent int, err error)
}

// Options are what an engine of automations needs.
type Options struct {
	Store   store.Store
	Catalog *catalog.Catalog
	Outbox  *outbox.Outbox
	Notify  Notifier
	People  func() *org.Directory
	Now     func() time.Time
	NewID   func() string
	// Zone and Locale are the workspace's.
	Zone   func() *time.Location
	Locale func() string
	Log    *slog.Logger
	// Patience is how long runs that are done within a transaction may take together - the others who write wait for it - and
	// how long who pressed a button waits for what comes of it.
	Patience time.Duration
}

// Engine runs automations. Safe for concurrent use.
type Engine struct {
	Options
	// Records is to be set before anything runs: records tell the engine of writes, and the engine writes records.
	Records *record.Records

	mu      sync.Mutex
	pinned  map[string]*catalog.Automation // of earlier versions, as compiled against pinnedOf
	rights  map[*catalog.Automation]access.Subject
	brief   map[*catalog.Automation]bool // see isBrief
	of      *catalog.Snapshot            // what pinned, rights and brief were made for
	paused  map[string]Pause
	started map[string]*minute
	turns   [64]sync.Mutex // see execution.inTurn
	// written are records as they were just committed, for runs that this very commit starts: they need not ask again.
	written sync.Map
}

// Open prepares the collections and registers the handlers of jobs.
func Open(ctx context.Context, o Options) (*Engine, error) {
	text := func(key string) query.Column { return query.Column{Key: key, Path: []string{key}, Kind: query.Text} }
	at := query.Column{Key: "at", Path: []string{"at"}, Kind: query.Instant}
	byAt := store.Index{Key: "at", Columns: []query.Order{{Column: "at"}}}
	for _, c := range []store.Collection{
		{Name: firedCollection, Columns: []query.Column{at}, Indexes: []store.Index{byAt}},
		{Name: turnsCollection},
		{Name: pauseCollection, Columns: []query.Column{at, text("automation")}, Indexes: []store.Index{byAt}},
	} {
		if err := o.Store.Ensure(ctx, c); err != nil {
			return nil, err
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Locale == nil {
		o.Locale = func() string { return "" }
	}
	e := &Engine{Options: o, brief: map[*catalog.Automation]bool{}, paused: map[string]Pause{}, started: map[string]*minute{}}
	if err := e.loadPauses(ctx); err != nil {
		return nil, err
	}
	o.Outbox.HandleBy(JobRun, outbox.Policy{Attempts: runAttempts, Backoff: runBackoff}, e.run)
	o.Outbox.HandleBy(JobTimer, outbox.Policy{AtOnce: 2, Attempts: 1 << 20, Backoff: func(attempt int) time.Duration {
		return min(time.Duration(attempt)*5*time.Second, time.Minute)
	}}, e.timer)
	return e, nil
}

// runAttempts is how often a run is begun without getting on before it is a dead letter: some three minutes, as
// the next runs of its record wait for it.
const runAttempts = 12

// runBackoff is how long a run waits after an attempt that failed.
func runBackoff(attempt int) time.Duration {
	d := 20 * time.Second
	if attempt < 4 {
		d = time.Second << (2 * (attempt - 1))
	}
	return d/2 + rand.N(d/2+1)
}

const (
	// defaultSteps and defaultDepth are the limits of automations that set none.
	defaultSteps = 10000
	defaultDepth = 8
	// keepFired is how long marks are kept; nothing fires again for a moment that is longer ago.
	keepFired = 400 * 24 * time.Hour
	sweep     = 500
)

// Run follows what other processes do about automations, and forgets old marks, until ctx ends.
func (e *Engine) Run(ctx context.Context) error {
	woken, err := e.Store.Watch(ctx, pauseCollection)
	if err != nil && ctx.Err() == nil {
		return err
	}
	tick := time.NewTicker(10 * time.Minute)
	defer tick.Stop()
	for {
		if err := e.loadPauses(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		if err := e.EnsureTimers(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		if err := e.forget(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case _, open := <-woken:
			if !open {
				woken = nil
			}
		case <-tick.C:
		}
	}
}

// forget removes marks that are too old to matter, a bounded number at a time.
func (e *Engine) forget(ctx context.Context) error {
	old := query.Where{Leaf: &query.Leaf{Column: "at", Test: query.Range, Max: e.Now().Add(-keepFired).UnixMilli()}}
	return e.Store.Update(ctx, func(tx store.Tx) error {
		docs, err := store.All(ctx, tx, firedCollection, query.Find{Where: old, Sort: []query.Order{{Column: "at"}}, Limit: sweep})
		for _, d := range docs {
			if err := tx.Delete(ctx, firedCollection, d.ID, 0); err != nil {
				return err
			}
		}
		return err
	})
}

// caller is who the writes of a run come from.
func (e *Engine) caller(snap *catalog.Snapshot, a *catalog.Automation, cause *record.Cause) record.Caller {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fresh(snap)
	subject, ok := e.rights[a]
	if !ok {
		subject = subjectOf(snap, a)
		e.rights[a] = subject
	}
	return record.Caller{User: Actor, Subject: subject, Via: Via, Cause: cause}
}

// fresh forgets what was made for another snapshot. Under the lock.
func (e *Engine) fresh(snap *catalog.Snapshot) {
	if e.of != snap {
		e.of, e.pinned, e.rights = snap, map[string]*catalog.Automation{}, map[*catalog.Automation]access.Subject{}
		e.brief = map[*catalog.Automation]bool{}
	}
}

// subjectOf gives an automation rights in the forms that it names: everything but set-stage, in all rows and fields. It may
// make every transition, and see what its records point to.
func subjectOf(snap *catalog.Snapshot, a *catalog.Automation) access.Subject {
	own := &definition.Role{Head: definition.Head{Key: "automation"}}
	s := access.Subject{User: Actor, Roles: []access.Role{{App: a.App, Def: own}}}
	for name := range snap.Forms {
		own.Forms = append(own.Forms, definition.FormRight{Form: name, Actions: []definition.Action{definition.Read}})
	}
	for _, name := range a.Forms {
		own.Forms = append(own.Forms, definition.FormRight{Form: name,
			Actions: []definition.Action{definition.Create, definition.Update, definition.Delete, definition.Transition}})
		f := snap.Forms[name]
		if f == nil || snap.Apps[f.App] == nil {
			continue
		}
		for _, r := range snap.Apps[f.App].Roles { // the name alone: what transitions ask for
			s.Roles = append(s.Roles, access.Role{App: f.App, Def: &definition.Role{Head: definition.Head{Key: r.Key}}})
		}
	}
	return s
}
