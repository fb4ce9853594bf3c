package sheet

import "strings"

// Kind is what a cell holds.
type Kind string

const (
	KindEmpty    Kind = "empty"
	KindText     Kind = "text"
	KindNumber   Kind = "number"   // Text is a plain decimal: no grouping, no exponent
	KindBool     Kind = "bool"     // Text is "true" or "false"
	KindDate     Kind = "date"     // Text is YYYY-MM-DD
	KindDateTime Kind = "datetime" // Text is YYYY-MM-DDTHH:MM:SS, with .fff where the cell shows fractions; no zone
	KindTime     Kind = "time"     // Text is HH:MM:SS of a time of day, or of a length of time (hours may pass 24)
	KindError    Kind = "error"    // Text is the value as shown: #N/A, #DIV/0! ...
)

// Valid reports whether k is one of the kinds above.
func (k Kind) Valid() bool {
	switch k {
	case KindEmpty, KindText, KindNumber, KindBool, KindDate, KindDateTime, KindTime, KindError:
		return true
	}
	return false
}

// Hint is what a number format says about a number: the value itself is unchanged (25% is the number 0.25).
type Hint string

const (
	HintNone     Hint = ""
	HintPercent  Hint = "percent"
	HintCurrency Hint = "currency"
)

// Cell is one value. Only XLSX and JSON Lines know kinds; a CSV cell is text or empty.
type Cell struct {
	Text string
	Kind Kind
	Hint Hint
}

// Row is one line of a sheet. Number is the row number a spreadsheet program shows. Cells stand by column index, empty
// cells included, trailing empty ones cut. Warnings have Row (and Column, where one cell is meant) filled in.
type Row struct {
	Number   int
	Cells    []Cell
	Warnings []*Error
}

// Cell returns the cell of a column (0-based); beyond the end it is empty.
func (r Row) Cell(column int) Cell {
	if column < 0 || column >= len(r.Cells) {
		return Cell{Kind: KindEmpty}
	}
	return r.Cells[column]
}

// Empty reports whether the row holds nothing but white space.
func (r Row) Empty() bool {
	for _, c := range r.Cells {
		if strings.TrimSpace(c.Text) != "" {
			return false
		}
	}
	return true
}

func (r *Row) warn(code Code, column int, p params) {
	r.Warnings = append(r.Warnings, failAt(code, r.Number, column, p))
}

// trim cuts the empty cells at the end: spreadsheets write formatted cells far beyond the data.
func (r *Row) trim() {
	n := len(r.Cells)
	for n > 0 && r.Cells[n-1].Kind == KindEmpty {
		n--
	}
	r.Cells = r.Cells[:n]
}

func textCell(s string) Cell {
	if s == "" {
		return Cell{Kind: KindEmpty}
	}
	return Cell{Text: s, Kind: KindText}
}

// Letters is the spreadsheet name of a column (0-based): A, B ... Z, AA.
func Letters(column int) string {
	s := ""
	for column >= 0 {
		s = string(rune('A'+column%26)) + s
		column = column/26 - 1
	}
	return s
}
