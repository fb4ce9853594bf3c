package value

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestDecodeSuite: Nicolas Seriot's JSON test suite. y_ must be read, n_ refused, i_ is ours to choose.
func TestDecodeSuite(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "data", "security", "jsontestsuite"), "*.json"))
	if err != nil || len(files) < 150 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(f)
		v, err := Decode(b)
		switch {
		case name == "y_object_duplicated_key.json" || name == "y_object_duplicated_key_and_value.json":
			if err == nil {
				t.Errorf("%s: a duplicate key was accepted", name) // stricter than the suite: which of two counts is a guess
			}
			continue
		case strings.HasPrefix(name, "y_") && err != nil:
			t.Errorf("%s: refused: %v", name, err)
		case strings.HasPrefix(name, "n_") && err == nil:
			t.Errorf("%s: accepted as %v", name, v)
		}
		var s *SyntaxError
		if err != nil && !errors.As(err, &s) {
			t.Errorf("%s: error is a %T", name, err)
		}
		if err == nil {
			stable(t, v)
		}
	}
}

// stable checks that what is written reads back the same and is written the same again.
func stable(t testing.TB, v any) {
	t.Helper()
	first := AppendJSON(nil, v)
	again, err := read(first, maxOwnDepth)
	if err != nil {
		t.Fatalf("%q cannot be read: %v", first, err)
	}
	if !reflect.DeepEqual(v, again) || string(AppendJSON(nil, again)) != string(first) {
		t.Fatalf("%q became %q", first, AppendJSON(nil, again))
	}
	if !json.Valid(first) || !utf8.Valid(first) {
		t.Fatalf("%q is no JSON", first)
	}
	if c := Clone(v); !Equal(c, v) || !reflect.DeepEqual(c, v) {
		t.Fatalf("a clone differs: %q", first)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct {
		in      string
		offset  int64
		pointer string
		is      error
	}{
		{in: ``}, {in: ` `}, {in: `{} {}`}, {in: "{}\v"}, {in: "{}\u00a0"}, {in: "\ufeff{}"}, {in: `{"a":1,"a":2}`, pointer: "/a"}, {in: `{"a":{"b":[1,2,x]}}`, pointer: "/a/b/2"},
		{in: "\"\xff\""}, {in: `"\ud800"`}, {in: `"\udc00\ud800"`}, {in: `1e400`, is: ErrNumber}, {in: `{"a":[-1e400]}`, is: ErrNumber}, {in: `01`}, {in: `[1,]`}, {in: `{"a":1,}`}, {in: `nul`},
		{in: `"` + "\x00" + `"`}, {in: `'a'`}, {in: strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1), is: ErrDepth},
		{in: strings.Repeat(`{"a":`, MaxDepth+1) + "1" + strings.Repeat("}", MaxDepth+1), is: ErrDepth}, {in: strings.Repeat("[", 1000000), is: ErrDepth}, {in: `{"a":1}x`},
	} {
		v, err := Decode([]byte(c.in))
		var s *SyntaxError
		if !errors.As(err, &s) {
			t.Errorf("%.60q: %v, %v", c.in, v, err)
			continue
		}
		if c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%.60q: %v, want %v", c.in, err, c.is)
		}
		if c.pointer != "" && s.Pointer != c.pointer {
			t.Errorf("%.60q: at %q, want %q", c.in, s.Pointer, c.pointer)
		}
		if s.Offset < 0 || s.Offset > int64(len(c.in)) {
			t.Errorf("%.60q: offset %d", c.in, s.Offset)
		}
	}
}

func TestDecodeDepth(t *testing.T) {
	for _, inner := range []string{"", "1", `"x"`} {
		if _, err := Decode([]byte(strings.Repeat("[", MaxDepth) + inner + strings.Repeat("]", MaxDepth))); err != nil {
			t.Errorf("%d lists around %q: %v", MaxDepth, inner, err)
		}
	}
	wrapped := map[string]any{"after": map[string]any{"data": nil}}
	deep := any("x")
	for range MaxDepth {
		deep = []any{deep}
	}
	wrapped["after"].(map[string]any)["data"] = deep
	if got := MustDecode(AppendJSON(nil, wrapped)); !Equal(got, wrapped) {
		t.Error("a wrapped document of the full depth does not come back")
	}
}

