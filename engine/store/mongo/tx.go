package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"formwork/engine/store"
)

// tx writes within a transaction. MongoDB gives up a transaction with the first duplicate key. So the first time a
// function meets one and goes on regardless, its transaction is run again carefully: unique values are looked up before
// they are written, and a duplicate is an error like any other.
type tx struct {
	reader
	careful bool
	unsure  bool // a duplicate was reported whose holder is nowhere: it may have gone meanwhile
	wrote   bool
	// written are documents that need no touch before the commit.
	written map[string]map[string]bool
}

// knows is the version of a document that was read or written before in this transaction. Nobody else can change it now
// without a conflict, so that a write needs to look for no version.
func (t *tx) knows(name, id string) (version int64, ok bool) {
	version, ok = t.seen[name][id]
	return version, ok
}

var _ store.Tx = (*tx)(nil)

func (t *tx) wroteTo(name, id string, version int64) {
	t.wrote = true
	t.saw(name, id, version)
	if t.written[name] == nil {
		t.written[name] = map[string]bool{}
	}
	t.written[name][id] = true
}

// Insert adds documents with Version 1.
func (t *tx) Insert(ctx context.Context, name string, docs ...*store.Doc) error {
	return t.do(ctx, name, func(in context.Context, c *collection) error {
		if len(docs) == 0 {
			return nil
		}
		raws := make([]bson.Raw, len(docs))
		for i, d := range docs {
			if len(d.ID) == 0 || len(d.ID) > 64 {
				return fmt.Errorf("mongo: %q is not an id", d.ID)
			}
			var err error
			if raws[i], err = c.current.encode(d, 1); err != nil {
				return err
			}
		}
		if t.careful {
			if err := c.free(in, raws, true); err != nil {
				return err
			}
		}
		if err := c.insert(in, raws, t.careful); err != nil {
			return t.duplicate(c, err, raws)
		}
		for _, d := range docs {
			d.Version = 1
			t.wroteTo(name, d.ID, 1)
		}
		return nil
	})
}

// insert writes new documents; carefully it does so outside the partial indexes first and then takes them in. Uniqueness
// is then checked by an update, which SecantusDB gets right where its insert does not (see TestPhantomDuplicate).
func (c *collection) insert(in context.Context, raws []bson.Raw, careful bool) error {
	if !careful {
		if len(raws) == 1 {
			_, err := c.InsertOne(in, raws[0])
			return err
		}
		_, err := c.InsertMany(in, raws)
		return err
	}
	for _, raw := range raws {
		bin := append(bson.Raw(nil), raw...)
		live := bin.Lookup("live")
		was := live.Boolean()
		live.Value[0] = 0 // in place: Lookup does not copy
		if _, err := c.InsertOne(in, bin); err != nil {
			return err
		}
		if !was {
			continue
		}
		if _, err := c.UpdateOne(in, bson.D{{Key: "_id", Value: raw.Lookup("_id")}}, op("$set", bson.D{{Key: "live", Value: true}})); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) duplicate(c *collection, err error, docs []bson.Raw) error {
	err = t.s.duplicate(t.running, c, err, docs)
	var d *store.DuplicateError
	if errors.As(err, &d) {
		t.failed, t.unsure = err, d.ID == ""
	}
	return err
}

// Replace writes a document over the one with the same id.
func (t *tx) Replace(ctx context.Context, name string, d *store.Doc, ifVersion int64) error {
	return t.do(ctx, name, func(in context.Context, c *collection) error {
		raw, err := c.current.encode(d, ifVersion+1)
		if err != nil {
			return err
		}
		if t.careful {
			if err := c.free(in, []bson.Raw{raw}, false); err != nil {
				return err
			}
		}
		filter, err := t.unchanged(name, d.ID, ifVersion)
		if err != nil {
			return err
		}
		res, err := c.ReplaceOne(in, filter, raw)
		if err != nil {
			return t.duplicate(c, err, []bson.Raw{raw})
		}
		if res.MatchedCount == 0 {
			return t.missed(in, c, d.ID)
		}
		d.Version = ifVersion + 1
		t.wroteTo(name, d.ID, d.Version)
		return nil
	})
}

// Delete removes a document for good.
func (t *tx) Delete(ctx context.Context, name, id string, ifVersion int64) error {
	return t.do(ctx, name, func(in context.Context, c *collection) error {
		filter := bson.D{{Key: "_id", Value: id}}
		if ifVersion != 0 {
			var err error
			if filter, err = t.unchanged(name, id, ifVersion); err != nil {
				return err
			}
		}
		res, err := c.DeleteOne(in, filter)
		if err != nil {
			return err
		}
		if res.DeletedCount == 0 {
			return t.missed(in, c, id)
		}
		t.wroteTo(name, id, gone)
		return nil
	})
}

// gone is the version of a document that this transaction deleted.
const gone = -1

// unchanged is the filter that finds a document of a version, ErrConflict when it is known to be of another.
func (t *tx) unchanged(name, id string, version int64) (bson.D, error) {
	filter := bson.D{{Key: "_id", Value: id}}
	known, ok := t.knows(name, id)
	switch {
	case !ok:
		return append(filter, bson.E{Key: "version", Value: version}), nil
	case known == gone:
		return nil, store.ErrNotFound
	case known != version:
		return nil, store.ErrConflict
	}
	return filter, nil
}

// missed says why a write found no document.
func (t *tx) missed(in context.Context, c *collection, id string) error {
	raw, err := c.FindOne(in, bson.D{{Key: "_id", Value: id}}, options.FindOne().SetProjection(bson.D{{Key: "version", Value: 1}})).Raw()
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return store.ErrNotFound
	case err != nil:
		return err
	}
	version, _ := raw.Lookup("version").AsInt64OK()
	t.saw(c.name, id, version) // that it is of another version has been relied on
	return store.ErrConflict
}

