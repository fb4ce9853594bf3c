package sheet

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// DateFormat is an order of year, month and day. Every format allows one-digit months and days (except YYYYMMDD), and a
// time with an optional zone behind the day.
type DateFormat string

const (
	DateISO      DateFormat = "YYYY-MM-DD"
	DateYMDSlash DateFormat = "YYYY/M/D"
	DateYMDDot   DateFormat = "YYYY.M.D"
	DateChinese  DateFormat = "YYYY年M月D日"
	DateDMYSlash DateFormat = "D/M/YYYY"
	DateMDYSlash DateFormat = "M/D/YYYY"
	DateDMYDot   DateFormat = "D.M.YYYY"
	DateDMonY    DateFormat = "D-MMM-YYYY"
	DateMonDY    DateFormat = "MMM D, YYYY"
	DateCompact  DateFormat = "YYYYMMDD"
	DateSerial   DateFormat = "serial" // the day number of a spreadsheet (1900); never tried unless asked for
)

// DateFormats are all formats that may be tried unasked, in order of preference.
func DateFormats() []DateFormat {
	return []DateFormat{DateISO, DateYMDSlash, DateYMDDot, DateChinese, DateDMYSlash, DateMDYSlash, DateDMYDot, DateDMonY, DateMonDY, DateCompact}
}

// Valid reports whether f is one of the formats above, DateSerial included.
func (f DateFormat) Valid() bool { return f.pattern() != "" || f == DateSerial }

// pattern in the small language of matchDay: Y four digits, M and D one or two, m and d two, N a month's name, others
// themselves.
func (f DateFormat) pattern() string {
	switch f {
	case DateISO:
		return "Y-M-D"
	case DateYMDSlash:
		return "Y/M/D"
	case DateYMDDot:
		return "Y.M.D"
	case DateChinese:
		return "Y年M月D日"
	case DateDMYSlash:
		return "D/M/Y"
	case DateMDYSlash:
		return "M/D/Y"
	case DateDMYDot:
		return "D.M.Y"
	case DateDMonY:
		return "D-N-Y"
	case DateMonDY:
		return "N D,Y"
	case DateCompact:
		return "Ymd"
	}
	return ""
}

// Date is a date read from text.
type Date struct {
	Text  string // YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SS[.fff] followed by Z or +HH:MM if a zone was written
	Kind  Kind   // KindDate or KindDateTime
	Zoned bool
}

// maxDateText is longer than any date.
const maxDateText = 64

// ParseDate reads text in one format; days that are on no calendar are refused.
func ParseDate(text string, f DateFormat) (Date, bool) {
	if len(text) > 4*maxDateText {
		return Date{}, false
	}
	s := normalise(text)
	if s == "" || len(s) > maxDateText {
		return Date{}, false
	}
	if f == DateSerial {
		return parseSerial(s)
	}
	pattern := f.pattern()
	if pattern == "" {
		return Date{}, false
	}
	y, m, d, rest, ok := matchDay(s, pattern)
	if !ok || !realDay(y, m, d) {
		return Date{}, false
	}
	day := fmt.Sprintf("%04d-%02d-%02d", y, m, d)
	if rest == "" {
		return Date{Text: day, Kind: KindDate}, true
	}
	clock, zone, ok := parseClock(rest, f == DateCompact, f == DateChinese)
	if !ok {
		return Date{}, false
	}
	return Date{Text: day + "T" + clock + zone, Kind: KindDateTime, Zoned: zone != ""}, true
}

func parseSerial(s string) (Date, bool) {
	text, ok := plainDecimal(s)
	if !ok {
		return Date{}, false
	}
	serial, err := strconv.ParseFloat(text, 64)
	if err != nil || serial < 1 {
		return Date{}, false
	}
	c, ok := serialCell(serial, false, numberStyle{date: true})
	return Date{Text: c.Text, Kind: c.Kind}, ok
}

func realDay(y, m, d int) bool {
	return y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= 31 &&
		time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Day() == d
}

func matchDay(s, pattern string) (y, m, d int, rest string, ok bool) {
	named := strings.Contains(pattern, "N")
	spaced := named || strings.Contains(pattern, "年")
	for _, p := range pattern {
		if spaced {
			s = strings.TrimLeft(s, " ")
		}
		switch p {
		case 'Y':
			y, s, ok = digits(s, 4, 4)
		case 'M':
			m, s, ok = digits(s, 1, 2)
		case 'D':
			d, s, ok = digits(s, 1, 2)
		case 'm':
			m, s, ok = digits(s, 2, 2)
		case 'd':
			d, s, ok = digits(s, 2, 2)
		case 'N':
			m, s, ok = monthName(s)
		case ' ':
			ok = true
		case '-', ',':
			// 5-Jan-2018 is also written 5 Jan 2018, and Jan 5, 2018 without the comma.
			var cut string
			if cut, ok = strings.CutPrefix(s, string(p)); ok {
				s = cut
			} else {
				ok = named
			}
		default:
			s, ok = strings.CutPrefix(s, string(p))
		}
		if !ok {
			return 0, 0, 0, "", false
		}
	}
	// A further digit would belong to the year or the day: 20180105 is no D/M/YYYY with a time behind.
	if s != "" && s[0] >= '0' && s[0] <= '9' && pattern != "Ymd" && !strings.HasSuffix(pattern, "日") {
		return 0, 0, 0, "", false
	}
	return y, m, d, s, true
}

func digits(s string, least, most int) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < most && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:], i >= least
}

// monthName reads an English month, in full or by three letters (and Sept), any case, with or without a dot.
func monthName(s string) (int, string, bool) {
	i := 0
	for i < len(s) && (s[i]|0x20) >= 'a' && (s[i]|0x20) <= 'z' {
		i++
	}
	word := strings.ToLower(s[:i])
	for m := time.January; m <= time.December; m++ {
		full := strings.ToLower(m.String())
		if word == full || word == full[:3] || m == time.September && word == "sept" {
			return int(m), strings.TrimPrefix(s[i:], "."), true
		}
	}
	return 0, s, false
}

// anyDate tries every format that may be tried unasked. Eight digits are a date only if the year is one of ours.
func anyDate(s string) (Date, bool) {
	if len(s) < 8 || len(s) > maxDateText {
		return Date{}, false
	}
	for _, f := range DateFormats() {
		d, ok := ParseDate(s, f)
		if ok && (f != DateCompact || d.Text >= "1900" && d.Text < "2101") {
			return d, true
		}
	}
	return Date{}, false
}
