package sheet

import "strings"

// numberStyle is what matters of a number format.
type numberStyle struct {
	date, clock, elapsed, fraction bool // shows a calendar day, a time, hours beyond 24, parts of a second
	hint                           Hint
}

func (s numberStyle) temporal() bool { return s.date || s.clock || s.elapsed }

// builtinStyle is the meaning of the format ids that files use without spelling them out (ECMA-376 part 1, 18.8.30). 27
// to 36 and 50 to 58 are dates and times in East Asian editions and unused elsewhere.
func builtinStyle(id int) numberStyle {
	switch {
	case id == 9 || id == 10:
		return numberStyle{hint: HintPercent}
	case id >= 5 && id <= 8, id == 42, id == 44:
		return numberStyle{hint: HintCurrency}
	case id == 22:
		return numberStyle{date: true, clock: true}
	case id >= 18 && id <= 21, id == 45, id >= 32 && id <= 35, id == 55, id == 56:
		return numberStyle{clock: true}
	case id == 46:
		return numberStyle{clock: true, elapsed: true}
	case id == 47:
		return numberStyle{clock: true, fraction: true}
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
		return numberStyle{date: true}
	}
	return numberStyle{}
}

// parseNumberFormat reads a format code such as `yyyy"年"m"月"d"日"`, `[$-804]h:mm:ss;@`, `[h]:mm` or `¥#,##0.00`. Only the
// first section counts: the others are for negative numbers, zero and text.
func parseNumberFormat(code string) numberStyle {
	var s numberStyle
	if strings.EqualFold(strings.TrimSpace(code), "general") {
		return s
	}
	bare, brackets := stripLiterals(code)
	for _, b := range brackets {
		if body := strings.ToLower(b); body != "" && strings.Trim(body, "h") == "" || body != "" && strings.Trim(body, "m") == "" ||
			body != "" && strings.Trim(body, "s") == "" {
			s.elapsed, s.clock = true, true
		}
		if strings.HasPrefix(b, "$") && len(b) > 1 && b[1] != '-' {
			s.hint = HintCurrency
		}
	}
	if strings.ContainsAny(code, "¥￥$€£") && s.hint == HintNone && containsCurrency(code) {
		s.hint = HintCurrency
	}
	if strings.Contains(bare, "%") {
		s.hint = HintPercent
	}
	letters := strings.ToLower(bare)
	numeric := strings.ContainsAny(letters, "#?") || strings.Contains(letters, "0.00e") || strings.Contains(letters, "e+") ||
		strings.Contains(letters, "e-")
	if numeric {
		return s
	}
	s.date = strings.ContainsAny(letters, "yd") || strings.Contains(letters, "e") || strings.Contains(letters, "gg")
	s.clock = s.clock || strings.ContainsAny(letters, "hs")
	if strings.Contains(letters, "m") && (!s.clock || strings.Contains(letters, "mmm")) {
		s.date = true // minutes need an hour or a second beside them
	}
	s.fraction = s.clock && strings.Contains(letters, "s.0")
	if s.temporal() {
		s.hint = HintNone
	}
	return s
}

// stripLiterals takes quoted text, escaped characters, padding and bracketed parts out of the first section.
func stripLiterals(code string) (bare string, brackets []string) {
	var b strings.Builder
	rs := []rune(code)
	for i := 0; i < len(rs); i++ {
		switch rs[i] {
		case '"':
			for i++; i < len(rs) && rs[i] != '"'; i++ {
			}
		case '\\', '_', '*':
			i++
		case '[':
			start := i + 1
			for i++; i < len(rs) && rs[i] != ']'; i++ {
			}
			brackets = append(brackets, string(rs[start:min(i, len(rs))]))
		case ';':
			return b.String(), brackets
		default:
			b.WriteRune(rs[i])
		}
	}
	bare = b.String()
	return bare, brackets
}

// containsCurrency: a sign outside brackets; "[$-804]" only names a language.
func containsCurrency(code string) bool {
	for {
		open := strings.IndexByte(code, '[')
		if open < 0 {
			return strings.ContainsAny(code, "¥￥$€£")
		}
		if strings.ContainsAny(code[:open], "¥￥$€£") {
			return true
		}
		end := strings.IndexByte(code[open:], ']')
		if end < 0 {
			return false
		}
		code = code[open+end+1:]
	}
}
