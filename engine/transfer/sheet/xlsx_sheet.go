package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// xlsxSheet is one worksheet part.
type xlsxSheet struct {
	book        *workbook
	part        string
	stringsPart string

	once     sync.Once
	ranges   []Range
	rangeErr error
}

func (s *xlsxSheet) keys() []string   { return nil }
func (s *xlsxSheet) fixedWidth() bool { return false }

func (s *xlsxSheet) rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		texts, err := s.book.sharedStrings(s.stringsPart)
		if err != nil {
			yield(Row{}, err)
			return
		}
		p, err := s.book.part(s.part)
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer p.Close()
		r := &rowReader{part: p, book: s.book, texts: texts}
		for {
			row, err := r.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{Number: r.number}, s.located(err, r.number))
				return
			}
			if len(row.Cells) > 0 && !yield(row, nil) {
				return
			}
		}
	}
}

func (s *xlsxSheet) located(err error, row int) error {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Code: CodeDamaged, Params: params{"part": s.part}, Err: err}
	}
	if e.Row == 0 {
		e.Row = row
	}
	return e
}

// rowReader turns the tokens of a worksheet into rows.
type rowReader struct {
	*part
	book   *workbook
	texts  []string
	number int // of the last row
	inData bool
}

// next is the next row, which may be empty; io.EOF after the last.
func (r *rowReader) next() (Row, error) {
	for {
		t, err := r.Token()
		if err != nil {
			if r.inData {
				err = unexpected(err)
			}
			return Row{}, err
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "sheetData":
				r.inData = true
			case "row":
				return r.row(e)
			}
		case xml.EndElement:
			if e.Name.Local == "sheetData" {
				return Row{}, io.EOF
			}
		}
	}
}

func (r *rowReader) row(start xml.StartElement) (Row, error) {
	// Some generators leave the numbers out: then a row follows the one before.
	number := r.number + 1
	if ref := attr(start, "r"); ref != "" {
		n, err := strconv.Atoi(ref)
		if err != nil || n < number {
			return Row{}, damaged("row", errors.New("row numbers do not ascend"))
		}
		number = n
	}
	r.number = number
	row := Row{Number: number}
	column := 0
	for {
		t, err := r.Token()
		if err != nil {
			return row, unexpected(err)
		}
		switch e := t.(type) {
		case xml.EndElement:
			row.trim()
			if len(row.Cells) > 0 && number > r.book.opts.MaxRows {
				return row, fail(CodeTooManyRows, params{"limit": r.book.opts.MaxRows})
			}
			return row, nil
		case xml.StartElement:
			if e.Name.Local != "c" {
				if err := r.Skip(); err != nil {
					return row, unexpected(err)
				}
				continue
			}
			if column, err = r.column(attr(e, "r"), column); err != nil {
				return row, err
			}
			if err := r.cell(&row, e, column); err != nil {
				return row, err
			}
			column++
		}
	}
}

// column is the 0-based column of a cell: what its reference says, else the one after the cell before.
func (r *rowReader) column(ref string, follow int) (int, error) {
	if ref == "" {
		return follow, nil
	}
	n := 0
	for _, c := range strings.ToUpper(ref) {
		if c < 'A' || c > 'Z' {
			break
		}
		if n = n*26 + int(c-'A') + 1; n > 1<<14 {
			return 0, fail(CodeTooManyColumns, params{"limit": 1 << 14})
		}
	}
	if n == 0 {
		return follow, nil
	}
	return n - 1, nil
}

func (r *rowReader) cell(row *Row, start xml.StartElement, column int) error {
	raw, err := r.rawCell(start)
	if err != nil {
		setColumn(err, column+1)
		return err
	}
	c, code, p := r.value(raw)
	if c.Kind == KindEmpty && code == "" {
		return nil
	}
	if column >= r.book.opts.MaxColumns {
		return failAt(CodeTooManyColumns, row.Number, column+1, params{"limit": r.book.opts.MaxColumns})
	}
	if len(c.Text) > r.book.opts.MaxCell && utf8.RuneCountInString(c.Text) > r.book.opts.MaxCell {
		return failAt(CodeCellTooLong, row.Number, column+1, params{"limit": r.book.opts.MaxCell})
	}
	for len(row.Cells) <= column {
		row.Cells = append(row.Cells, Cell{Kind: KindEmpty})
	}
	if row.Cells[column].Kind != KindEmpty {
		row.warn(WarnRepeatedCell, column+1, nil)
	}
	if strings.IndexByte(c.Text, 0) >= 0 {
		c.Text = strings.ReplaceAll(c.Text, "\x00", "")
		row.warn(WarnNUL, column+1, nil)
	}
	if code != "" {
		row.warn(code, column+1, p)
	}
	row.Cells[column] = c
	return nil
}
