package sheet

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"
)

type content int

const (
	contentText content = iota
	contentZip
)

// headBytes is how much of a file its format is judged by.
const headBytes = 4096

// magics are the first bytes of files that people attach by mistake.
func magics() []struct{ prefix, format string } {
	return []struct{ prefix, format string }{
		{"%PDF", "pdf"}, {"\x89PNG", "png"}, {"\xff\xd8\xff", "jpeg"}, {"GIF8", "gif"}, {"{\\rtf", "rtf"},
		{"\x1f\x8b", "gzip"}, {"7z\xbc\xaf", "7z"}, {"Rar!", "rar"}, {"SQLite format 3", "sqlite"}, {"\x7fELF", "binary"},
	}
}

// sniff tells a zip from text and refuses what is known to be neither.
func sniff(r io.ReaderAt, size int64) (content, error) {
	head, err := readHead(r, min(size, headBytes))
	if err != nil {
		return 0, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return contentZip, nil
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return 0, sniffOLE(r, size)
	case isBIFF(head):
		return 0, fail(CodeLegacyXLS, nil)
	}
	for _, m := range magics() {
		if bytes.HasPrefix(head, []byte(m.prefix)) {
			return 0, fail(CodeUnsupported, params{"format": m.format})
		}
	}
	return contentText, nil
}

// isBIFF recognises the bare worksheet stream that Excel 2 to 4 (and some report generators to this day) write.
func isBIFF(head []byte) bool {
	if len(head) < 8 || head[0] != 0x09 || head[3] != 0x00 {
		return false
	}
	version, length := head[1], head[2]
	return (version == 0 || version == 2 || version == 4 || version == 8) && length >= 4 && length <= 16
}

// sniffOLE tells an encrypted XLSX from an old XLS: both are OLE compound files, and only the names of the streams
// inside (UTF-16 in the directory, wherever that lies) differ.
func sniffOLE(r io.ReaderAt, size int64) error {
	wide := func(s string) []byte {
		b := make([]byte, 0, 2*len(s))
		for i := 0; i < len(s); i++ {
			b = append(b, s[i], 0)
		}
		return b
	}
	found := Code("")
	search := func(name string, code Code) error {
		ok, err := contains(r, size, wide(name))
		if ok {
			found = code
		}
		return err
	}
	for _, s := range []struct {
		name string
		code Code
	}{{"EncryptedPackage", CodeEncrypted}, {"Workbook", CodeLegacyXLS}, {"Book", CodeLegacyXLS}} {
		if err := search(s.name, s.code); err != nil {
			return err
		}
		if found != "" {
			return fail(found, nil)
		}
	}
	return fail(CodeUnsupported, params{"format": "ole"})
}

// contains searches a file in pieces that overlap by the length of what is sought.
func contains(r io.ReaderAt, size int64, what []byte) (bool, error) {
	buf := make([]byte, 64<<10)
	step := int64(len(buf) - len(what))
	for off := int64(0); off < size; off += step {
		n, err := r.ReadAt(buf, off)
		if bytes.Contains(buf[:n], what) {
			return true, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return false, &Error{Code: CodeReadFailed, Err: err}
		}
	}
	return false, nil
}

// openText opens everything that is not a zip: JSON Lines if it begins like it, else CSV.
func openText(r io.ReaderAt, size int64, name string, opts Options) (*Book, error) {
	t, err := openEncoded(r, size, opts.Encoding)
	if err != nil {
		return nil, err
	}
	head, err := t.head(64 << 10)
	if err != nil {
		return nil, err
	}
	trimmed := strings.TrimSpace(head)
	if trimmed == "" {
		return nil, fail(CodeEmpty, nil)
	}
	if format := markup(trimmed); format != "" {
		return nil, fail(CodeUnsupported, params{"format": format})
	}
	b := &Book{Encoding: t.encoding, Warnings: t.warnings}
	var src source
	if looksLikeJSONL(trimmed, name) {
		b.Format = JSONL
		src, err = openJSONL(t, opts)
	} else {
		if looksBinary(head) {
			return nil, fail(CodeUnsupported, params{"format": "binary"})
		}
		b.Format = CSV
		c := openCSV(t, head, name, opts)
		b.Delimiter, src = c.delimiter, c
	}
	if err != nil {
		return nil, err
	}
	b.sheets = []*Sheet{{Name: baseName(name), src: src, headerRow: opts.HeaderRow}}
	return b, nil
}

// markup recognises the web page that many systems hand out under the name of a spreadsheet.
func markup(head string) string {
	head = strings.ToLower(head[:min(len(head), 64)])
	for _, p := range []string{"<!doctype html", "<html", "<table", "<meta", "<style", "<head"} {
		if strings.HasPrefix(head, p) {
			return "html"
		}
	}
	if strings.HasPrefix(head, "<?xml") || strings.HasPrefix(head, "<workbook") {
		return "xml"
	}
	return ""
}

// looksBinary: text has next to no control characters. NULs alone are forgiven up to a tenth, some exporters pad.
func looksBinary(s string) bool {
	control, all := 0, 0
	for _, r := range s {
		all++
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0x7f {
			control++
		}
	}
	return control*10 > all
}

func baseName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.TrimSuffix(name, path.Ext(name))
}

func readHead(r io.ReaderAt, n int64) ([]byte, error) {
	buf := make([]byte, n)
	got, err := r.ReadAt(buf, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &Error{Code: CodeReadFailed, Err: err}
	}
	return buf[:got], nil
}
