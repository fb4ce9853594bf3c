package e2e

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared finds a file of the real data beside the repository.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	root := os.Getenv("FORMWORK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("needs ../shared/%s", name)
	}
	return b
}

// naughty is what other people's software choked on, and operators of databases dressed up as values.
func naughty(t *testing.T) []string {
	t.Helper()
	var list []string
	if err := json.Unmarshal(shared(t, "data/security/blns.json"), &list); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(shared(t, "data/security/cr0hn_mongodb_nosqli.txt")), "\n") {
		list = append(list, strings.TrimRight(line, "\r"))
	}
	return append(list, `{"$gt":""}`, `'; DROP TABLE "r.lab.note"; --`, `{{7*7}}`, "${7*7}", "a\x00b", "\u202eabc", strings.Repeat("花", 900))
}

// TestNaughtyStrings sends hostile text wherever text goes: it is refused with a pointer or kept to the letter, and is
// never an operator, an expression or a crash.
func TestNaughtyStrings(t *testing.T) {
	list := naughty(t)
	onEachStore(t, func(t *testing.T, s *server) {
		s.must(200, "PUT", "/apps/lab/definitions/app/lab", []byte(`{"kind":"app","key":"lab","title":"Lab"}`))
		s.must(200, "PUT", "/apps/lab/definitions/form/note", []byte(`{"kind":"form","key":"note","title":"Note","schema":{"type":"object","properties":{
			"long":{"type":"string","x-field":{"type":"longtext"}},"text":{"type":"string","x-field":{"type":"text","search":true}}}}}`))
		s.must(200, "POST", "/apps/lab/publish", map[string]any{})
		fine := func(what, v string, a answer, allowed ...int) {
			t.Helper()
			for _, status := range allowed {
				if a.status == status {
					return
				}
			}
			t.Errorf("%s of %q: %d %s", what, v, a.status, a.raw)
		}
		records := "/apps/lab/forms/note"
		kept := 0
		for _, v := range list {
			a := s.call("POST", records+"/records", map[string]any{"data": map[string]any{"long": v, "text": v}})
			fine("create", v, a, 201, 422)
			if a.status == 201 && strings.TrimSpace(v) != "" {
				data := s.must(200, "GET", records+"/records/"+a.body["id"].(string), nil)["data"].(map[string]any)
				if data["long"] != v {
					t.Errorf("%q came back as %q", v, data["long"])
				}
				kept++
				if text, ok := data["text"].(string); ok {
					page := s.must(200, "POST", records+"/query", map[string]any{"filter": map[string]any{"field": "text", "op": "eq", "value": text}, "limit": 500})
					for _, x := range page["items"].([]any) {
						if got := x.(map[string]any)["data"].(map[string]any)["text"]; got != text {
							t.Errorf("asking for %q gave %q", text, got)
						}
					}
				}
			}
			fine("search", v, s.call("POST", records+"/query", map[string]any{"search": v}), 200, 422)
			fine("field", v, s.call("POST", records+"/query", map[string]any{"filter": map[string]any{"field": v, "op": "eq", "value": v}}), 422)
			fine("sort", v, s.call("POST", records+"/query", map[string]any{"sort": []any{v}}), 200, 422)
			fine("expression", v, s.call("POST", records+"/query", map[string]any{"filter": map[string]any{"field": "text", "op": "eq", "value": map[string]any{"expr": v}}}), 200, 422)
			fine("contains", v, s.call("POST", records+"/query", map[string]any{"filter": map[string]any{"field": "long", "op": "contains", "value": v}}), 200, 422)
		}
		if kept < len(list)/2 {
			t.Errorf("only %d of %d were kept", kept, len(list))
		}
		var sheet strings.Builder
		w := csv.NewWriter(&sheet)
		w.Write([]string{"long"})
		for _, v := range list {
			w.Write([]string{v})
		}
		w.Flush()
		fine("import", "all", s.upload(records+"/import", "naughty.csv", sheet.String(), map[string]string{"preview": "true",
			"mapping": `{"columns":[{"column":"long","field":"long"}]}`}), 200, 422)
		deep := strings.Repeat(`{"not":`, 5000) + `{"field":"text","op":"empty"}` + strings.Repeat("}", 5000)
		fine("depth", "filter", s.call("POST", records+"/query", []byte(`{"filter":`+deep+`}`)), 400, 422)
		fine("size", "body", s.call("POST", records+"/records", []byte(`{"data":{"long":"`+strings.Repeat("x", 3<<20)+`"}}`)), 413)
		for _, expr := range []string{strings.Repeat("(", 100000) + "1" + strings.Repeat(")", 100000), strings.Repeat("-", 9000) + "1", "long.constructor", "__proto__"} {
			form, _ := json.Marshal(map[string]any{"kind": "form", "key": "note", "title": "Note", "schema": map[string]any{"type": "object", "properties": map[string]any{
				"f": map[string]any{"type": "number", "x-field": map[string]any{"type": "formula", "expr": expr}}}}})
			fine("definition", expr[:9], s.call("PUT", "/apps/lab/definitions/form/note", form), 200, 422)
			fine("publish", expr[:9], s.call("POST", "/apps/lab/publish", map[string]any{}), 422, 409)
		}
		s.must(200, "GET", records+"/records", nil)
	})
}
