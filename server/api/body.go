package api

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// limit is how large the route's body may be.
func (x *call) limit() int64 {
	if x.route.limit > 0 {
		return x.route.limit
	}
	return jsonLimit
}

func tooLarge(limit int64) error {
	return problem.Fail(problem.TooLarge, "body-too-large", "", problem.P{"limit": limit})
}

// stream gives the body as it comes; reading beyond the route's limit is a TooLarge failure.
func (x *call) stream() (io.Reader, error) {
	if e := x.fiber.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return nil, problem.Fail(problem.Malformed, "unsupported-encoding", "", problem.P{"encoding": e})
	}
	if int64(x.fiber.Request().Header.ContentLength()) > x.limit() {
		return nil, tooLarge(x.limit())
	}
	body := x.fiber.Context().RequestBodyStream()
	if body == nil {
		return strings.NewReader(""), nil
	}
	return &limited{r: body, left: x.limit(), limit: x.limit()}, nil
}

// limited fails where io.LimitReader would pretend an end.
type limited struct {
	r           io.Reader
	left, limit int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, tooLarge(l.limit)
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, tooLarge(l.limit)
	}
	return n, err
}

// body reads the whole body.
func (x *call) body() ([]byte, error) {
	if x.raw != nil {
		return x.raw, nil
	}
	r, err := x.stream()
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	if err != nil {
		if problem.KindOf(err) != "" {
			return nil, err
		}
		return nil, &problem.Failure{Kind: problem.Malformed, Problems: problem.List{problem.New("body-cut-off", "", nil)}, Cause: err}
	}
	if b == nil {
		b = []byte{}
	}
	x.raw = b
	return b, nil
}

// object reads the body as a JSON object. An empty body is an empty object only where maybe is set.
func (x *call) object(maybe bool) (*fields, error) {
	b, err := x.body()
	if err != nil {
		return nil, err
	}
	if maybe && len(b) == 0 {
		return &fields{m: map[string]any{}}, nil
	}
	v, err := value.Decode(b)
	if err != nil {
		return nil, malformed(err)
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, problem.Fail(problem.Malformed, "not-an-object", "", nil)
	}
	return &fields{m: m}, nil
}

func malformed(err error) error {
	var s *value.SyntaxError
	if !errors.As(err, &s) {
		return problem.Fail(problem.Malformed, "malformed", "", problem.P{"error": err.Error()})
	}
	code := "malformed"
	switch {
	case errors.Is(err, value.ErrDepth):
		code = "too-deep"
	case errors.Is(err, value.ErrNumber):
		code = "number-out-of-range"
	}
	pointer := s.Pointer
	if len(pointer) > 300 {
		pointer = pointer[:300]
	}
	return problem.Fail(problem.Malformed, code, strings.ToValidUTF8(pointer, ""), problem.P{"offset": s.Offset, "error": s.Err.Error()})
}

// fields reads the members of a request object and notes what is wrong with them.
type fields struct {
	m        map[string]any
	known    []string
	problems problem.List
}

// member reads a member of a type; null and absent are its zero value and not there.
func member[T any](f *fields, key, expected string) (v T, there bool) {
	f.known = append(f.known, key)
	raw, ok := f.m[key]
	if !ok || raw == nil {
		return v, false
	}
	v, ok = raw.(T)
	if !ok {
		f.problems = append(f.problems, problem.New("type", problem.Pointer(key), problem.P{"expected": expected}))
	}
	return v, ok
}

func (f *fields) text(key string) string {
	v, _ := member[string](f, key, "string")
	return v
}

func (f *fields) bool(key string) bool {
	v, _ := member[bool](f, key, "boolean")
	return v
}

func (f *fields) list(key string) []any {
	v, _ := member[[]any](f, key, "array")
	return v
}

// texts reads a list of texts.
func (f *fields) texts(key string) []string {
	var out []string
	for i, v := range f.list(key) {
		s, ok := v.(string)
		if !ok {
			f.problems = append(f.problems, problem.New("type", problem.Pointer(key, i), problem.P{"expected": "string"}))
		}
		out = append(out, s)
	}
	return out
}

func (f *fields) object(key string) map[string]any {
	v, _ := member[map[string]any](f, key, "object")
	return v
}

// integer reads a whole number.
func (f *fields) integer(key string) int64 {
	v, _ := member[float64](f, key, "integer")
	if v != float64(int64(v)) {
		f.problems = append(f.problems, problem.New("type", problem.Pointer(key), problem.P{"expected": "integer"}))
	}
	return int64(v)
}

// required notes members that are not there.
func (f *fields) required(keys ...string) {
	for _, k := range keys {
		if value.IsEmpty(f.m[k]) {
			f.problems = append(f.problems, problem.New("required", problem.Pointer(k), nil))
		}
	}
}

// err is an Invalid failure of what was wrong, members that nobody read among it.
func (f *fields) err() error {
	for k := range f.m {
		if !slices.Contains(f.known, k) {
			params := problem.P{"member": k}
			if near := value.Nearest(k, f.known); near != "" {
				params["suggestion"] = near
			}
			f.problems = append(f.problems, problem.New("unknown-member", problem.Pointer(k), params))
		}
	}
	return problem.Refuse(f.problems)
}

// drainUpTo is how much of an unread body is read away, so that the answer reaches who is still sending.
const drainUpTo = 256 << 20

// drain leaves the connection at the start of the next request, or ends it: an unread body would be taken for one.
func drain(c *fiber.Ctx) {
	body := c.Context().RequestBodyStream()
	if body == nil {
		return
	}
	n, err := io.Copy(io.Discard, io.LimitReader(body, drainUpTo))
	if err != nil || n == drainUpTo {
		c.Context().SetConnectionClose()
	}
}
