package sheet

import "strings"

// maxMisfits is how many rows a verdict lists.
const maxMisfits = 20

// Misfit is a value that a judgement about its column does not cover.
type Misfit struct {
	Row  int
	Text string
}

// DateExample is a row that two formats read differently.
type DateExample struct {
	Row      int
	Text     string
	Readings map[DateFormat]string // ISO text by format
}

// DateVerdict is what the values of a column say about their format. Exactly one format: settled. Several: Example shows
// where they differ, and a person must choose. None: Misfits lists the rows that the best format cannot read.
type DateVerdict struct {
	Formats  []DateFormat // that fit every text value; formats that read every value alike count as one
	Example  *DateExample // for several
	Best     DateFormat   // the one that fits most values; "" if none fits any
	Misfits  []Misfit     // for none: up to 20 values that Best does not fit ...
	Rejected int          // ... and how many there are
	Values   int          // text values seen
	Typed    int          // cells that are dates already and need no format
	Times    int          // of both: values with a time of day
}

// Settled returns the one format. A column whose cells are all typed needs none: "" and true. A column without values
// settles nothing.
func (v DateVerdict) Settled() (DateFormat, bool) {
	switch {
	case v.Values == 0:
		return "", v.Typed > 0
	case len(v.Formats) == 1:
		return v.Formats[0], true
	}
	return "", false
}

// DateSettler collects the values of one column and decides which of its formats fit them all. It keeps counters and a
// few rows, never the column.
type DateSettler struct {
	formats []DateFormat
	fits    []int
	misfits [][]Misfit
	differ  map[[2]int]DateExample // first row on which two formats disagree
	values  int
	typed   int
	times   int
}

// NewDateSettler tries the given formats, or DateFormats without any.
func NewDateSettler(formats ...DateFormat) *DateSettler {
	if len(formats) == 0 {
		formats = DateFormats()
	}
	return &DateSettler{
		formats: formats,
		fits:    make([]int, len(formats)),
		misfits: make([][]Misfit, len(formats)),
		differ:  map[[2]int]DateExample{},
	}
}

// Add takes one cell. Empty cells are ignored; a number is read as text (20180105).
func (s *DateSettler) Add(row int, c Cell) {
	switch c.Kind {
	case KindDateTime:
		s.times++
		s.typed++
		return
	case KindDate:
		s.typed++
		return
	}
	if strings.TrimSpace(c.Text) == "" {
		return
	}
	s.values++
	read := make([]string, len(s.formats))
	timed := false
	for i, f := range s.formats {
		d, ok := ParseDate(c.Text, f)
		if !ok {
			if len(s.misfits[i]) < maxMisfits {
				s.misfits[i] = append(s.misfits[i], Misfit{Row: row, Text: clip(c.Text)})
			}
			continue
		}
		s.fits[i]++
		read[i] = d.Text
		timed = timed || d.Kind == KindDateTime
		for j := range i {
			if read[j] != "" && read[j] != read[i] {
				s.note(j, i, row, c.Text, read)
			}
		}
	}
	if timed {
		s.times++
	}
}

func (s *DateSettler) note(a, b, row int, text string, read []string) {
	key := [2]int{a, b}
	if _, ok := s.differ[key]; ok {
		return
	}
	s.differ[key] = DateExample{Row: row, Text: clip(text), Readings: map[DateFormat]string{
		s.formats[a]: read[a], s.formats[b]: read[b],
	}}
}

// Verdict of the values so far.
func (s *DateSettler) Verdict() DateVerdict {
	v := DateVerdict{Values: s.values, Typed: s.typed, Times: s.times}
	if s.values == 0 {
		return v
	}
	var kept []int
	best := 0
	for i, n := range s.fits {
		if n > s.fits[best] {
			best = i
		}
		if n == s.values && s.distinct(kept, i, &v) {
			kept = append(kept, i)
			v.Formats = append(v.Formats, s.formats[i])
		}
	}
	if s.fits[best] > 0 {
		v.Best = s.formats[best]
	}
	if len(kept) == 0 {
		v.Misfits, v.Rejected = s.misfits[best], s.values-s.fits[best]
	}
	return v
}

// distinct: format i reads some value differently from each of the kept ones; the first such row becomes the example.
func (s *DateSettler) distinct(kept []int, i int, v *DateVerdict) bool {
	for _, k := range kept {
		example, ok := s.differ[[2]int{k, i}]
		if !ok {
			return false
		}
		if v.Example == nil {
			v.Example = &example
		}
	}
	return true
}

// clip keeps what is shown to people short.
func clip(s string) string {
	const most = 200
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}
