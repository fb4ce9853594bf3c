// Package value holds the canonical values that definitions, records, filters and formulas share: their ordering,
// equality, empties, rounding, dates, time zones, text folding and sort keys.
//
// Floor 0: pure, imports nothing of ours but problem. A value in a record is one of
//
//	nil, string, float64, bool, []any, map[string]any
//
// as decoded from JSON by Decode. Dates are "YYYY-MM-DD" and date-times RFC 3339 in UTC with milliseconds. Empty (nil,
// "", [], {}) is absent from a document.
package value
