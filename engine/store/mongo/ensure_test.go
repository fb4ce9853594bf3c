package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/engine/store/storetest/mongoserver"
)

func declared(columns ...query.Column) store.Collection {
	c := store.Collection{Name: "rows", Columns: columns}
	for _, col := range columns {
		c.Indexes = append(c.Indexes, store.Index{Key: "by-" + col.Key, Columns: []query.Order{{Column: col.Key}}})
	}
	return c
}

var (
	numberColumn = query.Column{Key: "a", Path: []string{"a"}, Kind: query.Number, Scale: 2}
	textColumn   = query.Column{Key: "b", Path: []string{"b"}, Kind: query.Text, Order: true, Match: true}
)

func ids(t *testing.T, s *Store, f query.Find) string {
	t.Helper()
	var out []string
	must(t, s.View(t.Context(), func(r store.Reader) error {
		docs, err := store.All(t.Context(), r, "rows", f)
		for _, d := range docs {
			out = append(out, d.ID)
		}
		return err
	}))
	return strings.Join(out, " ")
}

// Processes that ensure at once, the same or not, all succeed, and what is stored is what one of them declared.
func TestEnsureFromSeveralProcesses(t *testing.T) {
	uri := mongoserver.SharedDatabase(t)
	first := open(t, uri)
	must(t, first.Ensure(t.Context(), declared()))
	for i := range 30 {
		insert(t, first, "rows", fmt.Sprintf("%02d", i), fmt.Sprintf(`{"a":%d.5,"b":"t%d"}`, i%3, i%5))
	}
	wants := []store.Collection{declared(numberColumn), declared(numberColumn, textColumn), declared(textColumn)}
	errs := make([]error, 9)
	var together sync.WaitGroup
	for i := range errs {
		s := open(t, uri)
		together.Go(func() { errs[i] = s.Ensure(t.Context(), wants[i%len(wants)]) })
	}
	together.Wait()
	must(t, errors.Join(errs...))
	d, err := first.load(t.Context(), "rows")
	must(t, err)
	if !d.Ready || d.Lock != nil || !d.is(wants[0]) && !d.is(wants[1]) && !d.is(wants[2]) {
		t.Fatalf("stored: %+v", d)
	}
	last := open(t, uri)
	must(t, last.Ensure(t.Context(), declared(numberColumn, textColumn)))
	if got := ids(t, last, query.Find{Where: query.And(query.Is("a", int64(150)), query.Is("b", "t1"))}); got != "01 16" {
		t.Errorf("found %q", got)
	}
	specs, err := last.db.Collection("rows").Indexes().ListSpecifications(t.Context())
	must(t, err)
	if len(specs) != 4 { // _id, the recycle bin, a and b
		t.Errorf("%d indexes: %+v", len(specs), specs)
	}
}

// A process that still holds an older declaration is refused by the validator, reads the newer one and writes by it.
func TestOlderDeclarationIsNoticedByWrites(t *testing.T) {
	uri := mongoserver.SharedDatabase(t)
	old := openWith(t, Options{URI: uri, Fresh: time.Hour})
	must(t, old.Ensure(t.Context(), declared()))
	insert(t, old, "rows", "1", `{"a":1.5,"b":"x"}`)
	must(t, open(t, uri).Ensure(t.Context(), declared(numberColumn, textColumn)))

	insert(t, old, "rows", "2", `{"a":1.5,"b":"X"}`)
	newer := open(t, uri)
	must(t, newer.Ensure(t.Context(), declared(numberColumn, textColumn)))
	for _, s := range []*Store{newer, old} {
		if got := ids(t, s, query.Find{Where: query.Is("a", int64(150)), Sort: []query.Order{{Column: "b"}}}); got != "1 2" {
			t.Errorf("found %q", got)
		}
	}
	n, err := newer.db.Collection("rows").CountDocuments(t.Context(), bson.D{{Key: "layout", Value: bson.D{{Key: "$ne", Value: 2}}}})
	must(t, err)
	if n != 0 {
		t.Errorf("%d documents of an older layout", n)
	}
}

// Reads notice a document of a newer layout at once, and a newer declaration within Options.Fresh.
func TestOlderDeclarationIsNoticedByReads(t *testing.T) {
	uri := mongoserver.SharedDatabase(t)
	old := openWith(t, Options{URI: uri, Fresh: time.Hour})
	must(t, old.Ensure(t.Context(), declared()))
	newer := open(t, uri)
	must(t, newer.Ensure(t.Context(), declared(query.Column{Key: "d", Path: []string{"d"}, Kind: query.Date})))
	insert(t, newer, "rows", "1", `{"d":"2017-03-01"}`)
	must(t, old.View(t.Context(), func(r store.Reader) error {
		d, err := r.Get(t.Context(), "rows", "1")
		if err == nil && string(d.JSON()) != `{"d":"2017-03-01"}` {
			t.Errorf("read as %s", d.JSON())
		}
		return err
	}))
}

