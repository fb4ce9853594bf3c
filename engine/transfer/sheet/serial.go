package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// maxSerial is 9999-12-31, the last day a spreadsheet knows.
const maxSerial = 2958465

// serialCell turns the number of a date cell into a date. ok is false for days no calendar has: below zero, past the year
// 9999, and serial 60, the 29th of February 1900 that spreadsheets inherited from a bug of Lotus 1-2-3.
//
// What the format hides is not lost: a cell shown as a day but holding an hour is a date-time, and so is a cell shown as
// an hour but holding a day.
func serialCell(serial float64, is1904 bool, style numberStyle) (Cell, bool) {
	unit := time.Second
	if style.fraction {
		unit = time.Millisecond
	}
	perDay := float64(24 * time.Hour / unit)
	if !(serial >= 0 && serial < maxSerial+1) {
		return Cell{}, false
	}
	ticks := int64(math.Round(serial * perDay))
	days, rest := ticks/int64(perDay), ticks%int64(perDay)
	clock := time.Duration(rest) * unit
	if !style.date && (days == 0 || style.elapsed) {
		return Cell{Text: clockText(time.Duration(ticks)*unit, style.fraction), Kind: KindTime}, true
	}
	day, ok := serialDay(days, is1904)
	if !ok {
		return Cell{}, false
	}
	if rest == 0 && !style.clock {
		return Cell{Text: day.Format(time.DateOnly), Kind: KindDate}, true
	}
	return Cell{Text: day.Format(time.DateOnly) + "T" + clockText(clock, style.fraction), Kind: KindDateTime}, true
}

func serialDay(days int64, is1904 bool) (time.Time, bool) {
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case is1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 60 || days == 0:
		return time.Time{}, false
	case days < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	day := epoch.AddDate(0, 0, int(days))
	return day, day.Year() <= 9999
}

func clockText(d time.Duration, fraction bool) string {
	s := fmt.Sprintf("%02d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	if ms := d.Milliseconds() % 1000; fraction && ms != 0 {
		s += fmt.Sprintf(".%03d", ms)
	}
	return s
}

// plainDecimal writes a number without an exponent. Up to 17 significant digits the text is a binary double that someone
// printed in full (41.913600000000002), and its shortest form (41.9136) is what was meant; whole numbers, and texts with
// more digits than a double has, stay digit for digit.
func plainDecimal(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 400 {
		return "", false
	}
	digits, significant, whole, plain := 0, 0, true, true
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
			if significant > 0 || r != '0' {
				significant++
			}
		case r == '-' && i == 0:
		case r == '.':
			whole = false
		case r == 'e' || r == 'E' || r == '+' || r == '-':
			plain = false
		default:
			return "", false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || digits == 0 || math.IsInf(f, 0) || math.IsNaN(f) {
		return "", false
	}
	if plain && (whole || significant > 17) && s[0] != '.' {
		return s, true
	}
	return strconv.FormatFloat(f, 'f', -1, 64), true
}
