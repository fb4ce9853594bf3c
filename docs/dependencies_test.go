package docs_test

import (
	"regexp"
	"strings"
	"testing"
)

// TestDependencyTable holds docs/dependencies.md against go.mod: every module that Formwork imports directly has a
// row, and every row has the version in use.
func TestDependencyTable(t *testing.T) {
	rows := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (v[^ ]+) \\|").FindAllStringSubmatch(read(t, "docs", "dependencies.md"), -1) {
		rows[row[1]] = row[2]
	}
	if len(rows) == 0 {
		t.Fatal("docs/dependencies.md has no table")
	}
	required := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^(?:require )?\t?([^\s]+\.[^\s]+/[^\s]+) (v[^\s]+)(.*)$`).FindAllStringSubmatch(read(t, "go.mod"), -1) {
		module, version, indirect := line[1], line[2], strings.Contains(line[3], "// indirect")
		required[module] = version
		if _, ok := rows[module]; !ok && !indirect {
			t.Errorf("%s has no row", module)
		}
	}
	for module, version := range rows {
		if required[module] != version {
			t.Errorf("%s is written down as %s, go.mod has %q", module, version, required[module])
		}
	}
}
