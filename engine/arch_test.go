package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "formwork"

// floors says where each folder stands. A package belongs to the longest entry that is its path or a parent of
// it, and imports only lower floors, its own entry's subfolders, and what sameFloor lists.
var floors = map[string]int{
	"schemas":   0,
	"templates": 0, // embedded definitions, no logic
	"ui":        0, // embedded files

	"engine/query":   1,
	"engine/formula": 1,
	"engine/access":  1,
	"engine/flow":    1,

	"engine/store":                       2,
	"engine/store/sqlite":                2,
	"engine/store/mongo":                 2,
	"engine/store/storetest":             2,
	"engine/store/storetest/mongoserver": 2,

	"engine/catalog": 3,
	"engine/outbox":  3,

	"engine/record":     4,
	"engine/workflow":   4,
	"engine/automation": 4,
	"engine/metric":     4,
	"engine/notify":     4,
	"engine/file":       4,
	"engine/transfer":   4,
	"engine/org":        4,
	"engine/install":    4,
	"engine/personal":   4,

	"engine/scenario": 6, // drives a whole engine; nothing but tests and commands stand on it

	"engine": 5, // the package itself; its folders are listed above, one by one

	"server/api":     6,
	"server/auth":    6,
	"server/live":    6,
	"server":         7,
	"docs":           8, // tests of the documentation
	"bench":          8,
	"examples/maven": 8, // speaks HTTP alone
}

// sameFloor lists who may import whom on one floor. Read it as "is built on".
var sameFloor = map[string][]string{
	"engine/formula": {"engine/query"},
	"engine/access":  {"engine/query"},
	"engine/flow":    {"engine/query"},

	"engine/store/sqlite":    {"engine/store"},
	"engine/store/mongo":     {"engine/store"},
	"engine/store/storetest": {"engine/store", "engine/store/storetest/mongoserver"},

	"engine/workflow":   {"engine/record", "engine/org", "engine/notify"},
	"engine/automation": {"engine/record", "engine/workflow", "engine/metric", "engine/notify", "engine/org"},
	"engine/metric":     {"engine/record", "engine/org"},
	"engine/notify":     {"engine/org"},
	"engine/file":       {"engine/record"},
	"engine/transfer":   {"engine/record", "engine/file", "engine/org"},
	"engine/install":    {"engine/record", "engine/org"},
	"engine/personal":   {"engine/record"},

	"server/api":  {"server/auth", "server/live"},
	"server/live": {"server/auth"},
}

// libraries says which folders alone may import a library.
var libraries = []struct {
	library string
	folders []string
}{
	{"github.com/gofiber/", []string{"server"}},
	{"github.com/valyala/fasthttp", []string{"server"}},
	{"go.mongodb.org/mongo-driver/", []string{"engine/store/mongo", "engine/store/storetest"}},
	{"github.com/expr-lang/expr", []string{"engine/formula"}},
	{"github.com/robfig/cron/", []string{"engine/catalog"}},
	{"github.com/santhosh-tekuri/jsonschema/", []string{"schemas/validate"}},
	{"modernc.org/sqlite", []string{"engine/store/sqlite"}},
	{"github.com/mattn/go-sqlite3", []string{"engine/store/sqlite"}},
	{"github.com/Shopify/toxiproxy/", []string{"engine/store/storetest"}},
	// Outbound requests are handed to the engine from above; it knows no HTTP.
	{"net/http", []string{"server", "bench", "examples"}},
}

// goPackage is the part of `go list -json` that is used here. Tests may import what they like.
type goPackage struct {
	ImportPath string
	Imports    []string
}

// path is the package's folder below the module's root.
func (p goPackage) path() string { return inModule(p.ImportPath) }

// inModule is the folder of one of our own import paths, "" for any other.
func inModule(importPath string) string {
	rest, ok := strings.CutPrefix(importPath, module+"/")
	if !ok {
		return ""
	}
	return rest
}

