package transfer

import (
	"slices"

	"formwork/engine/catalog"
	"formwork/engine/transfer/sheet"
)

const (
	topRows    = 8   // shown to somebody who picks the header row
	maxGuesses = 3   // a column
	likeness   = 0.4 // from which a field is worth offering
	longCell   = 200 // characters of a cell that are shown
)

// Look is a table as somebody sees it who maps it: its sheets, its first rows, what its columns hold and might be.
type Look struct {
	Sheets    []SheetEntry   `json:"sheets"`
	Sheet     string         `json:"sheet"`
	HeaderRow int            `json:"headerRow"` // 0: there is none
	Format    sheet.Format   `json:"format"`
	Encoding  sheet.Encoding `json:"encoding,omitempty"`
	Delimiter string         `json:"delimiter,omitempty"`
	Top       []TopRow       `json:"top"`
	Columns   []ColumnLook   `json:"columns"`
}

// SheetEntry is a sheet of the file.
type SheetEntry struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden,omitempty"`
}

// TopRow is one of the first rows, header and titles included.
type TopRow struct {
	Row   int      `json:"row"`
	Cells []string `json:"cells"`
}

// ColumnLook is a column: what it holds in the rows looked at, and the fields that it most likely is, the best first.
type ColumnLook struct {
	Name     string           `json:"name"`
	Title    string           `json:"title,omitempty"`
	Group    string           `json:"group,omitempty"`
	Kind     sheet.ColumnKind `json:"kind"`
	Rows     int              `json:"rows"`
	Filled   int              `json:"filled"`
	Distinct int              `json:"distinct"`
	Samples  []string         `json:"samples,omitempty"`
	Guesses  []FieldGuess     `json:"guesses,omitempty"`
}

// FieldGuess is a field that a column may be, and how sure that is: 0 to 1.
type FieldGuess struct {
	Field string  `json:"field"`
	Score float64 `json:"score"`
}

// LookAt reads the first rows of the table that a mapping means. form is nil for users and departments. An error is a file
// that cannot be read.
func LookAt(f File, m Mapping, form *catalog.Form, rows int) (Look, []sheet.ColumnProfile, error) {
	tb, err := openTable(f, &m)
	if err != nil {
		return Look{}, nil, err
	}
	out := Look{Sheet: tb.sheet.Name, HeaderRow: tb.header.Row, Format: tb.book.Format, Encoding: tb.book.Encoding, Columns: []ColumnLook{}}
	if tb.book.Delimiter != 0 {
		out.Delimiter = string(tb.book.Delimiter)
	}
	for _, s := range tb.book.Sheets() {
		out.Sheets = append(out.Sheets, SheetEntry{Name: s.Name, Hidden: s.Hidden})
	}
	for row, err := range tb.sheet.All() {
		if err != nil {
			return Look{}, nil, sheetFailure(err)
		}
		r := TopRow{Row: row.Number, Cells: []string{}}
		for i := range min(len(row.Cells), MaxColumns) {
			r.Cells = append(r.Cells, clip(row.Cell(i).Text))
		}
		if out.Top = append(out.Top, r); len(out.Top) == topRows {
			break
		}
	}
	columns, err := sheet.Profile(tb.header.Columns, tb.sheet.Rows(), sheet.ProfileOptions{Rows: rows})
	if err != nil {
		return Look{}, nil, sheetFailure(err)
	}
	for i, c := range columns {
		l := ColumnLook{Name: c.Name, Title: c.Title, Group: c.Group, Kind: c.Kind, Rows: c.Rows, Filled: c.NonEmpty, Distinct: c.Distinct}
		for _, s := range c.Samples {
			l.Samples = append(l.Samples, clip(s))
		}
		if form != nil {
			l.Guesses = guesses(form, columns[i])
		}
		out.Columns = append(out.Columns, l)
	}
	return out, columns, nil
}

// guesses are the fields that a column looks most like.
func guesses(form *catalog.Form, c sheet.ColumnProfile) []FieldGuess {
	g := guesser{form: form, meaning: meanings()}
	names := words(c.Name, g.meaning)
	if c.Group != "" {
		names = words(c.Title, g.meaning)
	}
	itself := words(form.Key, g.meaning)
	var out []FieldGuess
	for _, x := range form.Fields {
		if x.Computed() || x.Def.Live || !holds(x, c) {
			continue
		}
		if s := g.score(names, itself, c, x); s >= likeness {
			out = append(out, FieldGuess{Field: x.Key, Score: float64(int(min(s, 1)*100)) / 100})
		}
	}
	slices.SortStableFunc(out, func(a, b FieldGuess) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return out[:min(len(out), maxGuesses)]
}

// clip shortens a cell to what a person looks at.
func clip(s string) string {
	if len(s) <= longCell {
		return s
	}
	if r := []rune(s); len(r) > longCell {
		return string(r[:longCell]) + "…"
	}
	return s
}
