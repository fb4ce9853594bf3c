package transfer

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"formwork/schemas/value"
)

// maxLogin keeps made logins short.
const maxLogin = 40

// loginOf derives a login from a name: Latin words joined by dots, Chinese in pinyin: "Anna Snelling" is anna.snelling,
// 王小明 is wangxiaoming. taken says which are had already; a number makes it unique.
func loginOf(name string, taken func(string) bool) string {
	base := slug(name)
	if base == "" {
		base = "user"
	}
	login := base
	for n := 2; taken(login); n++ {
		login = fmt.Sprintf("%s%d", base, n)
	}
	return login
}

func slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(value.Fold(name)) {
		if b.Len() >= maxLogin {
			break
		}
		word := value.Pinyin(r)
		if word == "" && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9') {
			word = string(r)
		}
		switch {
		case word == "" && !unicode.IsMark(r): // accents vanish, everything else parts words
			gap = b.Len() > 0
		case word != "":
			if gap {
				b.WriteByte('.')
			}
			gap = false
			b.WriteString(word)
		}
	}
	return b.String()
}
