package step

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/validate"
	"formwork/schemas/value"
)

//go:embed common.json types/*.json
var files embed.FS

// Type is a type of step.
type Type struct {
	Key         string          `json:"key"`
	Title       definition.Text `json:"title"`
	Description definition.Text `json:"description"`
	// Group is what it belongs to in a list: find, write, people, flow or compute.
	Group string `json:"group"`
	// Writes says that it changes records, or tells people.
	Writes bool `json:"writes"`
	// Gives describes what later steps see of it, by name.
	Gives map[string]definition.Text `json:"gives"`
	// Schema is the JSON Schema of its settings.
	Schema json.RawMessage `json:"schema"`
	check  *validate.Schema
}

// Check holds the settings of a step against its schema; pointers are relative to them. Nothing at all is {}.
func (t *Type) Check(config json.RawMessage) problem.List {
	if len(config) == 0 {
		config = json.RawMessage("{}")
	}
	v, err := value.Decode(config)
	if err != nil {
		return problem.List{problem.New("malformed", "", problem.P{"error": err.Error()})}
	}
	return t.check.Validate(v)
}

// Lookup finds a type.
func Lookup(key string) (*Type, bool) {
	t, ok := registry().byKey[key]
	return t, ok
}

// All are the types, in the order of their groups and keys.
func All() []*Type { return slices.Clone(registry().list) }

// Keys are the keys of all types.
func Keys() []string { return slices.Sorted(maps.Keys(registry().byKey)) }

type types struct {
	list  []*Type
	byKey map[string]*Type
}

var groups = []string{"find", "write", "people", "compute", "flow"}

var registry = sync.OnceValue(func() types {
	out := types{byKey: map[string]*Type{}}
	common := read("common.json")
	entries, err := files.ReadDir("types")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		t, err := load(read("types/"+e.Name()), common)
		if err != nil {
			panic(fmt.Sprintf("schemas/step/types/%s: %v", e.Name(), err))
		}
		if t.Key+".json" != e.Name() {
			panic("schemas/step/types/" + e.Name() + " describes " + t.Key)
		}
		out.byKey[t.Key] = t
		out.list = append(out.list, t)
	}
	slices.SortFunc(out.list, func(a, b *Type) int {
		if n := slices.Index(groups, a.Group) - slices.Index(groups, b.Group); n != 0 {
			return n
		}
		return strings.Compare(a.Key, b.Key)
	})
	return out
})

func read(name string) map[string]any {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	v, err := value.Decode(b)
	if err != nil {
		panic(fmt.Sprintf("schemas/step/%s: %v", name, err))
	}
	return v.(map[string]any)
}

// load makes a type of its file: its properties become a schema, with what is common to all beside them.
func load(file, common map[string]any) (*Type, error) {
	schema, _ := file["schema"].(map[string]any)
	schema = maps.Clone(schema)
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["type"], schema["additionalProperties"] = "object", false
	schema["$defs"] = common
	file = maps.Clone(file)
	file["schema"] = say(schema)
	t := &Type{}
	if err := json.Unmarshal(value.AppendJSON(nil, file), t); err != nil {
		return nil, err
	}
	var err error
	t.check, err = validate.Compile("step "+t.Key, t.Schema)
	return t, err
}

// say turns titles and descriptions in several languages into x-title and x-description, and leaves the English one where
// every JSON Schema tool looks for it.
func say(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = say(x)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			if text, ok := x.(map[string]any); ok && (k == "title" || k == "description") && text["en"] != nil {
				out[k], out["x-"+k] = text["en"], text
				continue
			}
			out[k] = say(x)
		}
		return out
	}
	return v
}
