package value

import (
	"slices"
	"strings"
)

// Nearest is the candidate that a misspelt name most likely meant, "" when none is near: at most a third of its letters
// differ (insertions, deletions, changes, neighbours swapped), case aside. Among equals the first in byte order.
func Nearest(name string, candidates []string) string {
	names := slices.Clone(candidates)
	slices.Sort(names)
	best, found := len([]rune(name))/3+1, ""
	low := strings.ToLower(name)
	for _, c := range names {
		if d := distance([]rune(low), []rune(strings.ToLower(c)), best); d < best {
			best, found = d, c
		}
	}
	return found
}

// distance is the optimal string alignment distance, cut off at limit.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 64 || len(b) > 64 {
		return limit
	}
	prev2, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
