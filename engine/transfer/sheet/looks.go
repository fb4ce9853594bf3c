package sheet

import "strings"

func boolWord(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "y", "n", "是", "否", "真", "假", "有", "无", "√", "×", "✓", "✗":
		return true
	}
	return false
}

// looksLikeEmail is a guess for a preview, not a check: one @, a dot in the part behind it, no white space.
func looksLikeEmail(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	if !ok || name == "" || strings.ContainsAny(s, " \t\n,;<>") || strings.Contains(host, "@") {
		return false
	}
	dot := strings.LastIndexByte(host, '.')
	return dot > 0 && dot < len(host)-1
}

func looksLikeURL(s string) bool {
	lower := strings.ToLower(s)
	if strings.ContainsAny(s, " \t\n") {
		return false
	}
	for _, p := range []string{"http://", "https://", "ftp://"} {
		if rest, ok := strings.CutPrefix(lower, p); ok {
			return rest != ""
		}
	}
	return strings.HasPrefix(lower, "www.") && strings.Count(lower, ".") > 1
}

// looksLikePhone: a Chinese mobile or trunk number, an international number with +, or ten and more digits in groups.
// Bare digits of any other shape are numbers.
func looksLikePhone(s string) bool {
	plus := strings.HasPrefix(s, "+") || strings.HasPrefix(s, "00")
	groups, n := 0, 0
	var digits strings.Builder
	inGroup := false
	for _, r := range strings.TrimPrefix(s, "+") {
		switch {
		case r >= '0' && r <= '9':
			if !inGroup {
				groups++
			}
			inGroup = true
			n++
			digits.WriteRune(r)
		case r == ' ' || r == '-' || r == '(' || r == ')':
			inGroup = false
		default:
			return false
		}
	}
	d := digits.String()
	switch {
	case n < 7 || n > 15:
		return false
	case n == 11 && d[0] == '1' && d[1] >= '3':
		return groups == 1 || groups == 3
	case plus:
		return n >= 9
	case d[0] == '0':
		return n >= 10 && n <= 12 && groups == 2
	}
	return n == 10 && (groups == 3 || groups == 2 && strings.HasPrefix(s, "("))
}
