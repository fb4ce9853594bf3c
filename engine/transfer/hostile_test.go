package transfer

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"formwork/engine/outbox"
	"formwork/engine/store"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
)

// Files that are made to break readers end in rows or in a coded error.
func TestHostileFiles(t *testing.T) {
	var files []string
	for _, dir := range [][]string{{"security"}, {"import"}} {
		root := shared(t, dir...)
		_ = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				files = append(files, path)
			}
			return nil
		})
	}
	r := newRig(t, memory(), shop())
	r.t.Batch = 400
	rows, refused := 0, 0
	for _, path := range files {
		b, err := os.ReadFile(path)
		r.must(err)
		if len(b) > 4<<20 {
			continue
		}
		id := r.upload(filepath.Base(path), string(b))
		_, columns, err := Profile(r.open(id), Mapping{}, 1000)
		coded(t, path, err)
		if err != nil || len(columns) == 0 {
			refused++
			continue
		}
		m := Mapping{Form: "shop.order", Mode: Create, Columns: []Column{{Column: columns[0].Name, Field: "secret"}}}
		if len(columns) > 1 {
			m.Columns = append(m.Columns, Column{Column: columns[1].Name, Field: "good", Match: &Match{Nearest: true, Missing: MissingWarn}})
		}
		m.Columns = m.Columns[:min(len(m.Columns), 2)]
		_ = Guess(r.cat.Snapshot().Forms["shop.order"], columns)
		p, err := r.t.Preview(r.ctx, r.caller(boss), r.open(id), m)
		if coded(t, path, err); err != nil {
			continue
		}
		if p.Problems.Blocks() {
			t.Errorf("%s: %v", path, p.Problems)
			continue
		}
		if p.Rows > 3000 {
			continue
		}
		job := r.finishOf(id, m)
		if c := countsOf(job.Progress); job.State != outbox.Done || c.Done != p.Rows || c.Created != p.Create {
			t.Errorf("%s: %s %s, preview %d rows %d to create, then %+v", path, job.State, job.Error, p.Rows, p.Create, c)
		}
		rows += p.Rows
	}
	t.Logf("%d files, %d refused, %d rows", len(files), refused, rows)
	if refused == 0 || rows == 0 {
		t.Errorf("%d refused, %d rows", refused, rows)
	}
}

func (r *rig) finishOf(id string, m Mapping) outbox.Job {
	job, err := r.t.Start(r.ctx, r.caller(boss), id, m, StartOptions{})
	r.must(err)
	return r.finish(job)
}

func coded(t *testing.T, path string, err error) {
	t.Helper()
	if err != nil && problem.KindOf(err) == "" && sheet.CodeOf(err) == "" {
		t.Errorf("%s: %v", path, err)
	}
	if err != nil && errors.Is(err, store.ErrClosed) {
		t.Error(err)
	}
}

// Naughty strings are stored as they are, or refused with a reason.
func TestNaughtyStrings(t *testing.T) {
	path := filepath.Join(shared(t, "security"), "blns.txt")
	b, err := os.ReadFile(path)
	r := newRig(t, memory(), shop())
	r.must(err)
	var in strings.Builder
	in.WriteString("text\n")
	n := 0
	for _, line := range strings.Split(string(b), "\n") {
		if line = strings.TrimRight(line, "\r"); strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			in.WriteString(`"` + strings.ReplaceAll(line, `"`, `""`) + "\"\n")
			n++
		}
	}
	m := r.mapping(`{"form": "shop.order", "headerRow": 1, "columns": [{"column": "text", "field": "secret"}]}`)
	job := r.run(in.String(), m)
	c := countsOf(job.Progress)
	if job.State != outbox.Done || c.Created+c.Refused < n-5 || c.Created < n*9/10 {
		t.Errorf("%d strings: %s %+v", n, job.State, c)
	}
}
