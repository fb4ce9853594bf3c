package field

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"formwork/schemas/definition"
)

var update = flag.Bool("update", false, "rewrite testdata/coerce.json")

// typed is what people type and paste, beside the naughty strings.
var typed = []any{
	"1,234.5", "１，２３４．５０", "12,34", "1.005", "-0.004", "1e3", ".5", "5.", " 42 ", "12.5%", "12.5 %", "￥100", "99999999999999999999",
	"2026-03-05", "2026-02-30", " 2026-03-05 ", "2026-03-05T14:30", "2026-03-05 14:30:05", "2026-03-05T14:30:00+09:00", "2026-03-05T23:30:00Z", "0000-01-01", "2026-13-01",
	"true", "是", "否", "YES", "2", "Option A", "option ａ", "a", "选项乙", "b",
	"+86 138 0013 8000", "１３８－００１３－８０００", "010-1234567 转 12", "1234", "12345 x 3", "call me",
	"li.lei@example.com", "li lei@example.com", "李雷@例子.公司", "a@b", "@b.c", "https://example.com/a?b=c", "HTTP://EXAMPLE.COM", "ftp://example.com", "javascript:alert(1)", "https://", "https://a b",
	"65a1b2c3d4e5f60718293a4b", "65A1B2C3D4E5F60718293A4B", "65a1", 0.0, 1.0, -1.5, 1e15, 1e21, 0.1 + 0.2, true, false, []any{"a"}, []any{"a", "b"}, []any{"a", "x"}, []any{}, map[string]any{"a": 1.0},
}

// usual is what most texts become: the problem that refuses them, "" where they stay as they are. Only other cases are
// written down.
var usual = map[string]string{
	"text": "", "longtext": "", "number": "not-a-number", "percent": "not-a-number", "currency": "not-a-number",
	"select": "unknown-option", "multiselect": "unknown-option", "date": "not-a-date", "datetime": "not-a-datetime", "switch": "not-a-switch",
	"phone": "not-a-phone", "email": "not-an-email", "url": "not-a-url", "relation": "not-an-id",
}

func (c coercion) usual() bool {
	if code := usual[c.Type]; code != "" {
		return len(c.Codes) == 1 && c.Codes[0] == code
	}
	return len(c.Codes) == 0 && c.Out == c.In
}

type coercion struct {
	Type  string   `json:"type"`
	In    any      `json:"in"`
	Out   any      `json:"out,omitempty"`
	Codes []string `json:"codes,omitempty"`
}

// TestCoerceVectors holds still what values become, for those who coerce elsewhere too: the browser runs the same cases.
func TestCoerceVectors(t *testing.T) {
	naughty, err := os.ReadFile("testdata/naughty.json")
	if err != nil {
		t.Fatal(err)
	}
	var strings []any
	if err := json.Unmarshal(naughty, &strings); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	two := 2
	options := []definition.Option{{Value: "a", Title: definition.Text{"en": "Option A"}}, {Value: "b", Title: definition.Text{"zh-CN": "选项乙"}, Hidden: true}}
	var b bytes.Buffer
	head, err := json.Marshal(usual)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "{\"usual\": %s,\n\"cases\": [", head)
	first := true
	for _, key := range slices.Sorted(maps.Keys(usual)) {
		typ, _ := Lookup(key)
		f := &definition.Field{XField: definition.XField{Type: key, Scale: &two, Options: options}}
		for _, in := range append(append([]any{}, strings...), typed...) {
			c := coercion{Type: key, In: in}
			out, problems := typ.Coerce(f, in, Env{Zone: zone})
			c.Out = out
			for _, p := range problems {
				c.Codes = append(c.Codes, p.Code)
			}
			if s, ok := in.(string); ok && c.usual() && s != "" {
				continue
			}
			line, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			if !first {
				b.WriteString(",")
			}
			first = false
			b.WriteString("\n")
			b.Write(line)
		}
	}
	b.WriteString("\n]}\n")
	const file = "testdata/coerce.json"
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, b.Bytes()) {
		t.Errorf("%s is not what values become; run the test with -update and see what changed", file)
	}
}
