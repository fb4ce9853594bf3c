package value

import (
	"errors"
	"strings"
	"time"
)

// ErrTime is returned for text that is no date or date-time of the canonical form or its documented variants.
var ErrTime = errors.New("not a date or time")

const day = 24 * 60 * 60 * 1000

// Years that a date may lie in: four digits, so that text order is time order.
const minYear, maxYear = 1, 9999

// ParseDate reads "YYYY-MM-DD" into days since 1970-01-01. Days that do not exist (2017-02-29) are ErrTime.
func ParseDate(s string) (days int64, err error) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, ErrTime
	}
	y, ok1 := digits(s[0:4])
	m, ok2 := digits(s[5:7])
	d, ok3 := digits(s[8:10])
	if !ok1 || !ok2 || !ok3 || y < minYear || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, ErrTime
	}
	return civil(y, m, d), nil
}

func digits(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// civil counts days since 1970-01-01 in the proleptic Gregorian calendar. Source: Howard Hinnant, "chrono-Compatible
// Low-Level Date Algorithms", days_from_civil.
func civil(y, m, d int) int64 {
	if m <= 2 {
		y--
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yoe := y - era*400
	mp := (m + 9) % 12
	doy := (153*mp+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int64(era)*146097 + int64(doe) - 719468
}

// Civil splits days since 1970-01-01 into year, month (1-12) and day (1-31).
func Civil(days int64) (y, m, d int) {
	t := time.Unix(days*86400, 0).UTC()
	return t.Year(), int(t.Month()), t.Day()
}

// DateOf counts days since 1970-01-01 for a calendar date; out-of-range months and days carry over as in time.Date.
func DateOf(y, m, d int) int64 {
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// FormatDate writes days since 1970-01-01 as "YYYY-MM-DD".
func FormatDate(days int64) string {
	y, m, d := Civil(days)
	b := make([]byte, 10)
	put(b[0:4], y)
	b[4] = '-'
	put(b[5:7], m)
	b[7] = '-'
	put(b[8:10], d)
	return string(b)
}

func put(b []byte, n int) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
}

// ParseInstant reads an RFC 3339 date-time, with any offset, into milliseconds since 1970-01-01 UTC; finer fractions
// are cut off. A date-time without offset is refused: the caller must know the zone.
func ParseInstant(s string) (ms int64, err error) {
	if !instantShape(s) {
		return 0, ErrTime
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.UTC().Year() < minYear || t.UTC().Year() > maxYear {
		return 0, ErrTime
	}
	return t.UnixMilli(), nil
}

// instantShape holds what time.Parse is lax about: hours of one digit, a comma before the fraction, offsets beyond a day.
func instantShape(s string) bool {
	if len(s) < len("2006-01-02T15:04:05Z") || s[13] != ':' || s[19] == ',' {
		return false
	}
	if s[len(s)-1] == 'Z' {
		return true
	}
	offset := s[len(s)-len("+08:00"):]
	return offset[3] == ':' && offset[1:3] <= "23" && offset[4:] <= "59"
}

// ParseLocal reads "YYYY-MM-DD[T ]HH:MM[:SS[.fff]]" as wall-clock time of zone, or an RFC 3339 date-time as it stands.
// A wall-clock time that a clock change skips is moved forward by what was skipped, one that occurs twice is the first.
func ParseLocal(s string, zone *time.Location) (ms int64, err error) {
	if ms, err = ParseInstant(s); err == nil {
		return ms, nil
	}
	s = strings.Replace(s, " ", "T", 1)
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02T15:04"} {
		if len(s) < len("2006-01-02T15:04") || s[13] != ':' || strings.Contains(s, ",") {
			return 0, ErrTime
		}
		if wall, err := time.Parse(layout, s); err == nil {
			t := local(wall.UnixMilli(), zone)
			if y := time.UnixMilli(t).UTC().Year(); y >= minYear && y <= maxYear {
				return t, nil
			}
		}
	}
	return 0, ErrTime
}

// FormatInstant writes milliseconds since 1970-01-01 UTC as "YYYY-MM-DDTHH:MM:SS.mmmZ".
func FormatInstant(ms int64) string {
	days := floorDiv(ms, day)
	rest := int(ms - days*day)
	y, m, d := Civil(days)
	b := []byte("0000-00-00T00:00:00.000Z")
	put(b[0:4], y)
	put(b[5:7], m)
	put(b[8:10], d)
	put(b[11:13], rest/3600000)
	put(b[14:16], rest/60000%60)
	put(b[17:19], rest/1000%60)
	put(b[20:23], rest%1000)
	return string(b)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// DayIn is the calendar day (days since 1970-01-01) on which the instant falls in zone.
func DayIn(ms int64, zone *time.Location) int64 {
	t := time.UnixMilli(ms).In(zone)
	return civil(t.Year(), int(t.Month()), t.Day())
}

// local is the instant at which zone's clocks show wall, given as milliseconds as if it were UTC. time.Date leaves open
// which one it takes where clocks change (it does go back across a gap in zones west of Greenwich).
func local(wall int64, zone *time.Location) int64 {
	before, after := wall-offset(wall-day, zone), wall-offset(wall+day, zone)
	switch {
	case before+offset(before, zone) == wall:
		return before // also of two the first: clocks go back from the larger offset
	case after+offset(after, zone) == wall:
		return after
	}
	return before // skipped
}

// offset is what zone's clocks are ahead of UTC at an instant, both in milliseconds.
func offset(ms int64, zone *time.Location) int64 {
	_, seconds := time.UnixMilli(ms).In(zone).Zone()
	return int64(seconds) * 1000
}

// StartOfDay is the first instant (milliseconds) of the calendar day in zone. Where clocks skip midnight it is the
// instant at which they do; of a day that they skip whole it is the start of the next.
func StartOfDay(days int64, zone *time.Location) int64 {
	wall := days * day
	t := local(wall, zone)
	if t+offset(t, zone) == wall {
		return t
	}
	skip, _ := time.UnixMilli(t).In(zone).ZoneBounds()
	return skip.UnixMilli()
}
