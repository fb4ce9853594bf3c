package live

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"formwork/engine/notify"
	"formwork/engine/outbox"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const (
	// together is how long events of one kind are gathered.
	together = 300 * time.Millisecond
	// recent is how many of a user's jobs are looked at.
	recent = 20
)

// jobState is what a job event says; the rest is asked for.
type jobState struct {
	ID        string         `json:"id"`
	Kind      string         `json:"kind"`
	State     outbox.State   `json:"state"`
	UpdatedAt string         `json:"updatedAt"`
	Progress  map[string]any `json:"progress,omitempty"`
	Problems  problem.List   `json:"problems,omitempty"`
}

// FollowJobs tells users with a stream how far their jobs are, until ctx ends.
func (h *Hub) FollowJobs(ctx context.Context, box *outbox.Outbox, st store.Store, log *slog.Logger) {
	seen := map[string]time.Time{}
	h.follow(ctx, st, "outbox", log, func() {
		for _, user := range h.users() {
			jobs, err := box.List(ctx, outbox.Filter{By: user, Limit: recent})
			if err != nil {
				return // the next hint asks again
			}
			for _, j := range jobs {
				if !j.UpdatedAt.After(seen[j.ID]) {
					continue
				}
				if len(seen) > 10_000 {
					clear(seen)
				}
				seen[j.ID] = j.UpdatedAt
				h.Job(user, jobState{ID: j.ID, Kind: j.Kind, State: j.State, UpdatedAt: value.FormatInstant(j.UpdatedAt.UnixMilli()),
					Progress: j.Progress, Problems: j.Problems})
			}
		}
	})
}

// overlap is how far back is looked for what was told: transactions do not commit in the order of their clocks.
const overlap = 10 * time.Second

// FollowInbox tells users with a stream of new notifications, by whatever process, until ctx ends.
func (h *Hub) FollowInbox(ctx context.Context, box *notify.Inbox, st store.Store, log *slog.Logger) {
	seen, since := map[string]bool{}, box.Now()
	h.follow(ctx, st, notify.Collection, log, func() {
		list, err := box.Since(ctx, since.Add(-overlap))
		if err != nil {
			return // the next hint asks again
		}
		connected := h.users()
		told := map[string]string{}
		for _, n := range list {
			if n.At.After(since) {
				since = n.At
			}
			if !seen[n.ID] && slices.Contains(connected, n.User) && told[n.User] == "" {
				told[n.User] = n.ID // the newest; the browser asks for the others
			}
		}
		clear(seen)
		for _, n := range list {
			seen[n.ID] = true
		}
		for user, id := range told {
			if n, err := box.Unread(ctx, user); err == nil {
				h.Notified(user, id, n)
			}
		}
	})
}

// FollowOthers tells every stream that another process may have written, until ctx ends.
func (h *Hub) FollowOthers(ctx context.Context, st store.Store, log *slog.Logger) {
	h.follow(ctx, st, "changes", log, h.Stale)
}

// follow calls fn some time after the collection may have changed.
func (h *Hub) follow(ctx context.Context, st store.Store, collection string, log *slog.Logger, fn func()) {
	woken, err := st.Watch(ctx, collection)
	if err != nil {
		if ctx.Err() == nil {
			log.Error("no live events", "of", collection, "error", err)
		}
		return
	}
	wait := time.NewTimer(together)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-woken:
		}
		if h.Streams() == 0 {
			h.forget()
			continue
		}
		wait.Reset(together)
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		}
		fn()
	}
}

// users are those who have a stream.
func (h *Hub) users() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := map[string]bool{}
	var out []string
	for s := range h.streams {
		if !seen[s.who.User] {
			seen[s.who.User] = true
			out = append(out, s.who.User)
		}
	}
	return out
}
