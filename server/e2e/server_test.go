package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"formwork/engine/store/storetest/mongoserver"
)

// binary builds the server once for all tests of the package.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "formwork-e2e")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "formwork")
	out, err := exec.Command("go", "build", "-o", path, "formwork/server").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// server is a running process and a client of its API.
type server struct {
	t     *testing.T
	args  []string
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process has
	base  string
	token string
	mu    sync.Mutex
	said  []string // the last lines of its log
}

// say keeps a line of the log.
func (s *server) say(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.said = append(s.said, line); len(s.said) > 400 {
		s.said = s.said[100:]
	}
}

// stacks ends a process that hangs, and gives the end of its log with where it hung.
func (s *server) stacks() string {
	_ = s.cmd.Process.Signal(syscall.SIGQUIT)
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		s.kill()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.said, "\n")
}

const login, password = "admin", "correct horse battery"

// onEachStore runs a test against the embedded store and against MongoDB.
func onEachStore(t *testing.T, fn func(t *testing.T, s *server)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, start(t)) })
	t.Run("mongo", func(t *testing.T) {
		uri := mongoserver.SharedDatabase(t)
		shortTransactions(t, uri)
		fn(t, start(t, "--mongodb-uri", uri))
	})
}

// shortTransactions lets MongoDB end the transactions of a killed process after a second instead of a minute: until then
// they hold the documents that they wrote.
func shortTransactions(t *testing.T, uri string) {
	t.Helper()
	c, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Disconnect(t.Context())
	if err := c.Database("admin").RunCommand(t.Context(), bson.D{{Key: "setParameter", Value: 1}, {Key: "transactionLifetimeLimitSeconds", Value: 1}}).Err(); err != nil {
		t.Logf("transactions keep their lifetime: %v", err)
	}
}

// start brings up a server that is set up with an admin, and waits until it is ready.
func start(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{t: t, args: append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, args...)}
	s.run()
	t.Cleanup(s.kill)
	s.signIn()
	return s
}

var listening = regexp.MustCompile(`msg=listening addr=(\S+)`)

// run starts the process and waits until /readyz says yes.
func (s *server) run() {
	s.t.Helper()
	path, err := binary()
	if err != nil {
		s.t.Fatal(err)
	}
	s.cmd = exec.Command(path, s.args...)
	s.cmd.Env = append(os.Environ(), "FORMWORK_ADMIN_LOGIN="+login, "FORMWORK_ADMIN_PASSWORD="+password)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	logs, err := s.cmd.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.spawn(); err != nil {
		s.t.Fatal(err)
	}
	addr := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(logs)
		for lines.Scan() {
			s.say(lines.Text())
			if m := listening.FindStringSubmatch(lines.Text()); m != nil {
				addr <- m[1]
			}
		}
		close(addr)
	}()
	select {
	case a, ok := <-addr:
		if !ok {
			s.t.Fatal("the server ended before it listened")
		}
		s.base = "http://" + a
	case <-time.After(30 * time.Second):
		s.t.Fatal("the server does not listen")
	}
	deadline := time.Now().Add(3 * time.Minute)
	for {
		r, err := http.Get(s.base + "/readyz")
		if err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("the server does not become ready: %v\n%s", err, s.stacks())
		}
		time.Sleep(5 * time.Millisecond) // poll: the process has no other sign
	}
}

// spawn starts the process from a thread that lives as long as it: the signal that a parent's death sends comes when the
// thread ends that started the child.
func (s *server) spawn() error {
	cmd, started, ended := s.cmd, make(chan error), make(chan struct{})
	s.ended = ended
	go func() {
		runtime.LockOSThread()
		defer close(ended)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
	}()
	return <-started
}

// mongo says whether its records are in MongoDB.
func (s *server) mongo() bool { return slices.Contains(s.args, "--mongodb-uri") }

// kill ends the process as a power cut would.
func (s *server) kill() {
	if s.cmd != nil && s.cmd.Process != nil {
		s.cmd.Process.Kill()
		<-s.ended
	}
}

func (s *server) signIn() { s.t.Helper(); s.signInAs(login, password) }

// signInAs makes the client act as somebody, with a token of theirs.
func (s *server) signInAs(login, password string) {
	s.t.Helper()
	r, err := http.Post(s.base+"/api/v1/auth/login", "application/json", bytes.NewBufferString(fmt.Sprintf(`{"login":%q,"password":%q}`, login, password)))
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	var in struct{ CSRF string }
	json.NewDecoder(r.Body).Decode(&in)
	req, _ := http.NewRequest("POST", s.base+"/api/v1/tokens", bytes.NewBufferString(`{"name":"e2e"}`))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-CSRF-Token", in.CSRF)
	for _, c := range r.Cookies() {
		req.AddCookie(c)
	}
	r2, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r2.Body.Close()
	var tok struct{ Token string }
	json.NewDecoder(r2.Body).Decode(&tok)
	if s.token = tok.Token; s.token == "" {
		s.t.Fatalf("no token: %d", r2.StatusCode)
	}
}

// answer is one response; status 0 when the connection broke.
type answer struct {
	status int
	body   map[string]any
	raw    []byte
}

// call sends a request with the token. Bodies that are not []byte are sent as JSON.
func (s *server) call(method, path string, body any, headers ...string) answer {
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		r = bytes.NewReader(b)
	default:
		j, err := json.Marshal(b)
		if err != nil {
			s.t.Fatal(err)
		}
		r = bytes.NewReader(j)
	}
	req, err := http.NewRequest(method, s.base+"/api/v1"+path, r)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.token)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode}
	if a.raw, err = io.ReadAll(resp.Body); err != nil {
		return answer{}
	}
	json.Unmarshal(a.raw, &a.body)
	return a
}

// must is call that expects a status.
func (s *server) must(status int, method, path string, body any, headers ...string) map[string]any {
	s.t.Helper()
	a := s.call(method, path, body, headers...)
	if a.status != status {
		s.t.Fatalf("%s %s: %d, want %d: %s", method, path, a.status, status, a.raw)
	}
	return a.body
}

// rounds is how often a crash is repeated: n in CI, more on demand.
func rounds(n int) int {
	if v, err := strconv.Atoi(os.Getenv("FORMWORK_TORTURE")); err == nil && v > 0 {
		return v
	}
	return n
}
