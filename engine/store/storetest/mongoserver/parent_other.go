//go:build !linux

package mongoserver

import "os/exec"

// dieWithParent does nothing here: only Linux has a parent-death signal. A test process that is killed leaves
// its server behind on other systems; one that ends in the ordinary way does not.
func dieWithParent(*exec.Cmd) {}
