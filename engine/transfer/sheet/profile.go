package sheet

import (
	"iter"
	"math"
	"sort"
	"strings"
	"unicode/utf8"
)

// ColumnKind is what a column seems to hold.
type ColumnKind string

const (
	ColumnEmpty    ColumnKind = "empty"
	ColumnText     ColumnKind = "text"
	ColumnInteger  ColumnKind = "integer"
	ColumnDecimal  ColumnKind = "decimal"
	ColumnPercent  ColumnKind = "percent"
	ColumnCurrency ColumnKind = "currency"
	ColumnBool     ColumnKind = "bool"
	ColumnDate     ColumnKind = "date"
	ColumnDateTime ColumnKind = "datetime"
	ColumnTime     ColumnKind = "time"
	ColumnEmail    ColumnKind = "email"
	ColumnPhone    ColumnKind = "phone"
	ColumnURL      ColumnKind = "url"
)

// maxDistinct is how many different values of a column are counted; maxSamples how many are shown.
const (
	maxDistinct = 1000
	maxTop      = 20
	maxSamples  = 5
)

// likely is the share of values that must be of a kind for the column to be: the rest is listed in Misfits, since a
// column of numbers with one "n/a" is a column of numbers.
const likely = 0.95

// ValueCount is a value of a column and how often it occurs.
type ValueCount struct {
	Value string
	Count int
}

// ColumnProfile says what is in a column.
type ColumnProfile struct {
	Column
	Kind        ColumnKind
	Rows        int          // rows looked at
	NonEmpty    int          // cells with text
	Distinct    int          // different values, at most 1,000
	Capped      bool         // there are more
	Top         []ValueCount // up to 20, most frequent first; of the first 1,000 values if capped
	Samples     []string     // the first up to 5 different values
	MaxLength   int          // characters
	Scale       int          // of numbers: digits behind the point at most
	Currency    string       // the sign, if all amounts have the same
	Misfits     []Misfit     // up to 5 values that are not of Kind
	MisfitCount int
	Numbers     NumberVerdict // how a text column of numbers writes them
	Dates       DateVerdict   // which format a column of dates has
}

// ProfileOptions limits the work.
type ProfileOptions struct {
	Rows int // look at so many rows; 0 at all
}

// Profile looks at rows as they stream by, and at every column. An error of the rows ends it; the profiles up to there
// come with it.
func Profile(columns []Column, rows iter.Seq2[Row, error], opts ProfileOptions) ([]ColumnProfile, error) {
	profilers := make([]*columnProfiler, len(columns))
	for i, c := range columns {
		profilers[i] = newColumnProfiler(c)
	}
	var failed error
	n := 0
	for row, err := range rows {
		if err != nil {
			failed = err
			break
		}
		for _, p := range profilers {
			p.add(row.Number, row.Cell(p.out.Index))
		}
		if n++; opts.Rows > 0 && n >= opts.Rows {
			break
		}
	}
	out := make([]ColumnProfile, len(columns))
	for i, p := range profilers {
		out[i] = p.profile(n)
	}
	return out, failed
}

// trait is a property of one value that makes a kind of column likely.
type trait int

const (
	isBool trait = iota
	isEmail
	isURL
	isDate
	isTime
	isPhone
	isPercent
	isCurrency
	isInteger
	isNumber
	traits
)

type columnProfiler struct {
	out      ColumnProfile
	counts   map[string]int
	order    []string
	fits     [traits]int
	misfits  [traits][]Misfit
	numbers  NumberSettler
	dates    *DateSettler
	scales   [2]int // by style: point, comma
	signs    map[string]bool
	typedNum int
}

func newColumnProfiler(c Column) *columnProfiler {
	return &columnProfiler{out: ColumnProfile{Column: c}, counts: map[string]int{}, dates: NewDateSettler(), signs: map[string]bool{}}
}

func (p *columnProfiler) add(row int, c Cell) {
	text := strings.TrimSpace(c.Text)
	if text == "" {
		return
	}
	p.out.NonEmpty++
	p.out.MaxLength = max(p.out.MaxLength, utf8.RuneCountInString(text))
	if n, ok := p.counts[text]; ok || len(p.counts) < maxDistinct {
		p.counts[text] = n + 1
		if !ok {
			p.order = append(p.order, text)
		}
	} else {
		p.out.Capped = true
	}
	has := p.judge(c, text)
	p.dates.Add(row, c)
	for t := range traits {
		if has[t] {
			p.fits[t]++
		} else if len(p.misfits[t]) < maxSamples {
			p.misfits[t] = append(p.misfits[t], Misfit{Row: row, Text: clip(text)})
		}
	}
}

