package outbox

import (
	"context"
	"slices"

	"formwork/engine/store"
)

// Batch is the jobs that one transaction adds. Where this process has a worker free, a job is claimed in the transaction
// that adds it and is started the moment that has committed: nobody needs to look for it. A transaction that runs again
// begins with Reset; in the end it is Committed or Reset. Not safe for concurrent use.
type Batch struct {
	box   *Outbox
	born  []*entry // claimed for this process
	other bool     // some are for whoever comes
}

// Batch begins one.
func (o *Outbox) Batch() *Batch { return &Batch{box: o} }

// Enqueue is Outbox.Enqueue.
func (b *Batch) Enqueue(ctx context.Context, tx store.Tx, j Job) (id string, err error) {
	o := b.box
	if j.Key != "" || !j.Due.IsZero() && j.Due.After(o.now()) {
		b.other = true
		return o.Enqueue(ctx, tx, j)
	}
	e, err := o.entry(j)
	if err != nil {
		return "", err
	}
	if j.Queue != "" {
		last, err := endOf(ctx, tx, e.Queue, true)
		if err != nil {
			return "", err
		}
		if last != nil { // whose end gives it its turn, and wakes
			return e.ID, behind(ctx, tx, e, last)
		}
	}
	if !o.promise(e.Kind) {
		b.other = true
		return e.ID, insert(ctx, tx, e, e.Due)
	}
	b.born = append(b.born, e)
	e.State, e.owner, e.token = Running, o.Owner, o.NewID()
	e.Attempts++
	if err := insert(ctx, tx, e, e.UpdatedAt.Add(o.Lease)); err != nil {
		return "", err
	}
	e.version = 1
	return e.ID, nil
}

// Starts says whether a job of the batch is started by it.
func (b *Batch) Starts(id string) bool {
	return slices.ContainsFunc(b.born, func(e *entry) bool { return e.ID == id })
}

// Reset takes back what was promised: the transaction did not commit.
func (b *Batch) Reset() {
	b.box.mu.Lock()
	b.box.promised -= len(b.born)
	b.box.mu.Unlock()
	b.born, b.other = nil, false
}

// Committed starts the jobs that were claimed and wakes whoever is to look for the others. It gives a channel for each
// that it starts, closed when the attempt is over.
func (b *Batch) Committed() (started []<-chan struct{}) {
	b.box.mu.Lock()
	b.box.promised -= len(b.born)
	start := b.box.start
	b.box.mu.Unlock()
	for _, e := range b.born {
		if start != nil { // else Run has ended meanwhile, and the lease runs out
			started = append(started, start(e).done)
		}
	}
	if b.other {
		b.box.Wake()
	}
	b.born, b.other = nil, false
	return started
}

// promise keeps a worker free for a job of a kind. Not while others wait for one: they were there before.
func (o *Outbox) promise(kind string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.start == nil || o.backlog || o.handlers[kind] == nil || len(o.held)+o.promised >= o.Workers {
		return false
	}
	if o.atOnce(kind)+o.promised >= o.policies[kind].AtOnce {
		return false
	}
	o.promised++
	return true
}

// atOnce is how many of a kind are at work here. Under the lock.
func (o *Outbox) atOnce(kind string) int {
	n := 0
	for _, r := range o.held {
		if r.job.Kind == kind {
			n++
		}
	}
	return n
}
