package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFixtureOnBothStores(t *testing.T) {
	expected, err := os.ReadFile("testdata/european.json")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.Abs("testdata/european")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stores {
		t.Run(s.name, func(t *testing.T) {
			url := serve(t, s.args(t))
			first := execute(t, url, dir)
			if first.code != 0 {
				t.Fatalf("exit %d\n%s", first.code, first.stderr)
			}
			got, want := metrics(t, first.stdout), metrics(t, string(expected))
			for name, value := range want {
				if got[name] != value {
					t.Errorf("%q = %s, want %s", name, got[name], value)
				}
			}
			for name := range got {
				if _, ok := want[name]; !ok {
					t.Errorf("%q is printed and not expected", name)
				}
			}
			refusedAre(t, first.refused, "P19", "P20")
			if again := execute(t, url, dir); again.stdout != first.stdout || again.refused != first.refused {
				t.Errorf("a second run differs:\n%s\n%s", again.stdout, again.stderr)
			}
			leadToRecords(t, url, dir)
		})
	}
}

// refusedAre checks which places.Deals the error file holds, each with a reason.
func refusedAre(t *testing.T, text string, want ...string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("error file: %v %q", err, text)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	var got []string
	for _, row := range rows[1:] {
		got = append(got, row[at["opportunity_id"]])
		if row[at["reasons"]] == "" || row[at["file"]] != "sales_pipeline.csv" {
			t.Errorf("refused row without reason or file: %q", row)
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("refused are %q, want %q", got, want)
	}
}

// leadToRecords asks for the records behind every figure and compares how many there are.
func leadToRecords(t *testing.T, url, dir string) {
	t.Helper()
	c, err := dial(t.Context(), url, login, password)
	if err != nil {
		t.Fatal(err)
	}
	content := map[string][]byte{}
	r := &run{client: c, sources: sources(), progress: t.Output()}
	for _, s := range r.sources {
		if s.content, err = os.ReadFile(filepath.Join(dir, s.file)); err != nil {
			t.Fatal(err)
		}
		content[s.file] = s.content
	}
	d, err := readDirectory(content)
	if err != nil {
		t.Fatal(err)
	}
	pipeline := r.sources[len(r.sources)-1]
	if err := r.look(t.Context(), pipeline); err != nil {
		t.Fatal(err)
	}
	list, err := figuresOf(t.Context(), c, d, spellingsOf(d, pipeline.report))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.form == "" {
			continue
		}
		ask := map[string]any{"limit": 1, "count": true}
		if f.records != nil {
			ask["filter"] = f.records
		}
		var page struct {
			Total int `json:"total"`
		}
		if err := c.call(t.Context(), "POST", f.form+"/query", ask, &page); err != nil {
			t.Fatalf("%q: %v", f.Metric, err)
		}
		if page.Total != f.count {
			t.Errorf("%q is computed over %d records, its query gives %d", f.Metric, f.count, page.Total)
		}
	}
}

func TestUnsettledDatesStopBeforeAnythingIsWritten(t *testing.T) {
	url := serve(t, nil)
	dir, err := filepath.Abs("testdata/ambiguous")
	if err != nil {
		t.Fatal(err)
	}
	got := execute(t, url, dir)
	if got.code != exitUnsettled || got.stdout != "" || !strings.Contains(got.stderr, "close_date") && !strings.Contains(got.stderr, "engage_date") {
		t.Errorf("exit %d, output %q\n%s", got.code, got.stdout, got.stderr)
	}
	c, err := dial(t.Context(), url, login, password)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{places.Accounts, "/apps/customer/forms/product", places.Deals} {
		if n, err := c.count(t.Context(), form); err != nil || n != 0 {
			t.Errorf("%s has %d records, %v", form, n, err)
		}
	}
	var users struct{ Items []json.RawMessage }
	if err := c.call(t.Context(), "GET", "/users", nil, &users); err != nil || len(users.Items) != 1 {
		t.Errorf("%d users, %v", len(users.Items), err)
	}
}

// Published are other people's figures over the same files.
func TestPublishedFigures(t *testing.T) {
	crm := filepath.Join("..", "..", "..", "shared", "data", "crm")
	text, err := os.ReadFile(filepath.Join(crm, "maven_published_figures.json"))
	if err != nil {
		t.Skip("needs ../shared")
	}
	var published []struct {
		Metric    string          `json:"metric"`
		Published json.RawMessage `json:"published"`
		Agrees    bool            `json:"agrees"`
	}
	if err := json.Unmarshal(text, &published); err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.Abs(filepath.Join(crm, "maven"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stores {
		t.Run(s.name, func(t *testing.T) {
			url := serve(t, s.args(t))
			first := execute(t, url, dir)
			if first.code != 0 {
				t.Fatalf("exit %d\n%s", first.code, first.stderr)
			}
			got := metrics(t, first.stdout)
			agreeing := 0
			for _, p := range published {
				if !p.Agrees {
					continue
				}
				agreeing++
				if got[p.Metric] != string(p.Published) {
					t.Errorf("%q = %s, published %s", p.Metric, got[p.Metric], p.Published)
				}
			}
			if agreeing < 60 {
				t.Errorf("only %d published figures agree", agreeing)
			}
			refusedAre(t, first.refused)
			if again := execute(t, url, dir); again.stdout != first.stdout {
				t.Errorf("a second run differs:\n%s\n%s", again.stdout, again.stderr)
			}
			leadToRecords(t, url, dir)
		})
	}
}