// An Ensure that broke off at any step is finished by the next one, whoever runs it.
func TestEnsureGoesOn(t *testing.T) {
	want := declared(numberColumn, textColumn)
	for step, broken := range map[string]func(s *Store, ctx context.Context, d *declaration) error{
		"declared, validator not closed": func(s *Store, ctx context.Context, d *declaration) error { return s.change(ctx, d, want) },
		"half converted": func(s *Store, ctx context.Context, d *declaration) error {
			if err := s.change(ctx, d, want); err != nil {
				return err
			}
			c, err := s.remember(d)
			if err != nil {
				return err
			}
			raw, err := c.FindOne(ctx, bson.D{{Key: "_id", Value: "1"}}).Raw()
			if err != nil {
				return err
			}
			next, filter, err := c.converted(raw)
			if err != nil {
				return err
			}
			_, err = c.ReplaceOne(ctx, filter, next)
			return err
		},
		"converted, no indexes": func(s *Store, ctx context.Context, d *declaration) error {
			if err := s.change(ctx, d, want); err != nil {
				return err
			}
			c, err := s.remember(d)
			if err != nil {
				return err
			}
			return c.convert(ctx)
		},
	} {
		t.Run(step, func(t *testing.T) {
			uri := mongoserver.SharedDatabase(t)
			s := open(t, uri)
			must(t, s.Ensure(t.Context(), declared(numberColumn)))
			insert(t, s, "rows", "1", `{"a":1.5,"b":"x"}`)
			insert(t, s, "rows", "2", `{"a":"no number","b":"y"}`)
			must(t, s.alone(t.Context(), "rows", func(ctx context.Context, d *declaration) error { return broken(s, ctx, d) }))

			insert(t, s, "rows", "3", `{"a":1.5,"b":"z"}`) // writes go on meanwhile
			next := open(t, uri)
			if got := ids(t, next, query.Find{Sort: []query.Order{{Column: "a"}}}); got != "2 1 3" {
				t.Errorf("meanwhile: %q", got)
			}
			must(t, next.Ensure(t.Context(), want))
			if got := ids(t, next, query.Find{Sort: []query.Order{{Column: "b", Desc: true}}}); got != "3 2 1" {
				t.Errorf("afterwards: %q", got)
			}
			d, err := next.load(t.Context(), "rows")
			must(t, err)
			if !d.Ready || !d.is(want) {
				t.Errorf("not ready: %+v", d)
			}
		})
	}
}

// The lease of a process that died is taken over when it has not beaten for a while.
func TestLeaseOfADeadProcess(t *testing.T) {
	s := open(t, mongoserver.SharedDatabase(t))
	must(t, s.Ensure(t.Context(), declared()))
	_, err := s.db.Collection(declarations).UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "rows"}}, op("$set", bson.D{{Key: "lock", Value: lease{Owner: "dead", Beat: 3}}}))
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 4*leaseFor)
	defer cancel()
	must(t, s.Ensure(ctx, declared(numberColumn)))
}

// SecantusDB 0.5.3-beta.196 reports a duplicate on insert for a value that another document had before an update.
// MongoDB does not. The driver looks whether anybody holds the value before it believes a duplicate.
func TestPhantomDuplicate(t *testing.T) {
	s := open(t, mongoserver.SharedDatabase(t))
	must(t, s.Ensure(t.Context(), store.Collection{Name: "rows", Columns: []query.Column{textColumn}, Indexes: []store.Index{{Key: "u", Columns: []query.Order{{Column: "b"}}, Unique: true}}}))
	insert(t, s, "rows", "1", `{"b":"x"}`)
	must(t, s.Update(t.Context(), func(tx store.Tx) error {
		return tx.Replace(t.Context(), "rows", store.New("1", map[string]any{"b": "y"}), 1)
	}))
	insert(t, s, "rows", "2", `{"b":"x"}`)
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return tx.Insert(t.Context(), "rows", store.New("3", map[string]any{"b": "X"}))
	})
	var d *store.DuplicateError
	if !errors.As(err, &d) || d.ID != "2" || d.Index != "u" {
		t.Errorf("%v, want the duplicate that 2 holds", err)
	}
}

// A duplicate that the function takes in its stride leaves the rest of its transaction standing.
func TestGoingOnBehindADuplicate(t *testing.T) {
	s := open(t, mongoserver.SharedDatabase(t))
	must(t, s.Ensure(t.Context(), declared()))
	insert(t, s, "rows", "1", `{}`)
	must(t, s.Update(t.Context(), func(tx store.Tx) error {
		var d *store.DuplicateError
		if err := tx.Insert(t.Context(), "rows", store.New("1", nil)); !errors.As(err, &d) {
			return fmt.Errorf("no duplicate: %w", err)
		}
		return tx.Insert(t.Context(), "rows", store.New("2", nil))
	}))
	if got := ids(t, s, query.Find{}); got != "1 2" {
		t.Errorf("found %q", got)
	}
}

func TestReplicaSetIsRequired(t *testing.T) {
	client, err := mongo.Connect(options.Client().ApplyURI(mongoserver.Shared(t)))
	must(t, err)
	defer func() { _ = client.Disconnect(context.Background()) }()
	must(t, replicaSet(t.Context(), client))
	if err := standalone(""); err == nil || !strings.Contains(err.Error(), "--replSet") {
		t.Errorf("a server without a set: %v", err)
	}
	if _, err := Open(t.Context(), Options{URI: "http://x"}); err == nil {
		t.Error("http is no URI of MongoDB")
	}
}
