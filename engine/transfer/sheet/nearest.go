package sheet

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// nearLimit is how far a value may be from its match: one edit in five characters. Nearer words are mostly typing
// mistakes, farther ones mostly other words.
const nearLimit = 0.2

// Nearest finds the one allowed value that a text most likely means. distance is 0 for the same text, or the same but for
// case, width, spaces and punctuation (GTXPro, "GTX Pro"); above 0 it is the edits by the longer length. ok is false when
// nothing is near enough, or when two candidates are: then a person must choose.
//
// Edits are counted by characters after Damerau and Levenshtein (insert, delete, change, swap neighbours). A changed
// Chinese character counts twice, since one character often is the whole difference between two names, and a change of a
// digit is never a typing mistake: A10 and A11 are two things.
func Nearest(value string, candidates []string) (best string, distance float64, ok bool) {
	if strings.TrimSpace(value) == "" {
		return "", 0, false
	}
	for _, c := range candidates {
		if c == value {
			return c, 0, true
		}
	}
	folded := []rune(foldName(value))
	if len(folded) == 0 {
		return "", 0, false
	}
	nearest, second := 2.0, 2.0 // relative distances
	for _, c := range candidates {
		d := relativeDistance(folded, []rune(foldName(c)))
		switch {
		case c == best && nearest < 2:
		case d < nearest:
			best, nearest, second = c, d, nearest
		case d < second:
			second = d
		}
	}
	// A runner-up within reach must be twice as far, or the match is a matter of opinion.
	if nearest > nearLimit || second <= nearLimit && second < 2*nearest || second == nearest {
		return "", 0, false
	}
	return best, nearest, true
}

// foldName keeps letters and digits: lower case, narrow.
func foldName(s string) string {
	s = width.Fold.String(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || unicode.IsSymbol(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// maxNearRunes: longer texts are sentences; they match exactly or not at all.
const maxNearRunes = 200

func relativeDistance(a, b []rune) float64 {
	n := max(len(a), len(b))
	if n == 0 || len(b) == 0 {
		return 2
	}
	if string(a) == string(b) {
		return 0
	}
	if n > maxNearRunes || float64(max(len(a)-len(b), len(b)-len(a))) > nearLimit*float64(n) || digitsOf(a) != digitsOf(b) {
		return 2
	}
	return float64(edits(a, b)) / float64(n)
}

func digitsOf(s []rune) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsNumber(r) {
			return r
		}
		return -1
	}, string(s))
}

// edits is the optimal string alignment distance, in three rows of the table.
func edits(a, b []rune) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 0
			if a[i-1] != b[j-1] {
				change = 1
				if unicode.Is(unicode.Han, a[i-1]) || unicode.Is(unicode.Han, b[j-1]) {
					change = 2
				}
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && a[i-1] != a[i-2] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
