package field

import (
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// toggle is yes or no. Empty stays empty: a default, where the form has one, is the pipeline's.
var toggle = checked(Type{
	Key:       "switch",
	Expr:      "bool",
	Storage:   always(Storage{Kind: "bool"}),
	Schema:    func(*definition.Field) map[string]any { return map[string]any{"type": "boolean"} },
	Coerce:    coerceSwitch,
	Operators: []string{"eq", "ne", "empty", "notEmpty"},
}, fine)

func coerceSwitch(_ *definition.Field, v any, _ Env) (any, problem.List) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case float64:
		if v == 0 || v == 1 {
			return v == 1, nil
		}
	case string:
		switch value.Fold(v) {
		case "":
			return nil, nil
		case "true", "1", "是", "yes":
			return true, nil
		case "false", "0", "否", "no":
			return false, nil
		}
		return nil, bad("not-a-switch", problem.P{"value": shown(v)})
	}
	if value.IsEmpty(v) {
		return nil, nil
	}
	return nil, wrongType("switch", v)
}
