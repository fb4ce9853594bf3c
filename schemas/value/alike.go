package value

import (
	"slices"
	"strings"
	"unicode"
)

// Alike is the form in which values are compared to find out whether they mean the same; "" when there is too little to
// tell. kind is "phone", "name" or "exact".
func Alike(kind, s string) string {
	switch kind {
	case "phone":
		return alikePhone(s)
	case "name":
		return alikeName(s)
	}
	return Fold(s)
}

const (
	// fewDigits is below what a number is no telephone number.
	fewDigits = 5
	// mobileDigits is how many digits a mobile number has behind its country's.
	mobileDigits = 11
)

// alikePhone keeps the digits, without the international or trunk prefix that some write and others do not.
func alikePhone(s string) string {
	folded := Fold(s)
	var b strings.Builder
	for _, r := range folded {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	digits := b.String()
	abroad := strings.HasPrefix(folded, "+")
	if rest, ok := strings.CutPrefix(digits, "00"); ok {
		digits, abroad = rest, true
	}
	if rest, ok := strings.CutPrefix(digits, "86"); ok && (abroad || len(rest) == mobileDigits) {
		digits = rest
	}
	digits = strings.TrimLeft(digits, "0")
	if len(digits) < fewDigits {
		return ""
	}
	return digits
}

// What organisations' names end with and people leave out: the longest first, and words.
var (
	legalForms = []string{"股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "集团公司", "分公司", "集团", "公司"}
	legalWords = []string{"incorporated", "corporation", "limited", "company", "gmbh", "corp", "inc", "llc", "ltd", "plc", "co", "ag", "sa", "bv"}
)

// alikeName leaves out spaces, punctuation, and the legal form at the end of an organisation's name.
func alikeName(s string) string {
	words := strings.FieldsFunc(Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	for len(words) > 1 && slices.Contains(legalWords, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	out := strings.Join(words, "")
	for _, f := range legalForms {
		if rest, ok := strings.CutSuffix(out, f); ok && rest != "" {
			return rest
		}
	}
	return out
}
