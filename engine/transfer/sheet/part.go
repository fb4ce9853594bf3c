package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// maxTokenBytes bounds one XML token, which the decoder holds in memory. The longest text a cell may have stays far
// below it even when every character is escaped.
const maxTokenBytes = 1 << 20

// part reads one part of the zip as XML within the limits. It is the decoder's io.ByteReader, so that it knows how many
// bytes went into the token at hand.
type part struct {
	*xml.Decoder
	zip   io.ReadCloser
	buf   []byte
	next  int   // in buf
	left  int64 // bytes that may still be unpacked
	token int   // bytes of the current token
	limit int64
}

func (w *workbook) part(name string) (*part, error) {
	rc, err := w.rawPart(name)
	if err != nil {
		return nil, err
	}
	return newPart(rc, w.opts.MaxUnzipBytes), nil
}

func (w *workbook) rawPart(name string) (io.ReadCloser, error) {
	f := w.parts[name]
	if f == nil {
		return nil, damaged(name, errors.New("missing part"))
	}
	rc, err := f.Open()
	if err != nil {
		return nil, damaged(name, err)
	}
	return rc, nil
}

func newPart(rc io.ReadCloser, limit int64) *part {
	p := &part{zip: rc, left: limit, limit: limit, buf: make([]byte, 0, 32<<10)}
	p.Decoder = xml.NewDecoder(p)
	return p
}

func (p *part) Close() error { return p.zip.Close() }

// Token is the next XML token; io.EOF at the end of the part.
func (p *part) Token() (xml.Token, error) {
	p.token = 0
	return p.Decoder.Token()
}

// ReadByte feeds the decoder.
func (p *part) ReadByte() (byte, error) {
	if p.next == len(p.buf) {
		if err := p.fill(); err != nil {
			return 0, err
		}
	}
	if p.token++; p.token > maxTokenBytes {
		return 0, fail(CodeCellTooLong, params{"limit": maxTokenBytes})
	}
	b := p.buf[p.next]
	p.next++
	return b, nil
}

func (p *part) fill() error {
	n, err := io.ReadAtLeast(p.zip, p.buf[:cap(p.buf)], 1)
	p.buf, p.next = p.buf[:n], 0
	if p.left -= int64(n); p.left < 0 {
		return fail(CodeUnzipTooLarge, params{"limit": p.limit})
	}
	return err
}

// Read makes part the io.Reader that the decoder's constructor wants; the decoder calls ReadByte.
func (p *part) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	c, err := p.ReadByte()
	if err != nil {
		return 0, err
	}
	b[0] = c
	return 1, nil
}

// text is the character data up to the end of the element just started, elements within it included unless skip names
// them.
func (p *part) text(skip string) (string, error) {
	var b strings.Builder
	depth, skipping := 1, 0
	for depth > 0 {
		t, err := p.Token()
		if err != nil {
			return "", unexpected(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			if skipping > 0 || skip != "" && t.Name.Local == skip {
				skipping++
			}
		case xml.EndElement:
			depth--
			if skipping > 0 {
				skipping--
			}
		case xml.CharData:
			if skipping == 0 {
				if b.Len()+len(t) > maxTokenBytes {
					return "", fail(CodeCellTooLong, params{"limit": maxTokenBytes})
				}
				b.Write(t)
			}
		}
	}
	return b.String(), nil
}

// Skip passes over the element just started. The decoder's own Skip would count the whole element as one token.
func (p *part) Skip() error {
	for depth := 1; depth > 0; {
		t, err := p.Token()
		if err != nil {
			return err
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// unexpected: a part that ends inside an element is cut off, not at its end.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func truth(s string) bool { return s == "1" || s == "true" || s == "on" }
