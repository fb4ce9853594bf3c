// Package outbox runs work that must happen after a transaction: durable, leased jobs. It is the product's only
// background loop.
//
// Floor 3. It knows no record, workflow or HTTP; whoever has work registers a handler for a kind of job. What it holds to:
//
//   - A job is written in the transaction that caused it, so it exists exactly if its cause does.
//   - A worker claims a job by compare-and-swap and holds it by a lease, which it renews. A worker that dies lets the
//     lease run out, and any process takes the job over. Every lease has its own token, and whatever a worker writes about
//     its job checks the token in the same transaction: a worker that lost its lease cannot write.
//   - So a handler runs at least once, and an effect that commits together with Run.Checkpoint happens exactly once.
//   - Jobs with one Key run one after the other. A queued one absorbs what is added; behind a running one the next waits.
//   - Jobs of one Queue run one after the other in the order in which they were added; one that fails for good lets the next
//     proceed. Free workers go round among the Topics of what is due.
//   - A transaction that adds jobs through a Batch claims them at once where a worker is free, so that they start the moment
//     it has committed, or has a short one done within it (Prompt).
//   - Errors are tried again later and later, and end as dead letters (Failed). A problem.Failure that no repetition can
//     mend ends at once.
//
// The states of a job:
//
//	          claim             nil
//	queued ----------> running -----> done
//	  |  ^                | | |
//	  |  '--- retry ------' | '-----> failed      out of attempts, or a permanent error
//	  |       stop, crash   v
//	  '------ cancel --> cancelled
//
// Time: what is due is decided by Options.Now; how long to sleep is measured by the monotonic clock and never more than
// a few seconds. A clock that jumps ahead makes jobs due early and may cost a worker its lease, which the token makes
// harmless; one that jumps back delays what is queued by as much.
//
// Cost: looking for work reads an index of those jobs that are not finished. Finished ones are kept for 30 days.
//
// It will not deliver in an order across keys or queues, nor run a job at the very second of its due time.
package outbox
