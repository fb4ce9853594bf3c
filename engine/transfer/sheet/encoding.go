package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// Encoding of a text file.
type Encoding string

const (
	UTF8        Encoding = "utf-8"
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	GB18030     Encoding = "gb18030" // covers GBK and GB2312
	Big5        Encoding = "big5"
	Windows1252 Encoding = "windows-1252"
)

// Valid reports whether e is one of the encodings above.
func (e Encoding) Valid() bool {
	switch e {
	case UTF8, UTF16LE, UTF16BE, GB18030, Big5, Windows1252:
		return true
	}
	return false
}

func (e Encoding) decoder() transform.Transformer {
	var enc encoding.Encoding
	switch e {
	case UTF16LE:
		enc = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case UTF16BE:
		enc = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case GB18030:
		enc = simplifiedchinese.GB18030
	case Big5:
		enc = traditionalchinese.Big5
	case Windows1252:
		enc = charmap.Windows1252
	default:
		return runes.ReplaceIllFormed()
	}
	return enc.NewDecoder()
}

// encoded is a text file whose encoding is settled.
type encoded struct {
	r        io.ReaderAt
	size     int64
	encoding Encoding
	bom      int64 // bytes to skip
	warnings []*Error
}

func openEncoded(r io.ReaderAt, size int64, want Encoding) (*encoded, error) {
	t := &encoded{r: r, size: size, encoding: want}
	head, err := readHead(r, min(size, headBytes))
	if err != nil {
		return nil, err
	}
	marked, bom := byteOrderMark(head)
	if want == "" || want == marked {
		t.bom = bom
	}
	switch {
	case want != "" && !want.Valid():
		return nil, fail(CodeUnknownEncoding, params{"encoding": string(want)})
	case want != "":
	case marked != "":
		t.encoding = marked
	default:
		var sure bool
		if t.encoding, sure, err = detectEncoding(io.NewSectionReader(r, 0, size), head); err != nil {
			return nil, err
		}
		if !sure {
			t.warnings = append(t.warnings, fail(WarnEncodingGuess, params{"encoding": string(t.encoding)}))
		}
	}
	return t, nil
}

// reader starts the text again from its beginning, as UTF-8; bytes outside the encoding become U+FFFD.
func (t *encoded) reader() *bufio.Reader {
	section := io.NewSectionReader(t.r, t.bom, t.size-t.bom)
	return bufio.NewReaderSize(transform.NewReader(section, t.encoding.decoder()), 64<<10)
}

func (t *encoded) head(n int) (string, error) {
	buf := make([]byte, n)
	got, err := io.ReadFull(t.reader(), buf)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", &Error{Code: CodeReadFailed, Err: err}
	}
	return string(buf[:got]), nil
}

func byteOrderMark(head []byte) (Encoding, int64) {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return UTF8, 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return UTF16LE, 2
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return UTF16BE, 2
	}
	return "", 0
}

// detectEncoding judges a file without a byte order mark. It reads all of it: a file whose first megabyte is ASCII may
// hold its first Chinese name after that. sure is false where the answer is only the likelier one.
func detectEncoding(r io.Reader, head []byte) (e Encoding, sure bool, err error) {
	if e := wideWithoutMark(head); e != "" {
		return e, true, nil
	}
	var c encodingCounts
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		c.feed(buf[:n])
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", false, &Error{Code: CodeReadFailed, Err: err}
		}
	}
	e, sure = c.verdict()
	return e, sure, nil
}

// wideWithoutMark recognises UTF-16 by the zero halves of its ASCII characters (delimiters and digits at least).
func wideWithoutMark(head []byte) Encoding {
	var zero [2]int
	for i, b := range head {
		if b == 0 {
			zero[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case half < 2:
	case zero[1]*4 > half && zero[0]*20 <= zero[1]:
		return UTF16LE
	case zero[0]*4 > half && zero[1]*20 <= zero[0]:
		return UTF16BE
	}
	return ""
}

// encodingCounts looks at all bytes above ASCII, once as UTF-8 and once as double bytes.
type encodingCounts struct {
	tail           []byte // an unfinished UTF-8 sequence of the piece before
	valid, invalid int    // UTF-8 sequences of several bytes; bytes that belong to none
	sample         []byte // runs above ASCII with the byte after, for the double-byte encodings
	run            bool
}

// sampleBytes is enough to tell the double-byte encodings apart: some ten thousand characters.
const sampleBytes = 64 << 10

func (c *encodingCounts) feed(p []byte) {
	c.collect(p)
	p = append(c.tail, p...)
	c.tail = nil
	for len(p) > 0 {
		if p[0] < utf8.RuneSelf {
			p = p[1:]
			continue
		}
		if !utf8.FullRune(p) {
			c.tail = append([]byte(nil), p...)
			return
		}
		r, n := utf8.DecodeRune(p)
		if r == utf8.RuneError && n == 1 {
			c.invalid++
		} else {
			c.valid++
		}
		p = p[n:]
	}
}

func (c *encodingCounts) collect(p []byte) {
	for _, b := range p {
		if len(c.sample) >= sampleBytes {
			return
		}
		high := b >= 0x80
		if high || c.run {
			c.sample = append(c.sample, b)
		}
		// A trailing byte may be ASCII; after it the run goes on or ends.
		c.run = high
	}
}

func (c *encodingCounts) verdict() (Encoding, bool) {
	c.invalid += len(c.tail)
	// A UTF-8 file with a broken character here and there stays UTF-8: the broken ones become warnings.
	if c.invalid == 0 || c.valid > 10*c.invalid {
		return UTF8, true
	}
	gb := doubleByteScore(c.sample, isCommonGB)
	big5 := doubleByteScore(c.sample, isCommonBig5)
	switch {
	case max(gb, big5) < 0.5:
		return Windows1252, false
	case big5 > gb:
		return Big5, big5-gb > 0.15
	default:
		return GB18030, gb-big5 > 0.15
	}
}

// doubleByteScore is the share of byte pairs that an encoding uses for everyday characters and punctuation. Both
// encodings accept almost any pair, so validity says little; frequency does.
func doubleByteScore(s []byte, common func(lead, trail byte) bool) float64 {
	pairs, hits := 0, 0
	for i := 0; i+1 < len(s); i++ {
		if s[i] < 0x80 {
			continue
		}
		pairs++
		if common(s[i], s[i+1]) {
			hits++
		}
		i++
	}
	if pairs == 0 {
		return 0
	}
	return float64(hits) / float64(pairs)
}

// isCommonGB: level 1 hanzi (sorted by sound) and the rows of symbols and full-width forms of GB 2312.
func isCommonGB(lead, trail byte) bool {
	return trail >= 0xa1 && trail <= 0xfe && (lead >= 0xb0 && lead <= 0xd7 || lead == 0xa1 || lead == 0xa3)
}

// isCommonBig5: frequent hanzi and the symbols before them.
func isCommonBig5(lead, trail byte) bool {
	return lead >= 0xa1 && lead <= 0xc6 && lead != 0xa2 && (trail >= 0x40 && trail <= 0x7e || trail >= 0xa1 && trail <= 0xfe)
}
