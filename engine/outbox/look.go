package outbox

import (
	"context"
	"slices"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
)

const (
	// page is how many jobs are looked at in one question; pages how many pages are gone through for more lanes.
	page  = 50
	pages = 20
	// maxLanes bounds how many lanes are remembered.
	maxLanes = 1000
)

// look finds up to n jobs whose turn has come and says how long to wait before there may be more. It passes by jobs that
// this process has no handler for, those it holds - a clock that jumped makes its own leases look spent - and kinds of
// which enough are at work. Where more are due than it takes, it takes them in turns from their lanes: from that of which
// the fewest are at work here, the longest waiting first.
func (o *Outbox) look(ctx context.Context, n int) (ids []string, wait time.Duration, err error) {
	var due []*entry
	wait, more := poll, false
	err = o.store.View(ctx, func(r store.Reader) error {
		due, wait, more, err = o.due(ctx, r, n)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	chosen := o.choose(due, n)
	o.mu.Lock()
	o.backlog = more || len(chosen) < len(due)
	o.mu.Unlock()
	for _, e := range chosen {
		ids = append(ids, e.ID)
	}
	switch {
	case len(ids) == n:
		wait = 0
	case wait == 0: // what is due waits for one of its kind to finish, which wakes
		wait = poll
	}
	return ids, wait, nil
}

// due are jobs that could be started, in the order of their turns, at least n if there are. Where the first pages hold
// one lane only, the heads of the others are asked for.
func (o *Outbox) due(ctx context.Context, r store.Reader, n int) (out []*entry, wait time.Duration, more bool, err error) {
	now := o.now()
	sort := []query.Order{{Column: "turn"}}
	find := query.Find{Where: until(now.Add(poll)), Sort: sort, Limit: page}
	lanes := map[string]bool{}
	for i := range pages {
		docs, err := store.All(ctx, r, collection, find)
		if err != nil {
			return nil, 0, false, err
		}
		for _, d := range docs {
			e := read(d)
			if e.turn.After(now) {
				return out, e.turn.Sub(now), false, nil
			}
			if o.can(e) {
				out = append(out, e)
				lanes[e.lane()] = true
			}
		}
		if len(docs) < page {
			return out, poll, false, nil
		}
		if len(out) >= n && (len(lanes) > 1 || i > 0) {
			break
		}
		at := docs[page-1].Document().At(sort, turnColumn)
		find.After = &at
	}
	for _, lane := range o.known(lanes) {
		docs, err := store.All(ctx, r, collection, query.Find{Where: query.And(query.Is("lane", lane), until(now)), Sort: sort, Limit: n})
		if err != nil {
			return nil, 0, false, err
		}
		for _, d := range docs {
			if e := read(d); o.can(e) && !e.turn.IsZero() {
				out = append(out, e)
			}
		}
	}
	return out, 0, true, nil
}

var turnColumn = query.Columns{"turn": {Key: "turn", Path: []string{"turn"}, Kind: query.Instant}}

func until(t time.Time) query.Where {
	return query.Where{Leaf: &query.Leaf{Column: "turn", Test: query.Range, Max: t.UnixMilli()}}
}

// known remembers lanes, and gives those beside them that were seen before.
func (o *Outbox) known(lanes map[string]bool) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	for l := range lanes {
		if len(o.lanes) < maxLanes {
			o.lanes[l] = true
		}
	}
	var out []string
	for l := range o.lanes {
		if !lanes[l] {
			out = append(out, l)
		}
	}
	slices.Sort(out)
	return out
}

// choose takes n of what is due, in turns from their lanes.
func (o *Outbox) choose(due []*entry, n int) []*entry {
	o.mu.Lock()
	defer o.mu.Unlock()
	busy, kinds := map[string]int{}, map[string]int{}
	for _, r := range o.held {
		busy[(&entry{Job: r.job}).lane()]++
		kinds[r.job.Kind]++
	}
	var out []*entry
	for len(out) < n {
		best := -1
		for i, e := range due {
			if e == nil || kinds[e.Kind] >= o.policies[e.Kind].AtOnce {
				continue
			}
			if best < 0 || busy[e.lane()] < busy[due[best].lane()] || busy[e.lane()] == busy[due[best].lane()] && e.turn.Before(due[best].turn) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		e := due[best]
		out, due[best] = append(out, e), nil
		busy[e.lane()]++
		kinds[e.Kind]++
	}
	return out
}

// can says whether this process could take a job.
func (o *Outbox) can(e *entry) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.lanes) < maxLanes {
		o.lanes[e.lane()] = true
	}
	return o.handlers[e.Kind] != nil && o.held[e.ID] == nil
}
