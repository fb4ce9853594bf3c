package mongoserver

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Environment variables that decide where the server comes from.
const (
	// EnvURI names a replica set that is already running. Its databases called formwork_test_* come and go.
	EnvURI = "FORMWORK_TEST_MONGODB_URI"
	// EnvRequire set to true turns an absent MongoDB from a skip into a failure, as CI=true does.
	EnvRequire = "FORMWORK_REQUIRE_MONGODB"
)

// secantusVersion is the version that .ci/mongodb-test-server builds; a test holds the two together.
const secantusVersion = "0.5.3-beta.196"

// kind is a way to run a server.
type kind string

const (
	kindMongod   kind = "mongod"
	kindSecantus kind = "secantusd"
)

// program is an executable that can be started as a server.
type program struct {
	kind kind
	path string
}

// args is the command line for a server on dir. Port 0 lets SecantusDB choose; mongod needs a number.
func (p program) args(dir string, port int, opts Options) []string {
	if p.kind == kindMongod {
		args := []string{
			"--dbpath", dir, "--bind_ip", "127.0.0.1", "--port", strconv.Itoa(port), "--replSet", replicaSet,
			"--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25", "--logpath", filepath.Join(dir, "mongod.log"), "--logappend",
		}
		if opts.TestCommands {
			args = append(args, "--setParameter", "enableTestCommands=1")
		}
		return args
	}
	// The empty configuration keeps a developer's own secantusd.toml out of the tests; small log files because
	// each is allocated in full.
	args := []string{
		"--config", filepath.Join(dir, configFile), "--host", "127.0.0.1", "--port", strconv.Itoa(port),
		"--storage-path", dir, "--sync-on-commit", "--cache-size", "256M", "--log-file-max", "16MB",
	}
	if opts.TestCommands {
		args = append(args, "--enable-test-commands")
	}
	return args
}

// find returns the program to start, looking once per process.
var find = sync.OnceValues(func() (program, error) {
	if path, err := exec.LookPath("mongod"); err == nil {
		return program{kindMongod, path}, nil
	}
	path, err := secantusPath()
	if err != nil {
		return program{}, err
	}
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		return program{kindSecantus, path}, nil
	}
	if !required() {
		return program{}, errors.New("no " + EnvURI + ", no mongod on PATH, and the test server is not built yet: run .ci/mongodb-test-server once")
	}
	return build()
})

// secantusPath is where the build script leaves the server.
func secantusPath() (string, error) {
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("no home directory to keep the MongoDB test server in: %w", err)
		}
		cache = filepath.Join(home, ".cache")
	}
	return filepath.Join(cache, "secantusd", secantusVersion, "bin", "secantusd-rs"), nil
}

// build runs the script of this checkout, which waits if another process is building already.
func build() (program, error) {
	root, err := moduleRoot()
	if err != nil {
		return program{}, err
	}
	fmt.Fprintln(os.Stderr, "mongoserver: building the MongoDB test server once; this takes some minutes")
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("bash", filepath.Join(root, ".ci", "mongodb-test-server"), "--no-packages")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return program{}, fmt.Errorf(".ci/mongodb-test-server: %w\n%s", err, strings.TrimSpace(stderr.String()))
	}
	return program{kindSecantus, strings.TrimSpace(stdout.String())}, nil
}

// moduleRoot is the directory of go.mod above the package under test, which is where go test runs.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}

func required() bool {
	return os.Getenv("CI") == "true" || os.Getenv(EnvRequire) == "true"
}

// absent ends the test: skipped where MongoDB is optional, failed where it is required.
func absent(tb testing.TB, err error) {
	tb.Helper()
	if required() {
		tb.Fatalf("MongoDB IS REQUIRED HERE AND IS NOT AVAILABLE: %v", err)
	} else {
		tb.Skipf("MongoDB IS NOT AVAILABLE, NOTHING WAS TESTED AGAINST IT: %v", err)
	}
}
