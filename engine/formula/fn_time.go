package formula

import (
	"math"
	"strings"

	"formwork/schemas/value"
)

var timeFuncs = []Func{
	{Name: "today", Group: "time", Params: params(), Result: "date", Volatile: true, run: runToday,
		Doc: Doc{"The current day in the zone.", "当前日期（按时区）。"}, Example: "today()"},
	{Name: "now", Group: "time", Params: params(), Result: "datetime", Volatile: true, run: runNow,
		Doc: Doc{"The current time.", "当前时间。"}, Example: "now()"},
	{Name: "date", Group: "time", Params: params("year:number", "month:number", "day:number"), Result: "date", run: runDate,
		Doc:     Doc{"The day; months and days out of range carry over.", "由年、月、日组成日期；超出范围的月、日自动进位。"},
		Example: "date(2024, 2, 30)", Gives: `"2024-03-01"`},
	{Name: "dateValue", Group: "time", Params: params("value:printable"), Result: "date", run: runDateValue,
		Doc:     Doc{"The day that a text (YYYY-MM-DD) shows, or on which a datetime falls in the zone.", "把文本（YYYY-MM-DD）或日期时间转为日期。"},
		Example: "dateValue('2024-02-29')", Gives: `"2024-02-29"`},
	{Name: "datetime", Group: "time", Params: params("date:date", "hour:number?", "minute:number?", "second:number?"), Result: "datetime", run: runDatetime,
		Doc:     Doc{"The time of day on a date in the zone; without time, its first moment.", "日期加上时、分、秒（按时区）；省略时为当天开始。"},
		Example: "datetime(date(2024, 5, 1), 9, 30)", Gives: `"2024-05-01T09:30:00.000Z"`},
	{Name: "year", Group: "time", Params: params("date:time"), Result: "number", run: ofDay(func(y, m, d int) int { return y }),
		Doc: Doc{"The year.", "年份。"}, Example: "year(date(2024, 5, 1))", Gives: "2024"},
	{Name: "quarter", Group: "time", Params: params("date:time"), Result: "number", run: ofDay(func(y, m, d int) int { return (m + 2) / 3 }),
		Doc: Doc{"The quarter, 1 to 4.", "季度（1 到 4）。"}, Example: "quarter(date(2024, 5, 1))", Gives: "2"},
	{Name: "month", Group: "time", Params: params("date:time"), Result: "number", run: ofDay(func(y, m, d int) int { return m }),
		Doc: Doc{"The month, 1 to 12.", "月份（1 到 12）。"}, Example: "month(date(2024, 5, 1))", Gives: "5"},
	{Name: "day", Group: "time", Params: params("date:time"), Result: "number", run: ofDay(func(y, m, d int) int { return d }),
		Doc: Doc{"The day of the month.", "几号。"}, Example: "day(date(2024, 5, 1))", Gives: "1"},
	{Name: "weekday", Group: "time", Params: params("date:time"), Result: "number",
		run: ofDay(func(y, m, d int) int { return value.Weekday(value.DateOf(y, m, d)) }),
		Doc: Doc{"The day of the week, 1 for Monday to 7 for Sunday.", "星期几，周一为 1，周日为 7。"}, Example: "weekday(date(2024, 5, 1))", Gives: "3"},
	{Name: "weekNum", Aliases: []string{"isoWeekNum"}, Group: "time", Params: params("date:time"), Result: "number",
		run: ofDay(func(y, m, d int) int { _, w := value.ISOWeek(value.DateOf(y, m, d)); return w }),
		Doc: Doc{"The ISO 8601 week of the year.", "ISO 8601 周数。"}, Example: "weekNum(date(2024, 12, 30))", Gives: "1"},
	{Name: "hour", Group: "time", Params: params("time:datetime"), Result: "number", run: ofClock(3_600_000, 24),
		Doc: Doc{"The hour in the zone, 0 to 23.", "小时（按时区，0 到 23）。"}, Example: "hour(datetime(date(2024, 5, 1), 9, 30))", Gives: "9"},
	{Name: "minute", Group: "time", Params: params("time:datetime"), Result: "number", run: ofClock(60_000, 60),
		Doc: Doc{"The minute, 0 to 59.", "分钟（0 到 59）。"}, Example: "minute(datetime(date(2024, 5, 1), 9, 30))", Gives: "30"},
	{Name: "second", Group: "time", Params: params("time:datetime"), Result: "number", run: ofClock(1000, 60),
		Doc: Doc{"The second, 0 to 59.", "秒（0 到 59）。"}, Example: "second(datetime(date(2024, 5, 1), 9, 30, 5))", Gives: "5"},
	{Name: "dateAdd", Group: "time", Params: params("time:time", "count:number", "unit:unit"), Result: "first", run: runDateAdd,
		Doc:     Doc{"Moved by whole years, quarters, months, weeks, days, hours or minutes; the day clips to the month's last.", "加上若干年、季、月、周、日、时或分；超出月末时取月末。"},
		Example: "dateAdd(date(2024, 1, 31), 1, 'month')", Gives: `"2024-02-29"`},
	{Name: "dateDiff", Group: "time", Params: params("from:time", "to:time", "unit:unit"), Result: "number", run: runDateDiff,
		Doc:     Doc{"How many whole units lie between; negative when the second is earlier.", "两个时间之间的完整单位数；第二个较早时为负。"},
		Example: "dateDiff(date(2024, 1, 15), date(2024, 3, 14), 'month')", Gives: "1"},
	{Name: "startOf", Group: "time", Params: params("time:time", "unit:unit"), Result: "first", run: runStartOf,
		Doc:     Doc{"The first day (or moment) of the year, quarter, month, week or day.", "所在年、季、月、周或日的开始。"},
		Example: "startOf(date(2024, 5, 17), 'quarter')", Gives: `"2024-04-01"`},
	{Name: "endOf", Group: "time", Params: params("time:time", "unit:unit"), Result: "first", run: runEndOf,
		Doc:     Doc{"The last day (or millisecond) of the year, quarter, month, week or day.", "所在年、季、月、周或日的结束。"},
		Example: "endOf(date(2024, 2, 3), 'month')", Gives: `"2024-02-29"`},
	{Name: "edate", Group: "time", Params: params("date:time", "months:number"), Result: "date", run: runEdate,
		Doc: Doc{"The same day some months later.", "若干个月之后的同一天。"}, Example: "edate(date(2024, 1, 31), 1)", Gives: `"2024-02-29"`},
	{Name: "eomonth", Group: "time", Params: params("date:time", "months:number"), Result: "date", run: runEomonth,
		Doc: Doc{"The last day of the month some months later.", "若干个月之后的月末。"}, Example: "eomonth(date(2024, 1, 31), 1)", Gives: `"2024-02-29"`},
	{Name: "networkDays", Group: "time", Params: params("from:time", "to:time"), Result: "number", run: runNetworkDays,
		Doc:     Doc{"Mondays to Fridays from one day to the other, both counted; holidays are not known.", "两个日期之间（含首尾）的周一至周五天数，不考虑节假日。"},
		Example: "networkDays(date(2024, 5, 1), date(2024, 5, 7))", Gives: "5"},
}

