package api

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"formwork/engine"
)

// document builds the document without a server: the routes do not need one.
func testDocument(t *testing.T) map[string]any {
	t.Helper()
	s := &Server{Options: Options{Version: "test", Engine: &engine.Engine{}}}
	b, err := s.buildDocument()
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDocumentAndRoutesAgree(t *testing.T) {
	d := testDocument(t)
	operations, err := descriptions()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for name, o := range operations {
		if other := ids[o.ID]; o.ID == "" || o.Summary == "" || other != "" {
			t.Errorf("%s: id %q, summary %q, same id as %s", name, o.ID, o.Summary, other)
		}
		ids[o.ID] = name
	}
	paths := d["paths"].(map[string]any)
	seen := 0
	for _, r := range (&Server{}).routes() {
		item, _ := paths[inDocument(r.path)].(map[string]any)
		if item[strings.ToLower(r.method)] == nil {
			t.Errorf("%s %s is not documented", r.method, r.path)
		}
		delete(operations, r.method+" "+inDocument(r.path))
		seen++
	}
	for name := range operations {
		t.Errorf("%s is documented and does not exist", name)
	}
	if seen < 50 {
		t.Errorf("only %d routes", seen)
	}
}

// Every reference leads somewhere, and every schema is used.
func TestDocumentReferences(t *testing.T) {
	d := testDocument(t)
	components := d["components"].(map[string]any)
	used := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				used[ref] = true
				parts := strings.Split(strings.TrimPrefix(ref, "#/components/"), "/")
				group, _ := components[parts[0]].(map[string]any)
				if group[parts[1]] == nil {
					t.Errorf("%s leads nowhere", ref)
				}
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(d)
	for name := range components["schemas"].(map[string]any) {
		if !used["#/components/schemas/"+name] {
			t.Errorf("schema %s is used nowhere", name)
		}
	}
}

// The file in docs is what clients are generated from.
func TestDocumentFile(t *testing.T) {
	want, err := Document("dev")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("..", "..", "docs", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/openapi.json is not what the server publishes: run make api")
	}
}
