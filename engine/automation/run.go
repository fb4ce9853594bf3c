package automation

import (
	"context"
	"errors"
	"strings"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/outbox"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// run is one attempt at a run: the outbox's handler.
func (e *Engine) run(ctx context.Context, job *outbox.Run) error {
	payload := job.Job().Payload
	name, _ := payload["automation"].(string)
	a, snap, err := e.definitionOf(ctx, payload)
	if err != nil {
		return err
	}
	c := causeOf(payload)
	begun := len(job.Job().Progress) > 0
	if !begun {
		if at, wait := e.throttle(a); wait {
			job.Again(at)
			return nil
		}
	}
	if limit := orElse(a.Def.Limits.Depth, defaultDepth); c.Depth >= limit {
		return problem.Fail(problem.Invalid, "recursion", "", problem.P{"automation": name, "max": limit})
	}
	if c.Failed != "" {
		return problem.Fail(problem.Invalid, "condition-failed", "/when", problem.P{"error": c.Failed})
	}
	x := e.execution(ctx, snap, a, c, job.Job().ID)
	x.job = job
	x.restore(job.Job().Progress)
	job.Guard(func(stored map[string]any) error {
		if seq, _ := stored["seq"].(float64); int(seq) != x.seq {
			return errMoved
		}
		return nil
	})
	return x.all()
}

// definitionOf is the automation as it was when the run was set off, compiled against the forms of today.
func (e *Engine) definitionOf(ctx context.Context, payload map[string]any) (*catalog.Automation, *catalog.Snapshot, error) {
	name, _ := payload["automation"].(string)
	hash, _ := payload["hash"].(string)
	version, _ := payload["version"].(float64)
	snap := e.Catalog.Snapshot()
	if a := snap.Automations[name]; a != nil && a.Hash == hash {
		return a, snap, nil
	}
	key := name + "@" + hash
	e.mu.Lock()
	e.fresh(snap)
	a := e.pinned[key]
	e.mu.Unlock()
	if a != nil {
		return a, snap, nil
	}
	app, own, _ := strings.Cut(name, ".")
	sources, err := e.Catalog.VersionSources(ctx, app, int64(version))
	if err != nil {
		return nil, nil, err
	}
	source := sources[string(definition.KindAutomation)+"/"+own]
	if source == "" || catalog.HashOf(source) != hash {
		return nil, nil, notFound(name)
	}
	a, ps := catalog.CompileAutomation(snap, app, int64(version), source)
	if ps.Blocks() {
		list := problem.List{problem.New("definition-changed", "", problem.P{"automation": name, "version": int64(version)})}
		return nil, nil, &problem.Failure{Kind: problem.Invalid, Problems: append(list, ps...)}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.of == snap {
		e.pinned[key] = a
	}
	return a, snap, nil
}

// minute is how many runs of an automation began in this process in a minute.
type minute struct {
	of int64
	n  int
}

// throttle counts a start, or says when there may be another. Each process counts its own.
func (e *Engine) throttle(a *catalog.Automation) (again time.Time, wait bool) {
	limit := a.Def.Limits.PerMinute
	if limit == 0 {
		return time.Time{}, false
	}
	now := e.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	m := e.started[a.Name]
	if of := now.Unix() / 60; m == nil || m.of != of {
		m = &minute{of: of}
		e.started[a.Name] = m
	}
	if m.n >= limit {
		return time.Unix((m.of+1)*60, 0), true
	}
	m.n++
	return time.Time{}, false
}

func orElse(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// again is returned by a step that must begin anew, because what it read has changed.
var again = errors.New("what the step read has changed")

// errMoved: a step of this attempt has been committed although the store could not say so. The run goes on from what is
// stored.
var errMoved = errors.New("the run is further than this attempt knows")

// repeats says whether a step may simply be tried again at once.
func repeats(err error) bool {
	kind := problem.KindOf(err)
	return errors.Is(err, again) || kind == problem.Stale
}
