package value

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// MaxScale is the largest number of decimals a field may keep.
const MaxScale = 10

// maxUnscaled is the largest integer every float64 holds exactly with its neighbours; a stored number, shifted by its
// scale, stays within it, so that Go, TypeScript, SQLite and MongoDB agree on every digit.
const maxUnscaled = 1<<53 - 1

// ErrRange is returned for a number that cannot be kept exactly at its scale.
var ErrRange = errors.New("number out of range")

// Text is the shortest decimal text that reads back as f, without exponent.
func Text(f float64) string {
	if f == 0 {
		return "0"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// Round rounds half away from zero at scale decimals, working on the shortest decimal text, so that 1.005 becomes 1.01
// as a person expects. Scale may be negative (-3 rounds to thousands). NaN and infinities come back unchanged, and so does
// a number that rounding would carry beyond the range of a float64.
func Round(f float64, scale int) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return f
	}
	if f == 0 {
		return 0 // not -0
	}
	digits, exp, neg := decimal(f)
	// digits represent 0.d1d2d3... * 10^exp; keep exp+scale of them
	keep := exp + scale
	if keep >= len(digits) {
		return f
	}
	if keep < 0 {
		return 0
	}
	up := digits[keep] >= '5'
	b := append([]byte{'0'}, digits[:keep]...)
	if up {
		for i := len(b) - 1; ; i-- {
			if b[i] != '9' {
				b[i]++
				break
			}
			b[i] = '0'
		}
	}
	r, _ := strconv.ParseFloat(string(b)+"e"+strconv.Itoa(-scale), 64)
	if math.IsInf(r, 0) {
		return f
	}
	if neg && r != 0 {
		r = -r
	}
	return r
}

// decimal gives the shortest digits of |f|, without dot and trailing zeros, and exp so that |f| = 0.DIGITS * 10^exp.
func decimal(f float64) (digits []byte, exp int, neg bool) {
	s := strconv.FormatFloat(f, 'e', -1, 64)
	if s[0] == '-' {
		neg = true
		s = s[1:]
	}
	m, e, _ := strings.Cut(s, "e")
	exp, _ = strconv.Atoi(e)
	digits = make([]byte, 0, len(m))
	for i := 0; i < len(m); i++ {
		if m[i] != '.' {
			digits = append(digits, m[i])
		}
	}
	return digits, exp + 1, neg
}

// Scaled is f shifted by scale decimals as an integer, rounded half away from zero: Scaled(12.345, 2) = 1235.
// ErrRange when the result is not exact within 2^53.
func Scaled(f float64, scale int) (int64, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, ErrRange
	}
	if f == 0 {
		return 0, nil
	}
	if scale == 0 && f == math.Trunc(f) && math.Abs(f) <= maxUnscaled {
		return int64(f), nil
	}
	digits, exp, neg := decimal(f)
	keep := exp + scale
	if keep < 0 {
		return 0, nil
	}
	if keep > 16 {
		return 0, ErrRange
	}
	var n int64
	for i := 0; i < keep; i++ {
		n *= 10
		if i < len(digits) {
			n += int64(digits[i] - '0')
		}
	}
	if keep < len(digits) && digits[keep] >= '5' {
		n++
	}
	if n > maxUnscaled {
		return 0, ErrRange
	}
	if neg {
		n = -n
	}
	return n, nil
}

var pow10 = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10}

// Unscaled is the inverse of Scaled: Unscaled(1235, 2) = 12.35. Exact to the shortest text, because both operands are
// exact and the division is correctly rounded: Unscaled(Scaled(f)) is f for every f of at most scale decimals. The other
// way round holds for integers of up to 15 digits; beyond them (90071992547409.91) two neighbours at a scale above 0 may
// be one float64.
func Unscaled(n int64, scale int) float64 {
	if scale == 0 {
		return float64(n)
	}
	return float64(n) / pow10[scale]
}

// Decimal is an exact decimal of any size: a sum over many records. It marshals to a JSON number.
type Decimal struct {
	Unscaled *big.Int
	Scale    int
}

// NewDecimal makes unscaled * 10^-scale.
func NewDecimal(unscaled int64, scale int) Decimal {
	return Decimal{big.NewInt(unscaled), scale}
}

// String is the plain decimal text without trailing zeros: "12.3", "-0.05", "10005534".
func (d Decimal) String() string {
	if d.Unscaled == nil {
		return "0"
	}
	s := new(big.Int).Abs(d.at(max(d.Scale, 0))).String()
	if d.Scale > 0 {
		if len(s) <= d.Scale {
			s = strings.Repeat("0", d.Scale-len(s)+1) + s
		}
		s = strings.TrimRight(s[:len(s)-d.Scale]+"."+s[len(s)-d.Scale:], "0")
		s = strings.TrimSuffix(s, ".")
	}
	if d.Unscaled.Sign() < 0 {
		s = "-" + s
	}
	return s
}

// MarshalJSON writes the decimal as a JSON number with all its digits.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

// Float is the nearest float64.
func (d Decimal) Float() float64 {
	f, _ := strconv.ParseFloat(d.String(), 64)
	return f
}

// Cmp compares two decimals exactly.
func (d Decimal) Cmp(o Decimal) int {
	a, b := d.at(max(d.Scale, o.Scale)), o.at(max(d.Scale, o.Scale))
	return a.Cmp(b)
}

// Add sums exactly; the result has the larger scale.
func (d Decimal) Add(o Decimal) Decimal {
	s := max(d.Scale, o.Scale)
	return Decimal{new(big.Int).Add(d.at(s), o.at(s)), s}
}

func (d Decimal) at(scale int) *big.Int {
	n := d.Unscaled
	if n == nil {
		n = new(big.Int)
	}
	if scale == d.Scale {
		return n
	}
	m := power(scale - d.Scale)
	return m.Mul(m, n)
}

// power is 10^n, 1 for a negative n.
func power(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, 0))), nil)
}

// Quo divides exactly and rounds half away from zero at scale decimals; scale may be negative, as in Round. ok is false
// for a zero divisor.
func (d Decimal) Quo(by Decimal, scale int) (q Decimal, ok bool) {
	s := max(d.Scale, by.Scale)
	n, m := d.at(s), by.at(s)
	if m.Sign() == 0 {
		return Decimal{}, false
	}
	num := new(big.Int).Mul(power(scale), n)
	num.Mul(num, big.NewInt(2))
	den := new(big.Int).Mul(power(-scale), m)
	den.Abs(den)
	if m.Sign() < 0 {
		num.Neg(num)
	}
	neg := num.Sign() < 0
	num.Abs(num).Add(num, den)
	den.Mul(den, big.NewInt(2))
	num.Quo(num, den)
	if neg {
		num.Neg(num)
	}
	return Decimal{num, scale}, true
}
