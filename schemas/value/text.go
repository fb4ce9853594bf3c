package value

import (
	"strings"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Fold makes text comparable as people expect: case, full and half width and composed forms fold together, and runs of
// white space are one space. "ＡＢＣ  株" and "abc 株" are equal after it. `contains`, `startsWith`, uniqueness and search
// work on folded text.
func Fold(s string) string {
	if plain(s) {
		return strings.TrimSpace(s)
	}
	if ascii(s) {
		s = strings.ToLower(s)
	} else {
		s = cases.Fold().String(width.Fold.String(norm.NFKC.String(s)))
		s = norm.NFC.String(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// plain: lower-case ASCII without double spaces folds to itself (but for its ends).
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x80 || c >= 'A' && c <= 'Z' || c < ' ' || c == ' ' && i > 0 && s[i-1] == ' ' {
			return false
		}
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
// Latin text sorts folded; Chinese characters sort by their pinyin without tone, after Latin letters of the same
// syllable start, then by the character itself.
func SortKey(s string) string {
	s = Fold(s)
	if len(s) > 4*maxSortKey {
		s = s[:4*maxSortKey]
	}
	if ascii(s) {
		return cut(s, maxSortKey)
	}
	var b strings.Builder
	for _, r := range s {
		if b.Len() > maxSortKey {
			break
		}
		if syllable := Pinyin(r); syllable != "" {
			b.WriteString(syllable)
			b.WriteByte(' ')
			b.WriteRune(r)
			continue
		}
		b.WriteRune(r)
	}
	return cut(b.String(), maxSortKey)
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

var args = pinyin.NewArgs()

// Pinyin is the most common reading of a Chinese character without tone ("hua" for 华), "" for other runes.
func Pinyin(r rune) string {
	if r < 0x3400 {
		return ""
	}
	if p := pinyin.SinglePinyin(r, args); len(p) > 0 {
		return p[0]
	}
	return ""
}

// Initials gives the first letter of every syllable of a text's Chinese part and of every Latin word: "华为 Cloud" is
// "hwc". It is what people type when they are in a hurry.
func Initials(s string) string {
	var b strings.Builder
	word := false
	for _, r := range Fold(s) {
		if p := Pinyin(r); p != "" {
			b.WriteByte(p[0])
			word = false
			continue
		}
		letter := r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		if letter && !word {
			b.WriteRune(r)
		}
		word = letter
	}
	return b.String()
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
