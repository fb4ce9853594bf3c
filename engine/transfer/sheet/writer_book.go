package sheet

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// BookWriter writes an XLSX file of several sheets, one after the other.
type BookWriter struct {
	out    io.Writer
	file   *excelize.File
	styles xlsxStyles
	names  []string
	open   *Writer
}

// NewBookWriter begins a file. Nothing is complete before Close.
func NewBookWriter(w io.Writer) (*BookWriter, error) {
	e := &xlsxEncoder{file: excelize.NewFile()}
	if err := e.defineStyles(); err != nil {
		_ = e.file.Close()
		return nil, writeFailed(err)
	}
	return &BookWriter{out: w, file: e.file, styles: e.styles}, nil
}

// Sheet begins a sheet and ends the one before. A name that a sheet cannot have, or that another has, is changed to one
// that is like it.
func (b *BookWriter) Sheet(name string, columns []OutColumn) (*Writer, error) {
	if len(columns) > excelize.MaxColumns {
		return nil, fail(CodeTooManyColumns, params{"limit": excelize.MaxColumns})
	}
	if err := b.end(); err != nil {
		return nil, err
	}
	name = b.free(name)
	var err error
	if len(b.names) == 0 {
		err = b.file.SetSheetName(sheetName, name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err != nil {
		return nil, writeFailed(err)
	}
	b.names = append(b.names, strings.ToLower(name))
	e := &xlsxEncoder{file: b.file, styles: b.styles, values: make([]any, len(columns))}
	if err := e.begin(name, columns); err != nil {
		return nil, writeFailed(err)
	}
	b.open = &Writer{enc: e, columns: len(columns), row: 1}
	return b.open, nil
}

func (b *BookWriter) end() error {
	if b.open == nil {
		return nil
	}
	err := b.open.Close()
	b.open = nil
	return err
}

// Close completes the file. It does not close the io.Writer.
func (b *BookWriter) Close() error {
	defer b.file.Close()
	if err := b.end(); err != nil {
		return err
	}
	return writeFailed(b.file.Write(b.out))
}

// maxSheetName is how long the name of a sheet may be, in UTF-16 units.
const maxSheetName = 31

// free is a name like the one wanted that a sheet may have and that none has. Names fold case.
func (b *BookWriter) free(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(strings.TrimSpace(name), "'")
	if name == "" {
		name = sheetName
	}
	for i := 1; ; i++ {
		suffix := ""
		if i > 1 {
			suffix = " " + strconv.Itoa(i)
		}
		one := strings.TrimSpace(cutUnits(name, maxSheetName-len(suffix))) + suffix
		if !slices.Contains(b.names, strings.ToLower(one)) {
			return one
		}
	}
}

// cutUnits keeps as many characters as fit into UTF-16 units.
func cutUnits(s string, most int) string {
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > most {
			return s[:i]
		}
	}
	return s
}
