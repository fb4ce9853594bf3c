package value

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth is how deep objects and lists from outside may nest.
const MaxDepth = 64

// maxOwnDepth bounds what MustDecode reads: a document of ours may wrap what came from outside, more than once.
const maxOwnDepth = 4 * MaxDepth

var (
	// ErrDepth: JSON nests deeper than MaxDepth.
	ErrDepth = errors.New("JSON nests too deep")
	// ErrNumber: a JSON number is beyond a float64.
	ErrNumber = errors.New("JSON number out of range")
)

// SyntaxError is malformed JSON with the place where reading stopped.
type SyntaxError struct {
	Pointer string // RFC 6901, the innermost value that was being read
	Offset  int64  // bytes
	Err     error
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("JSON at %q, byte %d: %v", e.Pointer, e.Offset, e.Err)
}
func (e *SyntaxError) Unwrap() error { return e.Err }

// Decode reads one JSON value into nil, string, float64, bool, []any and map[string]any. It is strict where
// encoding/json is lenient: invalid UTF-8, lone surrogates, duplicate keys, numbers beyond float64, nesting beyond
// MaxDepth and anything behind the value are a *SyntaxError.
func Decode(b []byte) (any, error) { return read(b, MaxDepth) }

func read(b []byte, depth int) (any, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(b))
	v, err := decode(d, depth)
	if err == nil {
		if d.PeekKind() != 0 {
			_, err = d.ReadToken()
			if err == nil {
				err = errors.New("text behind the value")
			}
		} else if rest := bytes.Trim(b[d.InputOffset():], " \t\r\n"); len(rest) > 0 {
			err = errors.New("text behind the value")
		}
	}
	if err != nil {
		var s *jsontext.SyntacticError
		if errors.As(err, &s) {
			return nil, &SyntaxError{Pointer: string(s.JSONPointer), Offset: s.ByteOffset, Err: s.Err}
		}
		return nil, &SyntaxError{Pointer: string(d.StackPointer()), Offset: d.InputOffset(), Err: err}
	}
	return v, nil
}

func decode(d *jsontext.Decoder, depth int) (any, error) {
	t, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	if d.StackDepth() > depth {
		return nil, ErrDepth
	}
	switch t.Kind() {
	case 'n':
		return nil, nil
	case 't', 'f':
		return t.Bool(), nil
	case '"':
		return t.String(), nil
	case '0':
		f, err := strconv.ParseFloat(t.String(), 64)
		if err != nil || math.IsInf(f, 0) {
			return nil, ErrNumber
		}
		return f + 0, nil
	case '[':
		list := []any{}
		for d.PeekKind() != ']' {
			v, err := decode(d, depth)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.ReadToken()
		return list, err
	}
	m := map[string]any{}
	for d.PeekKind() != '}' {
		k, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		key := k.String()
		v, err := decode(d, depth)
		if err != nil {
			return nil, err
		}
		m[key] = v
	}
	_, err = d.ReadToken()
	return m, err
}

// MustDecode reads an object that this program wrote; anything else is a damaged store and panics.
func MustDecode(b []byte) map[string]any {
	v, err := read(b, maxOwnDepth)
	m, ok := v.(map[string]any)
	if err != nil || !ok {
		panic(fmt.Sprintf("damaged document: %v", err))
	}
	return m
}

// AppendJSON writes a canonical value as JSON: keys sorted, numbers as their shortest decimal text, no white space.
// Beside the canonical types it takes int, int64, Decimal and []string. Any other type, NaN and the infinities panic: they
// are a mistake of the programmer, and written down they would be a damaged document.
func AppendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return AppendString(b, v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			break
		}
		if math.Abs(v) >= 1e21 || v != 0 && math.Abs(v) < 1e-9 {
			return strconv.AppendFloat(b, v, 'e', -1, 64)
		}
		if v == 0 {
			return append(b, '0')
		}
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case bool:
		return strconv.AppendBool(b, v)
	case Decimal:
		return append(b, v.String()...)
	case []any:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = AppendJSON(b, x)
		}
		return append(b, ']')
	case []string:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = AppendString(b, x)
		}
		return append(b, ']')
	case map[string]any:
		b = append(b, '{')
		var few [24]string
		keys := slices.AppendSeq(few[:0], maps.Keys(v))
		slices.Sort(keys)
		for i, k := range keys {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(AppendString(b, k), ':')
			b = AppendJSON(b, v[k])
		}
		return append(b, '}')
	}
	panic(fmt.Sprintf("not a canonical value: %T %v", v, v))
}

// AppendString writes s as a JSON string; invalid UTF-8 becomes U+FFFD.
func AppendString(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			if out, err := jsontext.AppendQuote(b, s); err == nil {
				return out
			}
			out, _ := jsontext.AppendQuote(b, string([]rune(s)))
			return out
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// IsEmpty says whether a value counts as empty: nil, "", an empty list or an empty object.
func IsEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// Equal says whether two canonical values are the same; empties of any shape are.
func Equal(a, b any) bool {
	if IsEmpty(a) || IsEmpty(b) {
		return IsEmpty(a) && IsEmpty(b)
	}
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, Equal)
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return false
		}
		for k, v := range x {
			if !Equal(v, y[k]) {
				return false
			}
		}
		for k, v := range y {
			if _, have := x[k]; !have && !IsEmpty(v) {
				return false
			}
		}
		return true
	}
	return a == b
}

// Clone copies a canonical value deeply.
func Clone(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = Clone(x)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = Clone(x)
		}
		return out
	}
	return v
}
