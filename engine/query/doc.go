// Package query is the tree of everything that can be asked of a collection: filter, sort, page, aggregate.
//
// Floor 1. It holds three things and their meaning: the wire form that callers send (Filter, Ask), the resolved form
// that stores run (Where, Find, Aggregate: columns and canonical scalars only), and Eval, Run and Group, which answer
// the resolved form over documents in memory. The latter are the reference semantics: every store must give the same
// answers, held by a differential fuzzer in engine/store/storetest.
//
// It knows no form, no user and no database. Relative dates are expanded here, in the caller's zone, never by a store.
package query
