package field

import (
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

var timeOperators = []string{"within", "eq", "ne", "gt", "gte", "lt", "lte", "between", "empty", "notEmpty"}

// date is a calendar day, YYYY-MM-DD, the same day everywhere.
var date = checked(Type{
	Key:       "date",
	Settings:  []string{"unique"},
	Expr:      "date",
	Storage:   always(Storage{Kind: "date"}),
	Schema:    func(*definition.Field) map[string]any { return map[string]any{"type": "string", "format": "date"} },
	Coerce:    coerceDate,
	Operators: timeOperators,
}, fine)

// datetime is a point in time, UTC to the millisecond.
var datetime = checked(Type{
	Key:       "datetime",
	Settings:  []string{"unique"},
	Expr:      "datetime",
	Storage:   always(Storage{Kind: "instant"}),
	Schema:    func(*definition.Field) map[string]any { return map[string]any{"type": "string", "format": "date-time"} },
	Coerce:    coerceInstant,
	Operators: timeOperators,
}, fine)

// coerceDate takes a date, or a date-time, which becomes its day in the zone.
func coerceDate(_ *definition.Field, v any, env Env) (any, problem.List) {
	s, ok, p := clock(v, "date")
	if !ok {
		return nil, p
	}
	if _, err := value.ParseDate(s); err == nil {
		return s, nil
	}
	if ms, err := value.ParseLocal(s, env.zone()); err == nil {
		day := value.FormatDate(value.DayIn(ms, env.zone()))
		if y, _, _ := value.Civil(value.DayIn(ms, env.zone())); y >= 1 && y <= 9999 {
			return day, nil
		}
	}
	return nil, bad("not-a-date", problem.P{"value": shown(s)})
}

// coerceInstant takes an RFC 3339 date-time, a wall-clock time of the zone, or a date, which becomes its first instant.
func coerceInstant(_ *definition.Field, v any, env Env) (any, problem.List) {
	s, ok, p := clock(v, "datetime")
	if !ok {
		return nil, p
	}
	ms, err := value.ParseLocal(s, env.zone())
	if err != nil {
		var days int64
		if days, err = value.ParseDate(s); err == nil {
			ms = value.StartOfDay(days, env.zone())
		}
	}
	if err == nil {
		if out := value.FormatInstant(ms); inRange(ms, out) {
			return out, nil
		}
	}
	return nil, bad("not-a-datetime", problem.P{"value": shown(s)})
}

// inRange says whether the canonical text reads back as the same instant, which it does from year 1 to 9999.
func inRange(ms int64, text string) bool {
	back, err := value.ParseInstant(text)
	return err == nil && back == ms
}

func clock(v any, kind string) (string, bool, problem.List) {
	if value.IsEmpty(v) {
		return "", false, nil
	}
	s, ok := v.(string)
	if !ok {
		return "", false, wrongType(kind, v)
	}
	s = strings.TrimSpace(s)
	return s, s != "", nil
}
