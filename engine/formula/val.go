package formula

import (
	"math"
	"strconv"
	"strings"
	"time"

	"formwork/schemas/value"
)

// val is a value while it is computed: no boxing, passed in registers.
type val struct {
	k kind
	n float64 // number; bool as 0 or 1; date in days; datetime in milliseconds
	s string  // text
	r any     // []any or map[string]any
}

var nothing = val{k: kEmpty}

func number(f float64) val { return val{k: kNumber, n: f} }
func text(s string) val    { return val{k: kText, s: s} }
func date(days int64) val  { return val{k: kDate, n: float64(days)} }
func instant(ms int64) val { return val{k: kInstant, n: float64(ms)} }
func list(l []any) val     { return val{k: kList, r: l} }

func boolean(b bool) val {
	if b {
		return val{k: kBool, n: 1}
	}
	return val{k: kBool}
}

// box is the value as the outside sees it.
func (v val) box() any {
	switch v.k {
	case kNumber:
		return v.n
	case kText:
		return v.s
	case kBool:
		return v.n != 0
	case kDate:
		return Date(v.n)
	case kInstant:
		return Instant(v.n)
	case kList, kObject:
		return v.r
	}
	return nil
}

// from reads a value of a record, a variable or a list as its static kind. What does not fit is empty with an error.
func (m *machine) from(raw any, k kind, at *node) val {
	switch x := raw.(type) {
	case nil:
		return nothing
	case float64:
		if (k == kNumber || k == kAny) && !math.IsNaN(x) && !math.IsInf(x, 0) {
			return number(x)
		}
	case string:
		switch {
		case k == kText || k == kAny:
			return text(x)
		case x == "":
			return nothing
		case k == kDate:
			if d, err := value.ParseDate(x); err == nil {
				return date(d)
			}
		case k == kInstant:
			if ms, err := value.ParseInstant(x); err == nil {
				return instant(ms)
			}
			if d, err := value.ParseDate(x); err == nil {
				return instant(value.StartOfDay(d, m.env.Zone))
			}
		}
	case bool:
		if k == kBool || k == kAny {
			return boolean(x)
		}
	case Date:
		if k == kDate || k == kAny {
			return date(int64(x))
		}
		if k == kInstant {
			return instant(value.StartOfDay(int64(x), m.env.Zone))
		}
	case Instant:
		if k == kInstant || k == kAny {
			return instant(int64(x))
		}
	case []any:
		if k == kList || k == kAny {
			return val{k: kList, r: raw}
		}
	case map[string]any:
		if k == kObject || k == kAny {
			return val{k: kObject, r: raw}
		}
	case int:
		return m.from(float64(x), k, at)
	case int64:
		return m.from(float64(x), k, at)
	}
	if k == kEmpty {
		return nothing
	}
	m.note("type", at)
	return nothing
}

// asNumber: empty and what has no number is 0.
func (m *machine) asNumber(v val, at *node) float64 {
	switch v.k {
	case kNumber:
		return v.n
	case kEmpty:
		return 0
	}
	m.note("type", at)
	return 0
}

func (m *machine) asBool(v val, at *node) bool {
	switch v.k {
	case kBool:
		return v.n != 0
	case kEmpty:
		return false
	}
	m.note("type", at)
	return false
}

// asText is the text of anything that prints. A datetime is written as wall-clock time of the zone.
func (m *machine) asText(v val, at *node) string {
	switch v.k {
	case kText:
		return v.s
	case kEmpty:
		return ""
	case kNumber:
		return value.Text(v.n)
	case kBool:
		return strconv.FormatBool(v.n != 0)
	case kDate:
		return value.FormatDate(int64(v.n))
	case kInstant:
		return time.UnixMilli(int64(v.n)).In(m.env.Zone).Format("2006-01-02 15:04:05")
	}
	m.note("type", at)
	return ""
}

// asList: a list, none for empty.
func (m *machine) asList(v val, at *node) []any {
	switch v.k {
	case kList:
		l, _ := v.r.([]any)
		return l
	case kEmpty:
		return nil
	}
	m.note("type", at)
	return nil
}

// empty: nil, blank text, no elements, no fields. Zero and false are values.
func (v val) empty() bool {
	switch v.k {
	case kEmpty:
		return true
	case kText:
		return v.s == ""
	case kList:
		l, _ := v.r.([]any)
		return len(l) == 0
	case kObject:
		o, _ := v.r.(map[string]any)
		return len(o) == 0
	}
	return false
}

// digits15 rounds to 15 significant digits, to which a spreadsheet compares.
func digits15(f float64) float64 {
	if f == 0 || math.IsNaN(f) || math.IsInf(f, 0) {
		return f
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	e := strings.IndexByte(s, 'e')
	exp, _ := strconv.Atoi(s[e+1:])
	return value.Round(f, 14-exp)
}

// order compares numbers that agree in 15 significant digits as equal.
func order(a, b float64) int {
	if a == b {
		return 0
	}
	if d := math.Abs(a - b); d <= 1e-14*math.Max(math.Abs(a), math.Abs(b)) && digits15(a) == digits15(b) {
		return 0
	}
	if a < b {
		return -1
	}
	return 1
}
