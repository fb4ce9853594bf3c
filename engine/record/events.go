package record

import (
	"context"
	"errors"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/store"
)

// Event is one write of a record, told within the transaction that makes it.
type Event struct {
	Form *catalog.Form
	// Before is nil for a new record. After is the record as it is written; in the recycle bin after a delete.
	Before, After *store.Doc
	// Verb is Recompute where only what is computed from other records changed.
	Verb   Verb
	Caller Caller
	Now    time.Time
}

// Listener wants to know of writes. Implemented by automation.Engine.
type Listener interface {
	// Listen begins a transaction.
	Listen() Listening
}

// ErrLater is what Conclude returns when what it tried at once cannot be done so: the transaction runs again without.
var ErrLater = errors.New("what follows from the write is left for later")

// Listening is what a listener does about one transaction. A transaction may run more than once: each run begins with
// Reset, and in the end it is Committed or Reset.
type Listening interface {
	Reset()
	// Raise is told of a write. What it stores through tx commits with the write; its error ends the transaction.
	Raise(ctx context.Context, tx store.Tx, e Event) error
	// Conclude is told that everything is written. With prompt, what follows may be done within this transaction, where it
	// is little; wrote says that records were written by that. unsettled says whether a record was written again after it
	// was told of.
	Conclude(ctx context.Context, tx store.Tx, prompt bool, unsettled func(form, id string) bool) (wrote bool, err error)
	// Committed gives a channel for everything that it starts at once, closed when that has come to an end.
	Committed() []<-chan struct{}
}

// Cause is the automation run that a write belongs to. It stands in the change.
type Cause struct {
	Automation string // app.key
	Run        string
	// Actor is the user whose write set the first run off, "" for a clock.
	Actor string
	// Depth is how many runs led to this write, one setting off the other.
	Depth int
}

// raises says whether a caller's writes set automations off. What brings records in from elsewhere does not - an import that
// is to do so comes another way - nor what the engine does for itself.
func (c Caller) raises() bool {
	switch c.Via {
	case "import", "import-undo", "install", "convert":
		return false
	}
	return true
}

// raise tells of a write.
func (w *writer) raise(f *catalog.Form, before, after *store.Doc, verb Verb) error {
	if w.listening == nil || !w.caller.raises() {
		return nil
	}
	return w.listening.Raise(w.ctx, w.tx, Event{Form: f, Before: before, After: after, Verb: verb, Caller: w.caller, Now: w.now})
}

// silent listens where nobody wants to know.
type silent struct{}

func (silent) Listen() Listening                            { return silent{} }
func (silent) Reset()                                       {}
func (silent) Raise(context.Context, store.Tx, Event) error { return nil }
func (silent) Committed() []<-chan struct{}                 { return nil }
func (silent) Conclude(context.Context, store.Tx, bool, func(string, string) bool) (bool, error) {
	return false, nil
}
