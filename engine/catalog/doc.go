// Package catalog turns definitions into behaviour: drafts, publishing, versions and rollback, and the compiled
// Snapshot that every other part of the engine reads.
//
// Floor 3. A Snapshot is immutable and holds all published apps of the workspace, compiled as a whole: references,
// expressions, rights, columns and indexes. Publishing compiles first and keeps the old version, with pointers to the
// problems, if anything is wrong. The catalog moves no records: what a publishing means for stored records is a Plan
// that the caller (engine/record) carries out.
package catalog