func (p *columnProfiler) judge(c Cell, text string) (has [traits]bool) {
	switch c.Kind {
	case KindBool:
		has[isBool] = true
		return has
	case KindDate, KindDateTime:
		has[isDate] = true
		return has
	case KindTime:
		has[isTime] = true
		return has
	case KindError:
		return has
	case KindNumber:
		p.typedNum++
		n, _ := ParseNumber(text, PointDecimal)
		n.Percent = n.Percent || c.Hint == HintPercent
		p.judgeNumber(&has, n, c.Hint == HintCurrency, text)
		p.scales[0], p.scales[1] = max(p.scales[0], n.Scale), max(p.scales[1], n.Scale)
		_, date := anyDate(text)
		has[isDate] = date // 20180105
		return has
	}
	p.numbers.Add(0, text)
	n, ok := ParseNumber(text, PointDecimal)
	if ok {
		p.scales[0] = max(p.scales[0], n.Scale)
	}
	comma, okComma := ParseNumber(text, CommaDecimal)
	if okComma {
		p.scales[1] = max(p.scales[1], comma.Scale)
	}
	if !ok {
		n, ok = comma, okComma
	}
	if ok {
		p.judgeNumber(&has, n, n.Currency != "", text)
	}
	s := normalise(text)
	has[isBool] = boolWord(s)
	has[isEmail] = looksLikeEmail(s)
	has[isURL] = looksLikeURL(s)
	has[isPhone] = looksLikePhone(s)
	_, has[isDate] = anyDate(s)
	return has
}

// judgeNumber: codes are no numbers, though written in digits. Leading zeros would be lost, and digits beyond a double's.
func (p *columnProfiler) judgeNumber(has *[traits]bool, n Number, currency bool, text string) {
	if n.Padded || n.Scale == 0 && len(n.Text) > 15 && n.Currency == "" && !strings.ContainsAny(text, ",万亿萬億") {
		return
	}
	has[isNumber] = true
	has[isInteger] = n.Scale == 0 || strings.Trim(n.Text[len(n.Text)-n.Scale:], "0") == ""
	has[isPercent], has[isCurrency] = n.Percent, currency
	if currency {
		p.signs[n.Currency] = true
	}
}

func (p *columnProfiler) profile(rows int) ColumnProfile {
	out := p.out
	out.Rows, out.Distinct = rows, len(p.counts)
	out.Samples = append([]string(nil), p.order[:min(len(p.order), maxSamples)]...)
	for _, v := range p.order {
		out.Top = append(out.Top, ValueCount{Value: v, Count: p.counts[v]})
	}
	sort.SliceStable(out.Top, func(i, j int) bool { return out.Top[i].Count > out.Top[j].Count })
	out.Top = out.Top[:min(len(out.Top), maxTop)]
	out.Numbers = p.numbers.Verdict()
	p.decide(&out)
	return out
}

func (p *columnProfiler) decide(out *ColumnProfile) {
	out.Kind = ColumnText
	if out.NonEmpty == 0 {
		out.Kind = ColumnEmpty
		return
	}
	need := int(math.Ceil(likely * float64(out.NonEmpty)))
	for _, k := range []struct {
		trait trait
		kind  ColumnKind
	}{
		{isBool, ColumnBool}, {isEmail, ColumnEmail}, {isURL, ColumnURL}, {isDate, ColumnDate}, {isTime, ColumnTime},
		{isPhone, ColumnPhone}, {isPercent, ColumnPercent}, {isCurrency, ColumnCurrency}, {isInteger, ColumnInteger},
		{isNumber, ColumnDecimal},
	} {
		if p.fits[k.trait] < need {
			continue
		}
		out.Kind = k.kind
		out.MisfitCount = out.NonEmpty - p.fits[k.trait]
		if k.kind == ColumnInteger && p.fits[isNumber] > p.fits[isInteger] {
			// A few fractions among whole numbers make the column decimal, not the fractions wrong.
			out.Kind, out.MisfitCount = ColumnDecimal, out.NonEmpty-p.fits[isNumber]
			out.Misfits = p.misfits[isNumber]
		} else {
			out.Misfits = p.misfits[k.trait]
		}
		break
	}
	switch out.Kind {
	case ColumnDate:
		if out.Dates = p.dates.Verdict(); out.Dates.Times > 0 {
			out.Kind = ColumnDateTime
		}
	case ColumnDecimal, ColumnPercent, ColumnCurrency:
		out.Scale = p.scales[0]
		if out.Numbers.Style == CommaDecimal && p.typedNum == 0 {
			out.Scale = p.scales[1]
		}
		if len(p.signs) == 1 {
			for sign := range p.signs {
				out.Currency = sign
			}
		}
	}
}
