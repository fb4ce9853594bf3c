package docs_test

import (
	"encoding/json"
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

// TestInterfaceDependencyTable does the same for ui/package.json: a cell names packages, the next their versions in the
// same order.
func TestInterfaceDependencyTable(t *testing.T) {
	var manifest struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(read(t, "ui", "package.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(read(t, "docs", "dependencies.md"), "## The user interface")
	if !found {
		t.Fatal("docs/dependencies.md says nothing of the user interface")
	}
	rows := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]+`) \\| ([0-9][^|]*) \\|").FindAllStringSubmatch(text, -1) {
		names, versions := strings.Split(row[1], ", "), strings.Split(row[2], ", ")
		for i, name := range names {
			if i < len(versions) {
				rows[strings.Trim(name, "`")] = versions[i]
			}
		}
		if len(names) > len(versions) && len(versions) == 1 {
			for _, name := range names {
				rows[strings.Trim(name, "`")] = versions[0]
			}
		}
	}
	for _, used := range []map[string]string{manifest.Dependencies, manifest.DevDependencies} {
		for name, version := range used {
			if rows[name] != version {
				t.Errorf("%s %s is written down as %q", name, version, rows[name])
			}
			delete(rows, name)
		}
	}
	for name := range rows {
		t.Errorf("%s has a row and is not used", name)
	}
}
