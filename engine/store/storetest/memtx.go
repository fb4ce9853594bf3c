package storetest

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"formwork/engine/query"
	"formwork/engine/store"
)

// tx is a Reader over a snapshot and, with drafts, a Tx.
type tx struct {
	data   map[string]*collection
	drafts map[string]*draft
	reads  map[string]map[string]*store.Doc // what was seen, nil for nothing there
	broken error                            // a DuplicateError happened
}

// draft is what a transaction wants to change in a collection; a nil entry is a deletion.
type draft struct {
	docs     map[string]*entry
	held     map[claim]string // unique values as they would be; "" is free
	inserted bool
}

func newReader(data map[string]*collection) *tx { return &tx{data: data} }

func newTx(data map[string]*collection) *tx {
	return &tx{data: data, drafts: map[string]*draft{}, reads: map[string]map[string]*store.Doc{}}
}

func (t *tx) open(ctx context.Context, name string) (*collection, error) {
	if t.drafts == nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	c := t.data[name]
	if c == nil {
		return nil, fmt.Errorf("no collection %q", name)
	}
	return c, nil
}

// at is the entry that the transaction sees, nil when there is none. It counts as read.
func (t *tx) at(c *collection, id string) *entry {
	name := c.declared.Name
	if d := t.drafts[name]; d != nil {
		if e, ok := d.docs[id]; ok {
			return e
		}
	}
	e, ok := c.docs[id]
	if t.reads != nil {
		if t.reads[name] == nil {
			t.reads[name] = map[string]*store.Doc{}
		}
		t.reads[name][id] = e.doc
	}
	if !ok {
		return nil
	}
	return &e
}

// list is all documents that the transaction sees, in the order of their ids.
func (t *tx) list(c *collection) []query.Document {
	all := make(map[string]*store.Doc, len(c.docs))
	for id, e := range c.docs {
		all[id] = e.doc
	}
	if d := t.drafts[c.declared.Name]; d != nil {
		for id, e := range d.docs {
			if delete(all, id); e != nil {
				all[id] = e.doc
			}
		}
	}
	out := make([]query.Document, 0, len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[id].Document())
	}
	return out
}

// hand gives a document out: a copy, as callers set its version and mark.
func hand(e *entry) *store.Doc {
	d := *e.doc
	return &d
}

// Get implements store.Reader.
func (t *tx) Get(ctx context.Context, collection, id string) (*store.Doc, error) {
	c, err := t.open(ctx, collection)
	if err != nil {
		return nil, err
	}
	if e := t.at(c, id); e != nil {
		return hand(e), nil
	}
	return nil, store.ErrNotFound
}

// GetMany implements store.Reader.
func (t *tx) GetMany(ctx context.Context, collection string, ids []string) ([]*store.Doc, error) {
	c, err := t.open(ctx, collection)
	if err != nil {
		return nil, err
	}
	var out []*store.Doc
	for _, id := range ids {
		if e := t.at(c, id); e != nil {
			out = append(out, hand(e))
		}
	}
	return out, nil
}

// Find implements store.Reader.
func (t *tx) Find(ctx context.Context, collection string, f query.Find) iter.Seq2[*store.Doc, error] {
	return func(yield func(*store.Doc, error) bool) {
		c, err := t.open(ctx, collection)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, d := range query.Run(f, c.columns, t.list(c)) {
			if e := t.at(c, d.ID); e != nil && !yield(hand(e), nil) {
				return
			}
		}
	}
}

// Count implements store.Reader.
func (t *tx) Count(ctx context.Context, collection string, w query.Where, which query.Which, max int) (int, error) {
	c, err := t.open(ctx, collection)
	if err != nil {
		return 0, err
	}
	return len(query.Run(query.Find{Where: w, Which: which, Limit: max}, c.columns, t.list(c))), nil
}

// Aggregate implements store.Reader.
func (t *tx) Aggregate(ctx context.Context, collection string, a query.Aggregate) ([]query.Row, error) {
	c, err := t.open(ctx, collection)
	if err != nil {
		return nil, err
	}
	return query.RunAggregate(a, c.columns, t.list(c))
}

