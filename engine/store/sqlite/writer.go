package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"formwork/engine/store"
)

// writer is the one goroutine that writes. Updates that wait while another commits run together in the next
// transaction, each behind its own savepoint, and share its fsync.
//
// A member's savepoint is opened by its first write: the first writer of a transaction needs none, as rolling it back
// is rolling back everything, and one that fails before it writes leaves nothing to undo.
type writer struct {
	s     *Store
	c     *conn
	queue chan *job

	mu     sync.RWMutex // held for reading while sending to queue
	closed bool
	done   chan struct{}

	// The running transaction. Fields, because a function that ends its goroutine (testing.T.FailNow) takes the loop
	// with it, and the next loop goes on from here.
	open    bool
	writes  int // members that wrote
	since   time.Time
	members []*job // ran without error, wait for the commit
	again   []*job // lost their transaction to a neighbour's failure
	ended   bool

	next    map[string]int64 // rowid to give next, by collection
	jobs    atomic.Int64     // committed so far
	written atomic.Int64     // bytes of documents since the last checkpoint, roughly
}

// job is one Update in the queue.
type job struct {
	fn    func(*tx) error
	alone bool   // in a transaction of its own, with nobody before or behind it in it
	raw   bool   // outside any transaction
	after func() // once committed, in the writer's goroutine

	state  atomic.Int32
	tx     *tx
	result chan outcome
}

type outcome struct {
	err      error
	panicked any
	exited   bool // fn ended its goroutine
}

// yields is how often the writer lets others run before it commits a transaction that could take more members.
const yields = 3

const (
	waiting int32 = iota
	running
	withdrawn
)

func newWriter(s *Store, c *conn) *writer {
	return &writer{s: s, c: c, queue: make(chan *job, 1024), done: make(chan struct{}), next: map[string]int64{}}
}

// do runs a job and waits for its commit. A caller whose ctx ends while the job still waits takes it out.
func (w *writer) do(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.result = make(chan outcome, 1)
	w.mu.RLock()
	if w.closed {
		w.mu.RUnlock()
		return store.ErrClosed
	}
	select {
	case w.queue <- j:
		w.mu.RUnlock()
	case <-ctx.Done():
		w.mu.RUnlock()
		return ctx.Err()
	}
	var o outcome
	select {
	case o = <-j.result:
	case <-ctx.Done():
		if j.state.CompareAndSwap(waiting, withdrawn) {
			return ctx.Err()
		}
		o = <-j.result
	}
	if o.panicked != nil {
		panic(o.panicked)
	}
	if o.exited {
		runtime.Goexit()
	}
	return o.err
}

// stop lets the queue run dry and ends the loop.
func (w *writer) stop() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.done
}

func (w *writer) loop() {
	defer func() {
		if w.ended {
			close(w.done)
		} else {
			go w.loop()
		}
	}()
	for {
		j, ok := w.pick()
		switch {
		case j != nil && (j.alone || j.raw):
			w.commit()
			w.single(j)
		case j != nil:
			w.member(j)
		case w.open:
			w.commit()
		case !ok:
			w.ended = true
			return
		}
	}
}

// pick takes the next job: without waiting while a transaction is open. ok is false when no more will come.
func (w *writer) pick() (j *job, ok bool) {
	if len(w.again) > 0 {
		j, w.again = w.again[0], w.again[1:]
		return j, true
	}
	if !w.open {
		j, ok = <-w.queue
	} else {
		if len(w.members) >= w.s.opt.GroupSize || time.Since(w.since) > w.s.opt.GroupTime {
			return nil, true
		}
		for try := 0; ; try++ {
			select {
			case j, ok = <-w.queue:
			default:
				if try < yields {
					runtime.Gosched() // callers that the last commit woke may be about to queue again
					continue
				}
				return nil, true
			}
			break
		}
	}
	if j != nil && !j.state.CompareAndSwap(waiting, running) {
		return nil, true
	}
	return j, ok
}

