package sheet

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// csvSource is a delimited text file. We parse it ourselves because an import must be able to say which spreadsheet row
// is wrong: the standard reader skips empty lines without counting them, stops at stray quotes or hides them, takes no
// lone CR, and reads a forgotten quote to the end of the file whatever its size.
type csvSource struct {
	text      *encoded
	delimiter byte
	skip      int // bytes of decoded text before the first record: a "sep=;" line
	opts      Options
}

func openCSV(t *encoded, head, name string, opts Options) *csvSource {
	c := &csvSource{text: t, delimiter: opts.Delimiter, opts: opts}
	declared, skip := separatorLine(head)
	c.skip = skip
	if c.delimiter == 0 {
		c.delimiter = declared
	}
	if c.delimiter == 0 {
		c.delimiter = sniffDelimiter(head[skip:], name)
	}
	return c
}

func (c *csvSource) merges() ([]Range, error) { return nil, nil }
func (c *csvSource) keys() []string           { return nil }
func (c *csvSource) fixedWidth() bool         { return true }

func (c *csvSource) rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in := c.text.reader()
		if _, err := in.Discard(c.skip); err != nil {
			yield(Row{}, &Error{Code: CodeReadFailed, Err: err})
			return
		}
		p := &recordParser{in: in, delimiter: c.delimiter, maxColumns: c.opts.MaxColumns, maxCell: c.opts.MaxCell}
		for number := 1; ; number++ {
			rec, err := p.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err == nil && number > c.opts.MaxRows {
				err = fail(CodeTooManyRows, params{"limit": c.opts.MaxRows})
			}
			if err != nil {
				yield(Row{Number: number}, atRow(err, number))
				return
			}
			if row := csvRow(number, rec); len(row.Cells) > 0 && !yield(row, nil) {
				return
			}
		}
	}
}

// atRow completes an error of the parser, which counts no rows.
func atRow(err error, row int) error {
	var e *Error
	if errors.As(err, &e) {
		e.Row = row
		return e
	}
	return &Error{Code: CodeReadFailed, Row: row, Err: err}
}

func csvRow(number int, rec record) Row {
	row := Row{Number: number}
	if len(rec.cells) == 1 && rec.cells[0] == "" {
		return row // an empty line
	}
	row.Cells = make([]Cell, len(rec.cells))
	for i, s := range rec.cells {
		if strings.IndexByte(s, 0) >= 0 {
			s = strings.ReplaceAll(s, "\x00", "")
			row.warn(WarnNUL, i+1, nil)
		}
		if strings.ContainsRune(s, utf8.RuneError) {
			row.warn(WarnBadEncoding, i+1, nil)
		}
		row.Cells[i] = textCell(unguard(s))
	}
	if rec.stray {
		row.warn(WarnStrayQuote, 0, nil)
	}
	return row
}

// record is one line of a CSV; quoted cells may hold line breaks.
type record struct {
	cells []string
	stray bool // there was text after a closing quote
}

// recordParser follows RFC 4180 and, where files do not, what spreadsheet programs do: line ends are CRLF, LF or CR; a
// quote counts only at the start of a cell; text after a closing quote is kept.
type recordParser struct {
	in         *bufio.Reader
	delimiter  byte
	maxColumns int
	maxCell    int // characters
	cell       []byte
}

// next returns the next record, io.EOF after the last, an *Error without a row, or what the reader said.
func (p *recordParser) next() (record, error) {
	var rec record
	if _, err := p.in.Peek(1); err != nil {
		return rec, err
	}
	for {
		end, stray, err := p.readCell()
		if err != nil {
			setColumn(err, len(rec.cells)+1)
			return rec, err
		}
		rec.cells = append(rec.cells, string(p.cell))
		rec.stray = rec.stray || stray
		if len(rec.cells) > p.maxColumns {
			return rec, fail(CodeTooManyColumns, params{"limit": p.maxColumns})
		}
		if end {
			return rec, nil
		}
	}
}

func setColumn(err error, column int) {
	var e *Error
	if errors.As(err, &e) {
		e.Column = column
	}
}

// readCell fills p.cell and reports whether the record ends with it.
func (p *recordParser) readCell() (end, stray bool, err error) {
	p.cell = p.cell[:0]
	b, err := p.in.ReadByte()
	if err == nil && b == '"' {
		if err := p.readQuoted(); err != nil {
			return false, false, err
		}
		quoted := len(p.cell)
		end, err = p.readPlain()
		rest := string(p.cell[quoted:])
		if strings.TrimSpace(rest) == "" {
			p.cell = p.cell[:quoted]
			rest = ""
		}
		return end, rest != "", err
	}
	if err == nil {
		err = p.in.UnreadByte()
	} else if errors.Is(err, io.EOF) {
		return true, false, nil
	}
	if err != nil {
		return false, false, err
	}
	end, err = p.readPlain()
	return end, false, err
}

func (p *recordParser) readPlain() (end bool, err error) {
	for {
		b, err := p.in.ReadByte()
		if errors.Is(err, io.EOF) {
			return true, p.checkLength()
		}
		if err != nil {
			return false, err
		}
		switch b {
		case p.delimiter:
			return false, p.checkLength()
		case '\r':
			if next, err := p.in.Peek(1); err == nil && next[0] == '\n' {
				_, _ = p.in.ReadByte()
			}
			return true, p.checkLength()
		case '\n':
			return true, p.checkLength()
		}
		if err := p.add(b); err != nil {
			return false, err
		}
	}
}

// readQuoted reads up to the closing quote; a doubled quote is one quote.
func (p *recordParser) readQuoted() error {
	for {
		b, err := p.in.ReadByte()
		if errors.Is(err, io.EOF) {
			return fail(CodeUnclosedQuote, nil)
		}
		if err != nil {
			return err
		}
		if b == '"' {
			if next, err := p.in.Peek(1); err != nil || next[0] != '"' {
				return nil
			}
			_, _ = p.in.ReadByte()
		}
		if err := p.add(b); err != nil {
			return err
		}
	}
}

// add keeps a cell from growing beyond what any text of the allowed length needs.
func (p *recordParser) add(b byte) error {
	p.cell = append(p.cell, b)
	if len(p.cell) > p.maxCell*utf8.UTFMax {
		return fail(CodeCellTooLong, params{"limit": p.maxCell})
	}
	return nil
}

func (p *recordParser) checkLength() error {
	if len(p.cell) > p.maxCell && utf8.RuneCount(p.cell) > p.maxCell {
		return fail(CodeCellTooLong, params{"limit": p.maxCell})
	}
	return nil
}
