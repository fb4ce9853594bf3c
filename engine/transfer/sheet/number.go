package sheet

import (
	"strings"

	"golang.org/x/text/width"
)

// NumberStyle is which sign groups and which divides.
type NumberStyle string

const (
	PointDecimal NumberStyle = "1,234.50"
	CommaDecimal NumberStyle = "1.234,50"
)

// Number is a number read from text.
type Number struct {
	Text     string // plain decimal; 12.5% is 0.125, 3.5万 is 35000, (5) is -5
	Scale    int    // digits behind the point of Text
	Percent  bool
	Currency string // as written: ¥, $, CNY, 元 ...; "" without one
	Padded   bool   // written with leading zeros, as codes are: 0042
}

// normalise prepares text typed by people: full-width digits and signs become narrow, white space at the ends goes.
func normalise(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if !ascii {
		s = width.Fold.String(strings.ToValidUTF8(s, "\uFFFD"))
	}
	return strings.TrimSpace(s)
}

// maxNumberText is longer than any number a person means; it keeps hostile text cheap.
const maxNumberText = 400

// ParseNumber reads a number as people write them: thousands separators in groups of three, currency signs, percent,
// parentheses for negative, full-width digits, the multipliers 万 and 亿, an exponent. It does not guess between styles:
// see NumberSettler for a column.
func ParseNumber(text string, style NumberStyle) (Number, bool) {
	s := normalise(text)
	if s == "" || len(s) > maxNumberText {
		return Number{}, false
	}
	var n Number
	negative := false
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		negative, s = true, strings.TrimSpace(s[1:len(s)-1])
		if strings.ContainsAny(s, "+-()") {
			return Number{}, false
		}
	}
	s, minus := cutSign(s)
	s, n.Currency = cutCurrency(s)
	if !minus {
		s, minus = cutSign(s)
	}
	negative = negative || minus
	var shift int
	s, n.Percent, shift = cutMultiplier(s)
	d, ok := parseDigits(s, style)
	if !ok || n.Percent && n.Currency != "" {
		return Number{}, false
	}
	d.scale -= shift
	n.Padded = d.padded
	n.Text, n.Scale = d.text(negative)
	return n, true
}

func cutSign(s string) (string, bool) {
	for _, p := range []string{"-", "−", "–"} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return strings.TrimPrefix(s, "+"), false
}

func cutCurrency(s string) (rest, sign string) {
	signs := []string{"US$", "HK$", "NT$", "¥", "$", "€", "£", "RMB", "CNY", "USD", "EUR", "HKD", "TWD", "JPY", "GBP", "元", "円"}
	upper := strings.ToUpper(s)
	if len(upper) != len(s) {
		return s, "" // a letter whose capital is longer: no currency has one
	}
	for _, c := range signs {
		if strings.HasPrefix(upper, c) {
			return strings.TrimSpace(s[len(c):]), c
		}
		if strings.HasSuffix(upper, c) {
			return strings.TrimSpace(s[:len(s)-len(c)]), c
		}
	}
	return s, ""
}

// cutMultiplier reads what stands behind the digits; shift is the power of ten it stands for.
func cutMultiplier(s string) (rest string, percent bool, shift int) {
	if r, ok := strings.CutSuffix(s, "%"); ok {
		return strings.TrimSpace(r), true, -2
	}
	for found := true; found && shift <= 12; {
		found = false
		for _, m := range []struct {
			suffix string
			shift  int
		}{{"万", 4}, {"萬", 4}, {"亿", 8}, {"億", 8}} {
			if r, ok := strings.CutSuffix(s, m.suffix); ok {
				s, found = strings.TrimSpace(r), true
				shift += m.shift
			}
		}
	}
	return s, false, shift
}

// decimal is digits without a point; its value is digits times ten to the power of -scale.
type decimal struct {
	digits string
	scale  int
	padded bool
}

func parseDigits(s string, style NumberStyle) (decimal, bool) {
	if i := strings.IndexAny(s, "eE"); i > 0 && style == PointDecimal {
		plain, ok := plainDecimal(s)
		if !ok || strings.HasPrefix(plain, "-") {
			return decimal{}, false
		}
		s = plain
	}
	group, point := ",", "."
	if style == CommaDecimal {
		group, point = ".", ","
	}
	whole, fraction, divided := strings.Cut(s, point)
	if style == CommaDecimal && strings.Contains(whole, " ") {
		whole = strings.ReplaceAll(whole, " ", group) // 1 234,50
	}
	if strings.Contains(whole, "'") && !strings.Contains(whole, group) {
		whole = strings.ReplaceAll(whole, "'", group) // 1'234.50
	}
	if parts := strings.Split(whole, group); len(parts) > 1 {
		for i, p := range parts {
			if i == 0 && (p == "" || len(p) > 3 || p[0] == '0') || i > 0 && len(p) != 3 {
				return decimal{}, false
			}
		}
		whole = strings.Join(parts, "")
	}
	if whole == "" && fraction == "" || divided && whole == "" && !isDigits(fraction) || !isDigits(whole) || !isDigits(fraction) {
		return decimal{}, false
	}
	return decimal{digits: whole + fraction, scale: len(fraction), padded: len(whole) > 1 && whole[0] == '0'}, true
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func (d decimal) text(negative bool) (string, int) {
	digits, scale := d.digits, d.scale
	if scale < 0 {
		digits, scale = digits+strings.Repeat("0", -scale), 0
	}
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	whole := strings.TrimLeft(digits[:len(digits)-scale], "0")
	if whole == "" {
		whole = "0"
	}
	if scale > 0 {
		whole += "." + digits[len(digits)-scale:]
	}
	if negative && strings.Trim(digits, "0") != "" {
		whole = "-" + whole
	}
	return whole, scale
}

// NumberVerdict is what the values of a column say about their style.
type NumberVerdict struct {
	Style   NumberStyle // PointDecimal unless the column settles the other
	Settled bool        // false: some value reads differently in the other style, and none decides
	Values  int         // that are numbers in Style
	Other   int         // that are none
	Row     int         // unsettled: the first row on which the styles differ ...
	Text    string      // ... and its text
}

// NumberSettler decides whether a column writes 1,234.50 or 1.234,50: a style is out as soon as one value is a number
// only in the other.
type NumberSettler struct {
	point, comma, both, none int
	row                      int
	text                     string
}

// Add takes the text of one value; empty text is ignored.
func (s *NumberSettler) Add(row int, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	p, okPoint := ParseNumber(text, PointDecimal)
	c, okComma := ParseNumber(text, CommaDecimal)
	switch {
	case okPoint && okComma:
		s.both++
		if p.Text != c.Text && s.row == 0 {
			s.row, s.text = row, text
		}
	case okPoint:
		s.point++
	case okComma:
		s.comma++
	default:
		s.none++
	}
}

// Verdict of the values so far.
func (s *NumberSettler) Verdict() NumberVerdict {
	v := NumberVerdict{Style: PointDecimal, Settled: true, Values: s.point + s.both, Other: s.comma + s.none}
	switch {
	case s.comma > 0 && s.point == 0:
		v = NumberVerdict{Style: CommaDecimal, Settled: true, Values: s.comma + s.both, Other: s.none}
	case s.comma > 0 || s.point == 0 && s.row != 0:
		v.Settled, v.Row, v.Text = false, s.row, s.text
	}
	return v
}
