package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"slices"
)

// refusedRows joins the error sheets of the four imports into one: file, row and reasons, then every column of any file.
type refusedRows struct {
	columns []string
	rows    []refusedRow
}

type refusedRow struct {
	file, row, reasons string
	cells              map[string]string
}

// add takes the error sheet of a file as the product wrote it: the row's number, its cells, the reasons.
func (r *refusedRows) add(file string, sheet []byte) error {
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(sheet, []byte("\xef\xbb\xbf"))))
	lines, err := in.ReadAll()
	if err != nil || len(lines) == 0 || len(lines[0]) < 2 {
		return err
	}
	last := len(lines[0]) - 1
	names := lines[0][1:last]
	for _, name := range names {
		if !slices.Contains(r.columns, name) {
			r.columns = append(r.columns, name)
		}
	}
	for _, line := range lines[1:] {
		row := refusedRow{file: file, row: line[0], reasons: line[last], cells: map[string]string{}}
		for i, name := range names {
			row.cells[name] = line[i+1]
		}
		r.rows = append(r.rows, row)
	}
	return nil
}

// save writes the sheet. Without refused rows it holds the header alone, so that it always speaks of the last run.
func (r *refusedRows) save(path string) error {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	_ = out.Write(append([]string{"file", "row", "reasons"}, r.columns...)) // to memory
	for _, row := range r.rows {
		line := []string{row.file, row.row, row.reasons}
		for _, name := range r.columns {
			line = append(line, row.cells[name])
		}
		_ = out.Write(line)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
