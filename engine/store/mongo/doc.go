// Package mongo keeps the store in a MongoDB replica set: the scale-out driver of engine/store.
//
// Floor 2. It is the only package that imports the MongoDB driver. What it holds to:
//
//   - A MongoDB collection per collection. A document is {_id, version, live, layout, doc, k, f, i, g, s, odd, touched}: doc is the
//     body in native types, so that mongosh and BI tools see numbers, decimals and dates; k, f, i and g are sort keys,
//     folded texts, initials and search grams per column; layout says which declaration wrote it.
//   - Every declared column stands in the body as exactly its scalar, in the native type of its kind, or not at all. So a
//     query needs no type tests and an absent field is an empty. What does not fit that (a text in a number's place, more
//     decimals than the column keeps, null) is kept verbatim in odd and put back on reading: JSON comes back byte for byte.
//   - A View is one read-only transaction; an Update is one short transaction, majority and journaled, run again on
//     transient errors. Documents that it read but did not write are touched before the commit, so that snapshot isolation
//     cannot be skewed.
//   - The collection's validator admits only documents of the newest layout. A process with an older declaration is
//     refused by the database itself, reads the declaration again and repeats its transaction (see ensure.go).
//   - Filters are compiled from query trees; nothing that a caller sends is read as BSON. The store picks the index.
//
// It will not run against a single mongod without a replica set, shard collections, or keep covering columns (Include).
package mongo
