package formula

import (
	"math"
	"strings"
	"time"

	"formwork/schemas/value"
)

const dayMillis = 86_400_000

// Dates and datetimes lie in the years 1 to 9999.
var (
	firstDay = value.DateOf(1, 1, 1)
	lastDay  = value.DateOf(9999, 12, 31)
)

// time is an argument that must be a date or a datetime; a text that turned up as any is read.
func (m *machine) time(n *node, i int) val { return m.asTime(m.arg(n, i), n) }

func (m *machine) asTime(v val, n *node) val {
	switch v.k {
	case kDate, kInstant, kEmpty:
		return v
	case kText:
		if _, err := value.ParseDate(v.s); err == nil {
			return m.from(v.s, kDate, n)
		}
		return m.from(v.s, kInstant, n)
	}
	m.note("type", n)
	return nothing
}

// day is the calendar day of a date, or of a datetime in the zone.
func (m *machine) day(v val) int64 {
	if v.k == kInstant {
		return value.DayIn(int64(v.n), m.env.Zone)
	}
	return int64(v.n)
}

// wall splits a datetime into the day and the milliseconds that the clock in the zone shows.
func (m *machine) wall(v val) (day, clock int64) {
	t := time.UnixMilli(int64(v.n)).In(m.env.Zone)
	_, offset := t.Zone()
	local := int64(v.n) + int64(offset)*1000
	day = int64(math.Floor(float64(local) / dayMillis))
	return day, local - day*dayMillis
}

// at is the instant at which the clock in the zone shows these milliseconds since 1970-01-01: the first when it shows
// them twice, moved forward by the gap when it skips them.
func (m *machine) at(local float64) val {
	if math.Abs(local) > 4e14 {
		return instant(1 << 53) // out of range: refused by checked
	}
	offset := func(ms float64) float64 {
		_, s := time.UnixMilli(int64(ms)).In(m.env.Zone).Zone()
		return float64(s) * 1000
	}
	before, after := offset(local-dayMillis), offset(local+dayMillis)
	if offset(local-before) != before && offset(local-after) == after {
		return instant(int64(local - after))
	}
	return instant(int64(local - before))
}

// checked refuses days and instants outside of the years 1 to 9999.
func (m *machine) checked(v val, n *node) val {
	day := v.n
	if v.k == kInstant {
		day = math.Floor(v.n / dayMillis)
	}
	if day < float64(firstDay) || day > float64(lastDay) || math.IsNaN(day) {
		m.note("date", n)
		return nothing
	}
	return v
}

// shift moves by days: a date by whole ones (downwards), a datetime by the time they last, to the millisecond.
func (m *machine) shift(v val, days float64, n *node) val {
	switch v.k {
	case kEmpty:
		return nothing
	case kDate:
		return m.checked(val{k: kDate, n: v.n + math.Floor(days)}, n)
	case kInstant:
		return m.checked(val{k: kInstant, n: v.n + value.Round(days*dayMillis, 0)}, n)
	case kText:
		if v = m.from(v.s, n.kind, n); v.k == kDate || v.k == kInstant {
			return m.shift(v, days, n)
		}
		return nothing
	}
	m.note("type", n)
	return nothing
}

// span is the days between two dates or, with fraction, two datetimes.
func (m *machine) span(n *node) val {
	a, b := m.sameTime(m.asTime(m.eval(n.a), n.a), m.asTime(m.eval(n.b), n.b))
	switch {
	case a.k == kEmpty || b.k == kEmpty:
		return nothing
	case a.k == kDate && b.k == kDate:
		return number(a.n - b.n)
	}
	return number((a.n - b.n) / dayMillis)
}

const units = "year, quarter, month, week, day, hour, minute"

// unitNames are the units that a function takes.
func unitNames(f *Func) string {
	if f.Name == "startOf" || f.Name == "endOf" {
		return strings.TrimSuffix(units, ", hour, minute")
	}
	return units
}

