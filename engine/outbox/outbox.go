package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"formwork/engine/store"
	"formwork/schemas/problem"
)

// Options of an outbox. NewID is required; the zero value of every other field is its default.
type Options struct {
	Now   func() time.Time // default time.Now
	NewID func() string    // unique, ordered by time
	Log   *slog.Logger     // default: silence
	// Workers is how many handlers Run has at work at a time, see also Policy. Default 2.
	Workers int
	// Lease is how long a job stays with a process that no longer renews it. Default 30 s.
	Lease time.Duration
	// Grace is how long Run lets handlers finish when its ctx has ended, before theirs ends too. Default 10 s.
	Grace time.Duration
	// Backoff is how long to wait after the failure of an attempt, counted from 1. Default: 1 s, four times as long
	// each time, at most an hour, with jitter.
	Backoff func(attempt int) time.Duration
	// MaxAttempts is how often a job is begun without getting to a checkpoint before it is a dead letter. Default 8.
	MaxAttempts int
	// Owner names this process in leases, for whoever reads the collection. Default: an id.
	Owner string
	// Exclusive says that no other process uses the store. Leases that Open finds are then of a process that is gone,
	// and their jobs are free at once.
	Exclusive bool
}

// Outbox keeps jobs and runs them. Safe for concurrent use.
type Outbox struct {
	Options
	store store.Store
	wake  chan struct{}
	// taking is held from looking for jobs until they are among those at work.
	taking sync.Mutex

	mu       sync.Mutex
	handlers map[string]Handler
	policies map[string]Policy
	held     map[string]*Run   // at work in this process, by job
	promised int               // jobs that transactions under way will start here
	start    func(*entry) *Run // while Run is at work
	lanes    map[string]bool   // those that were seen
	backlog  bool              // more is due than there are free workers
}

// Policy is how jobs of a kind are treated; zero members are the defaults of Options.
type Policy struct {
	Attempts int
	Backoff  func(attempt int) time.Duration
	// AtOnce is how many of the kind run here at a time; 0: as many as there are workers.
	AtOnce int
}

// Handler does a job. Its error is tried again later, unless it is a *problem.Failure of kind Invalid, Forbidden or
// NotFound: then the job has failed for good. ctx ends when the job is cancelled, its lease is lost, or the process
// stops; a handler returns soon after, with any error, and is run again except when it was cancelled. A handler may be
// run again after a crash although it had finished, so effects belong into transactions with Run.Checkpoint.
type Handler func(ctx context.Context, run *Run) error

// Open prepares the collection and, if Exclusive, frees the jobs of a process that is gone.
func Open(ctx context.Context, st store.Store, o Options) (*Outbox, error) {
	if o.NewID == nil {
		return nil, errors.New("outbox: Options.NewID is missing")
	}
	o = o.withDefaults()
	if err := st.Ensure(ctx, declaration()); err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	box := &Outbox{Options: o, store: st, wake: make(chan struct{}, 1), handlers: map[string]Handler{}, policies: map[string]Policy{}, held: map[string]*Run{}, lanes: map[string]bool{}}
	if o.Exclusive {
		if err := box.freeAll(ctx); err != nil {
			return nil, fmt.Errorf("outbox: free leases: %w", err)
		}
	}
	return box, nil
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Workers <= 0 {
		o.Workers = 2
	}
	if o.Lease <= 0 {
		o.Lease = 30 * time.Second
	}
	if o.Grace <= 0 {
		o.Grace = 10 * time.Second
	}
	if o.Backoff == nil {
		o.Backoff = backoff
	}
	if o.MaxAttempts <= 0 {
		o.MaxAttempts = 8
	}
	if o.Owner == "" {
		o.Owner = o.NewID()
	}
	return o
}

// backoff is the default: with jitter, so that what failed together does not come back together.
func backoff(attempt int) time.Duration {
	longest := time.Hour
	if attempt < 7 {
		longest = min(longest, time.Second<<(2*max(0, attempt-1)))
	}
	return longest/2 + rand.N(longest/2+1)
}

// Handle says who does jobs of a kind. To be called before Run; a process leaves jobs of other kinds to others. Two
// handlers for one kind are a mistake of the programmer and panic.
func (o *Outbox) Handle(kind string, h Handler) { o.HandleBy(kind, Policy{}, h) }

// HandleBy is Handle with a policy.
func (o *Outbox) HandleBy(kind string, p Policy, h Handler) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.handlers[kind] != nil {
		panic("outbox: two handlers for " + kind)
	}
	if p.Attempts <= 0 {
		p.Attempts = o.MaxAttempts
	}
	if p.Backoff == nil {
		p.Backoff = o.Backoff
	}
	if p.AtOnce <= 0 {
		p.AtOnce = o.Workers
	}
	o.handlers[kind], o.policies[kind] = h, p
}

// policy of a kind, of one without handler too.
func (o *Outbox) policy(kind string) Policy {
	o.mu.Lock()
	defer o.mu.Unlock()
	if p, ok := o.policies[kind]; ok {
		return p
	}
	return Policy{Attempts: o.MaxAttempts, Backoff: o.Backoff, AtOnce: o.Workers}
}

// Get finds a job. *problem.Failure of kind NotFound.
func (o *Outbox) Get(ctx context.Context, id string) (Job, error) {
	var e *entry
	err := o.store.View(ctx, func(r store.Reader) (err error) {
		e, err = load(ctx, r, id)
		return err
	})
	if err != nil {
		return Job{}, err
	}
	return e.Job, nil
}

func load(ctx context.Context, r store.Reader, id string) (*entry, error) {
	d, err := r.Get(ctx, collection, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &problem.Failure{Kind: problem.NotFound, Cause: err,
			Problems: problem.List{problem.New("not-found", "", problem.P{"job": id})}}
	}
	if err != nil {
		return nil, err
	}
	return read(d), nil
}

// now is the injected clock at the precision of the store.
func (o *Outbox) now() time.Time { return o.Now().UTC().Truncate(time.Millisecond) }
