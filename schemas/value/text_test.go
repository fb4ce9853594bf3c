package value

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " ": "", "\t\n": "", "ＡＢＣ  株": "abc 株", "abc 株": "abc 株", "  Ａ\u00a0b\u3000c ": "a b c", "Straße": "strasse", "É": "é", "E\u0301": "é", "ﬀ": "ff", "ﾊﾝｶｸ": "ハンカク", "ﾊﾟ": "パ", "İ": "i̇", "Σς": "σσ",
		"１２３": "123", "㍿": "株式会社", "①": "1", "\u212b": "å", "华为": "华为", " 华为 ": "华为", "华  为": "华 为", "a\x00B": "a\x00b", "\u13a0": "\uab70", "\uab70": "\uab70", "A\xffB": "a\ufffdb",
	} {
		if got := Fold(text); got != want {
			t.Errorf("Fold(%+q) = %+q, want %+q", text, got, want)
		}
	}
}

// everyText gives every rune alone and beside what it may join with, then random strings.
func everyText(fn func(string)) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) || r > 0x1ffff && r%64 != 0 {
			continue
		}
		s := string(r)
		fn(s)
		if r > 0x33ff && r%16 != 0 {
			continue // most are ideographs and syllables of one kind
		}
		for _, t := range []string{"a" + s, s + "\u0301", " " + s + "  A"} {
			fn(t)
		}
	}
	pool := []rune("aAbZ 09éÉ\u0301\u0345\u0327ßİıſςΣﬀＡｚ０　ﾊﾟガ华为重庆〇张\u1100\u1161\u11a8각\u00a0\u2028\u200d\ufeff\t\x00\x7f😀\u13a0\uab70\u0130\u1e9eǅ\u0fb2\u0f81")
	g := rand.New(rand.NewPCG(5, 6))
	for range 100_000 {
		runes := make([]rune, g.IntN(9))
		for i := range runes {
			runes[i] = pool[g.IntN(len(pool))]
		}
		fn(string(runes))
	}
}

func TestFoldAndSortKeyHold(t *testing.T) {
	bad := 0
	wrong := func(format string, args ...any) {
		if bad++; bad < 20 {
			t.Errorf(format, args...)
		}
	}
	everyText(func(s string) {
		f := Fold(s)
		if again := Fold(f); again != f {
			wrong("Fold(%+q) = %+q, folded again %+q", s, f, again)
		}
		if slow := strings.Join(strings.Fields(fold(s)), " "); slow != f {
			wrong("Fold(%+q) = %+q, without short cuts %+q", s, f, slow)
		}
		key := SortKey(s)
		if !utf8.ValidString(key) || len(key) > maxSortKey {
			wrong("SortKey(%+q) = %+q", s, key)
		}
		if key != SortKey(f) {
			wrong("SortKey(%+q) = %+q, of its folded form %+q", s, key, SortKey(f))
		}
	})
}

func TestInvalidTextFoldsAsItIsWritten(t *testing.T) {
	for _, s := range []string{"\xff", "a\xffB", "华\xe5\x8d", "\xed\xa0\x80", "\xc0\xaf", "\xf4\x90\x80\x80x", "\x80\x80"} {
		kept := MustDecode(AppendJSON(nil, map[string]any{"s": s}))["s"].(string)
		if Fold(s) != Fold(kept) || SortKey(s) != SortKey(kept) || Initials(s) != Initials(kept) {
			t.Errorf("%+q folds to %+q, as stored (%+q) to %+q", s, Fold(s), kept, Fold(kept))
		}
	}
}

func TestSortKeyOrders(t *testing.T) {
	ordered := []string{"", "10", "9", "A", "阿里", "ab", "安", "Anna", "b", "Banana", "北京", "beijing", "zhang", "张", "张三", "张四", "zhangx", "重庆", "zz", "é"}
	for i := 1; i < len(ordered); i++ {
		if a, b := SortKey(ordered[i-1]), SortKey(ordered[i]); a >= b && ordered[i-1] != "beijing" && ordered[i] != "beijing" {
			t.Errorf("%q (%q) is not before %q (%q)", ordered[i-1], a, ordered[i], b)
		}
	}
	for _, same := range [][2]string{{"ABC", "ａｂｃ"}, {"É", "e\u0301"}, {" a  b ", "A B"}} {
		if SortKey(same[0]) != SortKey(same[1]) {
			t.Errorf("%q and %q sort apart", same[0], same[1])
		}
	}
	if SortKey("张三") == SortKey("章三") || SortKey("绿地") >= SortKey("马") {
		t.Error("characters of one reading stay apart, lv stands before ma")
	}
	long := strings.Repeat("华", 100)
	if key := SortKey(long); len(key) > maxSortKey || !utf8.ValidString(key) || key != SortKey(long+"x") {
		t.Errorf("key of a long text is %q", key)
	}
}

func TestGrams(t *testing.T) {
	for text, want := range map[string]string{"": "", "华": "华", "华为": "华为", "华为技": "华为|为技", "aaaa": "aa", "abab": "ab|ba", "a b": "a | b", "😀x": "😀x", "e\u0301": "e\u0301"} {
		if got := strings.Join(Grams(text), "|"); got != want {
			t.Errorf("Grams(%q) = %q, want %q", text, got, want)
		}
	}
	everyPiece := "华为技术有限公司 abcab"
	have := map[string]bool{}
	for _, g := range Grams(everyPiece) {
		have[g] = true
	}
	runes := []rune(everyPiece)
	for i := range runes {
		for j := i + 2; j <= len(runes); j++ {
			for _, g := range Grams(string(runes[i:j])) {
				if !have[g] {
					t.Errorf("gram %q of the piece %q is not among those of the text", g, string(runes[i:j]))
				}
			}
		}
	}
}
