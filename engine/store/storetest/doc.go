// Package storetest holds what every store driver must pass, and the store it is compared with.
//
//   - Run and RunReopen are the conformance suite: one named subtest for every promise of package store. RunShared adds
//     what only holds where several processes may open one database.
//   - Differential asks random questions of random documents and wants the answers of the reference semantics.
//   - Memory is those reference semantics as a store: the oracle, and the store of unit tests on higher floors.
//
// Beside floor 2: only tests import it. A new promise in the port is first a subtest here.
package storetest
