package sheet

import (
	"fmt"
	"strings"
)

// parseClock reads HH:MM[:SS[.fff]] with AM, PM, 上午 or 下午 and a zone, 14时30分, and behind a compact date HHMM[SS].
func parseClock(s string, compact, chinese bool) (clock, zone string, ok bool) {
	body := strings.TrimLeft(s, " ")
	separated := body != s
	if rest, found := strings.CutPrefix(body, "T"); found {
		body, separated = rest, true
	}
	if compact && (len(body) == 6 || len(body) == 4) && isDigits(body) {
		body = body[:2] + ":" + body[2:4] + strings.TrimSuffix(":"+body[4:], ":")
		separated = true
	}
	body, before, marked := meridiem(body, strings.CutPrefix)
	if !separated && !marked && !chinese {
		return "", "", false
	}
	h, body, ok := digits(body, 1, 2)
	if !ok {
		return "", "", false
	}
	body, ok = cutAny(body, ":", "时", "時", "点")
	if !ok {
		return "", "", false
	}
	var m, sec int
	fraction := ""
	if m, body, ok = digits(body, 2, 2); !ok {
		return "", "", false
	}
	if next, found := cutAny(body, ":", "分"); found {
		if sec, next, ok = digits(next, 2, 2); ok {
			fraction, next = cutFraction(next)
			body, _ = strings.CutPrefix(next, "秒")
		} else if strings.HasPrefix(body, "分") {
			sec, body = 0, strings.TrimPrefix(body, "分")
		} else {
			return "", "", false
		}
	}
	zone, body, ok = cutZone(strings.TrimSpace(body))
	if !ok {
		return "", "", false
	}
	body, after, also := meridiem(body, strings.CutSuffix)
	if marked && also || strings.TrimSpace(body) != "" {
		return "", "", false
	}
	if marked || also {
		if h < 1 || h > 12 {
			return "", "", false
		}
		h %= 12
		if before == "pm" || after == "pm" {
			h += 12
		}
	}
	if h > 23 || m > 59 || sec > 59 {
		return "", "", false
	}
	return fmt.Sprintf("%02d:%02d:%02d%s", h, m, sec, fraction), zone, true
}

func cutAny(s string, prefixes ...string) (string, bool) {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return rest, true
		}
	}
	return s, false
}

func meridiem(s string, cut func(s, part string) (string, bool)) (rest, half string, ok bool) {
	for _, w := range []struct{ word, half string }{
		{"上午", "am"}, {"下午", "pm"}, {"AM", "am"}, {"PM", "pm"}, {"am", "am"}, {"pm", "pm"}, {"a.m.", "am"}, {"p.m.", "pm"},
	} {
		if rest, ok := cut(s, w.word); ok {
			return strings.TrimSpace(rest), w.half, true
		}
	}
	return s, "", false
}

// cutFraction reads parts of a second, to the millisecond.
func cutFraction(s string) (fraction, rest string) {
	if !strings.HasPrefix(s, ".") {
		return "", s
	}
	i := 1
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if fraction = strings.TrimRight(s[:min(i, 4)], "0"); fraction == "." {
		fraction = ""
	}
	return fraction, s[i:]
}

// cutZone reads a zone at the end of a time. ok is false for a zone that is none.
func cutZone(s string) (zone, rest string, ok bool) {
	for _, z := range []string{"Z", "UTC", "GMT"} {
		if r, found := strings.CutSuffix(s, z); found {
			return "Z", strings.TrimSpace(r), true
		}
	}
	i := strings.LastIndexAny(s, "+-")
	if i < 0 {
		return "", s, true
	}
	h, r, ok := digits(s[i+1:], 2, 2)
	if !ok {
		return "", s, false
	}
	m := 0
	if r = strings.TrimPrefix(r, ":"); r != "" {
		if m, r, ok = digits(r, 2, 2); !ok || r != "" {
			return "", s, false
		}
	}
	if h > 14 || m > 59 {
		return "", s, false
	}
	return fmt.Sprintf("%c%02d:%02d", s[i], h, m), strings.TrimSpace(s[:i]), true
}
