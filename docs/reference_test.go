package docs_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"formwork/engine/formula"
	"formwork/schemas/field"
	"formwork/schemas/step"
)

var update = flag.Bool("update", false, "write the table of functions anew")

// TestFunctionTable holds the table in expressions.md against the functions that there are. -update writes it.
func TestFunctionTable(t *testing.T) {
	const from, to = "<!-- functions -->\n", "<!-- /functions -->"
	page := read(t, "docs", "expressions.md")
	head, rest, ok := strings.Cut(page, from)
	have, tail, closed := strings.Cut(rest, to)
	if !ok || !closed {
		t.Fatal("expressions.md has no place for the table")
	}
	want := functionTable()
	switch {
	case have == want:
	case *update:
		if err := os.WriteFile("expressions.md", []byte(head+from+want+to+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("the table of functions in expressions.md is out of date: go test ./docs -run FunctionTable -update")
	}
}

func functionTable() string {
	var b strings.Builder
	group := ""
	for _, f := range formula.Functions() {
		if f.Group != group {
			group = f.Group
			fmt.Fprintf(&b, "\n### %s\n\n| function | gives | meaning | example |\n|---|---|---|---|\n", strings.ToUpper(group[:1])+group[1:])
		}
		name := code(signature(f))
		if f.Volatile {
			name += " \\*"
		}
		for _, a := range f.Aliases {
			name += ", also " + code(a)
		}
		example := code(f.Example)
		if f.Gives != "" {
			example += " is " + code(f.Gives)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", name, code(f.Result), cell(f.Doc.En), example)
	}
	b.WriteString("\n")
	return b.String()
}

func signature(f formula.Func) string {
	args := make([]string, len(f.Params))
	for i, p := range f.Params {
		args[i] = p.Name + ": " + p.Type
		if p.Optional {
			args[i] += "?"
		}
		if p.Repeat {
			args[i] += "..."
		}
	}
	return f.Name + "(" + strings.Join(args, ", ") + ")"
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func code(s string) string { return "`" + cell(s) + "`" }

// TestFieldTypeTable: every type has its row in definitions.md, with exactly the settings that it has.
func TestFieldTypeTable(t *testing.T) {
	page := read(t, "docs", "definitions.md")
	for _, x := range field.All() {
		row := regexp.MustCompile("(?m)^\\| `" + x.Key + "` \\|([^|]*)\\|").FindStringSubmatch(page)
		if row == nil {
			t.Errorf("definitions.md has no row for the type %s", x.Key)
			continue
		}
		got := strings.Join(strings.Fields(strings.ReplaceAll(row[1], "`", "")), " ")
		if want := strings.Join(x.Settings, " "); got != want {
			t.Errorf("settings of %s are written down as %q, they are %q", x.Key, got, want)
		}
	}
}

// TestEveryFlagIsWrittenDown compares the flags of the commands with the tables in installing.md.
func TestEveryFlagIsWrittenDown(t *testing.T) {
	page := read(t, "docs", "installing.md")
	found := 0
	sources, err := os.ReadDir("../server")
	if err != nil {
		t.Fatal(err)
	}
	defined := regexp.MustCompile(`\bf\.(?:String|Bool|Int)(?:Var\(&[\w.]+, |\()"([a-z-]+)"`)
	for _, s := range sources {
		if s.IsDir() || !strings.HasSuffix(s.Name(), ".go") || strings.HasSuffix(s.Name(), "_test.go") {
			continue
		}
		for _, m := range defined.FindAllStringSubmatch(read(t, "server", s.Name()), -1) {
			found++
			variable := "FORMWORK_" + strings.ToUpper(strings.ReplaceAll(m[1], "-", "_"))
			if !strings.Contains(page, "| `--"+m[1]+"` | `"+variable+"` |") {
				t.Errorf("server/%s: installing.md has no row for --%s and %s", s.Name(), m[1], variable)
			}
		}
	}
	if found == 0 {
		t.Error("no flag was found")
	}
}

// TestStepTable holds the table in automation.md against the registry of steps. -update writes it.
func TestStepTable(t *testing.T) {
	const from, to = "<!-- steps -->\n", "<!-- /steps -->"
	page := read(t, "docs", "automation.md")
	head, rest, ok := strings.Cut(page, from)
	have, tail, closed := strings.Cut(rest, to)
	if !ok || !closed {
		t.Fatal("automation.md has no place for the table")
	}
	var b strings.Builder
	b.WriteString("\n| type | | settings | gives |\n|---|---|---|---|\n")
	for _, s := range step.All() {
		var schema struct {
			Properties map[string]any `json:"properties"`
			Required   []string       `json:"required"`
		}
		if err := json.Unmarshal(s.Schema, &schema); err != nil {
			t.Fatal(err)
		}
		var settings, gives []string
		for _, k := range slices.Sorted(maps.Keys(schema.Properties)) {
			if name := code(k); slices.Contains(schema.Required, k) {
				settings = append(settings, name)
			} else {
				settings = append(settings, name+"?")
			}
		}
		for _, k := range slices.Sorted(maps.Keys(s.Gives)) {
			gives = append(gives, code(k))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", code(s.Key), cell(s.Description.In("en")), strings.Join(settings, " "), strings.Join(gives, " "))
	}
	b.WriteString("\n")
	switch want := b.String(); {
	case have == want:
	case *update:
		if err := os.WriteFile("automation.md", []byte(head+from+want+to+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("the table of steps in automation.md is out of date: go test ./docs -run StepTable -update")
	}
}
