package sheet

import "strings"

// A spreadsheet program runs a CSV cell that begins like a formula, whoever typed it. guard puts an apostrophe before
// such text, the sign by which people mark a cell as text; unguard takes it off again, so that an export can be imported.
// Text that already has apostrophes before such a sign gets one more, which makes the pair exact.

// guard leaves plain numbers alone: -5 is no formula.
func guard(s string) string {
	bare := strings.TrimLeft(s, "'")
	if !startsFormula(bare) {
		return s
	}
	if bare == s && (s[0] == '-' || s[0] == '+') {
		if _, ok := plainDecimal(s); ok {
			return s
		}
	}
	return "'" + s
}

// unguard also takes off a leading tab, by which other systems keep leading zeros ("\t03244509").
func unguard(s string) string {
	if len(s) > 1 && s[0] == '\t' {
		return s[1:]
	}
	if len(s) > 1 && s[0] == '\'' && startsFormula(strings.TrimLeft(s, "'")) {
		return s[1:]
	}
	return s
}

// startsFormula follows OWASP's list for CSV injection, full-width signs included, which East Asian editions accept.
func startsFormula(s string) bool {
	for _, p := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
