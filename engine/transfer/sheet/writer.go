package sheet

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"
)

// OutColumn is a column to write.
type OutColumn struct {
	Name  string
	Width float64 // XLSX only, in characters; 0 is the default width
}

// Writer writes one table, row by row, without holding it in memory. It is not safe for concurrent use.
type Writer struct {
	enc     encoder
	columns int
	row     int
}

// encoder is a format being written. row is the 1-based row of the file.
type encoder interface {
	write(row int, cells []Cell) error
	close() error
}

// NewWriter begins a file with the names of its columns. Nothing is complete before Close. Errors: unknown-format,
// write-failed, too-many-columns.
//
// CSV is UTF-8 with a byte order mark (Excel takes it for the local code page otherwise), CRLF, comma. XLSX has one sheet;
// dates are dates, numbers are numbers as far as a double holds their digits, everything else is text and stays text.
// JSON Lines has one object a row, empty cells left out.
func NewWriter(w io.Writer, format Format, columns []OutColumn) (*Writer, error) {
	out := &Writer{columns: len(columns)}
	var err error
	switch format {
	case CSV:
		out.enc, err = newCSVEncoder(w, columns)
		out.row = 1
	case XLSX:
		out.enc, err = newXLSXEncoder(w, columns)
		out.row = 1
	case JSONL:
		out.enc = newJSONEncoder(w, columns)
	default:
		err = fail(CodeUnknownFormat, params{"format": string(format)})
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Write adds a row. Missing cells are empty; more cells than columns are an error (too-many-columns), as are a cell whose
// text does not fit its kind (bad-value), one too long for the format (cell-too-long) and, in XLSX, too-many-rows.
func (w *Writer) Write(cells []Cell) error {
	w.row++
	if len(cells) > w.columns {
		return failAt(CodeTooManyColumns, w.row, 0, params{"limit": w.columns})
	}
	for i, c := range cells {
		if err := checkCell(c); err != nil {
			err.Row, err.Column = w.row, i+1
			return err
		}
	}
	return w.enc.write(w.row, cells)
}

// Close completes the file. It does not close the io.Writer.
func (w *Writer) Close() error { return w.enc.close() }

func writeFailed(err error) error {
	if err == nil {
		return nil
	}
	return &Error{Code: CodeWriteFailed, Err: err}
}

func checkCell(c Cell) *Error {
	ok := c.Kind == "" || c.Kind.Valid()
	if c.Text == "" && ok {
		return nil // empty, whatever the kind
	}
	switch c.Kind {
	case KindNumber:
		_, ok = plainDecimal(c.Text)
	case KindBool:
		ok = c.Text == "true" || c.Text == "false"
	case KindDate, KindDateTime:
		_, ok = dateOf(c)
	case KindTime:
		_, ok = clockOf(c.Text)
	}
	if !ok {
		return fail(CodeBadValue, params{"kind": string(c.Kind), "text": clip(c.Text)})
	}
	return nil
}

// csvEncoder quotes by itself: the standard writer turns a line break within a cell into CRLF and drops a lone CR, so
// that an export read back would not be what was exported.
type csvEncoder struct {
	buf     *bufio.Writer
	columns int
}

func newCSVEncoder(w io.Writer, columns []OutColumn) (*csvEncoder, error) {
	e := &csvEncoder{buf: bufio.NewWriter(w), columns: len(columns)}
	if _, err := e.buf.WriteString("\ufeff"); err != nil {
		return nil, writeFailed(err)
	}
	header := make([]Cell, len(columns))
	for i, c := range columns {
		header[i] = Cell{Text: c.Name, Kind: KindText}
	}
	return e, e.write(1, header)
}

func (e *csvEncoder) write(_ int, cells []Cell) error {
	for i := range e.columns {
		if i > 0 {
			_ = e.buf.WriteByte(',')
		}
		if i >= len(cells) {
			continue
		}
		s := cells[i].Text
		if cells[i].Kind != KindNumber {
			s = guard(s)
		}
		if strings.ContainsAny(s, ",\"\r\n") || s != strings.TrimSpace(s) {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		_, _ = e.buf.WriteString(s)
	}
	// The buffer keeps the first error and returns it here.
	_, err := e.buf.WriteString("\r\n")
	return writeFailed(err)
}

func (e *csvEncoder) close() error { return writeFailed(e.buf.Flush()) }

type jsonEncoder struct {
	buf  *bufio.Writer
	keys [][]byte
}

func newJSONEncoder(w io.Writer, columns []OutColumn) *jsonEncoder {
	e := &jsonEncoder{buf: bufio.NewWriter(w)}
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = c.Name
	}
	for _, c := range nameColumns(titles, nil) {
		e.keys = append(e.keys, jsonText(c.Name))
	}
	return e
}

func (e *jsonEncoder) write(_ int, cells []Cell) error {
	var line bytes.Buffer
	line.WriteByte('{')
	for i, c := range cells {
		if c.Text == "" || c.Kind == KindEmpty {
			continue
		}
		if line.Len() > 1 {
			line.WriteByte(',')
		}
		line.Write(e.keys[i])
		line.WriteByte(':')
		if (c.Kind == KindNumber || c.Kind == KindBool) && json.Valid([]byte(c.Text)) {
			line.WriteString(c.Text)
		} else {
			line.Write(jsonText(c.Text))
		}
	}
	line.WriteString("}\n")
	_, err := e.buf.Write(line.Bytes())
	return writeFailed(err)
}

func (e *jsonEncoder) close() error { return writeFailed(e.buf.Flush()) }

// jsonText is a JSON string that keeps <, > and & readable.
func jsonText(s string) []byte {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return bytes.TrimRight(b.Bytes(), "\n")
}
