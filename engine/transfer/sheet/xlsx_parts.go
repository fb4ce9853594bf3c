package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
)

// maxStyles is far above the 64,000 cell formats a spreadsheet program writes.
const maxStyles = 1 << 17

// readStyles keeps of the styles what makes a number a date, a percentage or an amount.
func (w *workbook) readStyles(name string) error {
	if w.parts[name] == nil {
		return nil // a file without styles has numbers only
	}
	custom := map[int]numberStyle{}
	var ids []int
	inCells, inFormats := false, false // conditional formats use the same elements and ids for other things
	p, err := w.part(name)
	if err != nil {
		return err
	}
	defer p.Close()
	for {
		t, err := p.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return damaged(name, err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch {
			case e.Name.Local == "numFmts":
				inFormats = true
			case e.Name.Local == "numFmt" && inFormats && len(custom) < maxStyles:
				if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
					custom[id] = parseNumberFormat(attr(e, "formatCode"))
				}
			case e.Name.Local == "cellXfs":
				inCells = true
			case e.Name.Local == "xf" && inCells && len(ids) < maxStyles:
				id, _ := strconv.Atoi(attr(e, "numFmtId"))
				ids = append(ids, id)
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "cellXfs":
				inCells = false
			case "numFmts":
				inFormats = false
			}
		}
	}
	w.styles = make([]numberStyle, len(ids))
	for i, id := range ids {
		style, ok := custom[id]
		if !ok {
			style = builtinStyle(id)
		}
		w.styles[i] = style
	}
	return nil
}

// sharedStrings reads the texts of the book once. They are held in memory, within MaxStringBytes.
func (w *workbook) sharedStrings(name string) ([]string, error) {
	w.once.Do(func() {
		if name != "" && w.parts[name] != nil {
			w.strings, w.strErr = w.readStrings(name)
		}
	})
	return w.strings, w.strErr
}

func (w *workbook) readStrings(name string) ([]string, error) {
	p, err := w.part(name)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	const headerBytes = 16 // an empty text costs memory as well
	var out []string
	size := int64(0)
	for {
		t, err := p.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, damaged(name, err)
		}
		if e, ok := t.(xml.StartElement); !ok || e.Name.Local != "si" {
			continue
		}
		s, err := p.richText()
		if err != nil {
			return nil, damaged(name, err)
		}
		if size += int64(len(s)) + headerBytes; size > w.opts.MaxStringBytes {
			return nil, fail(CodeUnzipTooLarge, params{"limit": w.opts.MaxStringBytes})
		}
		out = append(out, s)
	}
}

// richText joins the <t> elements of a shared or inline string, whose start tag was just read. Phonetic hints (<rPh>) are
// no part of the text, and white space between the elements is none either.
func (p *part) richText() (string, error) {
	var b strings.Builder
	for depth := 1; depth > 0; {
		t, err := p.Token()
		if err != nil {
			return "", unexpected(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "t":
				s, err := p.text("")
				if err != nil {
					return "", err
				}
				if b.Len()+len(s) > maxTokenBytes {
					return "", fail(CodeCellTooLong, params{"limit": maxTokenBytes})
				}
				b.WriteString(s)
			case "rPh":
				if _, err := p.text("rPh"); err != nil {
					return "", err
				}
			default:
				depth++
			}
		case xml.EndElement:
			depth--
		}
	}
	return unescapeXString(b.String()), nil
}

// unescapeXString undoes _xHHHH_, by which OOXML writes characters that XML cannot hold (ST_Xstring).
func unescapeXString(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		unit, ok := xEscape(s[i:])
		if !ok {
			b.WriteByte(s[i])
			i++
			continue
		}
		i += 7
		if low, ok := xEscape(s[i:]); ok && utf16.IsSurrogate(unit) {
			if pair := utf16.DecodeRune(unit, low); pair != '\uFFFD' {
				b.WriteRune(pair)
				i += 7
				continue
			}
		}
		b.WriteRune(unit) // half a pair becomes U+FFFD
	}
	return b.String()
}

func xEscape(s string) (rune, bool) {
	if len(s) < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}
