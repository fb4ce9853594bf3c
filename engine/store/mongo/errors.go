package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"formwork/engine/store"
)

// Server error codes that mean something here.
const (
	codeBadValue            = 2
	codeIndexNotFound       = 27
	codeNamespaceExists     = 48
	codeWriteConflict       = 112
	codeValidation          = 121
	codeTransactionTooLarge = 257
	codeObjectTooLarge      = 10334
	codeDuplicate           = 11000
)

func hasCode(err error, codes ...int) bool {
	var s mongo.ServerError
	if !errors.As(err, &s) {
		return false
	}
	for _, c := range codes {
		if s.HasErrorCode(c) {
			return true
		}
	}
	return false
}

func labelled(err error, label string) bool {
	var l mongo.LabeledError
	return errors.As(err, &l) && l.HasErrorLabel(label)
}

// missingHint: the index that the query was to go along was dropped by another process.
func missingHint(err error) bool {
	return hasCode(err, codeBadValue) && strings.Contains(err.Error(), "hint")
}

// outdated says whether the error comes of working by an old declaration.
func outdated(err error) bool { return hasCode(err, codeValidation) || missingHint(err) }

// transient says whether the transaction may be run again. Before a commit that holds for every failure of the network.
func transient(err error) bool {
	return labelled(err, "TransientTransactionError") || hasCode(err, codeWriteConflict) || outdated(err) || unreachable(err)
}

// unreachable: the server did not answer.
func unreachable(err error) bool {
	if mongo.IsNetworkError(err) {
		return true
	}
	return err != nil && !errors.As(err, new(mongo.ServerError)) && (mongo.IsTimeout(err) || strings.Contains(err.Error(), "server selection"))
}

// server says whether the error came from the database or the way to it, which gives up the transaction.
func server(err error) bool {
	if err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrConflict) {
		return false
	}
	return errors.As(err, new(mongo.ServerError)) || unreachable(err)
}

// translate names the errors of the port.
func translate(err error) error {
	if hasCode(err, codeTransactionTooLarge, codeObjectTooLarge) || err != nil && strings.Contains(err.Error(), "document is too large") {
		return fmt.Errorf("%w: %w", store.ErrTooLarge, err)
	}
	if errors.Is(err, mongo.ErrClientDisconnected) {
		return store.ErrClosed
	}
	return err
}

// duplicate makes the port's error of a duplicate key among docs, looking for the holder with ctx, outside the
// transaction that the error ended. Anything else comes back as it is.
func (s *Store) duplicate(ctx context.Context, c *collection, err error, docs []bson.Raw) error {
	if !hasCode(err, codeDuplicate) {
		return err
	}
	name, at := duplicateIndex(err)
	key, ok := c.keys[name]
	if !ok {
		if now, e := s.reload(ctx, c.name); e == nil {
			c = now
			key = c.keys[name]
		}
	}
	d := &store.DuplicateError{Collection: c.name, Index: key}
	if key == "" {
		d.Index = name
	}
	if at >= 0 && at < len(docs) {
		docs = docs[at : at+1]
	}
	for _, raw := range docs[:min(len(docs), manyIDs)] {
		if d.ID = c.holderOf(ctx, name, bsoncore.Document(raw)); d.ID != "" {
			break
		}
	}
	return d
}

// holderOf finds the document that has what doc wants in a physical index, "" when there is none.
func (c *collection) holderOf(ctx context.Context, name string, doc bsoncore.Document) string {
	if name == "_id_" {
		id, _ := doc.Lookup("_id").StringValueOK()
		if c.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Err() == nil {
			return id
		}
		return ""
	}
	for _, x := range c.indexes {
		if x.name == name {
			id, _ := holder(ctx, c, x, doc)
			return id
		}
	}
	return ""
}

// duplicateIndex reads the physical index and the position of the document, -1 if unknown, from a duplicate key error.
func duplicateIndex(err error) (name string, at int) {
	message := err.Error()
	at = -1
	var w mongo.WriteException
	var b mongo.BulkWriteException
	switch {
	case errors.As(err, &w):
		for _, e := range w.WriteErrors {
			if e.Code == codeDuplicate {
				message, at = e.Message, e.Index
			}
		}
	case errors.As(err, &b):
		for _, e := range b.WriteErrors {
			if e.Code == codeDuplicate {
				message, at = e.Message, e.Index
			}
		}
	}
	_, name, _ = strings.Cut(message, " index: ")
	name, _, _ = strings.Cut(name, " dup key")
	return strings.TrimSpace(name), at
}

// holder finds another live document with the same values in a unique index, "" when there is none.
func holder(ctx context.Context, c *collection, x index, doc bsoncore.Document) (string, error) {
	id, _ := doc.Lookup("_id").StringValueOK()
	live, _ := doc.Lookup("live").BooleanOK()
	filter := bson.D{{Key: "live", Value: true}, {Key: "_id", Value: bson.D{{Key: "$ne", Value: id}}}}
	for _, t := range x.terms {
		v := field(doc, t.field)
		if v.Type == 0 || !live {
			return "", nil
		}
		filter = append(filter, bson.E{Key: t.field, Value: bson.D{{Key: "$eq", Value: bson.RawValue{Type: bson.Type(v.Type), Value: v.Data}}}})
	}
	raw, err := c.FindOne(ctx, filter).Raw()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return "", nil
	} else if err != nil {
		return "", err
	}
	found, _ := raw.Lookup("_id").StringValueOK()
	return found, nil
}
