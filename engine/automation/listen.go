package automation

import (
	"context"
	"fmt"
	"slices"

	"formwork/engine/catalog"
	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/engine/store"
)

// Listen implements record.Listener.
func (e *Engine) Listen() record.Listening { return &listening{Engine: e} }

// listening is one transaction of records.
type listening struct {
	*Engine
	raised []raised // runs that it sets off, in order
	batch  *outbox.Batch
	born   map[string]map[string]any // the records of runs that start as soon as it has committed, by run
	told   []told                    // what runs wrote within it
	wake   bool
}

// raised is a run that is to be.
type raised struct {
	a     *catalog.Automation
	cause Cause
	after map[string]any
	first bool // of the runs of a record that was made just now
}

type told struct {
	form string
	ids  []string
}

func (l *listening) Reset() {
	if l.batch != nil {
		l.batch.Reset()
	}
	l.raised, l.born, l.told, l.wake = nil, nil, nil, false
}

// Raise notes the runs that a write sets off.
func (l *listening) Raise(ctx context.Context, tx store.Tx, ev record.Event) error {
	for _, a := range ev.Form.Automations {
		c, after, ok, err := l.sets(ctx, tx, a, &ev)
		if err != nil {
			return err
		}
		if ok {
			l.raised = append(l.raised, raised{a, c, after, ev.Verb == record.Create && !l.has(c.Record)})
		}
	}
	return nil
}

// has says whether a run of a record was noted.
func (l *listening) has(record string) bool {
	return slices.ContainsFunc(l.raised, func(r raised) bool { return r.cause.Record == record })
}

// maxPrompt is how many runs are done within the transaction that sets them off.
const maxPrompt = 4

// Conclude stores the runs that were noted: done already, where that may be, else for the workers.
func (l *listening) Conclude(ctx context.Context, tx store.Tx, prompt bool, unsettled func(form, id string) bool) (wrote bool, err error) {
	if len(l.raised) == 0 {
		return false, nil
	}
	if l.batch == nil {
		l.batch = l.Outbox.Batch()
	}
	prompt = prompt && len(l.raised) <= maxPrompt
	quick, cancel := context.WithTimeout(ctx, l.Patience)
	defer cancel()
	for i := 0; i < len(l.raised); i++ { // what is done here may set off more
		r := &l.raised[i]
		if wrote || unsettled(r.cause.Form, r.cause.Record) {
			r.after = nil
		}
		if prompt && i < maxPrompt && l.isBrief(r.a) && r.cause.Failed == "" && r.cause.Depth < orElse(r.a.Def.Limits.Depth, defaultDepth) {
			done, err := l.perform(quick, tx, r)
			if err != nil {
				return false, fmt.Errorf("%w: %v", record.ErrLater, err) // what went wrong is not the write's business
			}
			if done {
				wrote = true
				continue
			}
		}
		id, err := l.batch.Enqueue(ctx, tx, runJob(r.a, r.cause))
		if err != nil {
			return false, err
		}
		if r.after != nil && l.batch.Starts(id) {
			if l.born == nil {
				l.born = map[string]map[string]any{}
			}
			l.born[id] = r.after
		}
	}
	return wrote, nil
}

// perform does a run within the transaction; see outbox.Batch.Prompt.
func (l *listening) perform(ctx context.Context, tx store.Tx, r *raised) (done bool, err error) {
	job := runJob(r.a, r.cause)
	job.First = r.first
	return l.batch.Prompt(ctx, tx, job, func(ctx context.Context, job *outbox.Run) error {
		x := l.execution(ctx, l.Catalog.Snapshot(), r.a, r.cause, job.Job().ID)
		x.job, x.known, x.within = job, r.after, true
		x.Records = l.Records.Inside(tx, inner{l}, func(form string, ids []string) { l.told = append(l.told, told{form, ids}) }, func() { l.wake = true })
		x.Store = x.Records.Store
		return x.all()
	})
}

func (l *listening) Committed() (started []<-chan struct{}) {
	if l.batch == nil {
		return nil
	}
	for id, values := range l.born {
		l.written.Store(id, values)
	}
	started = l.batch.Committed()
	for _, t := range l.told {
		l.Records.Changed(t.form, t.ids)
	}
	if l.wake {
		l.Outbox.Wake()
	}
	return started
}

// inner listens to the writes of a run that is done within a transaction: what they set off is concluded with that.
type inner struct{ *listening }

func (i inner) Listen() record.Listening { return i }

func (inner) Reset() {}

func (inner) Conclude(context.Context, store.Tx, bool, func(string, string) bool) (bool, error) {
	return false, nil
}

func (inner) Committed() []<-chan struct{} { return nil }
