// Package e2e holds tests of the whole product: the built binary, its public API, and crashes of the processes that hold
// the data.
package e2e
