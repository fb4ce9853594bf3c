package validate

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct {
		name, schema string
		kind         problem.Kind
		want         []string // code and pointer
	}{
		{"no JSON", `{"type":`, problem.Malformed, []string{"malformed /type"}},
		{"a key twice", `{"a":1,"a":2}`, problem.Malformed, []string{"malformed /a"}},
		{"no schema", `5`, problem.Invalid, []string{"wrong-schema "}},
		{"unknown type", `{"properties":{"a":{"type":"text"}}}`, problem.Invalid, []string{"wrong-schema /properties/a/type"}},
		{"length below nothing", `{"maxLength":-1}`, problem.Invalid, []string{"wrong-schema /maxLength"}},
		{"remote reference", `{"$ref":"https://example.com/other.json"}`, problem.Invalid, []string{"wrong-ref /$ref"}},
		{"reference to a file", `{"properties":{"a":{"$ref":"file:///etc/passwd"}}}`, problem.Invalid, []string{"wrong-ref /properties/a/$ref"}},
		{"reference to nothing", `{"$ref":"#/$defs/x"}`, problem.Invalid, []string{"wrong-ref /$ref"}},
		{"reference to itself", `{"$defs":{"a":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}`, problem.Invalid, []string{"recursive-ref /$defs/a"}},
		{"reference through a property", `{"$defs":{"a":{"properties":{"b":{"$ref":"#/$defs/a"}}}},"$ref":"#/$defs/a"}`, problem.Invalid, []string{"recursive-ref /$defs/a"}},
		{"another dialect", `{"$schema":"https://example.com/mine"}`, problem.Invalid, []string{"remote-ref "}},
		{"dynamic reference", `{"$dynamicRef":"#x"}`, problem.Invalid, []string{"unsupported-keyword /$dynamicRef"}},
		{"id inside", `{"properties":{"a":{"$id":"x"}}}`, problem.Invalid, []string{"unsupported-keyword /properties/a/$id"}},
		{"look-ahead", `{"properties":{"a":{"pattern":"^(?=x)"}}}`, problem.Invalid, []string{"unsupported-pattern /properties/a/pattern"}},
		{"reference back", `{"items":{"pattern":"(a)\\1"}}`, problem.Invalid, []string{"unsupported-pattern /items/pattern"}},
		{"broken pattern", `{"anyOf":[{"pattern":"("}]}`, problem.Invalid, []string{"unsupported-pattern /anyOf/0/pattern"}},
		{"long pattern", `{"pattern":"` + strings.Repeat("a", MaxPattern+1) + `"}`, problem.Invalid, []string{"unsupported-pattern /pattern"}},
		{"pattern of names", `{"patternProperties":{"(?<!x)":{}}}`, problem.Invalid, []string{"unsupported-pattern /patternProperties/(?<!x)"}},
		{"too large", `{"title":"` + strings.Repeat("a", MaxSize) + `"}`, problem.Invalid, []string{"schema-too-large "}},
		{"too deep", strings.Repeat(`{"not":`, 80) + "{}" + strings.Repeat("}", 80), problem.Malformed, []string{"malformed " + strings.Repeat("/not", value.MaxDepth)}},
		{"multiplies", multiplying(30), problem.Invalid, []string{"schema-too-complex "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Compile("test", []byte(c.schema))
			var got []string
			for _, p := range problem.Of(err) {
				got = append(got, p.Code+" "+p.Pointer)
			}
			if problem.KindOf(err) != c.kind || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%v: %q, want %s %q", err, got, c.kind, c.want)
			}
		})
	}
}

// multiplying doubles at every level: 2^n schemas once references are followed.
func multiplying(n int) string {
	defs := []string{`"d0":{"type":"string"}`}
	for i := range n {
		defs = append(defs, fmt.Sprintf(`"d%d":{"allOf":[{"$ref":"#/$defs/d%d"},{"$ref":"#/$defs/d%d"}]}`, i+1, i, i))
	}
	return `{"$ref":"#/$defs/d` + fmt.Sprint(n) + `","$defs":{` + strings.Join(defs, ",") + `}}`
}

func TestCompileAccepts(t *testing.T) {
	for _, schema := range []string{
		`true`, `{}`,
		`{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://example.com/form"}`,
		`{"$id":"https://example.com/form","$defs":{"a":{"type":"string"}},"properties":{"x":{"$ref":"#/$defs/a"}}}`,
		`{"properties":{"pattern":{"type":"string"},"enum":{"enum":[{"pattern":"("}]},"$id":{"const":{"$ref":"http://x"}}}}`,
		`{"x-field":{"$ref":"http://x","pattern":"("}}`,
		multiplying(8),
	} {
		if _, err := Compile("a name with spaces", []byte(schema)); err != nil {
			t.Errorf("%s: %v", schema, err)
		}
	}
}

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{`^\d+$`, "123", true},
		{`^\d+$`, "１２３", false}, // ASCII digits only
		{`^a\s+b$`, "a \u3000b", true},
		{`^\S+$`, "a\u00a0", false},
		{`^[\s]$`, "\u2028", true},
		{`^\u5ba2\u6237$`, "客户", true},
		{`^\u{1F600}$`, "😀", true},
		{`^[\b]$`, "\b", true},
		{`^\cA$`, "\x01", true},
		{`^[[]$`, "[", true},
		{`^[^[:a]+$`, "b", true},
		{`^\p{Letter}+$`, "é客", true},
		{`^\p{Script=Han}+$`, "客户", true},
		{`^\P{Lu}$`, "a", true},
		{`^a.c$`, "a\nc", false},
		{`a$`, "a\n", false},
		{`^\/\-$`, "/-", true},
		{`^(?<year>\d{4})(?:-\d\d)?$`, "2017-03", true},
		{`^a{2,3}$`, "aaa", true},
	} {
		re, err := Pattern(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
		} else if got := re.MatchString(c.text); got != c.want {
			t.Errorf("%s on %q is %v", c.pattern, c.text, got)
		}
	}
	for _, p := range []string{`(?=a)`, `(?!a)`, `(?<=a)`, `(?<!a)`, `(a)\1`, `(?i)a`, `\A`, `\z`, `\Q`, `[`, `[]`, `[^]`, `\u12`, `\c1`, `[\S]`, `a{1001}`, `\`} {
		if _, err := Pattern(p); err == nil {
			t.Errorf("%s was accepted", p)
		}
	}
}

func TestFormat(t *testing.T) {
	for name, want := range map[string]bool{"date": true, "email": true, "uri": true, "uuid": true, "period": false, "idn-email": false, "phone": false, "": false} {
		if Format(name) != want {
			t.Errorf("%q is %v", name, !want)
		}
	}
}

// Whatever text: Compile and Validate return, and do not panic.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{`{"type":"string","pattern":"^a\\s[[]"}`, `{"$defs":{"a":{}},"$ref":"#/$defs/a"}`, `{"enum":[]}`, `{"multipleOf":1e-300}`,
		`{"if":true,"then":{"required":["a"]}}`, `{"dependentRequired":{"a":["b"]}}`, `{"minimum":1e308,"items":false}`} {
		f.Add([]byte(s), []byte(`{"a":[1,"b",null]}`))
	}
	f.Fuzz(func(t *testing.T, schema, instance []byte) {
		s, err := Compile("fuzz", schema)
		v, err2 := value.Decode(instance)
		if err != nil || err2 != nil {
			return
		}
		first := s.Validate(v)
		if again := s.Validate(v); !reflect.DeepEqual(texts(first), texts(again)) {
			t.Errorf("%v, then %v", first, again)
		}
	})
}
