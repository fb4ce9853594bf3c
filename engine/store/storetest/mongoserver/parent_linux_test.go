package mongoserver_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"formwork/engine/store/storetest/mongoserver"
)

const envVictim = "FORMWORK_TEST_MONGOSERVER_VICTIM"

// TestVictim is not a test of its own: TestKilledTestBinaryLeavesNothingBehind runs it in a process that it kills.
func TestVictim(t *testing.T) {
	if os.Getenv(envVictim) == "" {
		return
	}
	fmt.Println("uri", mongoserver.Shared(t))
	<-t.Context().Done() // until the kill
}

func TestKilledTestBinaryLeavesNothingBehind(t *testing.T) {
	mongoserver.Start(t, mongoserver.Options{}).Stop() // ends the test here where there is no server to start
	temp := t.TempDir()
	victim := exec.Command(os.Args[0], "-test.run=^TestVictim$")
	victim.Env = append(os.Environ(), envVictim+"=1", "TMPDIR="+temp, mongoserver.EnvURI+"=")
	output, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	addr := ""
	for lines := bufio.NewScanner(output); addr == "" && lines.Scan(); {
		if _, rest, ok := strings.Cut(lines.Text(), "mongodb://"); ok {
			addr, _, _ = strings.Cut(rest, "/")
		}
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait() // "killed", as it should be
	if addr == "" {
		t.Fatal("the other process named no server")
	}

	eventually(t, "the server ends", func() bool {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
	eventually(t, "its data is deleted", func() bool {
		left, err := os.ReadDir(temp)
		return err == nil && len(left) == 0
	})
}

// eventually polls a condition of another process that sends no signal.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("waited in vain until %s", what)
		case <-tick.C:
		}
	}
}
