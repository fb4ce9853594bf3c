package sheet

import (
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

const sheetName = "Sheet1"

// xlsxEncoder streams into one worksheet; beyond some megabytes the rows wait in a temporary file until close.
type xlsxEncoder struct {
	out    io.Writer // nil for a sheet of a book
	file   *excelize.File
	sheet  *excelize.StreamWriter
	styles xlsxStyles
	values []any
}

// xlsxStyles are the indices of the cell styles we use.
type xlsxStyles struct {
	header, text, date, dateTime, clock, percent, amount int
}

func newXLSXEncoder(w io.Writer, columns []OutColumn) (*xlsxEncoder, error) {
	if len(columns) > excelize.MaxColumns {
		return nil, fail(CodeTooManyColumns, params{"limit": excelize.MaxColumns})
	}
	e := &xlsxEncoder{out: w, file: excelize.NewFile(), values: make([]any, len(columns))}
	err := e.defineStyles()
	if err == nil {
		err = e.begin(sheetName, columns)
	}
	if err != nil {
		_ = e.file.Close()
		return nil, writeFailed(err)
	}
	return e, nil
}

func (e *xlsxEncoder) begin(name string, columns []OutColumn) (err error) {
	if e.sheet, err = e.file.NewStreamWriter(name); err != nil {
		return err
	}
	for i, c := range columns {
		if c.Width > 0 {
			if err = e.sheet.SetColWidth(i+1, i+1, min(c.Width, excelize.MaxColumnWidth)); err != nil {
				return err
			}
		}
	}
	if err = e.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	header := make([]any, len(columns))
	for i, c := range columns {
		header[i] = excelize.Cell{StyleID: e.styles.header, Value: c.Name}
	}
	return e.sheet.SetRow("A1", header)
}

func (e *xlsxEncoder) defineStyles() error {
	var failed error
	style := func(s excelize.Style) int {
		id, err := e.file.NewStyle(&s)
		if err != nil && failed == nil {
			failed = err
		}
		return id
	}
	custom := func(format string) int { return style(excelize.Style{CustomNumFmt: &format}) }
	e.styles = xlsxStyles{
		header:   style(excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49}),
		text:     style(excelize.Style{NumFmt: 49}), // "@": still text after someone edits the cell
		date:     custom("yyyy-mm-dd"),
		dateTime: custom("yyyy-mm-dd hh:mm:ss"),
		clock:    custom("[h]:mm:ss"),
		percent:  custom("0.00%"),
		amount:   custom("#,##0.00"),
	}
	return failed
}

func (e *xlsxEncoder) write(row int, cells []Cell) error {
	if row > excelize.TotalRows {
		return failAt(CodeTooManyRows, row, 0, params{"limit": excelize.TotalRows})
	}
	for i, c := range cells {
		v, err := e.value(c)
		if err != nil {
			err.Row, err.Column = row, i+1
			return err
		}
		e.values[i] = v
	}
	clear(e.values[len(cells):])
	return writeFailed(e.sheet.SetRow("A"+strconv.Itoa(row), e.values))
}

func (e *xlsxEncoder) value(c Cell) (any, *Error) {
	if c.Text == "" {
		return nil, nil
	}
	switch c.Kind {
	case KindEmpty:
		return nil, nil
	case KindBool:
		return c.Text == "true", nil
	case KindNumber:
		if f, ok := exactDouble(c.Text); ok {
			return excelize.Cell{StyleID: e.numberStyle(c.Hint), Value: f}, nil
		}
	case KindDate, KindDateTime:
		// Before March 1900 the day numbers of a spreadsheet are off by one; such days stay text.
		if t, _ := dateOf(c); t.Year() > 1900 {
			id := e.styles.date
			if c.Kind == KindDateTime {
				id = e.styles.dateTime
			}
			return excelize.Cell{StyleID: id, Value: t}, nil
		}
	case KindTime:
		d, _ := clockOf(c.Text)
		return excelize.Cell{StyleID: e.styles.clock, Value: d.Hours() / 24}, nil
	}
	return e.text(c.Text)
}

func (e *xlsxEncoder) text(s string) (any, *Error) {
	// The library would cut a longer text without a word.
	if len(s) > excelize.TotalCellChars && len(utf16.Encode([]rune(s))) > excelize.TotalCellChars {
		return nil, fail(CodeCellTooLong, params{"limit": excelize.TotalCellChars})
	}
	return excelize.Cell{StyleID: e.styles.text, Value: s}, nil
}

func (e *xlsxEncoder) numberStyle(h Hint) int {
	switch h {
	case HintPercent:
		return e.styles.percent
	case HintCurrency:
		return e.styles.amount
	}
	return 0
}

func (e *xlsxEncoder) close() error {
	if e.out == nil { // one of a book
		return writeFailed(e.sheet.Flush())
	}
	defer e.file.Close()
	if err := e.sheet.Flush(); err != nil {
		return writeFailed(err)
	}
	return writeFailed(e.file.Write(e.out))
}

// exactDouble is the number as a double, if a spreadsheet shows all of its digits: it shows 15.
func exactDouble(text string) (float64, bool) {
	digits := strings.Trim(strings.ReplaceAll(strings.TrimPrefix(text, "-"), ".", ""), "0")
	if len(digits) > 15 {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil
}

// dateOf reads the text of a date or date-time cell; zoned times must have been turned into someone's local time before.
func dateOf(c Cell) (time.Time, bool) {
	layout := time.DateOnly
	if c.Kind == KindDateTime {
		layout = "2006-01-02T15:04:05"
	}
	t, err := time.Parse(layout, c.Text)
	return t, err == nil
}

// clockOf reads HH:MM:SS[.fff]; hours may pass 24.
func clockOf(text string) (time.Duration, bool) {
	parts := strings.Split(text, ":")
	if len(parts) != 3 || len(text) > 16 {
		return 0, false
	}
	d, err := time.ParseDuration(parts[0] + "h" + parts[1] + "m" + parts[2] + "s")
	return d, err == nil && d >= 0
}
