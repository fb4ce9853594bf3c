package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"formwork/engine/access"
	"formwork/engine/automation"
	"formwork/engine/catalog"
	"formwork/engine/file"
	"formwork/engine/install"
	"formwork/engine/notify"
	"formwork/engine/org"
	"formwork/engine/outbox"
	"formwork/engine/personal"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/transfer"
	"formwork/schemas/problem"
)

// Options of an engine. The zero value of every field but Templates is its default.
type Options struct {
	Now   func() time.Time
	NewID func() string
	Log   *slog.Logger
	// Templates are the bundled templates, a folder each.
	Templates fs.FS
	// Blobs keeps the bytes of files; the default is the store.
	Blobs file.Blobs
	// Exclusive says that no other process uses the store.
	Exclusive bool
	// Patience is how long the answer to a write waits at most for what automations do about it: 50 ms by default.
	Patience time.Duration
	// Changed and Published are told of committed writes and of new definitions: hints that must not block.
	Changed   func(form string, ids []string)
	Published func(number int64)
	// Say turns a problem into a sentence in a language, for what leaves the product as a file.
	Say func(locale string, p problem.Problem) string
}

// Engine is everything below the server, put together.
type Engine struct {
	Store      store.Store
	Catalog    *catalog.Catalog
	Org        *org.Org
	Workspace  *org.Workspace
	Records    *record.Records
	Outbox     *outbox.Outbox
	Files      *file.Files
	Installer  *install.Installer
	Transfer   *transfer.Transfer
	Automation *automation.Engine
	Inbox      *notify.Inbox
	Personal   *personal.Personal
	Now        func() time.Time
	NewID      func() string
	Log        *slog.Logger

	callers callersCache
}

// workers is how many jobs run at a time: runs of automations are short and mostly wait for the disk, which writes them
// together.
const workers = 16

// Open prepares all collections, loads what is published, and registers the handlers of jobs. Nothing runs in the
// background until Run.
func Open(ctx context.Context, st store.Store, o Options) (*Engine, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = NewIDs(o.Now)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Patience <= 0 {
		o.Patience = 50 * time.Millisecond
	}
	if o.Blobs == nil {
		o.Blobs = file.Chunked(st)
	}
	e := &Engine{Store: st, Now: o.Now, NewID: o.NewID, Log: o.Log}
	var err error
	if e.Workspace, err = org.OpenWorkspace(ctx, st, o.Now); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if e.Org, err = org.Open(ctx, st, o.NewID); err != nil {
		return nil, fmt.Errorf("organisation: %w", err)
	}
	if e.Catalog, err = catalog.Open(ctx, st, catalog.Options{Now: o.Now}); err != nil {
		return nil, fmt.Errorf("catalog: %w", err)
	}
	e.Catalog.OnChange(func(s *catalog.Snapshot) {
		if e.Automation != nil {
			if err := e.Automation.EnsureTimers(context.WithoutCancel(ctx)); err != nil {
				o.Log.Error("cannot start timers", "error", err)
			}
		}
		if o.Published != nil {
			o.Published(s.Number)
		}
	})
	if e.Outbox, err = outbox.Open(ctx, st, outbox.Options{Now: o.Now, NewID: o.NewID, Log: o.Log, Exclusive: o.Exclusive, Workers: workers}); err != nil {
		return nil, err
	}
	if e.Files, err = file.Open(ctx, file.Options{Store: st, Blobs: o.Blobs, Now: o.Now, NewID: secretID}); err != nil {
		return nil, err
	}
	e.Inbox, err = notify.Open(ctx, notify.Options{Store: st, Now: o.Now, NewID: o.NewID, Known: func(user string) bool {
		u := e.Org.Directory().Users[user]
		return u != nil && u.Active
	}})
	if err != nil {
		return nil, fmt.Errorf("inbox: %w", err)
	}
	e.Automation, err = automation.Open(ctx, automation.Options{
		Store: st, Catalog: e.Catalog, Outbox: e.Outbox, Notify: e.Inbox, People: e.Org.Directory, Now: o.Now, NewID: o.NewID,
		Zone: e.Workspace.Zone, Locale: func() string { return e.Workspace.Settings().Locale }, Log: o.Log, Patience: o.Patience,
	})
	if err != nil {
		return nil, fmt.Errorf("automations: %w", err)
	}
	e.Records, err = record.Open(ctx, record.Options{
		Store: st, Catalog: e.Catalog, Jobs: e.Outbox, Files: e.Files, Now: o.Now, NewID: o.NewID, Zone: e.Workspace.Zone, Changed: o.Changed, Listener: e.Automation,
		People: func() record.People { return e.Org.Directory() }, Mentioned: e.mentioned, Patience: o.Patience,
		Rights: func(user string) access.Subject { return e.Caller(user, "").Subject },
	})
	if err != nil {
		return nil, fmt.Errorf("records: %w", err)
	}
	e.Automation.Records = e.Records
	e.Personal, err = personal.Open(ctx, personal.Options{Store: st, Records: e.Records, Now: o.Now, NewID: o.NewID})
	if err != nil {
		return nil, fmt.Errorf("personal: %w", err)
	}
	e.Installer, err = install.Open(ctx, install.Options{
		Store: st, Catalog: e.Catalog, Records: e.Records, Org: e.Org, FS: o.Templates, Now: o.Now, Zone: e.Workspace.Zone,
	})
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	e.Transfer, err = transfer.Open(ctx, transfer.Options{
		Store: st, Records: e.Records, Org: e.Org, Outbox: e.Outbox, Files: transfer.Stored(e.Files), Caller: e.Caller,
		Workspace: func() string { return e.Workspace.Settings().Name }, Say: o.Say,
	})
	if err != nil {
		return nil, fmt.Errorf("transfer: %w", err)
	}
	e.Outbox.HandleBy(record.JobLookups, outbox.Policy{AtOnce: 2}, e.recordJob(e.Records.RunLookups))
	e.Outbox.HandleBy(record.JobConvert, outbox.Policy{AtOnce: 2}, e.recordJob(e.Records.RunConvert))
	if err := e.Automation.EnsureTimers(ctx); err != nil {
		return nil, fmt.Errorf("timers: %w", err)
	}
	return e, nil
}

