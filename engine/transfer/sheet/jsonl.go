package sheet

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"path"
	"strings"
	"unicode/utf8"
)

// jsonSource is a file with one JSON object a line. Columns are the keys in the order of their first appearance; nested
// values stay JSON text. A Row's Number is its line.
type jsonSource struct {
	text  *encoded
	opts  Options
	names []string
	index map[string]int
}

// looksLikeJSONL: the first line is an object, or begins like one and the name says so.
func looksLikeJSONL(trimmed, name string) bool {
	if !strings.HasPrefix(trimmed, "{") {
		return false
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".jsonl", ".ndjson", ".json":
		return true
	}
	line, _, _ := strings.Cut(trimmed, "\n")
	return json.Valid([]byte(strings.TrimSpace(line)))
}

// openJSONL reads the file once for its columns.
func openJSONL(t *encoded, opts Options) (*jsonSource, error) {
	s := &jsonSource{text: t, opts: opts, index: map[string]int{}}
	for number, err := range s.lines(func(key string, _ Cell) error {
		if _, ok := s.index[key]; ok {
			return nil
		}
		if len(s.names) == opts.MaxColumns {
			return fail(CodeTooManyColumns, params{"limit": opts.MaxColumns})
		}
		s.index[key] = len(s.names)
		s.names = append(s.names, key)
		return nil
	}) {
		if err != nil {
			return nil, atRow(err, number)
		}
	}
	return s, nil
}

func (s *jsonSource) merges() ([]Range, error) { return nil, nil }
func (s *jsonSource) keys() []string           { return s.names }
func (s *jsonSource) fixedWidth() bool         { return false }

func (s *jsonSource) rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var row Row
		seen := map[string]bool{}
		collect := func(key string, c Cell) error {
			i := s.index[key]
			for len(row.Cells) <= i {
				row.Cells = append(row.Cells, Cell{Kind: KindEmpty})
			}
			if seen[key] {
				row.warn(WarnDuplicateKey, i+1, params{"key": key})
			}
			if strings.ContainsRune(c.Text, utf8.RuneError) {
				row.warn(WarnBadEncoding, i+1, nil)
			}
			if strings.IndexByte(c.Text, 0) >= 0 {
				c.Text = strings.ReplaceAll(c.Text, "\x00", "")
				row.warn(WarnNUL, i+1, nil)
			}
			seen[key], row.Cells[i] = true, c
			return nil
		}
		for number, err := range s.lines(collect) {
			if err != nil {
				yield(Row{Number: number}, atRow(err, number))
				return
			}
			row.Number = number
			for _, w := range row.Warnings {
				w.Row = number
			}
			row.trim()
			if len(row.Cells) > 0 && !yield(row, nil) {
				return
			}
			row = Row{}
			clear(seen)
		}
	}
}

// lines hands every key and value of a line to field, then yields the line's number.
func (s *jsonSource) lines(field func(key string, c Cell) error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		in := s.text.reader()
		// A line may be as long as all of its cells and keys, but not as long as the file.
		limit := s.opts.MaxCell * 64
		for number := 1; ; number++ {
			line, err := readLine(in, limit)
			if errors.Is(err, io.EOF) {
				return
			}
			if line = bytes.TrimSpace(line); err == nil && len(line) > 0 {
				err = s.object(line, field)
				if err == nil && number > s.opts.MaxRows {
					err = fail(CodeTooManyRows, params{"limit": s.opts.MaxRows})
				}
			} else if err == nil {
				continue
			}
			if !yield(number, err) || err != nil {
				return
			}
		}
	}
}

func readLine(in *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > limit {
			return nil, fail(CodeCellTooLong, params{"limit": limit})
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) > 0, err == nil:
			return line, nil
		default:
			return nil, err
		}
	}
}

func (s *jsonSource) object(line []byte, field func(string, Cell) error) error {
	bad := func(err error) error { return &Error{Code: CodeBadJSON, Err: err} }
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return bad(err)
	}
	for dec.More() {
		t, err := dec.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return bad(err)
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return bad(err)
		}
		c, err := jsonCell(raw)
		if err != nil {
			return bad(err)
		}
		if utf8.RuneCountInString(c.Text) > s.opts.MaxCell {
			return fail(CodeCellTooLong, params{"limit": s.opts.MaxCell})
		}
		if err := field(key, c); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil { // the closing brace
		return bad(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return bad(err)
	}
	return nil
}

func jsonCell(raw json.RawMessage) (Cell, error) {
	switch raw[0] {
	case 'n':
		return Cell{Kind: KindEmpty}, nil
	case 't', 'f':
		return Cell{Text: string(raw), Kind: KindBool}, nil
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return textCell(s), err
	case '{', '[':
		var b bytes.Buffer
		err := json.Compact(&b, raw)
		return Cell{Text: b.String(), Kind: KindText}, err
	}
	if text, ok := plainDecimal(string(raw)); ok {
		return Cell{Text: text, Kind: KindNumber}, nil
	}
	return Cell{Text: string(raw), Kind: KindText}, nil // 1e999999: no number we could hold
}
