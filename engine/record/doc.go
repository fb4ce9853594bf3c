// Package record is the one door to records: the write pipeline and guarded queries.
//
// Floor 4. Every write - from the UI, the API, an import, an automation, a conversion - becomes an Intent and goes through
// Records.write: snapshot of the app, access, load with rev, patch, coercion, defaults, serials, computed fields, JSON
// Schema, rules, row scope before and after, guards, then one transaction with the record, its change, its parents'
// roll-ups and what must happen later. Reading compiles access into the query. Relations, users and departments are
// reached through small interfaces, so that the package knows no other of its floor.
package record
