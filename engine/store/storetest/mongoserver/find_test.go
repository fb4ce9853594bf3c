package mongoserver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestScriptBuildsTheVersionThatIsLookedFor(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join(root, ".ci", "mongodb-test-server"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(script), "\nversion="+secantusVersion+"\n") {
		t.Fatalf(".ci/mongodb-test-server does not build version %s", secantusVersion)
	}
}

func TestWithDatabase(t *testing.T) {
	cases := []struct{ uri, want string }{
		{"mongodb://127.0.0.1:1/?a=b", "mongodb://127.0.0.1:1/d?a=b"},
		{"mongodb://127.0.0.1:1", "mongodb://127.0.0.1:1/d"},
		{"mongodb://u:p@a:1,b:2/old?replicaSet=rs0", "mongodb://u:p@a:1,b:2/d?replicaSet=rs0"},
		{"mongodb://a:1?replicaSet=rs0", "mongodb://a:1/d?replicaSet=rs0"},
	}
	for _, c := range cases {
		if got := WithDatabase(c.uri, "d"); got != c.want {
			t.Errorf("WithDatabase(%q) = %q, want %q", c.uri, got, c.want)
		}
	}
}

func TestDirectKeepsOtherOptions(t *testing.T) {
	got := direct("?replicaSet=rs0&heartbeatFrequencyMS=500&directConnection=false")
	if want := "?directConnection=true&heartbeatFrequencyMS=500"; got != want {
		t.Fatalf("direct = %q, want %q", got, want)
	}
}

// recorder notes how a test would have ended.
type recorder struct {
	testing.TB
	end, text string
}

func (r *recorder) Helper() {}
func (r *recorder) Skipf(format string, _ ...any) {
	r.end, r.text = "skip", format
}
func (r *recorder) Fatalf(format string, _ ...any) {
	r.end, r.text = "fatal", format
}

func TestAbsenceSkipsOnlyWhereMongoDBIsOptional(t *testing.T) {
	for _, c := range []struct{ ci, require, want string }{
		{"", "", "skip"},
		{"false", "false", "skip"},
		{"true", "", "fatal"},
		{"", "true", "fatal"},
	} {
		t.Setenv("CI", c.ci)
		t.Setenv(EnvRequire, c.require)
		seen := &recorder{TB: t}
		absent(seen, os.ErrNotExist)
		if seen.end == "" || !strings.HasPrefix(seen.end, c.want) || !strings.Contains(seen.text, "MongoDB") {
			t.Errorf("CI=%q %s=%q ended in %q (%s), want %s", c.ci, EnvRequire, c.require, seen.end, seen.text, c.want)
		}
	}
}
