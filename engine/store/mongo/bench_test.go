package mongo

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/engine/store/storetest/mongoserver"
)

// The same writes through the port and by bare calls of MongoDB's driver, in one run: go test -bench . -cpu 8.
// The bare calls use the same transactions and write concern, and documents that are already BSON.

func benchStore(b *testing.B) (*Store, *collection) {
	s := open(b, mongoserver.SharedDatabase(b))
	must(b, s.Ensure(b.Context(), store.Collection{Name: "rows", Columns: things[:8], Indexes: []store.Index{
		{Key: "names", Columns: []query.Order{{Column: "name"}}},
		{Key: "days", Columns: []query.Order{{Column: "done"}, {Column: "at", Desc: true}}},
	}}))
	c, err := s.collection(b.Context(), "rows")
	must(b, err)
	return s, c
}

func benchTree(i int64) map[string]any {
	tree := map[string]any{"name": fmt.Sprint("Name of row ", i), "count": float64(i % 100), "data": map[string]any{"price": float64(i%9999) / 100}, "day": "2017-03-01", "at": "2017-03-01T08:00:00.123Z", "done": i%2 == 0, "tags": []any{"x", "y"}}
	for k := range 8 {
		tree[fmt.Sprint("f", k)] = fmt.Sprint("value ", i, k)
	}
	return tree
}

var benchID atomic.Int64

func nextID() (string, int64) {
	i := benchID.Add(1)
	return fmt.Sprintf("%024x", i), i
}

// bare runs fn as the driver's manual does.
func bare(ctx context.Context, c *mongo.Client, fn func(context.Context) error) error {
	sess, err := c.StartSession()
	if err != nil {
		return err
	}
	defer sess.EndSession(ctx)
	_, err = sess.WithTransaction(ctx, func(ctx context.Context) (any, error) { return nil, fn(ctx) }, snapshot())
	return err
}

func parallel(b *testing.B, fn func(ctx context.Context) error) {
	ctx := b.Context()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := fn(ctx); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkInsert(b *testing.B) {
	s, c := benchStore(b)
	b.Run("port", func(b *testing.B) {
		parallel(b, func(ctx context.Context) error {
			id, i := nextID()
			return s.Update(ctx, func(tx store.Tx) error { return tx.Insert(ctx, "rows", store.New(id, benchTree(i))) })
		})
	})
	b.Run("bare", func(b *testing.B) {
		parallel(b, func(ctx context.Context) error {
			id, i := nextID()
			raw, err := c.current.encode(store.New(id, benchTree(i)), 1)
			if err != nil {
				return err
			}
			return bare(ctx, s.client, func(in context.Context) error { _, err := c.InsertOne(in, raw); return err })
		})
	})
}

func BenchmarkReadModifyWrite(b *testing.B) {
	s, c := benchStore(b)
	ids := make([]string, 2000)
	docs := make([]*store.Doc, len(ids))
	for k := range ids {
		id, i := nextID()
		ids[k], docs[k] = id, store.New(id, benchTree(i))
	}
	must(b, s.Update(b.Context(), func(tx store.Tx) error { return tx.Insert(b.Context(), "rows", docs...) }))
	var at atomic.Int64
	b.Run("port", func(b *testing.B) {
		parallel(b, func(ctx context.Context) error {
			n := at.Add(1)
			return s.Update(ctx, func(tx store.Tx) error {
				d, err := tx.Get(ctx, "rows", ids[n%2000])
				if err != nil {
					return err
				}
				return tx.Replace(ctx, "rows", store.New(d.ID, benchTree(n)), d.Version)
			})
		})
	})
	b.Run("bare", func(b *testing.B) {
		parallel(b, func(ctx context.Context) error {
			n := at.Add(1)
			id := bson.D{{Key: "_id", Value: ids[n%2000]}}
			return bare(ctx, s.client, func(in context.Context) error {
				old, err := c.FindOne(in, id).Raw()
				if err != nil {
					return err
				}
				version, _ := old.Lookup("version").AsInt64OK()
				raw, err := c.current.encode(store.New(ids[n%2000], benchTree(n)), version+1)
				if err != nil {
					return err
				}
				_, err = c.ReplaceOne(in, id, raw)
				return err
			})
		})
	})
}

func BenchmarkInsert100(b *testing.B) {
	s, c := benchStore(b)
	hundred := func() []*store.Doc {
		docs := make([]*store.Doc, 100)
		for k := range docs {
			id, i := nextID()
			docs[k] = store.New(id, benchTree(i))
		}
		return docs
	}
	b.Run("port", func(b *testing.B) {
		parallel(b, func(ctx context.Context) error {
			docs := hundred()
			return s.Update(ctx, func(tx store.Tx) error { return tx.Insert(ctx, "rows", docs...) })
		})
	})
	b.Run("bare", func(b *testing.B) {
		parallel(b, func(ctx context.Context) error {
			var raws []bson.Raw
			for _, d := range hundred() {
				raw, err := c.current.encode(d, 1)
				if err != nil {
					return err
				}
				raws = append(raws, raw)
			}
			return bare(ctx, s.client, func(in context.Context) error { _, err := c.InsertMany(in, raws); return err })
		})
	})
}

func BenchmarkGet(b *testing.B) {
	s, c := benchStore(b)
	id, i := nextID()
	must(b, s.Update(b.Context(), func(tx store.Tx) error { return tx.Insert(b.Context(), "rows", store.New(id, benchTree(i))) }))
	b.Run("port", func(b *testing.B) {
		parallel(b, func(ctx context.Context) error {
			return s.View(ctx, func(r store.Reader) error { _, err := r.Get(ctx, "rows", id); return err })
		})
	})
	b.Run("bare", func(b *testing.B) {
		parallel(b, func(ctx context.Context) error {
			_, err := c.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Raw()
			return err
		})
	})
}

func BenchmarkEncode(b *testing.B) {
	l := newLayout(1, things[:8])
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.encode(store.New("x", benchTree(7)), 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	l := newLayout(1, things[:8])
	raw, err := l.encode(store.New("x", benchTree(7)), 1)
	must(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode(raw, func(int32) *layout { return l }); err != nil {
			b.Fatal(err)
		}
	}
}
