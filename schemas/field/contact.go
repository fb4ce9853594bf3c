package field

import (
	"net/url"
	"regexp"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// Longest values in runes.
const (
	MaxPhone = 40
	MaxEmail = 254
	MaxURL   = 2_048
)

// phonePattern: digits with the usual separators and at most one extension; an ECMA-262 expression as well.
const phonePattern = `^\+?[0-9(][0-9 ().\-/]*( ?(x|ext\.?|转|#) ?[0-9]{1,8})?$`

var aPhone = regexp.MustCompile(phonePattern)

// phone is kept as typed, but for full-width forms, which become ASCII, and runs of white space, which become one space.
var phone = checked(Type{
	Key:      "phone",
	Settings: []string{"unique", "search"},
	Expr:     "text",
	Storage:  searched,
	Schema: func(*definition.Field) map[string]any {
		return map[string]any{"type": "string", "pattern": phonePattern, "maxLength": MaxPhone}
	},
	Coerce:    coercePhone,
	Operators: textOperators,
}, fine)

// email is one address without display name, kept as typed.
var email = checked(Type{
	Key:      "email",
	Settings: []string{"unique", "search"},
	Expr:     "text",
	Storage:  searched,
	Schema: func(*definition.Field) map[string]any {
		return map[string]any{"type": "string", "format": "email", "maxLength": MaxEmail}
	},
	Coerce: func(_ *definition.Field, v any, _ Env) (any, problem.List) {
		return line(v, MaxEmail, "not-an-email", isEmail)
	},
	Operators: textOperators,
}, fine)

// link is the address of a web page: http or https and nothing else, so that it can be shown as a link.
var link = checked(Type{
	Key:      "url",
	Settings: []string{"unique", "search"},
	Expr:     "text",
	Storage:  func(f *definition.Field) Storage { return Storage{Kind: "text", Match: true, Search: f.Search} },
	Schema: func(*definition.Field) map[string]any {
		return map[string]any{"type": "string", "format": "uri", "pattern": `^[hH][tT][tT][pP][sS]?://`, "maxLength": MaxURL}
	},
	Coerce: func(_ *definition.Field, v any, _ Env) (any, problem.List) {
		return line(v, MaxURL, "not-a-url", isURL)
	},
	Operators: []string{"contains", "eq", "ne", "startsWith", "empty", "notEmpty"},
}, fine)

// line reads a line of text that must pass ok.
func line(v any, most int, code string, ok func(string) bool) (any, problem.List) {
	out, p := coerceLine(v, most)
	if s, have := out.(string); have && !ok(s) {
		return nil, bad(code, problem.P{"value": shown(s)})
	}
	return out, p
}

func coercePhone(_ *definition.Field, v any, _ Env) (any, problem.List) {
	if s, ok := v.(string); ok {
		v = strings.Join(strings.Fields(halfWidth(s)), " ")
	}
	return line(v, MaxPhone, "not-a-phone", func(s string) bool {
		n := 0
		for i := 0; i < len(s); i++ {
			if s[i] >= '0' && s[i] <= '9' {
				n++
			}
		}
		return n >= 5 && n <= 20 && aPhone.MatchString(s)
	})
}

// The local part is RFC 5322's dot-atom, letters of other scripts included (RFC 6531); the domain is a host name.
var (
	localPart = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\pL\\pN-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\pL\\pN-]+)*$")
	hostName  = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)
)

func isEmail(s string) bool {
	local, host, ok := strings.Cut(s, "@")
	return ok && len(s) <= MaxEmail && len(local) <= 64 && len(host) <= 253 && localPart.MatchString(local) && hostName.MatchString(host)
}

func isURL(s string) bool {
	if strings.ContainsAny(s, " \t\r\n<>\"\\") {
		return false
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || strings.Contains(u.Hostname(), ":") && !strings.HasPrefix(u.Host, "[") {
		return false
	}
	return u.Scheme == "http" || u.Scheme == "https"
}
