package e2e

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"strings"
	"testing"
	"time"
)

// upload sends a file and other parts of a form.
func (s *server) upload(path, name, content string, parts map[string]string) answer {
	s.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range parts {
		w.WriteField(k, v)
	}
	p, err := w.CreateFormFile("file", name)
	if err != nil {
		s.t.Fatal(err)
	}
	p.Write([]byte(content))
	w.Close()
	return s.call("POST", path, body.Bytes(), "Content-Type", w.FormDataContentType())
}

// TestTortureKilledInAnImport kills the server again and again while an import runs. It goes on where it was, and in the
// end every row is there once, and the parents' roll-ups agree.
func TestTortureKilledInAnImport(t *testing.T) {
	t.Parallel()
	const rows, parents = 6000, 7
	var sheet strings.Builder
	sheet.WriteString("parent,v\n")
	total := 0
	for i := range rows {
		fmt.Fprintf(&sheet, "p%d,%d.25\n", i%parents, i)
		total += i*100 + 25
	}
	onEachStore(t, func(t *testing.T, s *server) {
		s.lab()
		for i := range parents {
			s.must(201, "POST", "/apps/lab/forms/parent/records", map[string]any{"data": map[string]any{"name": fmt.Sprintf("p%d", i)}})
		}
		kills, imports := 0, 0
		for deadline := time.Now().Add(10 * time.Minute); kills < rounds(20); imports++ {
			started := s.upload("/apps/lab/forms/child/import", "children.csv", sheet.String(), map[string]string{
				"mapping": `{"mode":"create","columns":[{"column":"parent","field":"up","match":{"by":"name"}},{"column":"v","field":"v"}]}`})
			if started.status != 202 {
				t.Fatalf("import: %d %s", started.status, started.raw)
			}
			job := started.body["job"].(string)
			stuck, last := 0, any(nil)
			for {
				a := s.call("GET", "/jobs/"+job, nil)
				state, _ := a.body["state"].(string)
				if state == "done" {
					break
				}
				if state == "failed" || state == "cancelled" || time.Now().After(deadline) {
					t.Fatalf("the import is %s: %s", state, a.raw)
				}
				progress, _ := a.body["progress"].(map[string]any)
				if progress["done"] == last {
					stuck++
				} else {
					stuck, last = 0, progress["done"]
				}
				pause := time.Duration(10+rand.IntN(120)) * time.Millisecond
				time.Sleep(pause)                    // the moment of the crash is random
				if kills < rounds(20) && stuck < 4 { // a job that never gets on is given up, and rightly
					kills++
					s.kill()
					s.run()
				}
			}
		}
		sum := s.must(200, "POST", "/apps/lab/forms/child/aggregate", map[string]any{"measures": []any{
			map[string]any{"fn": "count", "as": "n"}, map[string]any{"fn": "sum", "field": "v", "as": "total"}, map[string]any{"fn": "distinct", "field": "v", "as": "different"}}})["rows"].([]any)[0].(map[string]any)
		wantRows, wantTotal := float64(imports*rows), float64(imports*total)/100
		if sum["n"] != wantRows || sum["different"] != float64(rows) || sum["total"] != wantTotal {
			t.Errorf("after %d kills: %v; want %v rows, total %v", kills, sum, wantRows, wantTotal)
		}
		page := s.must(200, "POST", "/apps/lab/forms/parent/query", map[string]any{})
		n, v := 0.0, 0.0
		for _, x := range page["items"].([]any) {
			d := x.(map[string]any)["data"].(map[string]any)
			n += d["n"].(float64)
			v += d["total"].(float64)
		}
		if n != wantRows || v != wantTotal {
			t.Errorf("the parents say %v and %v", n, v)
		}
		t.Logf("%d kills in %d imports", kills, imports)
	})
}
