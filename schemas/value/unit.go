package value

import "fmt"

// Unit is a calendar unit that dates are grouped by.
type Unit string

const (
	Year    Unit = "year"
	Quarter Unit = "quarter"
	Month   Unit = "month"
	Week    Unit = "week" // ISO 8601: Monday first, week 1 holds January 4th
	Day     Unit = "day"
)

// Valid says whether u is one of the units.
func (u Unit) Valid() bool {
	switch u {
	case Year, Quarter, Month, Week, Day:
		return true
	}
	return false
}

// Floor is the first day of the unit in which the day lies.
func (u Unit) Floor(days int64) int64 {
	y, m, _ := Civil(days)
	switch u {
	case Year:
		return civil(y, 1, 1)
	case Quarter:
		return civil(y, (m-1)/3*3+1, 1)
	case Month:
		return civil(y, m, 1)
	case Week:
		return days - weekday(days)
	}
	return days
}

// Next is the first day of the unit after the one in which the day lies.
func (u Unit) Next(days int64) int64 { return u.Add(u.Floor(days), 1) }

// Add moves a day by n units; months clip to the last day (January 31st plus a month is February 28th or 29th).
func (u Unit) Add(days int64, n int) int64 {
	switch u {
	case Week:
		return days + 7*int64(n)
	case Day:
		return days + int64(n)
	}
	months := n
	switch u {
	case Year:
		months *= 12
	case Quarter:
		months *= 3
	}
	y, m, d := Civil(days)
	k := int64(y)*12 + int64(m-1) + int64(months)
	y, m = int(floorDiv(k, 12)), int(k-floorDiv(k, 12)*12)+1
	return civil(y, m, min(d, daysIn(y, m)))
}

// weekday counts from Monday (0) to Sunday (6).
func weekday(days int64) int64 { return ((days+3)%7 + 7) % 7 }

// Weekday is 1 for Monday to 7 for Sunday.
func Weekday(days int64) int { return int(weekday(days)) + 1 }

// ISOWeek gives the ISO 8601 year and week number of a day.
func ISOWeek(days int64) (year, week int) {
	thursday := days - weekday(days) + 3
	y, _, _ := Civil(thursday)
	return y, int((thursday-civil(y, 1, 1))/7) + 1
}

// Label names the unit in which the day lies: 2017, 2017-Q1, 2017-03, 2017-W09, 2017-03-01.
func (u Unit) Label(days int64) string {
	y, m, _ := Civil(days)
	switch u {
	case Year:
		return fmt.Sprintf("%04d", y)
	case Quarter:
		return fmt.Sprintf("%04d-Q%d", y, (m-1)/3+1)
	case Month:
		return fmt.Sprintf("%04d-%02d", y, m)
	case Week:
		wy, w := ISOWeek(days)
		return fmt.Sprintf("%04d-W%02d", wy, w)
	}
	return FormatDate(days)
}
