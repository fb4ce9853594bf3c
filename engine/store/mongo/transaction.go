package mongo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"

	"formwork/engine/store"
)

func snapshot() *options.TransactionOptionsBuilder {
	return options.Transaction().SetReadConcern(readconcern.Snapshot())
}

func (s *Store) session() (*mongo.Session, error) {
	return s.client.StartSession(options.Session().SetCausalConsistency(false))
}

// View runs fn on a consistent snapshot: a read-only transaction, which costs nothing until the first question and is
// abandoned in the background after the last.
func (s *Store) View(ctx context.Context, fn func(store.Reader) error) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	sess, err := s.session()
	if err != nil {
		leave()
		return translate(err)
	}
	r := &reader{s: s, sess: sess}
	defer func() {
		ended := context.WithoutCancel(ctx)
		go func() {
			defer leave()
			sess.EndSession(ended) // ends the transaction too
		}()
	}()
	if err := r.begin(); err != nil {
		return translate(err)
	}
	return fn(r)
}

// Update runs fn in a transaction and commits, again and again on transient errors until Patience or ctx ends.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	running, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.opts.Patience)
	defer cancel()
	careful := false
	for n := 0; ; n++ {
		unlock := s.queue(running, n)
		out := s.attempt(running, fn, careful)
		unlock()
		if !out.again {
			return out.err
		}
		careful = careful || out.careful
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if running.Err() != nil {
			return fmt.Errorf("mongo: gave up after %d attempts: %w", n+1, out.err)
		}
		if !out.careful {
			pause(running, n)
		}
	}
}

// queue lets transactions that failed before go one at a time, so that callers of this process who want the same
// document do not keep failing each other. It does not wait for ever: the one ahead may wait for something else.
func (s *Store) queue(ctx context.Context, n int) (unlock func()) {
	if n < 2 {
		return func() {}
	}
	limit := time.NewTimer(time.Second)
	defer limit.Stop()
	select {
	case s.turn <- struct{}{}:
		return func() { <-s.turn }
	case <-limit.C:
	case <-ctx.Done():
	}
	return func() {}
}

// pause waits longer from attempt to attempt, by chance, so that callers who collided come back at different times.
func pause(ctx context.Context, n int) {
	longest := min(time.Millisecond<<min(n, 10), 250*time.Millisecond)
	timer := time.NewTimer(rand.N(longest) + time.Millisecond/2)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// outcome is what came of one run of a transaction.
type outcome struct {
	err     error
	again   bool
	careful bool // the next run looks for duplicates first
}

func (s *Store) attempt(running context.Context, fn func(store.Tx) error, careful bool) outcome {
	sess, err := s.session()
	if err != nil {
		return outcome{err: translate(err)}
	}
	defer sess.EndSession(running) // abandons what was not committed, also when fn panics
	t := &tx{reader: reader{s: s, sess: sess, running: running, seen: map[string]map[string]int64{}}, careful: careful, written: map[string]map[string]bool{}}
	if err := t.begin(); err != nil {
		return outcome{err: translate(err)}
	}
	err = fn(t)
	switch {
	case t.failed != nil && transient(t.failed):
		return outcome{err: t.failed, again: true}
	case t.failed != nil && (t.after || t.unsure || err == nil):
		return outcome{err: t.failed, again: !careful, careful: true}
	case err != nil || !t.wrote:
		return outcome{err: err}
	}
	if err := t.touch(); err != nil {
		return outcome{err: err, again: transient(err)}
	}
	return s.commit(running, sess)
}

// commit commits, asking again while the answer is unknown: the server knows by the session and transaction number
// whether it has been done.
func (s *Store) commit(running context.Context, sess *mongo.Session) outcome {
	for n := 0; ; n++ {
		err := sess.CommitTransaction(running)
		switch {
		case err == nil:
			return outcome{}
		case labelled(err, "TransientTransactionError"):
			return outcome{err: err, again: true}
		case !labelled(err, "UnknownTransactionCommitResult"):
			return outcome{err: translate(err)}
		case running.Err() != nil:
			return outcome{err: fmt.Errorf("mongo: it is not known whether the transaction was committed: %w", err)}
		}
		pause(running, n)
	}
}
