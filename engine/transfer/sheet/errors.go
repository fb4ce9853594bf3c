package sheet

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Code names what is wrong with a file, a row or a cell. The text for a person is made at the edge.
type Code string

// Codes of errors: the file, or the rest of it, cannot be read or written.
const (
	CodeEmpty           Code = "empty-file"
	CodeLegacyXLS       Code = "legacy-xls"         // .xls of Excel 97-2003: save as .xlsx
	CodeEncrypted       Code = "encrypted"          // protected by a password
	CodeUnsupported     Code = "unsupported-format" // params: format (html, xml, ods, xlsb, pdf, zip, json, binary ...)
	CodeDamaged         Code = "damaged-file"       // params: part, reason
	CodeUnknownEncoding Code = "unknown-encoding"   // params: encoding
	CodeTooLarge        Code = "file-too-large"     // params: size, limit
	CodeUnzipTooLarge   Code = "unpacked-too-large" // params: limit
	CodeTooManyRows     Code = "too-many-rows"      // params: limit
	CodeTooManyColumns  Code = "too-many-columns"   // params: limit
	CodeCellTooLong     Code = "cell-too-long"      // params: limit
	CodeUnclosedQuote   Code = "unclosed-quote"     // Row is where the quote was opened
	CodeBadJSON         Code = "bad-json"           // a line is not a JSON object; params: reason
	CodeReadFailed      Code = "read-failed"        // the reader below failed; wrapped
	CodeWriteFailed     Code = "write-failed"       // the writer below failed; wrapped
	CodeUnknownFormat   Code = "unknown-format"     // NewWriter; params: format
	CodeBadValue        Code = "bad-value"          // a cell to write does not hold what its kind says; params: kind, text
)

// Codes of warnings: the row was read, a person should look at it.
const (
	WarnShortRow      Code = "short-row"            // fewer cells than columns; params: cells, columns
	WarnLongRow       Code = "long-row"             // text in a cell without a column; params: cells, columns
	WarnCellError     Code = "cell-error"           // #N/A and the like; params: value
	WarnNoCachedValue Code = "formula-no-value"     // a formula that was never calculated
	WarnBadDate       Code = "impossible-date"      // a serial no calendar has; the number is kept; params: serial
	WarnBadNumber     Code = "impossible-number"    // a numeric cell that is no number; kept as text
	WarnNUL           Code = "nul-removed"          // NUL characters were removed
	WarnBadEncoding   Code = "unreadable-character" // bytes outside the encoding became U+FFFD
	WarnStrayQuote    Code = "stray-quote"          // text after a closing quote was kept
	WarnEncodingGuess Code = "encoding-guessed"     // of the book; params: encoding
	WarnDuplicateKey  Code = "duplicate-key"        // JSON Lines: a key twice in one object, the last counts; params: key
	WarnMissingSheet  Code = "missing-sheet"        // of the book: a sheet is listed but not in the file; params: sheet
	WarnRepeatedCell  Code = "repeated-cell"        // two cells at one place; the last counts
)

// Error is every complaint of this package, and a warning has the same shape. Row and Column are 1-based and count as a
// spreadsheet shows them; 0 means the file or the row as a whole. Params are plain strings and numbers for a message.
type Error struct {
	Code   Code
	Row    int
	Column int
	Params map[string]any
	Err    error // what lies below, if anything; never shown to people
}

// Error is for logs. People read a translation of the code.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("sheet: ")
	b.WriteString(string(e.Code))
	if e.Row > 0 {
		fmt.Fprintf(&b, " row=%d", e.Row)
	}
	if e.Column > 0 {
		fmt.Fprintf(&b, " column=%d", e.Column)
	}
	keys := make([]string, 0, len(e.Params))
	for k := range e.Params {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Fprintf(&b, " %s=%v", k, e.Params[k])
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// CodeOf is the code of the *Error in err's chain, or "" when there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

type params = map[string]any

func fail(code Code, p params) *Error { return &Error{Code: code, Params: p} }

func failAt(code Code, row, column int, p params) *Error {
	return &Error{Code: code, Row: row, Column: column, Params: p}
}

// damaged is a part of a file that does not hold what its name promises. An *Error from below keeps its own code.
func damaged(part string, err error) error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: CodeDamaged, Params: params{"part": part}, Err: err}
}
