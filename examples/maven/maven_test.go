package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"formwork/engine/transfer"
)

func TestMappingsAreValid(t *testing.T) {
	for _, s := range sources() {
		m, err := transfer.ParseMapping(s.mapping)
		if err != nil {
			t.Errorf("%s: %v", s.file, err)
		}
		if m.Mode != transfer.Upsert {
			t.Errorf("%s: a second run would not update: mode %q", s.file, m.Mode)
		}
	}
}

func TestReadTableFindsTheSeparator(t *testing.T) {
	for _, text := range []string{
		"\xef\xbb\xbfsales_agent,manager\n\"Sol, Ana\",Rui\n Bo ,Rui\n\"Sol, Ana\",Rui\n",
		"Sales_Agent;manager\r\nSol, Ana;Rui\r\nBo;Rui\r\n",
		"sales_agent\tmanager\nSol, Ana\tRui\nBo\n",
	} {
		table, err := readTable("sales_teams.csv", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		names, err := table.names("sales_agent")
		if err != nil || !reflect.DeepEqual(names, []string{"Sol, Ana", "Bo"}) {
			t.Errorf("names = %q, %v", names, err)
		}
		if _, err := table.names("office"); err == nil {
			t.Error("a missing column is not reported")
		}
	}
}

func TestSpellings(t *testing.T) {
	var r report
	err := json.Unmarshal([]byte(`{"columns": [{"column": "product", "reread": [{"value": "GTXPro", "meaning": "GTX Pro", "rows": 7}],
		"unmatched": [{"value": "Other", "rows": 2}]}]}`), &r)
	if err != nil {
		t.Fatal(err)
	}
	d := &directory{products: []string{"GTX Pro", "MG", "Unsold"}, sold: []string{"GTXPro", "mg", "Other"}}
	want := []spelling{{"GTXPro", "GTX Pro", 7}, {"mg", "mg", 0}, {"Other", "", 2}, {"Unsold", "Unsold", 0}}
	if got := spellingsOf(d, r); !reflect.DeepEqual(got, want) {
		t.Errorf("spellings = %v, want %v", got, want)
	}
}

func TestDuring(t *testing.T) {
	for bucket, want := range map[string][]string{
		"2017-Q1": {"2017-01-01", "2017-03-31"},
		"2020-Q4": {"2020-10-01", "2020-12-31"},
		"2020-02": {"2020-02-01", "2020-02-29"},
	} {
		if got := during(bucket)["value"]; !reflect.DeepEqual(got, want) {
			t.Errorf("during(%s) = %v, want %v", bucket, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for in, want := range map[json.Number]json.Number{"1153214.00": "1153214", "62.20": "62.2", "0.00": "0", "100": "100", "": "0"} {
		if got := number(in); got != want {
			t.Errorf("number(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRefusedRowsOfSeveralFiles(t *testing.T) {
	var r refusedRows
	if err := r.add("a.csv", []byte("Row,name,Reasons\n3,x,bad\n")); err != nil {
		t.Fatal(err)
	}
	if err := r.add("b.csv", []byte("\xef\xbb\xbfRow,no,name,Reasons\n7,1,y,worse\n")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "errors.csv")
	if err := r.save(path); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if want := "file,row,reasons,name,no\na.csv,3,bad,x,\nb.csv,7,worse,y,1\n"; err != nil || string(got) != want {
		t.Errorf("%v, saved %q, want %q", err, got, want)
	}
}

func TestWrongCall(t *testing.T) {
	var out, told strings.Builder
	if code := command(t.Context(), nil, func(string) string { return "" }, &out, &told); code != 2 || out.Len() > 0 || told.Len() == 0 {
		t.Errorf("exit %d, printed %q, told %q", code, &out, &told)
	}
}