// recordJob lets records do a job of the outbox.
func (e *Engine) recordJob(do func(ctx context.Context, payload, progress map[string]any, run record.Progress) error) outbox.Handler {
	return func(ctx context.Context, run *outbox.Run) error {
		j := run.Job()
		return do(ctx, j.Payload, j.Progress, run)
	}
}

// forgetEvery is how often what is kept for a time is looked through.
const forgetEvery = time.Hour

// keepLoose is how long an uploaded file waits for a record to use it.
const keepLoose = 24 * time.Hour

// Run works in the background until ctx ends: jobs, what other processes changed, what has run out. It returns when
// running jobs have come to a stop.
func (e *Engine) Run(ctx context.Context) error {
	var wait sync.WaitGroup
	follow := func(what string, watch func(context.Context) error) {
		wait.Go(func() {
			for ctx.Err() == nil {
				err := watch(ctx)
				if ctx.Err() != nil || err == nil {
					return
				}
				e.Log.Error("cannot follow changes", "of", what, "error", err)
				pause(ctx, 5*time.Second)
			}
		})
	}
	follow("definitions", e.Catalog.Watch)
	follow("people", e.Org.Watch)
	follow("settings", e.Workspace.Watch)
	follow("automations", e.Automation.Run)
	wait.Go(func() {
		for ctx.Err() == nil {
			if err := e.Records.Forget(ctx); err != nil && ctx.Err() == nil {
				e.Log.Error("cannot forget idempotency keys", "error", err)
			}
			if _, err := e.Files.Sweep(ctx, e.Now().Add(-keepLoose)); err != nil && ctx.Err() == nil {
				e.Log.Error("cannot remove files that nobody uses", "error", err)
			}
			if err := e.Inbox.Sweep(ctx); err != nil && ctx.Err() == nil {
				e.Log.Error("cannot remove old notifications", "error", err)
			}
			pause(ctx, forgetEvery)
		}
	})
	err := e.Outbox.Run(ctx)
	wait.Wait()
	if errors.Is(err, store.ErrClosed) {
		return nil
	}
	return err
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
