package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// table is one of the directory's files, as far as this program reads it itself: whom and what the figures are about.
// Everything else about its content is the product's business.
type table struct {
	file string
	rows [][]string
}

func readTable(file string, content []byte) (*table, error) {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	head, _, _ := bytes.Cut(content, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	for _, separator := range ";\t|" {
		if bytes.Count(head, []byte(string(separator))) > bytes.Count(head, []byte(string(r.Comma))) {
			r.Comma = separator
		}
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s is empty", file)
	}
	return &table{file: file, rows: rows}, nil
}

// names are the different texts of a column, in the order in which they first stand there.
func (t *table) names(column string) ([]string, error) {
	at := slices.IndexFunc(t.rows[0], func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), column) })
	if at < 0 {
		return nil, fmt.Errorf("%s has no column %s", t.file, column)
	}
	var out []string
	seen := map[string]bool{}
	for _, row := range t.rows[1:] {
		if at >= len(row) {
			continue
		}
		if name := strings.TrimSpace(row[at]); name != "" && !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out, nil
}

// directory is what the figures are about.
type directory struct {
	agents, managers, accounts []string
	products                   []string // as products.csv spells them
	sold                       []string // as sales_pipeline.csv spells them
}

func readDirectory(content map[string][]byte) (*directory, error) {
	d := &directory{}
	for _, want := range []struct {
		file, column string
		to           *[]string
	}{
		{"accounts.csv", "account", &d.accounts},
		{"products.csv", "product", &d.products},
		{"sales_teams.csv", "sales_agent", &d.agents},
		{"sales_teams.csv", "manager", &d.managers},
		{"sales_pipeline.csv", "product", &d.sold},
	} {
		t, err := readTable(want.file, content[want.file])
		if err != nil {
			return nil, err
		}
		if *want.to, err = t.names(want.column); err != nil {
			return nil, err
		}
	}
	return d, nil
}
