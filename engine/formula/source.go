package formula

import (
	"errors"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/expr-lang/expr/file"

	"formwork/schemas/problem"
)

// maxProblems bounds the list: who sees twenty mistakes mends those first.
const maxProblems = 20

// source is the text with its line starts, and collects problems.
type source struct {
	text     string
	starts   []int // rune offset of every line
	runes    int
	problems problem.List
}

func newSource(text string) *source {
	s := &source{text: text, starts: []int{0}}
	if len(text) > MaxBytes {
		return s
	}
	for _, r := range text {
		s.runes++
		if r == '\n' {
			s.starts = append(s.starts, s.runes)
		}
	}
	return s
}

// place turns a rune offset into line and column, both from 1.
func (s *source) place(offset int) (line, col int) {
	offset = min(max(offset, 0), s.runes)
	line = sort.SearchInts(s.starts, offset+1)
	return line, offset - s.starts[line-1] + 1
}

// snippet is the line, cut to 80 runes around the column.
func (s *source) snippet(line, col int) string {
	if len(s.text) > MaxBytes || !utf8.ValidString(s.text) {
		return ""
	}
	runes := []rune(strings.TrimRight(strings.Split(s.text, "\n")[line-1], "\r"))
	from := max(0, min(col-40, len(runes)-80))
	return string(runes[from:min(len(runes), from+80)])
}

// report adds a problem at a rune offset. Codes: unknown-name, unknown-function, type-mismatch, wrong-arguments,
// syntax, too-long, too-deep, not-allowed, volatile.
func (s *source) report(code string, offset int, params problem.P) {
	line, col := s.place(offset)
	s.reportAt(code, line, col, params)
}

func (s *source) reportAt(code string, line, col int, params problem.P) {
	if len(s.problems) >= maxProblems {
		return
	}
	p := problem.P{"line": line, "column": col, "snippet": s.snippet(line, col)}
	for k, v := range params {
		if v != "" {
			p[k] = v
		}
	}
	s.problems = append(s.problems, problem.New(code, "", p))
}

// parserError reports an error of expr's lexer or parser, whose text was shifted by some bytes of ASCII.
func (s *source) parserError(err error, shift int) {
	var e *file.Error
	if !errors.As(err, &e) {
		s.report("syntax", 0, nil)
		return
	}
	s.report("syntax", e.From-shift, problem.P{"detail": e.Message})
}

// nearest is the candidate closest to name by edit distance, "" when none is close.
func nearest(name string, candidates []string) string {
	best, distance := "", max(1, min(3, utf8.RuneCountInString(name)/2))+1
	for _, c := range candidates {
		if d := edits(name, c); d < distance {
			best, distance = c, d
		}
	}
	return best
}

// edits is the optimal string alignment distance, ignoring case: insert, delete, replace, swap neighbours.
func edits(a, b string) int {
	x, y := []rune(strings.Map(unicode.ToLower, a)), []rune(strings.Map(unicode.ToLower, b))
	if len(x) > 100 || len(y) > 100 || len(x)-len(y) > 3 || len(y)-len(x) > 3 {
		return 100
	}
	row := func() []int { return make([]int, len(y)+1) }
	two, one, cur := row(), row(), row()
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			cur[j] = min(one[j]+1, cur[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], two[j-2]+1)
			}
		}
		two, one, cur = one, cur, two
	}
	return one[len(y)]
}
