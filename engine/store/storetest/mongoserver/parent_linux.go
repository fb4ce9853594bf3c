package mongoserver

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel kill the server when the test process ends without having stopped it.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
