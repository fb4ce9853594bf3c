package outbox

import (
	"slices"
	"time"

	"formwork/schemas/problem"
)

// State is where a job stands.
type State string

const (
	Queued    State = "queued"    // waits for its due time, a free worker, or the running job of its key
	Running   State = "running"   // a worker holds its lease
	Done      State = "done"      // its handler returned nil
	Failed    State = "failed"    // a dead letter: given up with Error and Problems
	Cancelled State = "cancelled" // by Cancel
)

// Valid says whether it is one of the states.
func (s State) Valid() bool {
	return slices.Contains([]State{Queued, Running, Done, Failed, Cancelled}, s)
}

// Finished says whether nothing more will happen to the job.
func (s State) Finished() bool { return s == Done || s == Failed || s == Cancelled }

// Job is a piece of work. Times are UTC to the millisecond. Payload, Progress and Result are objects of canonical values
// (see schemas/value).
type Job struct {
	ID   string
	Kind string // says which handler runs it
	// Key is unique among jobs that are not finished, and no two jobs of a key run at the same time. "" is no key. What a
	// keyed job must do is best read by its handler when it runs, as later additions are absorbed with their payloads.
	Key string
	// Queue makes jobs wait for each other: those of a queue run one after the other, in the order in which they were added,
	// each when the one before it has finished, whatever came of it. "" is no queue. Jobs of a queue are to be added by
	// transactions that write one document in common, as those of a record's changes do. A job has a Key or a Queue.
	Queue string
	// First says of a job that is added that nothing can be in its queue: what it is about came to be in the transaction that
	// adds it. Prompt does not look then.
	First bool
	// Topic says what the job is for, as fairness sees it: free workers go round among topics, so that a thousand jobs of
	// one do not keep the others waiting. Default: its kind. Subject is what it is about. Both are to be listed by.
	Topic, Subject string
	State          State
	Due            time.Time // not before; after a failure that of the next attempt
	CreatedAt      time.Time
	UpdatedAt      time.Time
	By             string // the user who asked for it, "" for the system
	Attempts       int    // begun since the last checkpoint
	// Error is that of the last attempt, as text for administrators; Problems are what it had to say to the user.
	Error    string
	Problems problem.List
	Payload  map[string]any // what to do
	Progress map[string]any // how far it is: the last checkpoint
	Result   map[string]any // what came of it
}