func TestImportsOnlyGoDown(t *testing.T) {
	for _, p := range listPackages(t) {
		entry, floor, ok := floorOf(p.path())
		if !ok {
			t.Errorf("%s stands on no floor: add it to the table", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			below := inModule(imported)
			if below == "" {
				continue
			}
			other, otherFloor, ok := floorOf(below)
			switch {
			case !ok: // reported when its own turn comes
			case otherFloor < floor, other == entry:
			case otherFloor > floor:
				t.Errorf("%s (floor %d) imports %s from floor %d above it", p.path(), floor, below, otherFloor)
			case !slices.Contains(sameFloor[entry], other):
				t.Errorf("%s imports %s on the same floor %d without being listed for it", p.path(), below, floor)
			}
		}
	}
}

func TestLibrariesStayWhereTheyBelong(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, imported := range p.Imports {
			for _, rule := range libraries {
				if !strings.HasPrefix(imported, rule.library) {
					continue
				}
				if !slices.ContainsFunc(rule.folders, func(folder string) bool { return within(p.path(), folder) }) {
					t.Errorf("%s imports %s, which only %s may", p.path(), imported, strings.Join(rule.folders, ", "))
				}
			}
		}
	}
}

// The table of same-floor imports must not let two packages lean on each other: Go would refuse the cycle only
// once both wrote the import, and the one who came second would have to untangle it.
func TestSameFloorTableHasNoCycles(t *testing.T) {
	var visit func(entry string, trail []string)
	visit = func(entry string, trail []string) {
		if slices.Contains(trail, entry) {
			t.Fatalf("cycle: %s -> %s", strings.Join(trail, " -> "), entry)
		}
		for _, next := range sameFloor[entry] {
			if floors[next] != floors[entry] {
				t.Errorf("%s -> %s is listed as the same floor and is not", entry, next)
			}
			visit(next, append(slices.Clone(trail), entry))
		}
	}
	for entry := range sameFloor {
		visit(entry, nil)
	}
}

func TestFloorOf(t *testing.T) {
	cases := []struct {
		path, entry string
		ok          bool
	}{
		{"schemas/value", "schemas", true},
		{"engine/store/sqlite", "engine/store/sqlite", true},
		{"engine/record/rollup", "engine/record", true},
		{"engine", "engine", true},
		{"engine/unheard", "", false},
		{"server/api/openapi", "server/api", true},
		{"schemasX", "", false},
	}
	for _, c := range cases {
		if entry, _, ok := floorOf(c.path); entry != c.entry || ok != c.ok {
			t.Errorf("floorOf(%q) = %q, %v, want %q, %v", c.path, entry, ok, c.entry, c.ok)
		}
	}
}

// floorOf finds the entry of a folder.
func floorOf(path string) (entry string, floor int, ok bool) {
	for candidate, number := range floors {
		if candidate == "engine" && path != "engine" {
			continue // a new folder of the engine chooses its floor in the table
		}
		if within(path, candidate) && len(candidate) > len(entry) {
			entry, floor, ok = candidate, number, true
		}
	}
	return entry, floor, ok
}

func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// listPackages asks the go command, which knows build constraints; test packages are not in the list.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var p goPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if len(packages) == 0 {
		t.Fatal("go list found no packages")
	}
	return packages
}

// appWord matches the words of one application. The engine interprets definitions; what a definition is about
// stands in templates/ and nowhere else.
var appWord = regexp.MustCompile(`(?i)\b(customers?|opportunit(y|ies)|incentives?|payouts?|commissions?|crm)\b|客户|商机|激励|奖金`)

func TestEngineKnowsNoApplication(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if name == "node_modules" || name == "testdata" || path == filepath.Join("..", "templates") || path == filepath.Join("..", "bin") || (strings.HasPrefix(name, ".") && path != "..") {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		seen++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for number, line := range strings.Split(string(text), "\n") {
			if word := appWord.FindString(line); word != "" {
				t.Errorf("%s:%d says %q", filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator))), number+1, word)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Fatal("no Go file was read")
	}
}