func runNow(m *machine, n *node) val {
	if m.env.Now.IsZero() {
		m.note("clock", n)
		return nothing
	}
	return m.checked(instant(m.env.Now.UnixMilli()), n)
}

func runToday(m *machine, n *node) val {
	if m.env.Now.IsZero() {
		m.note("clock", n)
		return nothing
	}
	return m.checked(date(value.DayIn(m.env.Now.UnixMilli(), m.env.Zone)), n)
}

func runDate(m *machine, n *node) val {
	y, mo, d := math.Trunc(m.argNumber(n, 0, 0)), math.Trunc(m.argNumber(n, 1, 0)), math.Trunc(m.argNumber(n, 2, 0))
	if math.Abs(y) > 1e4 || math.Abs(mo) > 1e6 || math.Abs(d) > 1e7 {
		m.note("date", n)
		return nothing
	}
	return m.checked(date(value.DateOf(int(y), int(mo), int(d))), n)
}

func runDateValue(m *machine, n *node) val {
	v := m.arg(n, 0)
	switch v.k {
	case kEmpty, kDate:
		return v
	case kInstant:
		return date(m.day(v))
	case kText:
		s := strings.TrimSpace(v.s)
		if s == "" {
			return nothing
		}
		if d, err := value.ParseDate(s); err == nil {
			return date(d)
		}
		if ms, err := value.ParseLocal(s, m.env.Zone); err == nil {
			return date(value.DayIn(ms, m.env.Zone))
		}
	}
	m.note("value", n)
	return nothing
}

func runDatetime(m *machine, n *node) val {
	v := m.arg(n, 0)
	if v.k != kDate {
		return m.asInstant(v, n)
	}
	clock := math.Trunc(m.argNumber(n, 1, 0))*3_600_000 + math.Trunc(m.argNumber(n, 2, 0))*60_000 + math.Trunc(m.argNumber(n, 3, 0))*1000
	if len(n.args) == 1 {
		return m.asInstant(v, n)
	}
	return m.checked(m.at(v.n*dayMillis+clock), n)
}

// ofDay is a function of a calendar day; empty for empty.
func ofDay(part func(y, m, d int) int) func(*machine, *node) val {
	return func(m *machine, n *node) val {
		v := m.time(n, 0)
		if v.k == kEmpty {
			return nothing
		}
		return number(float64(part(value.Civil(m.day(v)))))
	}
}

func ofClock(unit, cycle int64) func(*machine, *node) val {
	return func(m *machine, n *node) val {
		v := m.asInstant(m.time(n, 0), n)
		if v.k == kEmpty {
			return nothing
		}
		_, clock := m.wall(v)
		return number(float64(clock / unit % cycle))
	}
}

func runEdate(m *machine, n *node) val {
	return m.months(n, func(day int64, months int) int64 { return value.Month.Add(day, months) })
}

func runEomonth(m *machine, n *node) val {
	return m.months(n, func(day int64, months int) int64 { return value.Month.Add(value.Month.Floor(day), months+1) - 1 })
}

func (m *machine) months(n *node, move func(day int64, months int) int64) val {
	v, count := m.time(n, 0), math.Trunc(m.argNumber(n, 1, 0))
	if v.k == kEmpty {
		return nothing
	}
	if math.Abs(count) > 2e5 {
		m.note("date", n)
		return nothing
	}
	return m.checked(date(move(m.day(v), int(count))), n)
}

func runNetworkDays(m *machine, n *node) val {
	a, b := m.time(n, 0), m.time(n, 1)
	if a.k == kEmpty || b.k == kEmpty {
		return nothing
	}
	from, to, sign := m.day(a), m.day(b), 1.0
	if to < from {
		from, to, sign = to, from, -1
	}
	days := to - from + 1
	work := days / 7 * 5
	for d := from + days/7*7; d <= to; d++ {
		if value.Weekday(d) <= 5 {
			work++
		}
	}
	return number(sign * float64(work))
}
