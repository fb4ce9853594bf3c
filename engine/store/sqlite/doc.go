// Package sqlite is the embedded store: documents in one SQLite file.
//
// Floor 2. It implements engine/store on modernc.org/sqlite (pure Go), or on mattn/go-sqlite3 when built with
// -tags cgo_sqlite,sqlite_fts5. It knows query trees and nothing above them, and it does not scale out: one process
// holds the file.
//
// # The file
//
// Every collection is a table: a row number, id, version, deleted, the document as JSON, and real columns per declared
// column, written by this package and never by SQL:
//
//	v:key  the scalar (of an array the number of its items), for equality, ranges, groups and sums
//	k:key  value.SortKey, for the order of a Text column with Order
//	m:key  value.Fold, for contains, startsWith and uniqueness of a Text column with Match
//	i:key  value.Initials, for a Text column with Search
//
// The items of an array column lie in a table of their own. The layout of every collection is a row of _collections, so
// that opening needs no declarations; _generation counts its changes, and every View reads it first, so a reader always
// asks with the layout of its own snapshot.
//
// # Indexes
//
// An index holds its declared columns, then the id, then what it includes; it covers live documents unless All is set, and
// with Sparse those that have a value in its first column. A Text column stands in it as
//
//   - its folded text, in a unique index, if it matches;
//   - its sort key, if it sorts and the index includes nothing. That serves equality too: equal texts have equal keys,
//     so the scalar is tested on the few rows that the key leaves;
//   - its scalar otherwise. An index that includes columns is there for aggregates, which group by the scalar.
//
// plan.go says how one is chosen. Filters that no index serves scan, in memory bounded by the limit; listings of the
// recycle bin use only indexes with All.
//
// # Writing
//
// One goroutine writes. Updates that queue up while it commits share the next transaction and its fsync, each behind a
// savepoint (writer.go). No statement there carries a context, because SQLite may answer an interrupt by rolling back
// the whole transaction. The log is moved into the file beside the writer (keeper.go), which steps in only when the log
// has grown long. The search index is written later and in batches; what it does not have yet, a search looks through
// by itself (grams.go).
//
// # Limits
//
// Views must not be nested, nor an Update started within an Update: the inner would wait for what the outer holds.
// Columns of a collection with more than 20,000 documents that are no longer declared stay in the table unused.
// Building an index holds up writing, for two to three seconds at a million documents.
package sqlite
