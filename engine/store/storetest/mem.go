package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"formwork/engine/query"
	"formwork/engine/store"
)

// Memory is a store.Store in memory: the reference semantics over a map. Transactions are optimistic, so fn does run
// again here when a document that it read was written meanwhile. It is stricter than the port in one thing: after a
// *store.DuplicateError a transaction cannot be saved by ignoring the error, as in MongoDB.
type Memory struct {
	mu        sync.Mutex
	data      map[string]*collection // replaced or changed only under mu, and never while a snapshot is open
	commits   int64
	snapshots int // open ones: while there is another than the committer's, it copies before it writes
	counters  map[string]int64
	watchers  map[string][]chan struct{}
	closed    bool
}

// collection is the documents of one name at one time.
type collection struct {
	declared store.Collection
	columns  query.Columns
	docs     map[string]entry
	held     map[claim]string // unique values and the ids that hold them
}

// entry is a stored document with the unique values it claims.
type entry struct {
	doc    *store.Doc
	claims []claim
}

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{data: map[string]*collection{}, counters: map[string]int64{}, watchers: map[string][]chan struct{}{}}
}

var _ store.Store = (*Memory)(nil)

// snapshot opens a view of the present; release ends it.
func (m *Memory) snapshot(ctx context.Context) (map[string]*collection, int64, error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, 0, store.ErrClosed
	}
	m.snapshots++
	return m.data, m.commits, nil
}

func (m *Memory) release() {
	m.mu.Lock()
	m.snapshots--
	m.mu.Unlock()
}

// View implements store.Store.
func (m *Memory) View(ctx context.Context, fn func(store.Reader) error) error {
	data, _, err := m.snapshot(ctx)
	if err != nil {
		return err
	}
	defer m.release()
	return fn(newReader(data))
}

// Update implements store.Store.
func (m *Memory) Update(ctx context.Context, fn func(store.Tx) error) error {
	for {
		done, err := m.attempt(ctx, fn)
		if done || err != nil {
			return err
		}
		ctx = context.WithoutCancel(ctx) // it has started, so it finishes
	}
}

func (m *Memory) attempt(ctx context.Context, fn func(store.Tx) error) (done bool, err error) {
	data, seen, err := m.snapshot(ctx)
	if err != nil {
		return true, err
	}
	defer m.release()
	t := newTx(data)
	if err := fn(t); err != nil {
		return true, err
	}
	if t.broken != nil {
		return true, t.broken
	}
	return m.commit(t, seen), nil
}

// commit applies the transaction unless what it saw has changed.
func (m *Memory) commit(t *tx, seen int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.commits != seen && !t.stands(m.data) {
		return false
	}
	if len(t.drafts) == 0 {
		return true
	}
	m.commits++
	alone := m.snapshots == 1
	if !alone {
		m.data = maps.Clone(m.data)
	}
	for name, d := range t.drafts {
		c := m.data[name]
		if !alone {
			c = &collection{c.declared, c.columns, maps.Clone(c.docs), maps.Clone(c.held)}
			m.data[name] = c
		}
		c.apply(d)
		if d.inserted {
			for _, w := range m.watchers[name] {
				select {
				case w <- struct{}{}:
				default: // it has a wake-up waiting already
				}
			}
		}
	}
	return true
}

func (c *collection) apply(d *draft) {
	for id := range d.docs {
		for _, k := range c.docs[id].claims {
			delete(c.held, k)
		}
	}
	for id, e := range d.docs {
		if e == nil {
			delete(c.docs, id)
			continue
		}
		c.docs[id] = *e
		for _, k := range e.claims {
			c.held[k] = id
		}
	}
}

// Ensure implements store.Store.
func (m *Memory) Ensure(ctx context.Context, declared store.Collection) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return store.ErrClosed
	}
	fresh := &collection{declared: declared, columns: query.Columns{}, docs: map[string]entry{}, held: map[claim]string{}}
	for _, c := range declared.Columns {
		fresh.columns[c.Key] = c
	}
	for _, x := range declared.Indexes {
		for _, o := range x.Columns {
			if _, ok := fresh.columns[o.Column]; !ok {
				return fmt.Errorf("index %s of %s: no column %q", x.Key, declared.Name, o.Column)
			}
		}
	}
	if old := m.data[declared.Name]; old != nil {
		for _, id := range slices.Sorted(maps.Keys(old.docs)) {
			e := entry{old.docs[id].doc, fresh.claims(old.docs[id].doc)}
			for _, k := range e.claims {
				if holder, taken := fresh.held[k]; taken {
					return &store.DuplicateError{Collection: declared.Name, Index: k.index, ID: holder}
				}
				fresh.held[k] = id
			}
			fresh.docs[id] = e
		}
	}
	m.data = maps.Clone(m.data)
	m.data[declared.Name] = fresh
	m.commits++
	return nil
}

// Drop implements store.Store.
func (m *Memory) Drop(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return store.ErrClosed
	}
	m.data = maps.Clone(m.data)
	delete(m.data, name)
	m.commits++
	return nil
}

// Reserve implements store.Store.
func (m *Memory) Reserve(ctx context.Context, counter string, n int64) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return 0, store.ErrClosed
	}
	first := m.counters[counter] + 1
	m.counters[counter] += n
	return first, nil
}

// Watch implements store.Store.
func (m *Memory) Watch(ctx context.Context, collection string) (<-chan struct{}, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, store.ErrClosed
	}
	w := make(chan struct{}, 1)
	m.watchers[collection] = append(m.watchers[collection], w)
	context.AfterFunc(ctx, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.watchers[collection] = slices.DeleteFunc(m.watchers[collection], func(c chan struct{}) bool { return c == w })
	})
	return w, nil
}

// Ping implements store.Store.
func (m *Memory) Ping(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return store.ErrClosed
	}
	return ctx.Err()
}

// Close implements store.Store. The documents are gone with it.
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}
