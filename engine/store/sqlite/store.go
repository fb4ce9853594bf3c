package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"formwork/engine/store"
)

// Options say where the database lies and how much memory it may take. The zero value of every knob is a sound choice.
type Options struct {
	// Path is the database's file; its directory must exist. Beside it lie Path-wal, Path-shm and Path.lock.
	Path string
	// Readers is how many Views run at a time: 4 by default.
	Readers int
	// CacheKiB is SQLite's page cache per connection: 2 MiB by default, eight times that for the writer.
	CacheKiB int
	// GroupSize and GroupTime bound how many Updates share a commit and for how long one may gather: 256, 10 ms.
	GroupSize int
	GroupTime time.Duration
	// Log hears of what goes on in the background. Nil is silence.
	Log *slog.Logger
}

var errLocked = errors.New("locked")

// ErrInUse is returned by Open when another process serves the file.
var ErrInUse = errors.New("database is in use by another process")

// Store is a database in a file. All methods are safe for concurrent use.
type Store struct {
	opt     Options
	lock    *os.File
	readers chan *conn
	writer  *writer
	schemas atomic.Pointer[schemas]
	ensure  sync.Mutex // one Ensure or Drop at a time
	watch   watchers
	keeper  *keeper
	few     int // see plan.go; fields so that tests can make each way be taken
	several int
	closing chan struct{}
	closed  sync.Once
}

var _ store.Store = (*Store)(nil)

// Open opens the database, or makes a new one. ErrInUse.
func Open(ctx context.Context, opt Options) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	opt = opt.withDefaults()
	lock, err := lockFile(opt.Path + ".lock")
	if err == errLocked {
		return nil, fmt.Errorf("%s: %w", opt.Path, ErrInUse)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s := &Store{opt: opt, lock: lock, readers: make(chan *conn, opt.Readers), closing: make(chan struct{}), few: few, several: several}
	if err := s.connect(); err != nil {
		s.release()
		return nil, fmt.Errorf("open database %s: %w", opt.Path, err)
	}
	if s.keeper, err = startKeeper(s); err != nil {
		s.release()
		return nil, fmt.Errorf("open database %s: %w", opt.Path, err)
	}
	go s.writer.loop()
	go s.keeper.loop()
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.Readers <= 0 {
		o.Readers = 4
	}
	if o.CacheKiB <= 0 {
		o.CacheKiB = 2048
	}
	if o.GroupSize <= 0 {
		o.GroupSize = 256
	}
	if o.GroupTime <= 0 {
		o.GroupTime = 10 * time.Millisecond
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// settings of every connection.
func (o Options) settings(cacheKiB int, more ...string) []string {
	return append([]string{
		"busy_timeout=10000",
		fmt.Sprintf("cache_size=-%d", cacheKiB),
		"foreign_keys=OFF",
		"trusted_schema=OFF",
	}, more...)
}

// fixture is what every file has.
var fixture = []string{
	"CREATE TABLE IF NOT EXISTS _collections(name TEXT PRIMARY KEY, layout TEXT NOT NULL) WITHOUT ROWID",
	"CREATE TABLE IF NOT EXISTS _generation(n INTEGER PRIMARY KEY CHECK(n=1), value INTEGER NOT NULL)",
	"CREATE TABLE IF NOT EXISTS _counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
	"CREATE TABLE IF NOT EXISTS _grams(name TEXT PRIMARY KEY, upto INTEGER NOT NULL) WITHOUT ROWID",
	"INSERT OR IGNORE INTO _generation VALUES(1,1)",
}

func (s *Store) connect() error {
	w, err := open(s.opt.Path, s.opt.settings(8*s.opt.CacheKiB, "journal_mode=WAL", "synchronous=FULL",
		"wal_autocheckpoint=0", "temp_store=MEMORY", fmt.Sprintf("journal_size_limit=%d", 2*logPages*4096))...)
	if err != nil {
		return err
	}
	s.writer = newWriter(s, w)
	if n, err := w.number(context.Background(), "SELECT count(*) FROM pragma_module_list WHERE name='fts5'"); err != nil || n == 0 {
		return errors.Join(err, fmt.Errorf("%s was built without FTS5 (tag sqlite_fts5)", Driver))
	}
	if err := w.script(fixture...); err != nil {
		return err
	}
	set, err := readSchemas(w)
	if err != nil {
		return err
	}
	s.schemas.Store(set)
	for range s.opt.Readers {
		c, err := open(s.opt.Path, s.opt.settings(s.opt.CacheKiB, "query_only=ON")...)
		if err != nil {
			return err
		}
		s.readers <- c
	}
	return nil
}

// readSchemas reads every layout as the connection's snapshot has it.
func readSchemas(c *conn) (*schemas, error) {
	ctx := context.Background()
	set := &schemas{byName: map[string]*layout{}}
	var err error
	if set.generation, err = c.number(ctx, generationSQL); err != nil {
		return nil, err
	}
	r, err := c.query(ctx, "SELECT layout FROM _collections")
	if err != nil {
		return nil, err
	}
	defer r.close()
	for {
		ok, err := r.next()
		if err != nil || !ok {
			return set, err
		}
		l, err := decodeLayout(blob(r.vals[0]))
		if err != nil {
			return nil, fmt.Errorf("damaged layout: %w", err)
		}
		set.byName[l.Name] = l
	}
}

const generationSQL = "SELECT value FROM _generation"

// Ping implements store.Store.
func (s *Store) Ping(ctx context.Context) error {
	return s.View(ctx, func(store.Reader) error { return nil })
}

// Close waits for running transactions, moves the log into the file and lets go of it.
func (s *Store) Close() error {
	var err error
	s.closed.Do(func() {
		close(s.closing)
		s.keeper.stop()
		s.writer.stop()
		for range s.opt.Readers {
			(<-s.readers).close()
		}
		_, err = s.writer.c.row(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
		s.release()
	})
	return err
}

// release closes what connect opened, in whatever state.
func (s *Store) release() {
	for {
		select {
		case c := <-s.readers:
			c.close()
			continue
		default:
		}
		break
	}
	if s.writer != nil {
		s.writer.c.close()
	}
	s.lock.Close()
}

// Backup writes a consistent copy of the whole database to a new file at path, while reading and writing go on.
func (s *Store) Backup(ctx context.Context, path string) error {
	c, err := s.borrow(ctx)
	if err != nil {
		return err
	}
	defer s.giveBack(c)
	if err := c.script("PRAGMA query_only=OFF"); err != nil {
		return err
	}
	defer c.script("PRAGMA query_only=ON")
	if _, err := c.exec("VACUUM INTO ?", path); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// Reserve implements store.Store.
func (s *Store) Reserve(ctx context.Context, counter string, n int64) (int64, error) {
	if n < 1 {
		return 0, fmt.Errorf("reserve %d numbers", n)
	}
	var last int64
	err := s.writer.do(ctx, &job{fn: func(t *tx) error {
		if err := t.begin(); err != nil {
			return err
		}
		var err error
		last, err = t.c.number(context.Background(),
			"INSERT INTO _counters VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=value+excluded.value RETURNING value", counter, n)
		return t.saw(err)
	}})
	return last - n + 1, err
}