// free looks up, within the transaction, whether the unique values of docs are free, also among one another.
func (c *collection) free(in context.Context, docs []bson.Raw, fresh bool) error {
	ids := map[string]bool{}
	for i, raw := range docs {
		doc := bsoncore.Document(raw)
		id, _ := doc.Lookup("_id").StringValueOK()
		if fresh {
			err := c.FindOne(in, bson.D{{Key: "_id", Value: id}}).Err()
			if ids[id] || err == nil {
				return &store.DuplicateError{Collection: c.name, Index: "id", ID: id}
			} else if !errors.Is(err, mongo.ErrNoDocuments) {
				return err
			}
			ids[id] = true
		}
		for _, x := range c.indexes {
			if !x.unique {
				continue
			}
			other, err := holder(in, c, x, doc)
			if err != nil {
				return err
			}
			if other != "" || x.among(doc, docs[:i]) {
				return &store.DuplicateError{Collection: c.name, Index: x.key, ID: other}
			}
		}
	}
	return nil
}

// among says whether one of docs holds the same value in a unique index.
func (x index) among(doc bsoncore.Document, docs []bson.Raw) bool {
	mine, ok := x.values(doc)
	for _, other := range docs {
		theirs, has := x.values(bsoncore.Document(other))
		if ok && has && mine == theirs {
			return true
		}
	}
	return false
}

// values spells what a live document has in the index; false when it is not in it.
func (x index) values(doc bsoncore.Document) (string, bool) {
	if live, _ := doc.Lookup("live").BooleanOK(); !live {
		return "", false
	}
	var b []byte
	for i, t := range x.terms {
		v := field(doc, t.field)
		if v.Type == 0 {
			return "", false
		}
		b = bsoncore.AppendValueElement(b, fmt.Sprint(i), v)
	}
	return string(b), true
}

// touch writes to every document that was read and not written. A transaction that wrote one of them meanwhile, or
// touched it for the same reason, then conflicts with this one, and whoever is later runs again: without it two
// transactions could each read what the other writes and both commit (write skew). Documents of an older layout may be
// touched too, so the validator is passed by.
func (t *tx) touch() error {
	if !t.wrote {
		return nil
	}
	for name, ids := range t.seen {
		list := make([]string, 0, len(ids))
		for id := range ids {
			if !t.written[name][id] {
				list = append(list, id)
			}
		}
		for at := 0; at < len(list); at += manyIDs {
			err := t.do(t.running, name, func(in context.Context, c *collection) error {
				_, err := c.UpdateMany(in, is("_id", "$in", list[at:min(at+manyIDs, len(list))]),
					op("$inc", bson.D{{Key: "touched", Value: 1}}), options.UpdateMany().SetBypassDocumentValidation(true))
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
