package field

import (
	"encoding/json"
	"slices"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// common are the members of x-field that every type has.
var common = []string{"type", "title", "help", "placeholder", "hidden", "readOnly", "default", "format"}

// Common gives the members of x-field that every type has; computed ones have no default.
func Common() []string { return slices.Clone(common) }

// checked makes a type's Check: the settings must be the type's own, the default must be one of its values, then more.
func checked(t Type, more func(f *definition.Field) problem.List) Type {
	if t.Computed || t.Key == "table" {
		t.Check = func(f *definition.Field) problem.List { return append(foreign(t, f), more(f)...) }
		return t
	}
	t.Check = func(f *definition.Field) problem.List {
		out := append(foreign(t, f), more(f)...)
		if len(out) == 0 {
			out = wrongDefault(t, f)
		}
		return out
	}
	return t
}

func fine(*definition.Field) problem.List { return nil }

// foreign lists members of x-field that the type does not have.
func foreign(t Type, f *definition.Field) problem.List {
	var out problem.List
	for _, name := range written(f) {
		if slices.Contains(t.Settings, name) || slices.Contains(common, name) && !(t.Computed && name == "default") {
			continue
		}
		params := problem.P{"setting": name, "type": t.Key}
		if near := value.Nearest(name, append(t.Settings[:len(t.Settings):len(t.Settings)], common...)); near != "" && near != name {
			params["suggestion"] = near
		}
		out = append(out, problem.New("unknown-setting", "/x-field"+problem.Pointer(name), params))
	}
	return out
}

// written gives the names of the members of x-field, sorted; a field made in Go has those that are not zero.
func written(f *definition.Field) []string {
	var p struct {
		XField map[string]json.RawMessage `json:"x-field"`
	}
	if len(f.Property) == 0 || json.Unmarshal(f.Property, &p) != nil {
		b, err := json.Marshal(f.XField)
		if err != nil || json.Unmarshal(b, &p.XField) != nil {
			return nil
		}
	}
	names := make([]string, 0, len(p.XField))
	for name := range p.XField {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// wrongDefault finds a constant default that is no value of the field.
func wrongDefault(t Type, f *definition.Field) problem.List {
	const at = "/x-field/default"
	if len(f.Default) == 0 || f.OptionSet != "" && len(f.Options) == 0 {
		return nil
	}
	v, err := value.Decode(f.Default)
	if err != nil {
		return problem.List{problem.New("malformed", at, nil)}
	}
	if m, ok := v.(map[string]any); ok {
		if _, ok := m["expr"].(string); ok && len(m) == 1 {
			return nil
		}
	}
	_, problems := t.Coerce(f, v, Env{})
	return problems.At(at)
}

// checkScale refuses more or fewer decimals than a field can keep.
func checkScale(f *definition.Field) problem.List {
	if f.Scale != nil && (*f.Scale < 0 || *f.Scale > value.MaxScale) {
		return problem.List{problem.New("out-of-range", "/x-field/scale", problem.P{"min": 0, "max": value.MaxScale, "actual": *f.Scale})}
	}
	return nil
}

// oneOf refuses a setting that has none of the allowed words; "" is left to required.
func oneOf(setting, have string, allowed ...string) problem.List {
	if have == "" || slices.Contains(allowed, have) {
		return nil
	}
	params := problem.P{"value": shown(have), "allowed": allowed}
	if near := value.Nearest(have, allowed); near != "" {
		params["suggestion"] = near
	}
	return problem.List{problem.New("unknown-value", "/x-field/"+setting, params)}
}

// required refuses a setting that is left out.
func required(setting, have string) problem.List {
	if have != "" {
		return nil
	}
	return problem.List{problem.New("required", "/x-field/"+setting, nil)}
}