// member runs a job within the shared transaction.
func (w *writer) member(j *job) {
	if !w.open {
		if _, err := w.c.exec("BEGIN IMMEDIATE"); err != nil {
			j.result <- outcome{err: fmt.Errorf("begin: %w", err)}
			return
		}
		w.open, w.since, w.writes = true, time.Now(), 0
	}
	w.call(j, func(o outcome) {
		if o.err == nil && o.panicked == nil && !o.exited {
			if (!j.tx.broken || w.stands()) && w.keep(j) {
				w.members = append(w.members, j)
				if j.tx.wrote {
					w.writes++
				}
				return
			}
			o.err = errors.New("transaction was rolled back by the database")
		}
		w.undo(j)
		j.result <- o
	})
}

// keep closes the savepoint of a member that succeeded.
func (w *writer) keep(j *job) bool {
	if !j.tx.savepoint {
		return true
	}
	_, err := w.c.exec("RELEASE member")
	return err == nil
}

// call runs fn and hands its outcome to then, also when fn panics or ends the goroutine.
func (w *writer) call(j *job, then func(outcome)) {
	o := outcome{exited: true}
	defer func() {
		if o.exited {
			if p := recover(); p != nil {
				o.exited, o.panicked = false, p
			}
		}
		j.tx.end()
		then(o)
	}()
	j.tx = newTx(w)
	o.err = j.fn(j.tx)
	o.exited = false
}

// undo takes back what a failed member wrote. Where SQLite itself has rolled back everything, its neighbours run again,
// each alone.
func (w *writer) undo(j *job) {
	if j.tx.broken && !w.stands() {
		w.rerun()
		return
	}
	if !j.tx.wrote {
		return
	}
	if j.tx.savepoint {
		if _, err := w.c.exec("ROLLBACK TO member"); err == nil {
			if _, err = w.c.exec("RELEASE member"); err == nil {
				return
			}
		}
		w.c.exec("ROLLBACK")
		w.rerun()
		return
	}
	// Those before it in the transaction, if any, have only read.
	w.c.exec("ROLLBACK")
	w.open = false
	w.finish(nil)
}

// stands says whether the transaction is still there: SQLite ends it by itself on some errors (full disk, I/O).
func (w *writer) stands() bool {
	if _, err := w.c.exec("BEGIN"); err != nil {
		return true
	}
	w.c.exec("ROLLBACK")
	return false
}

// rerun puts the members of a transaction that is gone in front of the queue, each to run in its own.
func (w *writer) rerun() {
	w.again = append(w.again, w.members...)
	w.members, w.open = nil, false
	for _, m := range w.again {
		m.alone = true
	}
}

// single runs a job in a transaction of its own, or in none.
func (w *writer) single(j *job) {
	if !j.raw {
		if _, err := w.c.exec("BEGIN IMMEDIATE"); err != nil {
			j.result <- outcome{err: fmt.Errorf("begin: %w", err)}
			return
		}
	}
	w.call(j, func(o outcome) {
		if j.raw {
			j.result <- o
			return
		}
		if o.err == nil && o.panicked == nil && !o.exited {
			if _, err := w.c.exec("COMMIT"); err != nil {
				w.c.exec("ROLLBACK")
				o.err = fmt.Errorf("commit: %w", err)
			} else {
				w.committed(j)
			}
		} else {
			w.c.exec("ROLLBACK")
		}
		j.result <- o
	})
}

// commit makes the transaction durable and answers its members: all get the error if it fails.
func (w *writer) commit() {
	if !w.open {
		return
	}
	w.open = false
	_, err := w.c.exec("COMMIT")
	if err != nil {
		w.c.exec("ROLLBACK")
		err = fmt.Errorf("commit: %w", failure(err))
	}
	w.finish(err)
}

func (w *writer) finish(err error) {
	for _, m := range w.members {
		if err == nil {
			w.committed(m)
		}
		m.result <- outcome{err: err}
	}
	w.members = w.members[:0]
}

// committed does what follows from a commit.
func (w *writer) committed(j *job) {
	if j.after != nil {
		j.after()
	}
	for name := range j.tx.inserted {
		w.s.watch.wake(name)
	}
	w.jobs.Add(1)
	if j.tx.bytes > 0 {
		w.s.keeper.wrote(w.written.Add(j.tx.bytes + 2*4096)) // a commit logs whole pages
	}
	for name := range j.tx.searched {
		w.s.keeper.index(name)
	}
}
