package mongoserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

const (
	replicaSet = "rs0"
	configFile = "secantusd.toml"
	// startTimeout covers a cold start on a busy machine, recovery after a kill included.
	startTimeout = 60 * time.Second
	stopTimeout  = 20 * time.Second
	pollEvery    = 20 * time.Millisecond
)

// process is one server on one directory, running or not. It is not safe for concurrent use.
type process struct {
	program program
	opts    Options
	dir     string
	port    int    // 0 until the first start
	set     string // name of the replica set it reports
	cmd     *exec.Cmd
	exited  chan struct{} // closed when cmd has been reaped
}

// launch makes a data directory and starts a server on it.
func launch(opts Options) (*process, error) {
	prog, err := find()
	if err != nil {
		return nil, &absentError{err}
	}
	base, err := workspace()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(base, string(prog.kind)+"-")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, configFile), nil, 0o600); err != nil {
		return nil, err
	}
	p := &process{program: prog, opts: opts, dir: dir}
	return p, p.start()
}

// absentError says that there is no server to start, as opposed to one that would not.
type absentError struct{ err error }

func (e *absentError) Error() string { return e.err.Error() }
func (e *absentError) Unwrap() error { return e.err }

// start runs the server and returns once it accepts writes. A port that was taken meanwhile is tried again
// (the same one on a restart, since its clients expect it there) until startTimeout.
func (p *process) start() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	for {
		err := p.tryStart(ctx)
		if err == nil {
			return nil
		}
		p.kill()
		var gone *exitedError
		if !errors.As(err, &gone) || !gone.portTaken() {
			return err
		}
		if waitErr := pause(ctx); waitErr != nil {
			return err
		}
	}
}

func (p *process) tryStart(ctx context.Context) error {
	port := p.port
	if port == 0 && p.program.kind == kindMongod {
		var err error
		if port, err = freePort(); err != nil {
			return err
		}
	}
	logPath := filepath.Join(p.dir, "output.log")
	log, err := os.Create(logPath)
	if err != nil {
		return err
	}
	defer log.Close()

	cmd := exec.Command(p.program.path, p.program.args(p.dir, port, p.opts)...)
	cmd.Dir = p.dir
	cmd.Stdout, cmd.Stderr = log, log
	dieWithParent(cmd)
	if p.exited, err = spawn(cmd); err != nil {
		return fmt.Errorf("start %s: %w", p.program.path, err)
	}
	p.cmd = cmd

	if p.program.kind == kindSecantus {
		if port, err = p.announcedPort(ctx, logPath); err != nil {
			return err
		}
	}
	if err := p.awaitPrimary(ctx, port, logPath); err != nil {
		return err
	}
	p.port = port
	return nil
}

// spawn starts cmd and reaps it. The thread that starts a child stays locked for the child's life, because
// Linux delivers the parent-death signal when that thread ends, not when the process does.
func spawn(cmd *exec.Cmd) (exited chan struct{}, err error) {
	started, exited := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		_ = cmd.Wait() // a killed server's status says nothing new
		close(exited)
	}()
	return exited, <-started
}

func (p *process) uri() string {
	uri := fmt.Sprintf("mongodb://127.0.0.1:%d/?heartbeatFrequencyMS=500", p.port)
	if p.set == "" {
		return uri + "&directConnection=true"
	}
	return uri + "&replicaSet=" + p.set
}

// kill ends the server with SIGKILL: nothing is flushed, as in a power cut of the process.
func (p *process) kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill() // fails only when it is gone already
	<-p.exited
	p.cmd = nil
}

// stop asks the server to end and insists after stopTimeout. The data stays.
func (p *process) stop() {
	if p.cmd == nil {
		return
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err == nil {
		timer := time.NewTimer(stopTimeout)
		defer timer.Stop()
		select {
		case <-p.exited:
		case <-timer.C:
		}
	}
	p.kill()
}

// remove deletes the data of a stopped server.
func (p *process) remove() error { return os.RemoveAll(p.dir) }

func freePort() (port int, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, listener.Close()) }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
