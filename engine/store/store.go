// Package store is the port to a database: documents in collections, asked with query trees.
//
// Floor 2. It knows no form, no user and no HTTP. Two drivers implement it, sqlite and mongo; storetest holds the
// conformance suite and the differential fuzzer that both pass. What the port promises:
//
//   - Update is atomic and durable when it returns nil, and serialisable as far as documents are concerned: a document
//     read inside a transaction and written by another meanwhile makes it run again.
//   - An error of the store is ErrNotFound, ErrConflict, ErrTooLarge, ErrClosed, *DuplicateError, query.ErrGroups, the
//     context's error, or a failure of the machine below, wrapped.
package store

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"formwork/engine/query"
)

var (
	// ErrNotFound: no document with that id.
	ErrNotFound = errors.New("document not found")
	// ErrConflict: the document is not of the version that the caller saw.
	ErrConflict = errors.New("document was changed by another write")
	// ErrTooLarge: the document or transaction is larger than the store takes.
	ErrTooLarge = errors.New("document too large")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("store is closed")
)

// DuplicateError: a unique index already holds the value. Index is its key, ID the document that has it where the store
// can tell, else "".
type DuplicateError struct {
	Collection, Index, ID string
}

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("duplicate value for %s in %s", e.Index, e.Collection)
}

// MaxDocument is the largest document in bytes of JSON that every store takes.
const MaxDocument = 8 << 20

// Collection declares what a collection can be asked. Columns and indexes that are no longer declared are dropped.
type Collection struct {
	Name    string // [a-z0-9_.-]+, at most 100 bytes
	Columns []query.Column
	Indexes []Index
}

// Index speeds up equality on its leading columns followed by the order of the rest. The store adds the id as last
// column and covers live documents only, unless All is set.
type Index struct {
	Key     string // stable name
	Columns []query.Order
	// Unique: no two live documents agree on all columns; documents in which any of them is empty do not count. Text
	// columns that Match compare folded.
	Unique bool
	// Include names columns that are kept in the index for aggregates (where the store can).
	Include []string
	All     bool
	// Sparse leaves out documents in which the first column is empty (where the store can): for a column that few have at a
	// time. It serves questions that ask for values of that column.
	Sparse bool
}

// Store is a database.
type Store interface {
	// View runs fn on a consistent, short-lived snapshot.
	View(ctx context.Context, fn func(Reader) error) error
	// Update runs fn in a transaction and commits. fn may run more than once and must have no outside effect; it should
	// be done within tens of milliseconds. The transaction is abandoned when fn returns an error, which comes back
	// unchanged. ctx is checked before the start; once running, the transaction finishes.
	Update(ctx context.Context, fn func(Tx) error) error
	// Ensure creates the collection or brings its columns and indexes to what is declared, filling new columns from the
	// documents. A unique index that the documents do not satisfy is a *DuplicateError and leaves the old one.
	Ensure(ctx context.Context, c Collection) error
	// Drop removes a collection with all documents. No error if there is none.
	Drop(ctx context.Context, name string) error
	// Reserve takes n consecutive numbers of a named counter, outside any transaction: unique and increasing, gaps
	// happen. The first ever is 1. It gives the first of the n.
	Reserve(ctx context.Context, counter string, n int64) (int64, error)
	// Watch wakes the caller when documents of the collection may have been inserted by any process, until ctx ends.
	// A hint: it may come late or for nothing, and never blocks the writer.
	Watch(ctx context.Context, collection string) (<-chan struct{}, error)
	Ping(ctx context.Context) error
	Close() error
}

// Reader asks for documents. All methods are for use within the function that received the Reader.
type Reader interface {
	// Get finds a document by id, live or deleted. ErrNotFound.
	Get(ctx context.Context, collection, id string) (*Doc, error)
	// GetMany finds documents by id, in the order of ids; those that do not exist are left out.
	GetMany(ctx context.Context, collection string, ids []string) ([]*Doc, error)
	// Find streams documents in order. Stop early by breaking the loop.
	Find(ctx context.Context, collection string, f query.Find) iter.Seq2[*Doc, error]
	// Count counts matches, and stops at max (0: never).
	Count(ctx context.Context, collection string, w query.Where, which query.Which, max int) (int, error)
	// Aggregate computes figures per group over live documents, rows in any order. query.ErrGroups.
	Aggregate(ctx context.Context, collection string, a query.Aggregate) ([]query.Row, error)
}

// Tx reads and writes within a transaction; reads see its own writes.
type Tx interface {
	Reader
	// Insert adds documents with Version 1. *DuplicateError also for an id that exists (Index "id").
	Insert(ctx context.Context, collection string, docs ...*Doc) error
	// Replace writes a document over the one with the same id and sets doc.Version to ifVersion+1. ErrConflict when the
	// stored version is not ifVersion, ErrNotFound, *DuplicateError.
	Replace(ctx context.Context, collection string, doc *Doc, ifVersion int64) error
	// Delete removes a document for good. ErrConflict when the stored version is not ifVersion (0: any), ErrNotFound.
	Delete(ctx context.Context, collection, id string, ifVersion int64) error
}

// One is the first document of a Find, ErrNotFound when there is none.
func One(ctx context.Context, r Reader, collection string, f query.Find) (*Doc, error) {
	f.Limit = 1
	for d, err := range r.Find(ctx, collection, f) {
		return d, err
	}
	return nil, ErrNotFound
}

// All collects a Find.
func All(ctx context.Context, r Reader, collection string, f query.Find) ([]*Doc, error) {
	var out []*Doc
	for d, err := range r.Find(ctx, collection, f) {
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}
