package mongo

import (
	"context"
	"fmt"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"formwork/engine/query"
	"formwork/engine/store"
)

// Find streams documents in order.
func (r *reader) Find(ctx context.Context, name string, f query.Find) iter.Seq2[*store.Doc, error] {
	return func(yield func(*store.Doc, error) bool) {
		var m *merge
		err := r.do(ctx, name, func(in context.Context, c *collection) (err error) {
			if m != nil {
				m.close(in)
			}
			m, err = c.open(in, f)
			return err
		})
		if err != nil {
			yield(nil, err)
			return
		}
		in := r.context(ctx)
		defer m.close(in)
		for n := 0; f.Limit <= 0 || n < f.Limit; n++ {
			raw, err := m.next(in)
			if err == nil && raw == nil {
				return
			}
			var d *store.Doc
			if err == nil {
				d, err = r.decode(ctx, m.c, raw)
			}
			if err != nil {
				yield(nil, r.note(name, err))
				return
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// open plans a Find and asks for its first documents.
func (c *collection) open(ctx context.Context, f query.Find) (*merge, error) {
	for _, o := range f.Sort {
		if col, ok := c.current.columns[o.Column]; ok && !col.Array && !col.Sortable() {
			return nil, fmt.Errorf("mongo: %s is not sorted by %q", c.name, o.Column)
		}
	}
	p, err := c.plan(ctx, f)
	if err != nil {
		return nil, err
	}
	m := &merge{c: c, sort: f.Sort, order: p.order}
	if p.never {
		return m, nil
	}
	for _, q := range p.queries(c, f) {
		m.streams = append(m.streams, &stream{c: c, find: q, left: f.Limit})
	}
	return m, m.start(ctx)
}

// ask is one stream's worth of a Find: the same filter over consecutive ranges, in one order, along one index.
type ask struct {
	filter bson.D
	ranges []bson.D
	sort   bson.D
	hint   string
}

// queries are the asks of a plan, one per branch.
func (p plan) queries(c *collection, f query.Find) []ask {
	ranges := c.current.ranges(f)
	if len(ranges) == 0 {
		return nil
	}
	if !p.ordered { // one query, as the server sorts everything anyway
		ranges = []bson.D{join("$or", ranges)}
	}
	sort := p.sortSpec(f.Sort)
	out := make([]ask, len(p.branches))
	for i, fixed := range p.branches {
		out[i] = ask{filter: all(recycled(f.Which), fixed, p.match), ranges: ranges, sort: sort, hint: p.hint}
	}
	return out
}

// stream walks the ranges of an ask one after the other until it has given enough.
type stream struct {
	c    *collection
	find ask
	left int // 0: no limit
	cur  *mongo.Cursor
	done bool

	raw bson.Raw // the document it stands on
	at  query.Position
}

// advance steps to the next document; raw is nil at the end.
func (s *stream) advance(ctx context.Context) error {
	s.raw = nil
	for !s.done {
		if s.cur == nil {
			if len(s.find.ranges) == 0 {
				s.done = true
				return nil
			}
			cur, err := s.c.Collection.Find(ctx, all(s.find.filter, s.find.ranges[0]), s.options())
			if err != nil {
				return err
			}
			s.cur, s.find.ranges = cur, s.find.ranges[1:]
		}
		if s.cur.Next(ctx) {
			s.raw = s.cur.Current
			if s.left > 0 {
				if s.left--; s.left == 0 {
					s.done = true
				}
			}
			return nil
		}
		if err := s.cur.Err(); err != nil {
			return err
		}
		s.close(ctx)
	}
	return nil
}

func (s *stream) options() *options.FindOptionsBuilder {
	o := options.Find()
	if len(s.find.sort) > 0 {
		o.SetSort(s.find.sort)
	}
	if s.find.hint != "" {
		o.SetHint(s.find.hint)
	}
	if s.left > 0 {
		o.SetLimit(int64(s.left))
	}
	return o
}

func (s *stream) close(ctx context.Context) {
	if s.cur != nil {
		_ = s.cur.Close(context.WithoutCancel(ctx))
		s.cur = nil
	}
}

// position reads a stored document's place in the order.
func (c *collection) position(raw bson.Raw, sort []query.Order, order []step) query.Position {
	doc := bsoncore.Document(raw)
	p := query.Position{Keys: make([]any, len(sort))}
	p.ID, _ = doc.Lookup("_id").StringValueOK()
	for i, s := range order {
		if s.field != "" {
			p.Keys[i] = scalarOf(c.current.columns[sort[i].Column], field(doc, s.field))
		}
	}
	return p
}
