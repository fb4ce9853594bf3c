package mongoserver

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
)

// sweep waits until its standard input ends, which happens when the test process ends in whatever way, and then
// deletes the directory. A server that is being killed at that moment may still create a file, hence the second try.
const sweep = `trap "" INT TERM HUP; cat >/dev/null; rm -rf -- "$1" 2>/dev/null || { sleep 1; rm -rf -- "$1"; }`

// workspace is the temporary directory that holds the data of every server of this process. A small shell
// watches this process and deletes it afterwards: a test binary that was killed or panicked runs no cleanup.
var workspace = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "formwork-mongodb-")
	if err != nil {
		return "", err
	}
	janitor := exec.Command("sh", "-c", sweep, "sh", dir)
	// The write end stays open, unused and unreferenced by any other child, until this process is gone.
	if _, err := janitor.StdinPipe(); err != nil {
		return "", err
	}
	if err := janitor.Start(); err != nil {
		return "", fmt.Errorf("start the janitor of %s: %w", dir, err)
	}
	keep = janitor
	return dir, nil
})

// keep holds the janitor so that its pipe is not collected and closed.
var keep *exec.Cmd