func TestMustDecodePanics(t *testing.T) {
	for _, in := range []string{"", "[]", "{", "null"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q did not panic", in)
				}
			}()
			MustDecode([]byte(in))
		}()
	}
}

func TestAppendJSON(t *testing.T) {
	for _, c := range []struct {
		v    any
		want string
	}{
		{nil, "null"}, {true, "true"}, {1.0, "1"}, {0.1, "0.1"}, {-0.05, "-0.05"}, {1e15, "1000000000000000"}, {1e15 + 0.5, "1000000000000000.5"}, {9007199254740991.0, "9007199254740991"},
		{1e-7, "0.0000001"}, {1e-9, "0.000000001"}, {9.9e-10, "9.9e-10"}, {5e-324, "5e-324"}, {1e21, "1e+21"}, {123456789012345680000.0, "123456789012345680000"}, {math.Copysign(0, -1), "0"},
		{7, "7"}, {int64(math.MinInt64), "-9223372036854775808"}, {NewDecimal(-5, 2), "-0.05"}, {[]string{"a", "\""}, `["a","\""]`}, {[]any{}, "[]"}, {map[string]any{}, "{}"},
		{map[string]any{"b": 1.0, "a": nil, "": "x", "é": true, "Z": []any{nil}}, `{"":"x","Z":[null],"a":null,"b":1,"é":true}`},
		{"<script>&\u2028\x00\x7f\n\t\\", `"<script>&` + "\u2028" + `\u0000` + "\x7f" + `\n\t\\"`}, {"\xff\xfea", `"` + "\ufffd\ufffda" + `"`}, {"😀", `"😀"`},
	} {
		if got := string(AppendJSON(nil, c.v)); got != c.want {
			t.Errorf("%v is %s, want %s", c.v, got, c.want)
		}
	}
	for _, v := range []any{math.NaN(), math.Inf(1), math.Inf(-1), float32(1), []byte("x"), map[string]string{}, struct{}{}, []any{uint(1)}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%T %v did not panic", v, v)
				}
			}()
			AppendJSON(nil, v)
		}()
	}
}

func TestEmptyEqualClone(t *testing.T) {
	for _, v := range []any{nil, "", []any{}, map[string]any{}} {
		if !IsEmpty(v) {
			t.Errorf("%#v is empty", v)
		}
		for _, w := range []any{nil, "", []any{}, map[string]any{}} {
			if !Equal(v, w) {
				t.Errorf("%#v and %#v are both empty", v, w)
			}
		}
	}
	full := []any{false, 0.0, " ", []any{nil}, map[string]any{"a": nil}, true, 1.0, "1", []any{1.0}, []any{1.0, 2.0}, []any{2.0, 1.0}, map[string]any{"a": 1.0}, map[string]any{"a": 1.0, "b": 1.0}, map[string]any{"b": 1.0}}
	for i, v := range full {
		if IsEmpty(v) {
			t.Errorf("%#v is not empty", v)
		}
		for j, w := range full {
			if Equal(v, w) != (i == j) {
				t.Errorf("Equal(%#v, %#v) = %t", v, w, i != j)
			}
		}
		if !Equal(Clone(v), v) {
			t.Errorf("Clone(%#v)", v)
		}
	}
	if !Equal(map[string]any{"a": 1.0, "b": nil}, map[string]any{"a": 1.0, "c": []any{}}) {
		t.Error("absent and empty members are the same")
	}
	tree := map[string]any{"list": []any{map[string]any{"x": 1.0}}}
	Clone(tree).(map[string]any)["list"].([]any)[0].(map[string]any)["x"] = 2.0
	if !Equal(tree, map[string]any{"list": []any{map[string]any{"x": 1.0}}}) {
		t.Error("a clone shares its parts")
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":[1,2.5e3,"\ud83d\ude00",null,true]}`, `[[[]]]`, `-0`, `1e-7`, `{"":{"":""}}`, "\"\xff\"", `{"a":1,"a":2}`, ` 1 `} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := Decode(b)
		if err != nil {
			return
		}
		var std any
		if e := json.Unmarshal(b, &std); e != nil {
			t.Fatalf("accepted %q, which is no JSON: %v", b, e)
		}
		if !reflect.DeepEqual(std, v) {
			t.Fatalf("%q read as %v, encoding/json reads %v", b, v, std)
		}
		stable(t, v)
	})
}
