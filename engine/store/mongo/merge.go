package mongo

import (
	"container/heap"
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"formwork/engine/query"
)

// merge gives the documents of several ordered streams in one order. A document that comes in more than one of them, as
// with lists, comes once. It is a heap of its streams by where they stand.
type merge struct {
	c       *collection
	sort    []query.Order
	order   []step
	streams []*stream
	many    bool
	pending *stream // whose document was given last; it moves on with the next call
	last    string
}

// start brings every stream to its first document.
func (m *merge) start(ctx context.Context) error {
	m.many = len(m.streams) > 1
	var kept []*stream
	for _, s := range m.streams {
		if err := m.step(ctx, s); err != nil {
			m.close(ctx)
			return err
		}
		if s.raw != nil {
			kept = append(kept, s)
		}
	}
	m.streams = kept
	heap.Init(m)
	return nil
}

func (m *merge) step(ctx context.Context, s *stream) error {
	if err := s.advance(ctx); err != nil {
		return err
	}
	if s.raw == nil {
		s.close(ctx)
		return nil
	}
	if m.many {
		s.at = m.c.position(s.raw, m.sort, m.order)
	}
	return nil
}

// next is the next document, nil at the end. It is valid until the next call.
func (m *merge) next(ctx context.Context) (bson.Raw, error) {
	for {
		if s := m.pending; s != nil {
			m.pending = nil
			if err := m.step(ctx, s); err != nil {
				return nil, err
			}
			if s.raw == nil {
				heap.Pop(m)
			} else {
				heap.Fix(m, 0)
			}
		}
		if len(m.streams) == 0 {
			return nil, nil
		}
		s := m.streams[0]
		m.pending = s
		if m.many {
			if s.at.ID == m.last {
				continue
			}
			m.last = s.at.ID
		}
		return s.raw, nil
	}
}

func (m *merge) close(ctx context.Context) {
	for _, s := range m.streams {
		s.close(ctx)
	}
}

func (m *merge) Len() int           { return len(m.streams) }
func (m *merge) Less(i, j int) bool { return query.Less(m.streams[i].at, m.streams[j].at, m.sort) }
func (m *merge) Swap(i, j int)      { m.streams[i], m.streams[j] = m.streams[j], m.streams[i] }
func (m *merge) Push(x any)         { m.streams = append(m.streams, x.(*stream)) }
func (m *merge) Pop() any {
	s := m.streams[len(m.streams)-1]
	m.streams = m.streams[:len(m.streams)-1]
	return s
}
