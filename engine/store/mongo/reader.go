package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"formwork/engine/query"
	"formwork/engine/store"
)

// reader asks within a session's transaction, so that all its answers come from one snapshot.
type reader struct {
	s    *Store
	sess *mongo.Session
	// running is the context of a transaction that finishes whatever becomes of its caller's; nil in a View.
	running context.Context
	// seen are the versions of the documents met so far, by collection and id; nil in a View.
	seen map[string]map[string]int64
	// asked turns true once an answer was given: from then on the snapshot must not change.
	asked bool
	// failed is the error after which the server has given up the transaction.
	failed error
	// after says that the transaction was used behind failed.
	after bool
}

func (r *reader) context(ctx context.Context) context.Context {
	if r.running != nil {
		ctx = r.running
	}
	return mongo.NewSessionContext(ctx, r.sess)
}

// plain is the context for what must not be seen through the snapshot: declarations.
func (r *reader) plain(ctx context.Context) context.Context {
	if r.running != nil {
		return r.running
	}
	return ctx
}

// do runs one question. In a View that has not answered anything yet, a transient error starts the snapshot anew.
func (r *reader) do(ctx context.Context, name string, ask func(context.Context, *collection) error) error {
	if r.failed != nil {
		r.after = true
		return r.failed
	}
	for n := 0; ; n++ {
		c, err := r.s.collection(r.plain(ctx), name)
		if err != nil {
			return err
		}
		err = ask(r.context(ctx), c)
		if err == nil {
			r.asked = true
			return nil
		}
		err = r.note(name, err)
		if r.running != nil || r.asked || n == 3 || !transient(err) || ctx.Err() != nil {
			return err
		}
		_ = r.sess.AbortTransaction(context.WithoutCancel(ctx))
		if err := r.begin(); err != nil {
			return err
		}
	}
}

// note keeps an error that ended the transaction, and drops a declaration that proved old.
func (r *reader) note(name string, err error) error {
	if outdated(err) {
		r.s.forget(name)
	}
	err = translate(err)
	if r.running != nil && server(err) {
		r.failed = err
	}
	return err
}

func (r *reader) begin() error {
	return r.sess.StartTransaction(snapshot())
}

func (r *reader) saw(name, id string, version int64) {
	if r.seen == nil {
		return
	}
	if r.seen[name] == nil {
		r.seen[name] = map[string]int64{}
	}
	r.seen[name][id] = version
}

// decode reads a document, by a newer declaration if it needs one.
func (r *reader) decode(ctx context.Context, c *collection, raw bson.Raw) (*store.Doc, error) {
	d, err := decode(raw, c.layout)
	var unknown unknownLayout
	if errors.As(err, &unknown) {
		if c, err = r.s.reload(r.plain(ctx), c.name); err == nil {
			d, err = decode(raw, c.layout)
		}
	}
	if err == nil {
		r.saw(c.name, d.ID, d.Version)
	}
	return d, err
}

// Get finds a document by id.
func (r *reader) Get(ctx context.Context, name, id string) (d *store.Doc, err error) {
	err = r.do(ctx, name, func(in context.Context, c *collection) error {
		raw, err := c.FindOne(in, bson.D{{Key: "_id", Value: id}}).Raw()
		if errors.Is(err, mongo.ErrNoDocuments) {
			return store.ErrNotFound
		} else if err != nil {
			return err
		}
		d, err = r.decode(ctx, c, raw)
		return err
	})
	return d, err
}

// manyIDs is how many ids go into one query.
const manyIDs = 1000

// GetMany finds documents by id, in the order of ids.
func (r *reader) GetMany(ctx context.Context, name string, ids []string) ([]*store.Doc, error) {
	found := make(map[string]bson.Raw, len(ids))
	var c *collection
	for at := 0; at < len(ids); at += manyIDs {
		err := r.do(ctx, name, func(in context.Context, now *collection) error {
			c = now
			cur, err := c.Collection.Find(in, is("_id", "$in", ids[at:min(at+manyIDs, len(ids))]))
			if err != nil {
				return err
			}
			defer func() { _ = cur.Close(in) }()
			for cur.Next(in) {
				raw := append(bson.Raw(nil), cur.Current...)
				id, _ := raw.Lookup("_id").StringValueOK()
				found[id] = raw
			}
			return cur.Err()
		})
		if err != nil {
			return nil, err
		}
	}
	out := make([]*store.Doc, 0, len(found))
	for _, id := range ids {
		raw, ok := found[id]
		if !ok {
			continue
		}
		d, err := r.decode(ctx, c, raw)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// Count counts matches.
func (r *reader) Count(ctx context.Context, name string, w query.Where, trash query.Which, max int) (n int, err error) {
	err = r.do(ctx, name, func(in context.Context, c *collection) error {
		m, err := c.current.match(w)
		if err != nil {
			return err
		}
		n, err = count(in, c, all(recycled(trash), m), "", max)
		return err
	})
	return n, err
}

// count counts by a pipeline: the count command knows no transactions.
func count(ctx context.Context, c *collection, filter bson.D, hint string, max int) (int, error) {
	stages := bson.A{op("$match", filter)}
	if max > 0 {
		stages = append(stages, op("$limit", max))
	}
	stages = append(stages, op("$count", "n"))
	opts := options.Aggregate()
	if hint != "" {
		opts.SetHint(hint)
	}
	cur, err := c.Collection.Aggregate(ctx, stages, opts)
	if err != nil {
		return 0, err
	}
	var rows []struct{ N int }
	if err := cur.All(ctx, &rows); err != nil {
		return 0, err
	}
	if len(rows) == 0 {
		return 0, nil
	}
	return rows[0].N, nil
}
