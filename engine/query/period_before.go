package query

import "formwork/schemas/value"

// Span is a range of days, both included.
type Span struct{ From, To int64 }

// Days is how many there are.
func (s Span) Days() int64 { return s.To - s.From + 1 }

// longestSpan is how long a span may be to have one before it.
const longestSpan = 400 * 366

// Before is the span that comes before another: the month before a month, the quarter before a quarter, the six months
// before six months, the thirty days before thirty days. ok is false where there is none: all time, or an open end.
func Before(s Span) (Span, bool) {
	if s.Days() < 1 || s.Days() > longestSpan {
		return Span{}, false
	}
	for _, u := range []value.Unit{value.Year, value.Quarter, value.Month, value.Week} {
		if u.Floor(s.From) == s.From && u.Next(s.To) == s.To+1 {
			n := 1
			for u.Add(s.From, n) <= s.To {
				n++
			}
			return Span{u.Add(s.From, -n), s.From - 1}, true
		}
	}
	return Span{s.From - s.Days(), s.From - 1}, true
}

// YearBefore is the same span a year earlier.
func YearBefore(s Span) (Span, bool) {
	if s.Days() < 1 || s.Days() > longestSpan {
		return Span{}, false
	}
	out := Span{value.Year.Add(s.From, -1), value.Year.Add(s.To, -1)}
	if value.Month.Next(s.To) == s.To+1 { // to the end of a month stays so: 2023-02-28 for 2024-02-29
		out.To = value.Month.Next(out.To) - 1
	}
	return out, true
}

// Elapsed is the part of a span that lies before the end of a day; the whole where that is past, nothing where it is still
// to come.
func (s Span) Elapsed(today int64) int64 { return max(0, min(s.To, today)-s.From+1) }

// First keeps the first days of a span.
func (s Span) First(days int64) Span { return Span{s.From, min(s.To, s.From+days-1)} }
