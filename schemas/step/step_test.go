package step

import (
	"encoding/json"
	"testing"

	"formwork/schemas/value"
)

// Everything that a form shows of a step has a title in both languages.
func TestEveryTypeIsDescribed(t *testing.T) {
	if len(All()) < 13 {
		t.Fatalf("%d types", len(All()))
	}
	for _, x := range All() {
		for _, lang := range []string{"en", "zh-CN"} {
			if x.Title[lang] == "" || x.Description[lang] == "" {
				t.Errorf("%s has no title or description in %s", x.Key, lang)
			}
			for name, text := range x.Gives {
				if text[lang] == "" {
					t.Errorf("%s: %s has no description in %s", x.Key, name, lang)
				}
			}
		}
		v, err := value.Decode(x.Schema)
		if err != nil {
			t.Fatal(err)
		}
		for name, p := range v.(map[string]any)["properties"].(map[string]any) {
			m, _ := p.(map[string]any)
			title, _ := m["x-title"].(map[string]any)
			if title["en"] == nil || title["zh-CN"] == nil || m["title"] != title["en"] {
				t.Errorf("%s: setting %s is not titled in both languages: %v", x.Key, name, m)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ typ, config, want string }{
		{"find", `{"form":"order","filter":{"field":"a","op":"eq","value":1},"limit":5}`, ""},
		{"find", `{}`, "required /form"},
		{"find", `{"form":"order","limit":0}`, "minimum /limit"},
		{"find", `{"form":"order","filtre":{}}`, "additional-property /filtre"},
		{"update", `{"data":{"a":{"expr":"record.b"}}}`, ""},
		{"assign", `{"field":"owner","by":"turns","rules":[{"among":{"role":"rep"}}]}`, "enum /by"},
		{"notify", `{"to":[{"field":"owner"}],"title":{"en":"Hello {{ record.name }}"}}`, ""},
		{"notify", `{"to":[{}],"title":"x"}`, "min-properties /to/0"},
		{"each", `{"steps":[{"key":"a","type":"stop"}]}`, "any-of "},
		{"branch", `{"cases":[{"when":{"expr":"true"},"steps":[]}]}`, "min-items /cases/0/steps"},
		{"stop", "", ""},
	} {
		typ, ok := Lookup(c.typ)
		if !ok {
			t.Fatalf("no type %s", c.typ)
		}
		got := ""
		if ps := typ.Check(json.RawMessage(c.config)); len(ps) > 0 {
			got = ps[0].Code + " " + ps[0].Pointer
		}
		if got != c.want {
			t.Errorf("%s %s: %q, want %q", c.typ, c.config, got, c.want)
		}
	}
	if _, ok := Lookup("teleport"); ok {
		t.Error("an unknown type was found")
	}
}
