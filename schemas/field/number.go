package field

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Decimals that are kept when the field does not say.
const (
	NumberScale  = 6
	PercentScale = 2
	MoneyScale   = 2
)

var numberOperators = []string{"eq", "ne", "gt", "gte", "lt", "lte", "between", "in", "nin", "empty", "notEmpty"}

// number has a unit; percent is stored as the number people see (12.5 is 12.5 %); currency has a currency.
var (
	number   = numeric("number", NumberScale, []string{"scale", "unit", "unique"}, fine)
	percent  = numeric("percent", PercentScale, []string{"scale"}, fine)
	currency = numeric("currency", MoneyScale, []string{"scale", "currency"}, checkCurrency)
)

func numeric(key string, scale int, settings []string, more func(*definition.Field) problem.List) Type {
	return checked(Type{
		Key:      key,
		Settings: settings,
		Expr:     "number",
		Storage: func(f *definition.Field) Storage {
			return Storage{Kind: "number", Scale: scaleOf(f, scale)}
		},
		Schema: func(f *definition.Field) map[string]any { return numberSchema(scaleOf(f, scale)) },
		Coerce: func(f *definition.Field, v any, _ Env) (any, problem.List) {
			return coerceNumber(v, scaleOf(f, scale), key == "percent")
		},
		Operators: numberOperators,
	}, func(f *definition.Field) problem.List { return append(checkScale(f), more(f)...) })
}

func scaleOf(f *definition.Field, scale int) int {
	if f.Scale == nil {
		return scale
	}
	return min(max(*f.Scale, 0), value.MaxScale)
}

func numberSchema(scale int) map[string]any {
	return map[string]any{"type": "number", "multipleOf": value.Unscaled(1, scale)}
}

var iso4217 = regexp.MustCompile(`^[A-Z]{3}$`)

func checkCurrency(f *definition.Field) problem.List {
	if f.Currency == "" || iso4217.MatchString(f.Currency) {
		return nil
	}
	return problem.List{problem.New("unknown-value", "/x-field/currency", problem.P{"value": shown(f.Currency)})}
}

// coerceNumber reads a number, or its decimal text, and rounds it to scale.
func coerceNumber(v any, scale int, percent bool) (any, problem.List) {
	var f float64
	switch v := v.(type) {
	case float64:
		f = v
	case int:
		f = float64(v)
	case int64:
		f = float64(v)
	case string:
		s := strings.TrimSpace(v)
		if s == "" {
			return nil, nil
		}
		n, ok := parseNumber(s, percent)
		if !ok {
			return nil, bad("not-a-number", problem.P{"value": shown(s)})
		}
		f = n
	default:
		if value.IsEmpty(v) {
			return nil, nil
		}
		return nil, wrongType("number", v)
	}
	f = value.Round(f, scale)
	if _, err := value.Scaled(f, scale); err != nil {
		return nil, bad("number-out-of-range", problem.P{"max": math.Floor(value.Unscaled(1<<53-1, scale)), "scale": scale})
	}
	return f + 0, nil // -0 becomes 0
}

var (
	decimalText = regexp.MustCompile(`^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?$`)
	aDigit      = regexp.MustCompile(`^[^eE]*[0-9]`)
)

// parseNumber reads plain decimal text with optional commas between thousands, in half or full width.
func parseNumber(s string, percent bool) (float64, bool) {
	s = halfWidth(s)
	if percent {
		s = strings.TrimSpace(strings.TrimSuffix(s, "%"))
	}
	if len(s) > 400 || !decimalText.MatchString(s) || !aDigit.MatchString(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	return f, err == nil || math.IsInf(f, 0) // infinity is refused as out of range
}

// halfWidth folds the full-width forms of ASCII, and the ideographic space, to ASCII.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == 0x3000:
			return ' '
		}
		return r
	}, s)
}
