// Package mongoserver gives tests a MongoDB. Floor 2, test support only: nothing that ships imports it.
//
// A test asks for one of three things:
//
//   - [Shared]: the URI of one server for the whole test binary, and [Database] for a name of its own in it.
//     The server is the one FORMWORK_TEST_MONGODB_URI names (a replica set), else one started here.
//   - [Start]: a server that belongs to the test alone, which it may [Server.Kill] and [Server.Restart].
//   - [NewProxy]: a TCP proxy in front of either, to cut, delay or swallow the traffic.
//
// A server is started from the first of these that is there:
//
//  1. a mongod on PATH, as a one-node replica set;
//  2. SecantusDB's Rust server, which .ci/mongodb-test-server builds once into the user's cache. It speaks
//     MongoDB's protocol over MongoDB's storage engine. Where it differs from MongoDB's documentation the
//     documentation is right: write the case down beside the test.
//
// With none of them the test is skipped and says why; with CI=true or FORMWORK_REQUIRE_MONGODB=true it fails,
// so that a suite that did not run cannot pass for one that did. Only where MongoDB is required is a missing
// server built on demand: a plain `go test` never begins a compilation of several minutes.
//
// Servers listen on 127.0.0.1 only, sync every commit to disk and live in one temporary directory per process.
// They end with the test that started them, and with the process even if that is killed (see janitor.go).
//
// What it will not do: pretend to be a cluster. There are no elections, secondaries or shards here.
package mongoserver
