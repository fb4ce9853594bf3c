package field

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// serial is a number that the engine gives once: "OP-{yyyy}{MM}-{00000}". Coerce serves imports that bring their own.
var serial = checked(Type{
	Key:      "serial",
	Settings: []string{"pattern", "reset", "unique", "search"},
	Expr:     "text",
	Computed: true,
	Storage:  searched,
	Schema:   func(*definition.Field) map[string]any { return map[string]any{"type": "string", "maxLength": MaxText} },
	Coerce:   func(_ *definition.Field, v any, _ Env) (any, problem.List) { return coerceLine(v, MaxText) },

	Operators: textOperators,
}, checkSerial)

var serialPart = regexp.MustCompile(`\{[^{}]*\}|[{}]`)

// SerialNumber writes the n-th number of a pattern for a day (days since 1970-01-01): {yyyy}, {yy}, {MM} and {dd} are the
// day's, {00000} is n with at least as many digits.
func SerialNumber(pattern string, n, day int64) string {
	y, m, d := value.Civil(day)
	return serialPart.ReplaceAllStringFunc(pattern, func(part string) string {
		switch part {
		case "{yyyy}":
			return fmt.Sprintf("%04d", y)
		case "{yy}":
			return fmt.Sprintf("%02d", y%100)
		case "{MM}":
			return fmt.Sprintf("%02d", m)
		case "{dd}":
			return fmt.Sprintf("%02d", d)
		}
		return fmt.Sprintf("%0*d", len(part)-2, n)
	})
}

// checkSerial wants exactly one counter, and every part of the date that the counter starts anew for: without it numbers
// would repeat.
func checkSerial(f *definition.Field) problem.List {
	const at = "/x-field/pattern"
	out := append(required("pattern", f.Pattern), oneOf("reset", f.Reset, "never", "year", "month", "day")...)
	if len(out) > 0 {
		return out
	}
	counters, has := 0, []string{}
	for _, part := range serialPart.FindAllString(f.Pattern, -1) {
		switch {
		case slices.Contains([]string{"{yyyy}", "{yy}", "{MM}", "{dd}"}, part):
			has = append(has, strings.Trim(part, "{}"))
		case len(part) > 2 && len(part) <= 14 && strings.Trim(part, "{0}") == "":
			counters++
		default:
			out = append(out, problem.New("serial-part", at, problem.P{"part": shown(part)}))
		}
	}
	if len(out) == 0 && counters != 1 {
		out = append(out, problem.New("serial-counter", at, problem.P{"actual": counters}))
	}
	need := map[string][]string{"year": {"yyyy"}, "month": {"yyyy", "MM"}, "day": {"yyyy", "MM", "dd"}}[f.Reset]
	for _, part := range need {
		if !slices.Contains(has, part) && !(part == "yyyy" && slices.Contains(has, "yy")) {
			out = append(out, problem.New("serial-repeats", at, problem.P{"part": "{" + part + "}", "reset": f.Reset}))
		}
	}
	if len(f.Pattern) > 100 {
		out = append(out, problem.New("max-length", at, problem.P{"limit": 100, "actual": len(f.Pattern)}))
	}
	return out
}
