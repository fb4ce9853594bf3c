package value

import (
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// firstHan is the first character that has a reading: 〇, which stands apart from the others.
const firstHan = 0x3007

// Pinyin is the most common reading of a Chinese character without tone ("hua" for 华, "lv" for 绿), "" for other runes.
func Pinyin(r rune) string { return string(appendPinyin(nil, r)) }

// appendPinyin reads the library's table itself: its functions cost a microsecond and ten allocations a character, and
// sort keys are made on every write.
func appendPinyin(b []byte, r rune) []byte {
	if r < firstHan {
		return b
	}
	for _, c := range pinyin.PinyinDict[int(r)] {
		switch c {
		case ',': // other readings follow
			return b
		case 'ā', 'á', 'ǎ', 'à':
			c = 'a'
		case 'ē', 'é', 'ě', 'è':
			c = 'e'
		case 'ī', 'í', 'ǐ', 'ì':
			c = 'i'
		case 'ō', 'ó', 'ǒ', 'ò':
			c = 'o'
		case 'ū', 'ú', 'ǔ', 'ù':
			c = 'u'
		case 'ü', 'ǖ', 'ǘ', 'ǚ', 'ǜ':
			c = 'v'
		case 'ń', 'ň', 'ǹ':
			c = 'n'
		case 'ḿ':
			c = 'm'
		}
		b = utf8.AppendRune(b, c)
	}
	return b
}

// Initials gives the first letter of every syllable of a text's Chinese part and of every other word: "华为 Cloud" is
// "hwc", "Müller 2" is "m2". It is what people type when they are in a hurry.
func Initials(s string) string {
	b := make([]byte, 0, 24)
	var reading [8]byte
	word := false
	for _, r := range Fold(s) {
		if p := appendPinyin(reading[:0], r); len(p) > 0 {
			b = append(b, p[0])
			word = false
			continue
		}
		inWord := unicode.IsLetter(r) || unicode.IsNumber(r) || word && unicode.IsMark(r)
		if inWord && !word {
			b = utf8.AppendRune(b, r)
		}
		word = inWord
	}
	return string(b)
}