func validUnit(f *Func, unit string) bool {
	for _, u := range strings.Split(unitNames(f), ", ") {
		if u == unit {
			return true
		}
	}
	return false
}

func runDateAdd(m *machine, n *node) val {
	v, count, unit := m.time(n, 0), math.Trunc(m.argNumber(n, 1, 0)), m.argText(n, 2)
	if v.k == kEmpty {
		return nothing
	}
	length := clockUnit(unit)
	if math.Abs(count) > 4e6 && length == 0 || math.Abs(count) > 1e10 {
		m.note("date", n)
		return nothing
	}
	switch {
	case length > 0 && v.k == kInstant:
		return m.checked(val{k: kInstant, n: v.n + count*length}, n)
	case !value.Unit(unit).Valid():
		m.note("value", n)
		return nothing
	case v.k == kDate:
		return m.checked(date(value.Unit(unit).Add(int64(v.n), int(count))), n)
	}
	day, clock := m.wall(v)
	return m.checked(m.at(float64(value.Unit(unit).Add(day, int(count))*dayMillis+clock)), n)
}

// clockUnit is the length of a unit that is no calendar unit, else 0.
func clockUnit(unit string) float64 {
	switch unit {
	case "hour":
		return 3_600_000
	case "minute":
		return 60_000
	}
	return 0
}

func runDateDiff(m *machine, n *node) val {
	a, b, unit := m.time(n, 0), m.time(n, 1), m.argText(n, 2)
	if a.k == kEmpty || b.k == kEmpty {
		return nothing
	}
	if length := clockUnit(unit); length > 0 {
		a, b = m.asInstant(a, n), m.asInstant(b, n)
		return number(math.Trunc((b.n-a.n)/length) + 0)
	}
	if !value.Unit(unit).Valid() {
		m.note("value", n)
		return nothing
	}
	a, b = m.sameTime(a, b)
	dayA, clockA := int64(a.n), int64(0)
	dayB, clockB := int64(b.n), int64(0)
	if a.k == kInstant {
		dayA, clockA = m.wall(a)
		dayB, clockB = m.wall(b)
	}
	if dayB < dayA || dayB == dayA && clockB < clockA {
		return number(float64(-whole(value.Unit(unit), dayB, clockB, dayA, clockA)) + 0)
	}
	return number(float64(whole(value.Unit(unit), dayA, clockA, dayB, clockB)))
}

// whole counts the units that fit between two moments, the first not later than the second.
func whole(unit value.Unit, dayA, clockA, dayB, clockB int64) int64 {
	var k int64
	switch ya, ma, _ := value.Civil(dayA); unit {
	case value.Day:
		k = dayB - dayA
	case value.Week:
		k = (dayB - dayA) / 7
	default:
		yb, mb, _ := value.Civil(dayB)
		k = int64(yb-ya)*12 + int64(mb-ma)
		if unit == value.Quarter {
			k /= 3
		} else if unit == value.Year {
			k /= 12
		}
	}
	if end := unit.Add(dayA, int(k)); k > 0 && (end > dayB || end == dayB && clockA > clockB) {
		k--
	}
	return k
}

func runStartOf(m *machine, n *node) val { return m.border(n, value.Unit.Floor, 0) }

func runEndOf(m *machine, n *node) val {
	return m.border(n, func(u value.Unit, day int64) int64 { return u.Next(day) }, 1)
}

// border is the day that find gives, minus one day or millisecond.
func (m *machine) border(n *node, find func(value.Unit, int64) int64, minus float64) val {
	v, unit := m.time(n, 0), value.Unit(m.argText(n, 1))
	if v.k == kEmpty {
		return nothing
	}
	if !unit.Valid() {
		m.note("value", n)
		return nothing
	}
	day := find(unit, m.day(v))
	if v.k == kDate {
		return m.checked(val{k: kDate, n: float64(day) - minus}, n)
	}
	return m.checked(val{k: kInstant, n: float64(value.StartOfDay(day, m.env.Zone)) - minus}, n)
}
