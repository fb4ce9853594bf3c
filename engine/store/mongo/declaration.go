package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"formwork/engine/query"
	"formwork/engine/store"
)

// declaration is a collection's entry in _collections: what it was declared to be, for every process to read.
type declaration struct {
	Name    string         `bson:"_id"`
	Version int32          `bson:"version"` // of the columns; documents carry it as layout
	Columns []query.Column `bson:"columns"`
	Indexes []store.Index  `bson:"indexes"` // built, so that a query may be sent along them
	Wanted  []store.Index  `bson:"wanted"`  // declared; the same as Indexes when ready
	Ready   bool           `bson:"ready"`   // false: an Ensure is at work, or broke off and the next goes on with it
	Dropped bool           `bson:"dropped,omitempty"`
	// Layouts are the last few versions: documents not converted yet are read by the one that wrote them.
	Layouts []oldColumns `bson:"layouts"`
	Lock    *lease       `bson:"lock,omitempty"`
}

type oldColumns struct {
	Version int32          `bson:"version"`
	Columns []query.Column `bson:"columns"`
}

// keptLayouts is how many versions a declaration remembers. Documents of older ones were converted long ago.
const keptLayouts = 16

type lease struct {
	Owner string `bson:"owner"`
	Beat  int64  `bson:"beat"` // rises while the owner lives
}

func (d *declaration) is(c store.Collection) bool {
	return d.Version > 0 && !d.Dropped && sameColumns(d.Columns, c.Columns) && sameIndexes(d.Wanted, c.Indexes)
}

// collection is a declaration made ready for use. It does not change; a newer one takes its place.
type collection struct {
	*mongo.Collection
	name    string
	current *layout
	older   map[int32]*layout
	indexes []index
	ready   bool              // all indexes are there
	keys    map[string]string // name of a physical index -> key of its declaration
	read    time.Time
}

func (c *collection) layout(version int32) *layout {
	if version == c.current.version {
		return c.current
	}
	return c.older[version]
}

func newCollection(d *declaration, coll *mongo.Collection) (*collection, error) {
	c := &collection{Collection: coll, name: d.Name, current: newLayout(d.Version, d.Columns), older: map[int32]*layout{}, keys: map[string]string{"_id_": "id"}, read: time.Now(), ready: d.Ready}
	for _, o := range d.Layouts {
		if o.Version != d.Version {
			c.older[o.Version] = newLayout(o.Version, o.Columns)
		}
	}
	var err error
	if c.indexes, err = c.current.newIndexes(d.Indexes); err != nil {
		return nil, err
	}
	for _, list := range [][]store.Index{d.Indexes, d.Wanted} {
		for _, w := range list {
			if x, err := c.current.newIndex(w); err == nil && c.keys[x.name] == "" {
				c.keys[x.name] = x.key
			}
		}
	}
	return c, nil
}

// load reads a declaration; the zero one when there is none.
func (s *Store) load(ctx context.Context, name string) (*declaration, error) {
	d := &declaration{Name: name}
	err := s.db.Collection(declarations).FindOne(ctx, bson.D{{Key: "_id", Value: name}}).Decode(d)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return nil, fmt.Errorf("mongo: declaration of %s: %w", name, err)
	}
	return d, nil
}

// collection is the declaration to work by, at most Fresh old. Never within a session: a transaction's snapshot may be
// older than the declaration it must write by.
func (s *Store) collection(ctx context.Context, name string) (*collection, error) {
	s.mu.Lock()
	c := s.known[name]
	s.mu.Unlock()
	if c != nil && time.Since(c.read) < s.opts.Fresh {
		return c, nil
	}
	return s.reload(ctx, name)
}

func (s *Store) reload(ctx context.Context, name string) (*collection, error) {
	d, err := s.load(ctx, name)
	if err != nil {
		return nil, err
	}
	if d.Version == 0 || d.Dropped {
		s.forget(name)
		return nil, fmt.Errorf("mongo: collection %q is not declared", name)
	}
	return s.remember(d)
}

func (s *Store) remember(d *declaration) (*collection, error) {
	physical, err := physicalName(d.Name)
	if err != nil {
		return nil, err
	}
	c, err := newCollection(d, s.db.Collection(physical))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if have := s.known[d.Name]; have != nil && have.current.version > d.Version {
		return have, nil // read before, but stored later
	}
	s.known[d.Name] = c
	return c, nil
}

func (s *Store) forget(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, name)
}

func sameIndexes(a, b []store.Index) bool {
	return slices.EqualFunc(sortedIndexes(a), sortedIndexes(b), func(x, y store.Index) bool {
		return x.Key == y.Key && slices.Equal(x.Columns, y.Columns) && x.Unique == y.Unique && x.All == y.All
	})
}

func sortedIndexes(list []store.Index) []store.Index {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b store.Index) int {
		if a.Key < b.Key {
			return -1
		} else if a.Key > b.Key {
			return 1
		}
		return 0
	})
	return out
}
