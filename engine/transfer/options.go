package transfer

import (
	"strings"

	"formwork/engine/transfer/sheet"
	"formwork/schemas/definition"
	"formwork/schemas/value"
)

// options finds options by value, by title in any language, or by what a misspelt text most likely means.
type options struct {
	exact   map[string]string // value -> value
	folded  map[string]string // folded value or title -> value
	names   []string          // what near matches compare with
	nearest bool
	near    map[string]string // answers so far
}

func newOptions(list []definition.Option, nearest bool) *options {
	o := &options{exact: map[string]string{}, folded: map[string]string{}, nearest: nearest, near: map[string]string{}}
	for _, x := range list {
		o.exact[x.Value] = x.Value
		o.folded[value.Fold(x.Value)] = x.Value
	}
	for _, x := range list {
		if !x.Hidden {
			o.names = append(o.names, x.Value)
		}
		for _, title := range x.Title {
			if k := value.Fold(title); o.folded[k] == "" {
				o.folded[k] = x.Value
			}
			if !x.Hidden && title != x.Value {
				o.names = append(o.names, title)
			}
		}
	}
	return o
}

// find gives the option that a text names. Where there is none, suggestion is what it may mean; near says that the
// answer is such a suggestion, taken.
func (o *options) find(text string) (option, suggestion string, near bool) {
	if v, ok := o.exact[text]; ok {
		return v, "", false
	}
	if v, ok := o.folded[value.Fold(text)]; ok {
		return v, "", false
	}
	v, known := o.near[text]
	if !known {
		if name, _, ok := nearestName(text, o.names, o.folded); ok {
			v = o.folded[value.Fold(name)]
		}
		if len(o.near) < maxRemembered {
			o.near[text] = v
		}
	}
	if o.nearest && v != "" {
		return v, v, true
	}
	return "", v, false
}

// nearestName is sheet.Nearest where several names may mean one thing: a value and its title that are equally near are
// no contradiction.
func nearestName(text string, names []string, meaning map[string]string) (string, float64, bool) {
	best, distance, ok := sheet.Nearest(text, names)
	if ok {
		return best, distance, true
	}
	// Two names at the same distance made it give up; ask again with one name a meaning.
	seen := map[string]bool{}
	var one []string
	for _, n := range names {
		if m := meaning[value.Fold(n)]; !seen[m] {
			seen[m] = true
			one = append(one, n)
		}
	}
	if len(one) == len(names) {
		return "", 0, false
	}
	return sheet.Nearest(text, one)
}

// parts splits a cell that holds several options.
func parts(text, separator string) []string {
	var list []string
	if separator != "" {
		list = strings.Split(text, separator)
	} else {
		list = strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;|、，；\n\r", r) })
	}
	out := list[:0]
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// maxRemembered bounds what is kept per column about texts: answers, counts.
const maxRemembered = 10_000
