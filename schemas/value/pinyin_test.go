package value

import (
	"testing"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// TestPinyinIsTheLibrarys: our reading of the library's table gives what the library gives, as plain letters.
func TestPinyinIsTheLibrarys(t *testing.T) {
	args, n := pinyin.NewArgs(), 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want := ""
		if p := pinyin.SinglePinyin(r, args); len(p) > 0 {
			want = p[0]
			n++
		}
		got := Pinyin(r)
		if got != want {
			t.Errorf("Pinyin(%c) = %q, the library says %q", r, got, want)
		}
		for _, c := range got {
			if c < 'a' || c > 'z' {
				t.Errorf("Pinyin(%c) = %q", r, got)
			}
		}
	}
	if n < 40000 {
		t.Fatalf("only %d characters have a reading", n)
	}
}

func TestInitials(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "华为": "hw", "华为 Cloud": "hwc", "重庆": "zq", "绿地": "ld", "Zhang San": "zs", "ＺＨＡＮＧ　Ｓａｎ": "zs", "二〇一七": "elyq", "Müller": "m", "M\u0075\u0308ller": "m",
		"Élan vital": "év", "A-1 b2": "a1b", "张san李": "zsl", "王5号": "w5h", "😀": "", "한글 a": "한a", "...": "", "o'Brien": "ob", "  x ": "x",
	} {
		if got := Initials(text); got != want {
			t.Errorf("Initials(%q) = %q, want %q", text, got, want)
		}
	}
}

func BenchmarkSortKeyChinese(b *testing.B) {
	for b.Loop() {
		SortKey("华为技术有限公司")
	}
}
