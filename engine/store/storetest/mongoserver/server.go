package mongoserver

import (
	"errors"
	"sync"
	"testing"
)

// Options of a server that [Start] starts.
type Options struct {
	// TestCommands enables MongoDB's failCommand fail point.
	TestCommands bool
}

// Server is a MongoDB of one test. Its methods end the test when they fail; call them from the test's goroutine.
type Server struct {
	tb      testing.TB
	process *process
}

// Start starts a server that belongs to this test and stops it, data included, when the test ends. It never uses
// the one of FORMWORK_TEST_MONGODB_URI, which is not the test's to kill.
func Start(tb testing.TB, opts Options) *Server {
	tb.Helper()
	process, err := launch(opts)
	if err != nil {
		fail(tb, err)
	}
	server := &Server{tb: tb, process: process}
	tb.Cleanup(server.Stop)
	return server
}

// URI is the connection string, without a database; see [WithDatabase]. It stays valid over [Server.Restart].
func (s *Server) URI() string { return s.process.uri() }

// Kill ends the server with SIGKILL, as a crash would. What was acknowledged must be there after [Server.Restart].
func (s *Server) Kill() {
	s.tb.Helper()
	if s.process.cmd == nil {
		s.tb.Fatal("mongoserver: Kill of a server that is not running")
	}
	s.process.kill()
}

// Restart starts the server again on the same data and the same port, after an orderly stop if it still runs.
func (s *Server) Restart() {
	s.tb.Helper()
	s.process.stop()
	if err := s.process.start(); err != nil {
		s.tb.Fatalf("mongoserver: restart: %v", err)
	}
}

// Stop ends the server and deletes its data. A second call does nothing.
func (s *Server) Stop() {
	s.tb.Helper()
	s.process.kill() // the data goes with it, so there is nothing to flush
	if err := s.process.remove(); err != nil {
		s.tb.Errorf("mongoserver: delete the data: %v", err)
	}
}

func fail(tb testing.TB, err error) {
	tb.Helper()
	var none *absentError
	if errors.As(err, &none) {
		absent(tb, none)
	}
	tb.Fatalf("mongoserver: %v", err)
}

// shared is the server of this test binary, started at the first use and ended with the process.
var shared = sync.OnceValues(func() (*process, error) { return launch(Options{TestCommands: true}) })
