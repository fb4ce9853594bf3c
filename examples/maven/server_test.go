package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"formwork/engine/store/storetest/mongoserver"
)

const (
	login    = "admin"
	password = "correct horse battery"
)

// built is a folder with bin/formwork, bin/maven and examples/maven/run, as `make build` leaves them.
var built = sync.OnceValues(func() (string, error) {
	root, err := os.MkdirTemp("", "maven")
	if err != nil {
		return "", err
	}
	for name, pkg := range map[string]string{"formwork": "formwork/server", "maven": "formwork/examples/maven"} {
		if out, err := exec.Command("go", "build", "-o", filepath.Join(root, "bin", name), pkg).CombinedOutput(); err != nil {
			return root, errors.New("go build " + pkg + ": " + string(out))
		}
	}
	script, err := os.ReadFile("run")
	if err != nil {
		return root, err
	}
	dir := filepath.Join(root, "examples", "maven")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return root, err
	}
	return root, os.WriteFile(filepath.Join(dir, "run"), script, 0o755)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if root, _ := built(); root != "" {
		_ = os.RemoveAll(root)
	}
	os.Exit(code)
}

// stores are the two ways to run the server.
var stores = []struct {
	name string
	args func(t *testing.T) []string
}{
	{"sqlite", func(*testing.T) []string { return nil }},
	{"mongodb", func(t *testing.T) []string { return []string{"--mongodb-uri", mongoserver.SharedDatabase(t)} }},
}

var address = regexp.MustCompile(`msg=listening addr=(\S+)`)

// serve starts a server of its own for the test, on a free port and an empty store, and gives its address.
func serve(t *testing.T, args []string) string {
	t.Helper()
	root, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(root, "bin", "formwork"), append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, args...)...)
	cmd.Env = append(os.Environ(), "FORMWORK_ADMIN_LOGIN="+login, "FORMWORK_ADMIN_PASSWORD="+password, "FORMWORK_LOCALE=en", "FORMWORK_TIMEZONE=UTC")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan string, 1)
	ended := make(chan struct{})
	var log bytes.Buffer
	go func() {
		defer close(ended)
		addr := ""
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			log.WriteString(lines.Text() + "\n")
			if m := address.FindStringSubmatch(lines.Text()); m != nil {
				addr = m[1]
			}
			if addr != "" && strings.Contains(lines.Text(), "msg=ready") {
				ready <- addr
			}
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		<-ended
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if t.Failed() {
			t.Logf("server:\n%s", &log)
		}
	})
	select {
	case addr := <-ready:
		return "http://" + addr
	case <-ended:
		t.Fatalf("the server did not start:\n%s", &log)
	case <-time.After(2 * time.Minute):
		t.Fatal("the server is not ready after two minutes")
	}
	return ""
}

// outcome is what a run of the script left.
type outcome struct {
	code           int
	stdout, stderr string
	refused        string // the error file
}

// execute runs the script as a person would.
func execute(t *testing.T, url, dir string) outcome {
	t.Helper()
	root, err := built()
	if err != nil {
		t.Fatal(err)
	}
	errorsFile := filepath.Join(t.TempDir(), "errors.csv")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(root, "examples", "maven", "run"), dir)
	cmd.Env = append(os.Environ(), "FORMWORK_URL="+url, "FORMWORK_LOGIN="+login, "FORMWORK_PASSWORD="+password, "FORMWORK_ERRORS="+errorsFile)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	refused, err := os.ReadFile(errorsFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), string(refused)}
}

// metrics reads printed figures, each as the JSON of its value.
func metrics(t *testing.T, printed string) map[string]string {
	t.Helper()
	var list []struct {
		Metric string          `json:"metric"`
		Value  json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal([]byte(printed), &list); err != nil {
		t.Fatalf("%v in\n%s", err, printed)
	}
	out := map[string]string{}
	for _, f := range list {
		if _, twice := out[f.Metric]; twice {
			t.Errorf("%q is printed twice", f.Metric)
		}
		out[f.Metric] = string(f.Value)
	}
	return out
}
