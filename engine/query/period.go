package query

import (
	"strconv"
	"strings"

	"formwork/schemas/value"
)

// Period turns the value of `within` into the days from..to, both included. It is one of
//
//   - a name relative to today: "today", "yesterday", "tomorrow", "this-week", "last-month", "next-quarter", "this-year"
//   - a bucket label as aggregates give it: "2017", "2017-Q1", "2017-03", "2017-W09", "2017-03-01"
//   - {"last": 7, "unit": "day"} the last seven days with today, {"next": 2, "unit": "week"} this week and the next
//   - {"from": "2017-01-01", "to": "2017-03-31"}, either end may be left out
func Period(v any, env Env) (from, to int64, ok bool) {
	switch v := v.(type) {
	case string:
		if from, to, ok = relative(v, env.Today()); ok {
			return from, to, true
		}
		return Label(v)
	case map[string]any:
		return spanOf(v, env.Today())
	}
	return 0, 0, false
}

func relative(name string, today int64) (from, to int64, ok bool) {
	switch name {
	case "today":
		return today, today, true
	case "yesterday":
		return today - 1, today - 1, true
	case "tomorrow":
		return today + 1, today + 1, true
	}
	which, unit, cut := strings.Cut(name, "-")
	u := value.Unit(unit)
	if !cut || !u.Valid() {
		return 0, 0, false
	}
	n, known := map[string]int{"this": 0, "last": -1, "next": 1}[which]
	from = u.Add(u.Floor(today), n)
	return from, u.Next(from) - 1, known
}

// Label is the inverse of value.Unit.Label: the days of a bucket.
func Label(s string) (from, to int64, ok bool) {
	number := func(s string, n int) (int, bool) {
		if len(s) != n {
			return 0, false
		}
		i, err := strconv.Atoi(s)
		return i, err == nil && s[0] != '+' && s[0] != '-'
	}
	year, rest, cut := strings.Cut(s, "-")
	y, good := number(year, 4)
	if !good || y < 1 {
		return 0, 0, false
	}
	first := value.DateOf(y, 1, 1)
	switch {
	case !cut:
		return first, value.Year.Next(first) - 1, true
	case strings.HasPrefix(rest, "Q"):
		q, good := number(rest[1:], 1)
		if !good || q < 1 || q > 4 {
			return 0, 0, false
		}
		from = value.DateOf(y, q*3-2, 1)
		return from, value.Quarter.Next(from) - 1, true
	case strings.HasPrefix(rest, "W"):
		w, good := number(rest[1:], 2)
		from = value.Week.Floor(value.DateOf(y, 1, 4)) + int64(w-1)*7
		wy, _ := value.ISOWeek(from)
		return from, from + 6, good && w >= 1 && wy == y
	case len(rest) == 2:
		m, good := number(rest, 2)
		if !good || m < 1 || m > 12 {
			return 0, 0, false
		}
		from = value.DateOf(y, m, 1)
		return from, value.Month.Next(from) - 1, true
	}
	d, err := value.ParseDate(s)
	return d, d, err == nil
}

func spanOf(m map[string]any, today int64) (from, to int64, ok bool) {
	if m["from"] != nil || m["to"] != nil {
		from, to = -1<<40, 1<<40
		var err error
		if s, isText := m["from"].(string); isText {
			if from, err = value.ParseDate(s); err != nil {
				return 0, 0, false
			}
		} else if m["from"] != nil {
			return 0, 0, false
		}
		if s, isText := m["to"].(string); isText {
			if to, err = value.ParseDate(s); err != nil {
				return 0, 0, false
			}
		} else if m["to"] != nil {
			return 0, 0, false
		}
		if m["from"] == nil {
			from = value.DateOf(1, 1, 1)
		}
		if m["to"] == nil {
			to = value.DateOf(9999, 12, 30)
		}
		return from, to, true
	}
	unit, _ := m["unit"].(string)
	u := value.Unit(unit)
	if unit == "" {
		u = value.Day
	}
	count := func(key string) (int, bool) {
		f, ok := m[key].(float64)
		return int(f), ok && f >= 1 && f <= 10000 && f == float64(int(f))
	}
	if !u.Valid() {
		return 0, 0, false
	}
	if n, ok := count("last"); ok {
		return u.Add(u.Floor(today), 1-n), u.Next(today) - 1, true
	}
	if n, ok := count("next"); ok {
		return u.Floor(today), u.Add(u.Floor(today), n) - 1, true
	}
	return 0, 0, false
}
