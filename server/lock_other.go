//go:build !unix

package main

// lockData relies on the lock of the embedded store where there is no advisory lock.
func lockData(string) (unlock func(), err error) { return func() {}, nil }
