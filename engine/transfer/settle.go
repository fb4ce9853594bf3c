package transfer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// survey is the first look at all rows: how dates and numbers are written, and how many rows there are.
type survey struct {
	rows     int
	dates    map[*column]*dateSurvey
	numbers  map[*column]*sheet.NumberSettler
	warnings problem.List
	warned   int
	values   map[string]bool // what rows of the file may point to, folded
}

// dateSurvey settles a column of dates. Texts that are a date in no format ("n/a", February 30th) say nothing about the
// format; each refuses its own row.
type dateSurvey struct {
	settler *sheet.DateSettler
	others  []sheet.DateFormat
	strange []sheet.Misfit
	// dates and texts count cells; seen are texts that were judged already, as dates repeat.
	dates, texts int
	seen         map[string]bool
}

func newDateSurvey(c *column) *dateSurvey {
	s := &dateSurvey{settler: sheet.NewDateSettler(), others: sheet.DateFormats(), seen: map[string]bool{}}
	if c.Format != "" {
		s.settler = sheet.NewDateSettler(c.Format)
		s.others = append(s.others, c.Format)
	}
	return s
}

func (s *dateSurvey) add(row int, cell sheet.Cell) {
	if cell.Kind == sheet.KindDate || cell.Kind == sheet.KindDateTime {
		s.dates++
		s.settler.Add(row, cell)
		return
	}
	date, judged := s.seen[cell.Text]
	if !judged {
		date = slices.ContainsFunc(s.others, func(f sheet.DateFormat) bool {
			_, ok := sheet.ParseDate(cell.Text, f)
			return ok
		})
		if len(s.seen) < maxRemembered {
			s.seen[strings.Clone(cell.Text)] = date
		}
	}
	switch {
	case !date:
		if s.texts++; len(s.strange) < 20 {
			s.strange = append(s.strange, sheet.Misfit{Row: row, Text: shown(cell.Text)})
		}
		return
	case !judged:
		s.settler.Add(row, cell)
	}
	s.dates++
}

// verdict is the format, or the problem that no format is settled. A column in which most texts are no dates at all is
// no column of dates.
func (s *dateSurvey) verdict(c *column) (sheet.DateFormat, *problem.Problem) {
	v := s.settler.Verdict()
	params := problem.P{"column": c.Column.Column, "field": c.Field}
	blocked := func(code string) *problem.Problem {
		p := problem.New(code, c.pointer+"/format", params)
		return &p
	}
	if s.texts > s.dates {
		params["misfits"], params["count"] = misfits(s.strange), s.texts
		return "", blocked("not-dates")
	}
	if v.Values == 0 {
		return c.Format, nil
	}
	switch len(v.Formats) {
	case 1:
		return v.Formats[0], nil
	case 0:
		params["best"], params["misfits"], params["count"] = string(v.Best), misfits(v.Misfits), v.Rejected
		return "", blocked("mixed-dates")
	}
	formats := make([]string, len(v.Formats))
	for i, f := range v.Formats {
		formats[i] = string(f)
	}
	params["formats"] = formats
	if e := v.Example; e != nil {
		params["row"], params["value"] = e.Row, e.Text
		readings := map[string]any{}
		for f, text := range e.Readings {
			readings[string(f)] = text
		}
		params["readings"] = readings
	}
	return "", blocked("ambiguous-dates")
}

func misfits(list []sheet.Misfit) []string {
	out := make([]string, 0, len(list))
	for _, m := range list {
		out = append(out, fmt.Sprintf("%d: %s", m.Row, m.Text))
	}
	return out
}

// look reads all rows once. Blocking problems stand in the list; a failure of reading is an error.
func (p *plan) look(ctx context.Context, t *table) (*survey, problem.List, error) {
	s := &survey{dates: map[*column]*dateSurvey{}, numbers: map[*column]*sheet.NumberSettler{}, values: map[string]bool{}}
	for _, c := range p.columns {
		switch c.field.Type.Key {
		case "date", "datetime":
			s.dates[c] = newDateSurvey(c)
		case "number", "percent", "currency":
			if c.Decimal == "" {
				s.numbers[c] = &sheet.NumberSettler{}
			}
		}
	}
	pointed := p.pointedTo()
	for row, err := range t.sheet.Rows() {
		if err != nil {
			return nil, nil, sheetFailure(err)
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		if !takes(p.when, row) {
			continue
		}
		s.rows++
		for c, d := range s.dates {
			if text, ok := c.text(row.Cell(c.index)); ok {
				cell := row.Cell(c.index)
				cell.Text = text
				d.add(row.Number, cell)
			}
		}
		for c, n := range s.numbers {
			if cell := row.Cell(c.index); cell.Kind == sheet.KindText {
				text, _ := c.text(cell)
				n.Add(row.Number, text)
			}
		}
		if pointed != nil {
			if text := strings.TrimSpace(row.Cell(pointed.index).Text); text != "" {
				s.values[value.Fold(text)] = true
			}
		}
		s.warn(row)
	}
	return s, s.conclude(p), nil
}

// conclude gives every column its format and style.
func (s *survey) conclude(p *plan) problem.List {
	var out problem.List
	for _, c := range p.columns {
		if d := s.dates[c]; d != nil {
			format, wrong := d.verdict(c)
			c.format = format
			if wrong != nil {
				out = append(out, *wrong)
			}
		}
		if c.Decimal != "" {
			c.style = c.Decimal
		}
		if n := s.numbers[c]; n != nil {
			v := n.Verdict()
			c.style = v.Style
			if !v.Settled && v.Row > 0 {
				out = append(out, warning(problem.New("ambiguous-numbers", c.pointer+"/decimal",
					problem.P{"column": c.Column.Column, "field": c.Field, "row": v.Row, "value": shown(v.Text), "style": string(v.Style)})))
			}
		}
	}
	return out
}

// warn notes what the reader found odd; the first hundred are kept.
func (s *survey) warn(row sheet.Row) {
	for _, w := range row.Warnings {
		if s.warned++; len(s.warnings) < 100 {
			s.warnings = append(s.warnings, warning(sheetProblem(w)))
		}
	}
}
