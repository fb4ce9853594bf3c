package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// merges reads the merged cells, which a worksheet lists behind its rows. The rows are passed over as bytes: parsing them
// would take as long as importing them.
func (s *xlsxSheet) merges() ([]Range, error) {
	s.once.Do(func() { s.ranges, s.rangeErr = s.readMerges() })
	return s.ranges, s.rangeErr
}

// maxMerges bounds what a hostile file makes us hold; headers need a handful.
const maxMerges = 1 << 16

func (s *xlsxSheet) readMerges() ([]Range, error) {
	rc, err := s.book.rawPart(s.part)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	ranges, err := scanMerges(io.LimitReader(rc, s.book.opts.MaxUnzipBytes), []byte("<mergeCell "), []byte(":mergeCell "))
	if err != nil {
		return nil, damaged(s.part, err)
	}
	return ranges, nil
}

// scanMerges collects the ref of every tag that begins with one of the markers.
func scanMerges(r io.Reader, markers ...[]byte) ([]Range, error) {
	var out []Range
	const longest = 256 // of such a tag; also the overlap of two pieces
	buf := make([]byte, 0, 128<<10)
	for {
		n, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		last := err != nil
		keep := max(len(buf)-longest, 0)
		if last {
			keep = len(buf)
		}
		for _, m := range markers {
			for at := 0; ; {
				i := bytes.Index(buf[at:], m)
				if i < 0 || at+i >= keep {
					break
				}
				at += i + len(m)
				if g, ok := mergeRef(buf[at:min(at+longest, len(buf))]); ok && len(out) < maxMerges {
					out = append(out, g)
				}
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return out, nil
		case err != nil:
			return nil, err
		}
		buf = buf[:copy(buf, buf[keep:])]
	}
}

func mergeRef(tag []byte) (Range, bool) {
	if end := bytes.IndexByte(tag, '>'); end >= 0 {
		tag = tag[:end]
	}
	_, ref, ok := bytes.Cut(tag, []byte("ref="))
	if !ok || len(ref) < 2 {
		return Range{}, false
	}
	ref, _, _ = bytes.Cut(ref[1:], ref[:1])
	from, to, ok := strings.Cut(string(ref), ":")
	if !ok {
		return Range{}, false
	}
	c1, r1, ok1 := cellRef(from)
	c2, r2, ok2 := cellRef(to)
	return Range{FirstRow: r1, LastRow: r2, FirstColumn: c1, LastColumn: c2}, ok1 && ok2 && r1 <= r2 && c1 <= c2
}

func cellRef(s string) (column, row int, ok bool) {
	i := 0
	for i < len(s) && i < 4 && s[i] >= 'A' && s[i] <= 'Z' {
		column = column*26 + int(s[i]-'A') + 1
		i++
	}
	row, err := strconv.Atoi(s[i:])
	return column - 1, row, err == nil && column > 0 && column <= 1<<14 && row > 0
}
