package sheet

import (
	"io"
	"iter"
)

// Format of a file.
type Format string

const (
	XLSX  Format = "xlsx"
	CSV   Format = "csv" // any delimiter
	JSONL Format = "jsonl"
)

// Valid reports whether f is one of the formats above.
func (f Format) Valid() bool { return f == XLSX || f == CSV || f == JSONL }

// Options of reading. The zero value detects everything and uses the default limits.
type Options struct {
	Encoding  Encoding // of text files; "" detects
	Delimiter byte     // of CSV; 0 detects
	HeaderRow int      // row number of the header; 0 detects, NoHeader says there is none

	MaxBytes       int64 // size of the file; default 128 MiB
	MaxUnzipBytes  int64 // size of an XLSX unpacked, all parts read together; default 1 GiB
	MaxStringBytes int64 // text of an XLSX's shared strings, which are held in memory; default 128 MiB
	MaxRows        int   // highest row number; default 1,048,576
	MaxColumns     int   // default 1,024
	MaxCell        int   // characters in a cell; default 32,767, the limit of spreadsheets
}

// NoHeader as Options.HeaderRow: the first row is data, columns are named by letters.
const NoHeader = -1

func (o Options) withDefaults() Options {
	def := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	defInt := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&o.MaxBytes, 128<<20)
	def(&o.MaxUnzipBytes, 1<<30)
	def(&o.MaxStringBytes, 128<<20)
	defInt(&o.MaxRows, 1<<20)
	defInt(&o.MaxColumns, 1024)
	defInt(&o.MaxCell, 32767)
	return o
}

// Book is an opened file. It reads through the io.ReaderAt given to Open, which must stay open as long as rows are read.
// A Book does not change after Open; its sheets may be read repeatedly and concurrently.
type Book struct {
	Format    Format
	Encoding  Encoding // of a text file, as used
	Delimiter byte     // of a CSV, as used
	Warnings  []*Error // about the file as a whole

	sheets []*Sheet
}

// Sheets in the order of the file. A text file has one, named after the file.
func (b *Book) Sheets() []*Sheet { return b.sheets }

// Range is a block of cells: 1-based row numbers, 0-based columns, both ends included.
type Range struct {
	FirstRow, LastRow       int
	FirstColumn, LastColumn int
}

// source is one sheet of one format: all its rows that hold anything, in order. An error ends the rows.
type source interface {
	rows() iter.Seq2[Row, error]
	merges() ([]Range, error)
	// keys are the column names of a format that has them without a header row (JSON Lines); nil otherwise.
	keys() []string
	// fixedWidth says that a short row is a defect (CSV) and not merely empty cells at its end.
	fixedWidth() bool
}

// Sheet is one table of a Book.
type Sheet struct {
	Name   string
	Hidden bool // the spreadsheet hides it

	src       source
	headerRow int
}

// WithHeader is the same sheet with its header at the given row number: 0 detects it, NoHeader says there is none.
func (s *Sheet) WithHeader(row int) *Sheet {
	c := *s
	c.headerRow = row
	return &c
}

// All streams every row that holds anything, titles and header included: what a preview shows when a person picks the
// header row. An *Error ends the stream. The rows are the caller's to keep.
func (s *Sheet) All() iter.Seq2[Row, error] { return s.src.rows() }

// Merges lists the merged cells. It reads the whole part once; text files have none.
func (s *Sheet) Merges() ([]Range, error) { return s.src.merges() }

// Rows streams the rows below the header. Rows that hold nothing are left out, but counted in Row.Number. An *Error ends
// the stream, and is its last element.
func (s *Sheet) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		h, err := s.Header()
		if err != nil {
			yield(Row{}, err)
			return
		}
		for row, err := range s.src.rows() {
			if err != nil {
				yield(row, err)
				return
			}
			if row.Number <= h.Last || row.Empty() {
				continue
			}
			s.checkWidth(&row, len(h.Columns))
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (s *Sheet) checkWidth(row *Row, columns int) {
	n := len(row.Cells)
	p := params{"cells": n, "columns": columns}
	if n < columns && s.src.fixedWidth() {
		row.warn(WarnShortRow, 0, p)
	}
	for i := columns; i < n; i++ {
		if row.Cells[i].Kind != KindEmpty {
			row.warn(WarnLongRow, i+1, p)
			return
		}
	}
}

// Open recognises the format of a file by its content and prepares to read it. name is used for the sheet's name and, when
// the content allows more than one reading, for its extension.
//
// Errors are *Error: empty-file, legacy-xls, encrypted, unsupported-format, damaged-file, unknown-encoding,
// file-too-large, unpacked-too-large, read-failed, and for JSON Lines (whose columns are known only at the end)
// those of its rows.
func Open(r io.ReaderAt, size int64, name string, opts Options) (*Book, error) {
	opts = opts.withDefaults()
	if size == 0 {
		return nil, fail(CodeEmpty, nil)
	}
	if size > opts.MaxBytes {
		return nil, fail(CodeTooLarge, params{"size": size, "limit": opts.MaxBytes})
	}
	kind, err := sniff(r, size)
	if err != nil {
		return nil, err
	}
	if kind == contentZip {
		return openXLSX(r, size, opts)
	}
	return openText(r, size, name, opts)
}
