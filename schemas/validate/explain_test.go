package validate

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

func schemaOf(t testing.TB, source string) *Schema {
	t.Helper()
	s, err := Compile("test", []byte(source))
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return s
}

func valueOf(t testing.TB, source string) any {
	t.Helper()
	v, err := value.Decode([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestValidateExplains(t *testing.T) {
	for _, c := range []struct {
		schema, value string
		want          []string // problems as text
	}{
		{`{"type":"string"}`, `"a"`, nil},
		{`{"type":"string"}`, `5`, []string{`type map[actual:number expected:string]`}},
		{`{"type":["string","object"]}`, `true`, []string{`type map[actual:boolean expected:[string object]]`}},
		{`{"required":["a","b/c","d~"]}`, `{"a":1}`, []string{`required at /b~1c`, `required at /d~0`}},
		{`{"properties":{"a":{"required":["b"]}}}`, `{"a":{}}`, []string{`required at /a/b`}},
		{`{"minLength":2}`, `"客"`, []string{`min-length map[actual:1 limit:2]`}},
		{`{"maxLength":2}`, `"客户端"`, []string{`max-length map[actual:3 limit:2]`}},
		{`{"pattern":"^a"}`, `"b"`, []string{`pattern map[actual:b pattern:^a]`}},
		{`{"pattern":"^\\u0061\\s$"}`, `"b"`, []string{`pattern map[actual:b pattern:^\u0061\s$]`}},
		{`{"minimum":1}`, `0.5`, []string{`minimum map[actual:0.5 limit:1]`}},
		{`{"maximum":1}`, `1.5`, []string{`maximum map[actual:1.5 limit:1]`}},
		{`{"exclusiveMinimum":1}`, `1`, []string{`exclusive-minimum map[actual:1 limit:1]`}},
		{`{"exclusiveMaximum":1}`, `1`, []string{`exclusive-maximum map[actual:1 limit:1]`}},
		{`{"multipleOf":0.01}`, `0.005`, []string{`multiple-of map[actual:0.005 limit:0.01]`}},
		{`{"enum":["won","lost"]}`, `"wom"`, []string{`enum map[actual:wom allowed:[won lost] suggestion:won]`}},
		{`{"enum":[]}`, `"a"`, []string{`not-allowed`}},
		{`{"const":"a"}`, `"b"`, []string{`const map[actual:b expected:a]`}},
		{`{"format":"date"}`, `"2017-02-30"`, []string{`format map[actual:2017-02-30 format:date]`}},
		{`{"minItems":2}`, `[1]`, []string{`min-items map[actual:1 limit:2]`}},
		{`{"maxItems":1}`, `[1,2]`, []string{`max-items map[actual:2 limit:1]`}},
		{`{"uniqueItems":true}`, `[1,2,1.0]`, []string{`unique-items map[first:0 second:2]`}},
		{`{"minProperties":1}`, `{}`, []string{`min-properties map[actual:0 limit:1]`}},
		{`{"maxProperties":0}`, `{"a":1}`, []string{`max-properties map[actual:1 limit:0]`}},
		{`{"contains":{"type":"string"}}`, `[1,2]`, []string{`contains`}},
		{`{"items":{"type":"string"}}`, `["a",1,"b",2]`, []string{`type at /1 map[actual:number expected:string]`, `type at /3 map[actual:number expected:string]`}},
		{`{"properties":{"amount":{},"name":{}},"additionalProperties":false}`, `{"amuont":1,"name":"x","zzz":2}`,
			[]string{`additional-property at /amuont map[property:amuont suggestion:amount]`, `additional-property at /zzz map[property:zzz]`}},
		{`{"properties":{"a":{}},"patternProperties":{"^x-":{}},"additionalProperties":false}`, `{"x-b":1,"b":1}`,
			[]string{`additional-property at /b map[property:b]`}},
		{`{"properties":{"a":false}}`, `{"a":1}`, []string{`not-allowed at /a`}},
		{`{"propertyNames":{"pattern":"^[a-z]+$"}}`, `{"A b/c":1}`, []string{`property-name at /A b~1c map[actual:A b/c pattern:^[a-z]+$]`}},
		{`{"properties":{"propertyNames":{"maxLength":1}}}`, `{"propertyNames":"ab"}`, []string{`max-length at /propertyNames map[actual:2 limit:1]`}},
		{`{"properties":{"properties":{"propertyNames":{"maxLength":1}}}}`, `{"properties":{"ab":1}}`, []string{`property-name at /properties/ab map[actual:2 limit:1]`}},
		{`{"not":{"required":["a"]}}`, `{"a":1}`, []string{`not`}},
		{`{"dependentRequired":{"a":["b"]}}`, `{"a":1}`, []string{`required at /b`}},
		{`{"properties":{"dependentRequired":{"required":["x"]}}}`, `{"dependentRequired":{}}`, []string{`required at /dependentRequired/x`}},
		{`{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}`, `{"a":1}`, []string{`required at /b`}},
		{`{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}`, `{}`, []string{`required at /c`}},
		{`{"allOf":[{"minLength":3},{"pattern":"^a"}]}`, `"b"`, []string{`min-length map[actual:1 limit:3]`, `pattern map[actual:b pattern:^a]`}},
		{`{"allOf":[{"minLength":3},{"minLength":3}]}`, `"b"`, []string{`min-length map[actual:1 limit:3]`}},
		{`{"$defs":{"n":{"minimum":3}},"properties":{"a":{"$ref":"#/$defs/n"}}}`, `{"a":1}`, []string{`minimum at /a map[actual:1 limit:3]`}},
		// of several branches the one that is meant, where that can be told
		{`{"anyOf":[{"type":"string"},{"type":"object","required":["expr"]}]}`, `{}`, []string{`required at /expr`}},
		{`{"oneOf":[{"properties":{"k":{"const":"a"}}},{"properties":{"k":{"const":"b"}},"required":["x"]}]}`, `{"k":"b"}`, []string{`required at /x`}},
		{`{"anyOf":[{"required":["a"]},{"required":["b"]}]}`, `{}`, []string{`any-of map[branches:2]`}},
		{`{"oneOf":[{"minimum":1},{"minimum":2}]}`, `0`, []string{`one-of map[branches:2]`}},
		{`{"oneOf":[{"minimum":1},{"minimum":2}]}`, `5`, []string{`one-of map[several:true]`}},
		// indexes sort as numbers
		{`{"items":{"type":"string"}}`, `["","","","","","","","","",1,2]`,
			[]string{`type at /9 map[actual:number expected:string]`, `type at /10 map[actual:number expected:string]`}},
		{`{"properties":{"50%/客 户":{"type":"string"}}}`, `{"50%/客 户":1}`, []string{`type at /50%~1客 户 map[actual:number expected:string]`}},
	} {
		t.Run(c.schema+" "+c.value, func(t *testing.T) {
			s := schemaOf(t, c.schema)
			for range 5 {
				got := texts(s.Validate(valueOf(t, c.value)))
				if !reflect.DeepEqual(got, c.want) {
					t.Fatalf("got  %q\nwant %q", got, c.want)
				}
			}
		})
	}
}

func texts(l problem.List) []string {
	var out []string
	for _, p := range l {
		out = append(out, p.String())
	}
	return out
}

// Steps of a decimal are exact: 0.3 is three times 0.1 although no float64 says so.
func TestMultipleOfIsExact(t *testing.T) {
	for scale, step := range []string{"1", "0.1", "0.01", "0.001", "0.0001", "0.00001", "0.000001"} {
		s := schemaOf(t, `{"multipleOf":`+step+`}`)
		for n := int64(-2000); n <= 2000; n++ {
			f := value.Unscaled(n, scale)
			if ps := s.Validate(f); len(ps) > 0 {
				t.Fatalf("%v is a multiple of %s: %v", f, step, ps)
			}
			if off := value.Unscaled(10*n+3, scale+1); len(s.Validate(off)) == 0 {
				t.Fatalf("%v is no multiple of %s", off, step)
			}
		}
	}
}

func TestValidateRefusesWhatJSONHasNot(t *testing.T) {
	s := schemaOf(t, `{"items":{"minimum":0}}`)
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		got := texts(s.Validate([]any{1.0, map[string]any{"a": f}}))
		if want := []string{"number-out-of-range at /1/a"}; !reflect.DeepEqual(got, want) {
			t.Errorf("%v: %q", f, got)
		}
	}
}

func TestValidateConcurrently(t *testing.T) {
	s := schemaOf(t, `{"required":["b"],"properties":{"a":{"minimum":3}}}`)
	v := valueOf(t, `{"a":1}`)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if got := len(s.Validate(v)); got != 2 {
					t.Errorf("%d problems", got)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkValidate(b *testing.B) {
	var properties, values []string
	for i := range 15 {
		properties = append(properties, fmt.Sprintf(`"f%d":{"type":"string","maxLength":100}`, i))
		values = append(values, fmt.Sprintf(`"f%d":"some text of a record"`, i))
	}
	s := schemaOf(b, `{"type":"object","required":["f0"],"additionalProperties":false,"properties":{`+strings.Join(properties, ",")+`}}`)
	v := valueOf(b, `{`+strings.Join(values, ",")+`}`)
	b.ReportAllocs()
	for b.Loop() {
		if s.Validate(v) != nil {
			b.Fatal("invalid")
		}
	}
}
