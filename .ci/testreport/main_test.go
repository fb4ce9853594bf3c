package main

import (
	"fmt"
	"strings"
	"testing"
)

// skip is the events of a test that was skipped with the text.
func skip(test, text string) string {
	return fmt.Sprintf(`{"Action":"output","Package":"formwork/a","Test":%q,"Output":"    a_test.go:1: %s\n"}
{"Action":"skip","Package":"formwork/a","Test":%q}
`, test, text, test)
}

const passes = `{"Action":"output","Package":"formwork/a","Test":"TestFine","Output":"noise\n"}
{"Action":"pass","Package":"formwork/a","Test":"TestFine"}
{"Action":"output","Package":"formwork/a","Output":"ok  \tformwork/a\t0.1s\n"}
{"Action":"pass","Package":"formwork/a"}
`

func TestReport(t *testing.T) {
	cases := []struct {
		name, events string
		ci           bool
		good         bool
		last         string
		says, hides  string
	}{
		{name: "all pass", events: passes, ci: true, good: true, last: "skipped: nothing", says: "ok  \tformwork/a", hides: "noise"},
		{name: "nothing ran", events: "", last: "skipped: nothing", says: "no test ran"},
		{name: "a test fails", last: "skipped: nothing", says: "got 1, want 2", events: passes +
			`{"Action":"output","Package":"formwork/b","Test":"TestBad","Output":"    b_test.go:1: got 1, want 2\n"}
{"Action":"fail","Package":"formwork/b","Test":"TestBad"}
{"Action":"fail","Package":"formwork/b"}
`},
		{name: "a package does not compile", last: "skipped: nothing", says: "undefined: x", events: passes +
			`{"ImportPath":"formwork/b","Action":"build-output","Output":"b.go:1: undefined: x\n"}
{"ImportPath":"formwork/b","Action":"build-fail"}
`},
		{name: "skips are named by reason", good: true,
			events: passes + skip("TestOne", "../shared/data is missing") + skip("TestTwo", "MongoDB IS NOT AVAILABLE") + skip("TestThree", "too short"),
			last:   "skipped: MongoDB is missing: a.TestTwo; ../shared is missing: a.TestOne; for a reason of their own: a.TestThree"},
		{name: "in CI MongoDB must not be missing", ci: true, events: passes + skip("TestTwo", "MongoDB IS NOT AVAILABLE"),
			last: "skipped: MongoDB is missing: a.TestTwo", says: "FAIL: under CI=true"},
		{name: "in CI the shared folder may be missing", ci: true, good: true, events: passes + skip("TestOne", "no ../shared"),
			last: "skipped: ../shared is missing: a.TestOne"},
		{name: "plain text passes through", events: "go: cannot find main module\n", last: "skipped: nothing", says: "go: cannot find main module"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			if good := report(strings.NewReader(c.events), &out, c.ci); good != c.good {
				t.Errorf("good = %v, want %v", good, c.good)
			}
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if last := lines[len(lines)-1]; last != c.last {
				t.Errorf("last line %q, want %q", last, c.last)
			}
			if !strings.Contains(out.String(), c.says) {
				t.Errorf("the report does not say %q:\n%s", c.says, &out)
			}
			if c.hides != "" && strings.Contains(out.String(), c.hides) {
				t.Errorf("the report says %q:\n%s", c.hides, &out)
			}
		})
	}
}
