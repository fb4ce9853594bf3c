package validate

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// MaxPattern is how long a regular expression may be, in bytes.
const MaxPattern = 1_000

// Pattern compiles an ECMA-262 regular expression, as JSON Schema has them, for Go's engine. What that engine does not
// know, look-around and references back, is an error: it is what makes matching time explode.
func Pattern(ecma string) (*regexp.Regexp, error) {
	if len(ecma) > MaxPattern {
		return nil, fmt.Errorf("longer than %d bytes", MaxPattern)
	}
	s, err := toRE2(ecma)
	if err != nil {
		return nil, err
	}
	return regexp.Compile(s)
}

// ECMA's \s: white space and line ends, those of Unicode included.
const space = `\t\n\v\f\r \x{a0}\x{feff}\x{2028}\x{2029}\p{Zs}`

// toRE2 rewrites what both engines know under different names.
func toRE2(p string) (string, error) {
	var b strings.Builder
	class := false
	for i := 0; i < len(p); i++ {
		c := p[i]
		switch {
		case c == '\\' && i+1 < len(p):
			n, err := escape(&b, p[i:], class)
			if err != nil {
				return "", err
			}
			i += n - 1
			continue
		case c == '[' && !class:
			class = true
			if rest := p[i:]; strings.HasPrefix(rest, "[]") || strings.HasPrefix(rest, "[^]") {
				return "", errors.New("empty character class")
			}
		case c == '[': // a plain character in ECMA, the start of a named class in Go
			b.WriteByte('\\')
		case c == ']' && class:
			class = false
		case strings.HasPrefix(p[i:], "(?") && !class && !strings.HasPrefix(p[i:], "(?:") && !strings.HasPrefix(p[i:], "(?<"):
			return "", errors.New("flags and look-ahead are not supported")
		}
		b.WriteByte(c)
	}
	return b.String(), nil
}

// escape rewrites the escape that p starts with and gives its length.
func escape(b *strings.Builder, p string, class bool) (int, error) {
	switch c := p[1]; c {
	case 's', 'S':
		switch {
		case !class && c == 's':
			b.WriteString("[" + space + "]")
		case !class:
			b.WriteString("[^" + space + "]")
		case c == 's':
			b.WriteString(space)
		default:
			return 0, errors.New(`\S inside a character class is not supported`)
		}
		return 2, nil
	case 'u':
		if len(p) >= 6 && isHex(p[2:6]) {
			b.WriteString(`\x{` + p[2:6] + "}")
			return 6, nil
		}
		if end := strings.IndexByte(p, '}'); strings.HasPrefix(p, `\u{`) && end > 3 && isHex(p[3:end]) {
			b.WriteString(`\x` + p[2:end+1])
			return end + 1, nil
		}
		return 0, errors.New(`\u needs four hexadecimal digits`)
	case 'c':
		if len(p) >= 3 && (p[2]|0x20) >= 'a' && (p[2]|0x20) <= 'z' {
			fmt.Fprintf(b, `\x{%x}`, p[2]&31)
			return 3, nil
		}
		return 0, errors.New(`\c needs a letter`)
	case 'b':
		if class {
			b.WriteString(`\x08`)
			return 2, nil
		}
	case '0':
		b.WriteString(`\x00`)
		return 2, nil
	case 'p', 'P':
		if rest, ok := strings.CutPrefix(p[2:], "{"); ok {
			if name, _, ok := strings.Cut(rest, "}"); ok {
				b.WriteString(p[:2] + "{" + category(name) + "}")
				return len(name) + 4, nil
			}
		}
	case 'a', 'A', 'z', 'Q', 'E', 'C', 'G', 'Z', 'h', 'H', 'R', 'X':
		return 0, fmt.Errorf(`\%c is not part of ECMA-262`, c)
	}
	b.WriteString(p[:2])
	return 2, nil
}

func isHex(s string) bool {
	return s != "" && len(s) <= 6 && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// category shortens the names of Unicode categories and scripts to those that Go knows.
func category(name string) string {
	for _, prefix := range []string{"General_Category=", "gc=", "Script=", "sc="} {
		name = strings.TrimPrefix(name, prefix)
	}
	if short, ok := map[string]string{"Letter": "L", "Lowercase_Letter": "Ll", "Uppercase_Letter": "Lu", "Number": "N",
		"digit": "Nd", "Decimal_Number": "Nd", "Punctuation": "P", "Symbol": "S", "Separator": "Z", "Mark": "M",
		"Space_Separator": "Zs", "Letter_Number": "Nl", "Other_Letter": "Lo"}[name]; ok {
		return short
	}
	return name
}
