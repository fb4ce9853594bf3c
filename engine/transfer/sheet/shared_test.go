package sheet_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"formwork/engine/transfer/sheet"
)

// shared is the folder of real files beside the repository.
func shared(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("FORMWORK_SHARED"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if st, err := os.Stat(filepath.Join(dir, "shared", "data")); err == nil && st.IsDir() {
			return filepath.Join(dir, "shared")
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Skip("needs ../shared")
		}
		dir = up
	}
}

func readShared(t testing.TB, parts ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(append([]string{shared(t), "data"}, parts...)...))
	if err != nil {
		t.Skip("needs ../shared")
	}
	return b
}

func open(t testing.TB, data []byte, name string, opts sheet.Options) *sheet.Book {
	t.Helper()
	b, err := sheet.Open(bytes.NewReader(data), int64(len(data)), name, opts)
	if err != nil {
		t.Fatalf("Open(%s): %v", name, err)
	}
	return b
}

func openShared(t testing.TB, parts ...string) *sheet.Book {
	t.Helper()
	return open(t, readShared(t, parts...), parts[len(parts)-1], sheet.Options{})
}

func rowsOf(t testing.TB, s *sheet.Sheet) []sheet.Row {
	t.Helper()
	var rows []sheet.Row
	for r, err := range s.Rows() {
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		rows = append(rows, r)
	}
	return rows
}

func texts(r sheet.Row) string {
	out := make([]string, len(r.Cells))
	for i, c := range r.Cells {
		out[i] = c.Text
	}
	return strings.Join(out, "|")
}

func names(h sheet.Header) string {
	out := make([]string, len(h.Columns))
	for i, c := range h.Columns {
		out[i] = c.Name
	}
	return strings.Join(out, "|")
}

func header(t testing.TB, s *sheet.Sheet) sheet.Header {
	t.Helper()
	h, err := s.Header()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func codes(r sheet.Row) string {
	out := make([]string, len(r.Warnings))
	for i, w := range r.Warnings {
		out[i] = string(w.Code)
		if w.Row != r.Number {
			out[i] += " at the wrong row"
		}
	}
	return strings.Join(out, ",")
}