// Insert implements store.Tx.
func (t *tx) Insert(ctx context.Context, collection string, docs ...*store.Doc) error {
	c, err := t.open(ctx, collection)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if t.at(c, d.ID) != nil {
			t.broken = &store.DuplicateError{Collection: collection, Index: "id", ID: d.ID}
			return t.broken
		}
		if err := t.put(c, d, 1); err != nil {
			return err
		}
		t.drafts[collection].inserted = true
	}
	return nil
}

// Replace implements store.Tx.
func (t *tx) Replace(ctx context.Context, collection string, doc *store.Doc, ifVersion int64) error {
	c, err := t.open(ctx, collection)
	if err != nil {
		return err
	}
	switch e := t.at(c, doc.ID); {
	case e == nil:
		return store.ErrNotFound
	case e.doc.Version != ifVersion:
		return store.ErrConflict
	}
	return t.put(c, doc, ifVersion+1)
}

// Delete implements store.Tx.
func (t *tx) Delete(ctx context.Context, collection, id string, ifVersion int64) error {
	c, err := t.open(ctx, collection)
	if err != nil {
		return err
	}
	e := t.at(c, id)
	switch {
	case e == nil:
		return store.ErrNotFound
	case ifVersion != 0 && e.doc.Version != ifVersion:
		return store.ErrConflict
	}
	d := t.draft(collection)
	d.free(e)
	d.docs[id] = nil
	return nil
}

func (d *draft) free(e *entry) {
	for _, k := range e.claims {
		d.held[k] = ""
	}
}

func (t *tx) draft(collection string) *draft {
	d := t.drafts[collection]
	if d == nil {
		d = &draft{docs: map[string]*entry{}, held: map[claim]string{}}
		t.drafts[collection] = d
	}
	return d
}

// put drafts a document. What is kept was read back from its JSON, as in a database.
func (t *tx) put(c *collection, doc *store.Doc, version int64) error {
	if len(doc.JSON()) > store.MaxDocument {
		return store.ErrTooLarge
	}
	kept := store.Read(doc.ID, version, doc.Deleted, slices.Clone(doc.JSON()))
	e := &entry{kept, c.claims(kept)}
	kept.Tree() // made now, as snapshots share it
	d := t.draft(c.declared.Name)
	for _, k := range e.claims {
		holder, drafted := d.held[k]
		if !drafted {
			holder = c.held[k]
		}
		if holder != "" && holder != doc.ID {
			t.broken = &store.DuplicateError{Collection: c.declared.Name, Index: k.index, ID: holder}
			return t.broken
		}
	}
	if old := t.at(c, doc.ID); old != nil {
		d.free(old)
	}
	for _, k := range e.claims {
		d.held[k] = doc.ID
	}
	d.docs[doc.ID] = e
	doc.Version = version
	return nil
}

// stands says whether the transaction can be applied to data, which was changed since its snapshot.
func (t *tx) stands(data map[string]*collection) bool {
	if len(t.drafts) == 0 {
		return true // it saw one consistent state
	}
	for name, seen := range t.reads {
		c := data[name]
		if c == nil {
			return false
		}
		for id, doc := range seen {
			if c.docs[id].doc != doc {
				return false
			}
		}
	}
	for name, d := range t.drafts {
		c := data[name]
		if c == nil || !slices.EqualFunc(c.declared.Indexes, t.data[name].declared.Indexes, sameIndex) {
			return false
		}
		for id, e := range d.docs {
			if e == nil {
				continue
			}
			for _, k := range e.claims {
				if holder, ok := c.held[k]; ok && holder != id {
					if _, drafted := d.docs[holder]; !drafted {
						return false
					}
				}
			}
		}
	}
	return true
}

func sameIndex(a, b store.Index) bool {
	return a.Key == b.Key && a.Unique == b.Unique && slices.Equal(a.Columns, b.Columns)
}
