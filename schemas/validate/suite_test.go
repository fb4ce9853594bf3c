package validate

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"formwork/schemas/value"
)

// different lists the files of the suite in which tests come out differently: how many, and why. All others agree fully.
var different = map[string]struct {
	tests int
	why   string
}{
	"format.json":                        {17, "formats are asserted here; the file is about formats as annotations"},
	"optional/dynamicRef.json":           {2, "$dynamicRef across resources; Compile refuses $dynamicRef anyway"},
	"optional/format/hostname.json":      {24, "punycode is not decoded, a trailing dot passes"},
	"optional/format/idn-email.json":     {2, "not checked; field.FormSchema refuses the format"},
	"optional/format/idn-hostname.json":  {54, "not checked; field.FormSchema refuses the format"},
	"optional/format/iri.json":           {1, "IPvFuture hosts are refused"},
	"optional/format/uri-reference.json": {4, "characters that should be escaped pass, as in browsers"},
}

// TestSuite runs the JSON Schema Test Suite, formats asserted, against the compiler behind Compile. References and sizes
// are not limited here: the suite is about meaning, and recursion is part of it.
func TestSuite(t *testing.T) {
	resources := remotes(t)
	files, tests := 0, 0
	walk(t, "testdata/suite/draft2020-12", func(name string, content any) {
		files++
		var wrong []string
		for _, g := range content.([]any) {
			group := g.(map[string]any)
			s, err := compile("suite.json", group["schema"], resources)
			for _, x := range group["tests"].([]any) {
				tests++
				test := x.(map[string]any)
				got := "refused by Compile"
				if err == nil {
					got = outcome(len(s.Validate(test["data"])) == 0)
				}
				if got != outcome(test["valid"].(bool)) {
					wrong = append(wrong, fmt.Sprintf("%s: %s: %s (%v)", group["description"], test["description"], got, err))
				}
			}
		}
		if len(wrong) != different[name].tests {
			t.Errorf("%s: %d tests differ, the table says %d:\n%s", name, len(wrong), different[name].tests, strings.Join(wrong, "\n"))
		}
	})
	if files < 46 || tests < 1263 {
		t.Errorf("only %d tests in %d files", tests, files)
	}
}

func outcome(valid bool) string {
	if valid {
		return "valid"
	}
	return "invalid"
}

// remotes are the documents that the suite expects at localhost:1234.
func remotes(t *testing.T) map[string]any {
	out := map[string]any{}
	walk(t, "testdata/suite/remotes", func(name string, content any) {
		out["http://localhost:1234/"+name] = content
	})
	return out
}

func walk(t *testing.T, root string, fn func(name string, content any)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		content, err := value.Decode(b)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		fn(filepath.ToSlash(name), content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
