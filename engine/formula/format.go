package formula

import (
	"fmt"
	"math"
	"strings"
	"time"

	"formwork/schemas/value"
)

// maxPattern bounds a pattern of text(value, pattern).
const maxPattern = 64

// format writes a number or a time by a pattern; ok is false for a pattern that does not fit the value.
func (m *machine) format(v val, pattern string) (s string, ok bool) {
	switch v.k {
	case kEmpty:
		return "", true
	case kNumber:
		return formatNumber(v.n, pattern)
	case kDate:
		return formatTime(time.Unix(int64(v.n)*86400, 0).UTC(), pattern)
	case kInstant:
		return formatTime(time.UnixMilli(int64(v.n)).In(m.env.Zone), pattern)
	}
	return "", false
}

// validPattern tells of a literal pattern whether it fits a kind.
func validPattern(pattern string, k kind) bool {
	ok := true
	switch k {
	case kNumber:
		_, ok = formatNumber(0, pattern)
	case kDate, kInstant:
		_, ok = formatTime(time.Unix(0, 0).UTC(), pattern)
	}
	return ok && len(pattern) <= maxPattern
}

// formatNumber knows one run of # , 0 and . with anything else around it; % multiplies by 100. Optional decimals (#
// after the dot) are left out when zero.
func formatNumber(f float64, pattern string) (string, bool) {
	from := strings.IndexAny(pattern, "#0")
	if from < 0 || len(pattern) > maxPattern {
		return "", false
	}
	to := from
	for to < len(pattern) && strings.IndexByte("#0,.", pattern[to]) >= 0 {
		to++
	}
	prefix, digits, suffix := pattern[:from], pattern[from:to], pattern[to:]
	if strings.ContainsAny(suffix, "#0") {
		return "", false
	}
	if strings.Contains(prefix+suffix, "%") {
		f = digits15(f * 100)
	}
	whole, decimals, _ := strings.Cut(digits, ".")
	if strings.ContainsAny(decimals, ".,") {
		return "", false
	}
	group := strings.Contains(whole, ",")
	least := strings.Count(whole, "0")
	f = value.Round(f, len(decimals))
	i, d, _ := strings.Cut(value.Text(math.Abs(f)), ".")
	if i == "0" && least == 0 {
		i = ""
	}
	for len(i) < least {
		i = "0" + i
	}
	if group {
		for at := len(i) - 3; at > 0; at -= 3 {
			i = i[:at] + "," + i[at:]
		}
	}
	keep := strings.LastIndexByte(decimals, '0') + 1
	for len(d) < keep {
		d += "0"
	}
	if d != "" {
		i += "." + d
	}
	sign := ""
	if f < 0 {
		sign = "-"
	}
	return sign + prefix + i + suffix, true
}

// formatTime knows yyyy yy M MM d dd H HH h hh m mm s ss; mm is the month unless hours stand before or seconds behind
// it, as in a spreadsheet. Other letters are refused, everything else stands for itself.
func formatTime(t time.Time, pattern string) (string, bool) {
	if len(pattern) > maxPattern {
		return "", false
	}
	var b strings.Builder
	hours := false
	for i := 0; i < len(pattern); {
		c := pattern[i]
		j := i + 1
		for j < len(pattern) && pattern[j] == c {
			j++
		}
		part, width := -1, j-i
		switch c {
		case 'y', 'Y':
			part = t.Year()
			if width == 2 {
				part %= 100
			} else if width != 4 {
				return "", false
			}
		case 'M':
			part, hours = int(t.Month()), false
		case 'm':
			part = int(t.Month())
			if hours || strings.HasPrefix(strings.TrimLeft(pattern[j:], ":"), "s") {
				part = t.Minute()
			}
		case 'd', 'D':
			part = t.Day()
		case 'h', 'H':
			part, hours = t.Hour(), true
		case 's', 'S':
			part = t.Second()
		default:
			if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
				return "", false
			}
			b.WriteString(pattern[i:j])
			i = j
			continue
		}
		if width > 2 && width != 4 || width == 4 && c|0x20 != 'y' {
			return "", false
		}
		fmt.Fprintf(&b, "%0*d", width, part)
		i = j
	}
	return b.String(), true
}
