package sqlite

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// keeper does what writing leaves behind: it moves the log into the file and brings the search index up to date.
// Neither is needed for a right answer; both keep answers quick and the log short.
type keeper struct {
	s    *Store
	c    *conn // for checkpoints
	wake chan struct{}
	quit chan struct{}
	done chan struct{}

	mu      sync.Mutex
	pending map[string]bool // collections whose search index has work
	moved   int64           // value of writer.written at the last checkpoint
	due     bool
}

const (
	// checkpointBytes is how much is written, by estimate, between two checkpoints.
	checkpointBytes = 16 << 20
	// logPages is the length of the log from which the writer itself finishes a checkpoint, so that the log starts
	// anew: under steady writing a checkpoint beside the writer never catches up with it.
	logPages = 8192
	// gramChunk is how many documents one transaction adds to the search index.
	gramChunk = 400
	// How many documents may wait for the search index, which looks through them one by one: none while the writer is
	// idle, some while it is at work (every chunk costs an fsync), more while it is busy.
	backlogWorking = 2048
	backlogBusy    = 16384
	// pause is how often the keeper looks at search indexes that have work; idle and busy are numbers of jobs that the
	// writer did meanwhile.
	pause = 100 * time.Millisecond
	idle  = 2
	busy  = 200
)

func startKeeper(s *Store) (*keeper, error) {
	c, err := open(s.opt.Path, s.opt.settings(512, "synchronous=FULL", "wal_autocheckpoint=0")...)
	if err != nil {
		return nil, err
	}
	k := &keeper{s: s, c: c, wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{}), pending: map[string]bool{}}
	for name := range s.schemas.Load().byName {
		k.index(name)
	}
	return k, nil
}

func (k *keeper) stop() {
	close(k.quit)
	<-k.done
	k.c.close()
}

func (k *keeper) poke() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// wrote tells the keeper how much was written so far.
func (k *keeper) wrote(total int64) {
	k.mu.Lock()
	if total-k.moved > checkpointBytes && !k.due {
		k.due = true
		k.moved = total
		k.poke()
	}
	k.mu.Unlock()
}

// index tells the keeper that the search index of a collection has work.
func (k *keeper) index(name string) {
	k.mu.Lock()
	k.pending[name] = true
	k.mu.Unlock()
	k.poke()
}

func (k *keeper) checkpointDue() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	due := k.due
	k.due = false
	return due
}

func (k *keeper) loop() {
	defer close(k.done)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-k.quit:
			cancel()
		case <-ctx.Done():
		}
	}()
	tick := time.NewTimer(pause)
	defer tick.Stop()
	ticking, jobs := true, int64(0)
	for {
		select {
		case <-k.quit:
			return
		case <-k.wake:
			k.checkpoint(ctx)
			if !ticking {
				ticking = true
				tick.Reset(pause)
			}
		case <-tick.C:
			now := k.s.writer.jobs.Load()
			backlog := backlogWorking
			switch did := now - jobs; {
			case did <= idle:
				backlog = 0
			case did >= busy:
				backlog = backlogBusy
			}
			ticking = k.indexAll(ctx, backlog)
			jobs = k.s.writer.jobs.Load()
			if ticking {
				tick.Reset(pause)
			}
		}
	}
}

// indexAll brings the search indexes that have work to within backlog documents; left says that there is more to do.
func (k *keeper) indexAll(ctx context.Context, backlog int) (left bool) {
	k.mu.Lock()
	names := slices.Collect(maps.Keys(k.pending))
	clear(k.pending)
	k.mu.Unlock()
	for _, name := range names {
		more, err := k.indexChunks(ctx, name, backlog)
		if err != nil && ctx.Err() == nil {
			k.s.opt.Log.Warn("search index", "collection", name, "error", err)
		}
		if more {
			left = true
			k.mu.Lock()
			k.pending[name] = true
			k.mu.Unlock()
		}
	}
	return left
}

// checkpoint moves the log into the file if it is time, without holding up anybody unless the log has grown long.
func (k *keeper) checkpoint(ctx context.Context) {
	if !k.checkpointDue() {
		return
	}
	v, err := k.c.row(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)")
	if err == nil && v[1].(int64) > logPages {
		err = k.s.writer.do(ctx, &job{raw: true, fn: func(t *tx) error {
			_, err := t.c.row(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)")
			return err
		}})
	}
	if err != nil && ctx.Err() == nil {
		k.s.opt.Log.Warn("checkpoint", "error", err)
	}
}
