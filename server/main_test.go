package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// world is an environment of a test: variables, and files for what is printed.
func world(t *testing.T, vars map[string]string) environment {
	t.Helper()
	open := func(name string) *os.File {
		f, err := os.OpenFile(filepath.Join(t.TempDir(), name), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	return environment{vars: func(name string) (string, bool) { v, ok := vars[name]; return v, ok }, stdout: open("stdout"), stderr: open("stderr")}
}

func printed(t *testing.T, f *os.File) string {
	t.Helper()
	b, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryFlagHasItsVariable(t *testing.T) {
	env := world(t, map[string]string{"FORMWORK_LISTEN": "127.0.0.1:1", "FORMWORK_PUBLIC_URL": "https://forms.example.com", "FORMWORK_DATA": "there",
		"FORMWORK_LOG_LEVEL": "warn", "FORMWORK_TEMPLATE": "starter", "FORMWORK_DEMO": "true", "FORMWORK_WORKSPACE": "Acme",
		"FORMWORK_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1/32", "FORMWORK_MONGODB_URI": ""})
	c, err := readConfig(env, []string{"--data", "here"})
	if err != nil {
		t.Fatal(err)
	}
	if c.listen != "127.0.0.1:1" || c.publicURL.Host != "forms.example.com" || c.data != "here" || c.level.String() != "WARN" ||
		c.first.Template != "starter" || !c.first.Demo || c.first.Name != "Acme" || len(c.proxies) != 2 || c.mongodb != "" {
		t.Errorf("%+v", c)
	}
	for name, vars := range map[string]map[string]string{
		"level": {"FORMWORK_LOG_LEVEL": "loud"}, "address": {"FORMWORK_PUBLIC_URL": "forms"}, "switch": {"FORMWORK_DEMO": "perhaps"}, "network": {"FORMWORK_TRUSTED_PROXIES": "x"},
	} {
		if _, err := readConfig(world(t, vars), nil); err == nil {
			t.Errorf("a wrong %s is taken", name)
		}
	}
}

func TestCommandLine(t *testing.T) {
	env := world(t, nil)
	for _, c := range []struct {
		args []string
		want error
	}{
		{[]string{"version"}, nil}, {nil, nil}, {[]string{"help"}, nil}, {[]string{"nonsense"}, errUsage}, {[]string{"serve", "--nonsense"}, errUsage},
		{[]string{"serve", "--help"}, flag.ErrHelp}, {[]string{"template", "install"}, errUsage},
	} {
		if err := run(t.Context(), env, c.args); !errors.Is(err, c.want) {
			t.Errorf("%v: %v", c.args, err)
		}
	}
	if got := printed(t, env.stdout); got != "dev\n" {
		t.Errorf("version prints %q", got)
	}
}

// running is serve at work in this process.
type running struct {
	t     *testing.T
	env   environment
	url   string
	stop  func()
	ended chan error
}

func startServe(t *testing.T, vars map[string]string, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &running{t: t, env: world(t, vars), stop: cancel, ended: make(chan error, 1)}
	go func() { s.ended <- serve(ctx, s.env, append([]string{"--listen", "127.0.0.1:0"}, args...)) }()
	t.Cleanup(func() {
		cancel()
		if err, ok := <-s.ended; ok && err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	address := regexp.MustCompile(`msg=listening addr=(127\.0\.0\.1:[0-9]+) `)
	for s.url == "" {
		select {
		case err := <-s.ended:
			t.Fatalf("serve ended: %v\n%s", err, printed(t, s.env.stderr))
		default:
			if m := address.FindStringSubmatch(printed(t, s.env.stderr)); m != nil {
				s.url = "http://" + m[1]
			}
		}
	}
	return s
}

// status asks until the answer is not 503.
func (s *running) status(path string) (status int, body string) {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		res, err := http.Get(s.url + path)
		if err != nil {
			s.t.Fatal(err)
		}
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusServiceUnavailable {
			return res.StatusCode, string(b)
		}
	}
	s.t.Fatalf("%s never was available\n%s", path, printed(s.t, s.env.stderr))
	return 0, ""
}

func TestServe(t *testing.T) {
	data := t.TempDir()
	vars := map[string]string{"FORMWORK_ADMIN_LOGIN": "boss", "FORMWORK_ADMIN_PASSWORD": "a long password", "FORMWORK_WORKSPACE": "Acme",
		"FORMWORK_TEMPLATE": "starter", "FORMWORK_LOCALE": "en", "FORMWORK_TIMEZONE": "Europe/Berlin", "FORMWORK_DATA": data}
	s := startServe(t, vars)
	if status, _ := s.status("/healthz"); status != 200 {
		t.Fatalf("healthz %d", status)
	}
	if status, body := s.status("/readyz"); status != 200 {
		t.Fatalf("readyz %d %s", status, body)
	}
	res, err := http.Post(s.url+"/api/v1/auth/login", "application/json", strings.NewReader(`{"login":"boss","password":"a long password"}`))
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("login: %v %v", err, res)
	}
	var in struct{ CSRF string }
	if err := json.NewDecoder(res.Body).Decode(&in); err != nil {
		t.Fatal(err)
	}
	token := s.token(res.Cookies()[0], in.CSRF)

	// A second process keeps its hands off the data.
	if err := serve(t.Context(), world(t, vars), []string{"--listen", "127.0.0.1:0"}); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a second server: %v", err)
	}
	// Commands beside the server speak HTTP.
	env := world(t, map[string]string{"FORMWORK_URL": s.url, "FORMWORK_TOKEN": token})
	if err := run(t.Context(), env, []string{"template", "list"}); err != nil {
		t.Error(err)
	}
	if got := printed(t, env.stdout); !regexp.MustCompile(`(?m)^starter +\S+ +\S+$`).MatchString(got) {
		t.Errorf("gallery:\n%s", got)
	}
	if err := run(t.Context(), env, []string{"template", "install", "starter", "--demo"}); err == nil || !strings.Contains(err.Error(), "409") {
		t.Errorf("installing again: %v", err)
	}
	if err := run(t.Context(), env, []string{"healthcheck", "--listen", strings.TrimPrefix(s.url, "http://")}); err != nil {
		t.Errorf("healthcheck: %v", err)
	}

	s.stop()
	if err := <-s.ended; err != nil {
		t.Fatalf("stopping: %v", err)
	}
	close(s.ended)

	// Set up once is set up for good: the variables are ignored now.
	vars["FORMWORK_ADMIN_LOGIN"], vars["FORMWORK_ADMIN_PASSWORD"] = "other", "short"
	again := startServe(t, vars)
	if _, body := again.status("/api/v1/setup"); !strings.Contains(body, `"needed":false`) {
		t.Errorf("setup: %s", body)
	}
}

func (s *running) token(cookie *http.Cookie, csrf string) string {
	s.t.Helper()
	req, err := http.NewRequest("POST", s.url+"/api/v1/tokens", bytes.NewReader([]byte(`{"name":"cli"}`)))
	if err != nil {
		s.t.Fatal(err)
	}
	req.AddCookie(cookie)
	req.Header.Set("X-CSRF-Token", csrf)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	var out struct{ Token string }
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || out.Token == "" {
		s.t.Fatalf("token: %v %d", err, res.StatusCode)
	}
	return out.Token
}

func TestFirstStartPrintsTheLink(t *testing.T) {
	s := startServe(t, nil, "--data", t.TempDir())
	if status, _ := s.status("/readyz"); status != 200 {
		t.Fatal(status)
	}
	link := regexp.MustCompile(`url="?(http://[^ "]+/setup\?token=[A-Za-z0-9_-]+)`).FindStringSubmatch(printed(t, s.env.stderr))
	if link == nil {
		t.Fatalf("no link:\n%s", printed(t, s.env.stderr))
	}
}

func TestAWrongFirstRunEndsTheProcess(t *testing.T) {
	env := world(t, map[string]string{"FORMWORK_ADMIN_LOGIN": "boss", "FORMWORK_ADMIN_PASSWORD": "short"})
	err := serve(t.Context(), env, []string{"--listen", "127.0.0.1:0", "--data", t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "password-too-short") {
		t.Errorf("%v", err)
	}
}
