package transfer

import (
	"slices"
	"strings"

	"formwork/engine/transfer/sheet"
)

// maxListed is how many texts a report lists per column, most frequent first.
const maxListed = 100

// ColumnReport says how a column is read and what in it needs a look.
type ColumnReport struct {
	Column string `json:"column"`
	Field  string `json:"field,omitempty"`
	// Format of dates and Decimal style of numbers, as settled.
	Format  sheet.DateFormat  `json:"format,omitempty"`
	Decimal sheet.NumberStyle `json:"decimal,omitempty"`
	Empty   int               `json:"empty"`
	// Unmatched texts are no option, record, user or department; Reread ones were taken for the Meaning they most likely
	// have; Made ones will be created.
	Unmatched []Text `json:"unmatched,omitempty"`
	Reread    []Text `json:"reread,omitempty"`
	Made      []Text `json:"made,omitempty"`

	counts [3]map[string]*Text
}

// Text is a text of a column and in how many rows it stands.
type Text struct {
	Value   string `json:"value"`
	Meaning string `json:"meaning,omitempty"` // a suggestion, or what it was taken for
	Rows    int    `json:"rows"`
}

func (r *ColumnReport) count(kind int, text, meaning string) {
	if r == nil {
		return
	}
	m := r.counts[kind]
	if m == nil {
		m = map[string]*Text{}
		r.counts[kind] = m
	}
	if have := m[text]; have != nil {
		have.Rows++
	} else if len(m) < maxRemembered {
		m[text] = &Text{Value: shown(text), Meaning: meaning, Rows: 1}
	}
}

func (r *ColumnReport) unmatched(text, suggestion string) { r.count(0, text, suggestion) }
func (r *ColumnReport) reread(text, meaning string)       { r.count(1, text, meaning) }
func (r *ColumnReport) made(text string)                  { r.count(2, text, "") }

// finish lists what was counted.
func (r *ColumnReport) finish() {
	for i, to := range []*[]Text{&r.Unmatched, &r.Reread, &r.Made} {
		for _, t := range r.counts[i] {
			*to = append(*to, *t)
		}
		slices.SortFunc(*to, func(a, b Text) int {
			if a.Rows != b.Rows {
				return b.Rows - a.Rows
			}
			return strings.Compare(a.Value, b.Value)
		})
		*to = (*to)[:min(len(*to), maxListed)]
	}
}
