package value

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Fold makes text comparable as people expect: case, full and half width and composed forms fold together, and runs of
// white space are one space. "ＡＢＣ  株" and "abc 株" are equal after it. `contains`, `startsWith`, uniqueness and search
// work on folded text. Folding twice changes nothing; invalid UTF-8 folds as AppendString would write it.
func Fold(s string) string {
	if plain(s) {
		return strings.TrimSpace(s)
	}
	if ascii(s) {
		s = strings.ToLower(s)
	} else {
		s = fold(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// fold is Fold without its short cuts and without the white space.
func fold(s string) string {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	s = cases.Fold().String(width.Fold.String(norm.NFKC.String(s)))
	// x/text folds Cherokee capitals to small letters and small letters to capitals; no other folded text has capitals
	return norm.NFC.String(strings.ToLower(s))
}

// plain: lower-case ASCII and the common Chinese characters, without double spaces, fold to themselves (but for the
// ends). That is most text there is.
func plain(s string) bool {
	before := rune(0)
	for _, r := range s {
		han := r >= 0x4e00 && r <= 0x9fff
		if !han && (r > 0x7f || r < ' ' || r >= 'A' && r <= 'Z' || r == ' ' && before == ' ') {
			return false
		}
		before = r
	}
	return true
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// maxSortKey bounds a sort key in bytes: what lies beyond does not order texts, their ids do.
const maxSortKey = 120

// SortKey makes the key that text sorts by, the same in every store: byte order of keys is the order people expect.
// Latin text sorts folded; a Chinese character sorts by its pinyin without tone, behind the same letters alone and before
// longer words that start with them, then by the character itself. A key is valid UTF-8 of at most maxSortKey bytes.
func SortKey(s string) string {
	s = Fold(s)
	if ascii(s) {
		return cut(s, maxSortKey)
	}
	b := make([]byte, 0, maxSortKey+16)
	for _, r := range s {
		if len(b) > maxSortKey {
			break
		}
		n := len(b)
		if b = appendPinyin(b, r); len(b) > n {
			b = append(b, ' ')
		}
		b = utf8.AppendRune(b, r)
	}
	return cut(string(b), maxSortKey)
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// Grams are the distinct pairs of neighbouring runes of folded text, the tokens of the search index; a text of one rune
// is its own gram. Order is that of first occurrence.
func Grams(folded string) []string {
	runes := []rune(folded)
	if len(runes) == 0 {
		return nil
	}
	if len(runes) == 1 {
		return []string{folded}
	}
	seen := make(map[[2]rune]bool, len(runes))
	out := make([]string, 0, len(runes))
	for i := 0; i+1 < len(runes); i++ {
		k := [2]rune{runes[i], runes[i+1]}
		if !seen[k] {
			seen[k] = true
			out = append(out, string(runes[i:i+2]))
		}
	}
	return out
}
