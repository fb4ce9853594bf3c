package automation

import (
	"context"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Pause says who stopped an automation from starting runs, or let it go on, and when.
type Pause struct {
	Paused bool   `json:"paused"`
	By     string `json:"by,omitempty"`
	At     string `json:"at,omitempty"`
}

// loadPauses reads what was paused, by this process or another.
func (e *Engine) loadPauses(ctx context.Context) error {
	paused := map[string]Pause{}
	err := e.Store.View(ctx, func(r store.Reader) error {
		clear(paused)
		for d, err := range r.Find(ctx, pauseCollection, query.Find{Sort: []query.Order{{Column: "at"}}}) {
			if err != nil {
				return err
			}
			t := d.Tree()
			s := func(k string) string { v, _ := t[k].(string); return v }
			on, _ := t["paused"].(bool)
			paused[s("automation")] = Pause{Paused: on, By: s("by"), At: s("at")}
		}
		return nil
	})
	if err != nil {
		return err
	}
	e.mu.Lock()
	e.paused = paused
	e.mu.Unlock()
	return nil
}

// Paused says whether an automation starts no runs at present.
func (e *Engine) Paused(name string) Pause {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.paused[name]
}

// SetPaused stops an automation from starting runs, or lets it start them again. What happens meanwhile is not made up for;
// runs that are under way go on.
func (e *Engine) SetPaused(ctx context.Context, name string, paused bool, by string) (Pause, error) {
	if e.Catalog.Snapshot().Automations[name] == nil {
		return Pause{}, notFound(name)
	}
	p := Pause{Paused: paused, By: by, At: value.FormatInstant(e.Now().UnixMilli())}
	if now := e.Paused(name); now.Paused == paused {
		return now, nil
	}
	err := e.Store.Update(ctx, func(tx store.Tx) error {
		return tx.Insert(ctx, pauseCollection, store.New(e.NewID(), map[string]any{"automation": name, "paused": paused, "by": by, "at": p.At}))
	})
	if err != nil {
		return Pause{}, err
	}
	return p, e.loadPauses(ctx)
}

func notFound(automation string) error {
	return problem.Fail(problem.NotFound, "not-found", "", problem.P{"automation": automation})
}
