package field

import (
	"slices"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// MaxOptions is how many options a field may have.
const MaxOptions = 2_000

// choice is one of the options. Coercion takes hidden options too: whether one may still be chosen depends on what the
// record had before.
var choice = checked(Type{
	Key:      "select",
	Settings: []string{"options", "optionSet", "unique"},
	Expr:     "text",
	Storage:  always(Storage{Kind: "text", Order: true}),
	Schema: func(f *definition.Field) map[string]any {
		m := map[string]any{"type": "string"}
		if all := optionValues(f); len(all) > 0 {
			m["enum"] = all
		}
		return m
	},
	Coerce: func(f *definition.Field, v any, _ Env) (any, problem.List) {
		if list, ok := v.([]any); ok && len(list) == 1 {
			v = list[0]
		}
		return coerceOption(f, v)
	},
	Operators: []string{"eq", "ne", "in", "nin", "empty", "notEmpty"},
}, checkOptions)

// multichoice is a set of options, kept in the order of the options.
var multichoice = checked(Type{
	Key:      "multiselect",
	Settings: []string{"options", "optionSet"},
	Expr:     "list",
	Storage:  always(Storage{Kind: "text", Array: true}),
	Schema: func(f *definition.Field) map[string]any {
		items := map[string]any{"type": "string"}
		if all := optionValues(f); len(all) > 0 {
			items["enum"] = all
		}
		return map[string]any{"type": "array", "items": items, "uniqueItems": true}
	},
	Coerce:    coerceOptions,
	Operators: []string{"hasAny", "hasAll", "empty", "notEmpty"},
}, checkOptions)

func optionValues(f *definition.Field) []any {
	out := make([]any, len(f.Options))
	for i, o := range f.Options {
		out[i] = o.Value
	}
	return out
}

func coerceOption(f *definition.Field, v any) (any, problem.List) {
	s, ok, p := plain(v)
	if !ok {
		return nil, p
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil, nil
	}
	for i := range f.Options {
		if f.Options[i].Value == s {
			return s, nil
		}
	}
	folded := value.Fold(s)
	for i := range f.Options {
		for _, title := range f.Options[i].Title {
			if value.Fold(title) == folded {
				return f.Options[i].Value, nil
			}
		}
	}
	params := problem.P{"value": shown(s)}
	if near := nearestOption(f, s); near != "" {
		params["suggestion"] = near
	}
	return nil, bad("unknown-option", params)
}

// nearestOption is the value of the option whose value or title is most like s; it is not looked for among hundreds.
func nearestOption(f *definition.Field, s string) string {
	if len(s) > 100 || len(f.Options) > 200 {
		return ""
	}
	by := map[string]string{}
	for i := len(f.Options) - 1; i >= 0; i-- {
		o := &f.Options[i]
		if o.Hidden {
			continue
		}
		for _, title := range o.Title {
			by[title] = o.Value
		}
		by[o.Value] = o.Value
	}
	names := make([]string, 0, len(by))
	for name := range by {
		names = append(names, name)
	}
	return by[value.Nearest(s, names)]
}

func coerceOptions(f *definition.Field, v any, _ Env) (any, problem.List) {
	if value.IsEmpty(v) {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	if len(list) > MaxOptions {
		return nil, bad("max-items", problem.P{"limit": MaxOptions, "actual": len(list)})
	}
	chosen := map[string]bool{}
	var out problem.List
	for i, x := range list {
		if len(out) >= mostProblems {
			break
		}
		o, p := coerceOption(f, x)
		out = append(out, p.At(problem.Pointer(i))...)
		if s, ok := o.(string); ok {
			chosen[s] = true
		}
	}
	if len(out) > 0 {
		if !ok {
			out[0].Pointer = ""
		}
		return nil, out
	}
	var set []any
	for _, o := range f.Options {
		if chosen[o.Value] {
			set = append(set, o.Value)
			delete(chosen, o.Value)
		}
	}
	if len(set) == 0 {
		return nil, nil
	}
	return set, nil
}

// checkOptions looks at options written here. A field without any may still get them from the form's stages.
func checkOptions(f *definition.Field) problem.List {
	var out problem.List
	if f.OptionSet != "" && slices.Contains(written(f), "options") {
		out = append(out, problem.New("options-twice", "/x-field/optionSet", nil))
	}
	if len(f.Options) > MaxOptions {
		return append(out, problem.New("max-items", "/x-field/options", problem.P{"limit": MaxOptions, "actual": len(f.Options)}))
	}
	return append(out, repeatedOptions(f.Options, "/x-field/options")...)
}

func repeatedOptions(options []definition.Option, at string) problem.List {
	var out problem.List
	seen := make(map[string]bool, len(options))
	for i, o := range options {
		here := at + problem.Pointer(i, "value")
		switch {
		case strings.TrimSpace(o.Value) != o.Value || o.Value == "":
			out = append(out, problem.New("wrong-option", here, problem.P{"value": shown(o.Value)}))
		case seen[o.Value]:
			out = append(out, problem.New("repeated", here, problem.P{"value": shown(o.Value)}))
		}
		seen[o.Value] = true
	}
	return out
}
