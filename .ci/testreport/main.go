// Testreport reads the events of `go test -json` and prints what a person wants to see: a line per package, the
// whole output of what failed, and as the very last line which tests were skipped and for want of what. It ends
// with failure if a test failed, if none ran, or if CI=true and a test was skipped because MongoDB is missing.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if !report(os.Stdin, os.Stdout, os.Getenv("CI") == "true") {
		os.Exit(1)
	}
}

// event is one line of go test -json, see `go doc test2json`.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

// name identifies a test, or its package where the test is empty.
type name struct{ pkg, test string }

func (n name) String() string { return strings.TrimPrefix(n.pkg, "formwork/") + "." + n.test }

// group is a reason to skip that the last line names.
type group struct {
	title string
	match string // part of the skip's text; "" takes the rest
	names []string
}

// report copies what matters from events to out and says whether all is well.
func report(events io.Reader, out io.Writer, ci bool) bool {
	output := map[name][]string{}
	skips := []*group{
		{title: "MongoDB is missing", match: "MongoDB"},
		{title: "../shared is missing", match: "../shared"},
		{title: "for a reason of their own"},
	}
	var passed, failed, skipped int
	good := true

	lines := bufio.NewScanner(events)
	lines.Buffer(nil, 64<<20) // an event is one line, however much a test prints
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text()) // the go command itself, in plain text
			continue
		}
		key := name{e.Package, e.Test}
		switch e.Action {
		case "output":
			output[key] = append(output[key], e.Output)
			if e.Test == "" && strings.HasPrefix(e.Output, "ok ") {
				fmt.Fprint(out, e.Output)
			}
		case "build-output":
			fmt.Fprint(out, e.Output)
		case "build-fail":
			good = false
		case "pass":
			if e.Test != "" {
				passed++
			}
			delete(output, key)
		case "skip":
			if e.Test != "" {
				skipped++
				file(skips, key, strings.Join(output[key], ""))
			}
			delete(output, key)
		case "fail":
			good = false
			if e.Test != "" {
				failed++
			}
			fmt.Fprint(out, strings.Join(output[key], ""))
			delete(output, key)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(out, "reading the events:", err)
		good = false
	}

	if passed+failed+skipped == 0 {
		fmt.Fprintln(out, "no test ran")
		good = false
	}
	if ci && len(skips[0].names) > 0 {
		fmt.Fprintln(out, "FAIL: under CI=true no test may be skipped for want of MongoDB")
		good = false
	}
	fmt.Fprintf(out, "tests: %d passed, %d failed, %d skipped\n", passed, failed, skipped)
	fmt.Fprintln(out, "skipped: "+summary(skips))
	return good
}

// file puts a skipped test under the first reason that its output names.
func file(skips []*group, test name, text string) {
	for _, g := range skips {
		if strings.Contains(text, g.match) {
			g.names = append(g.names, test.String())
			return
		}
	}
}

func summary(skips []*group) string {
	var parts []string
	for _, g := range skips {
		if len(g.names) > 0 {
			parts = append(parts, g.title+": "+strings.Join(g.names, ", "))
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, "; ")
}
