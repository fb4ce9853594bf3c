package transfer

import (
	"context"
	"errors"
	"maps"

	"formwork/engine/record"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
)

const (
	maxRefused = 100
	maxSample  = 20
)

// Preview is what an import would do.
type Preview struct {
	Form      string `json:"form,omitempty"`
	Target    Target `json:"target,omitempty"`
	Sheet     string `json:"sheet"`
	HeaderRow int    `json:"headerRow"`
	Rows      int    `json:"rows"`
	Create    int    `json:"create"`
	Update    int    `json:"update"`
	Unchanged int    `json:"unchanged"`
	Refused   int    `json:"refused"`
	// Problems concern the mapping and columns as a whole, with pointers into the mapping. Those that block let nothing
	// start; where there is one, rows were not looked at any further.
	Problems problem.List   `json:"problems,omitempty"`
	Columns  []ColumnReport `json:"columns"`
	// RefusedRows are the first hundred, Sample the first twenty of the others.
	RefusedRows []RefusedRow `json:"refusedRows,omitempty"`
	Sample      []SampleRow  `json:"sample,omitempty"`
}

// RefusedRow is a row that cannot become a record. Pointers of problems name fields: "/data/name".
type RefusedRow struct {
	Row      int          `json:"row"`
	Cells    []string     `json:"cells"`
	Problems problem.List `json:"problems"`
}

// SampleRow is a row as it would be written.
type SampleRow struct {
	Row      int            `json:"row"`
	Action   Action         `json:"action"`
	ID       string         `json:"id,omitempty"`
	Data     map[string]any `json:"data"`
	Warnings problem.List   `json:"warnings,omitempty"`
	Labels   map[string]any `json:"labels,omitempty"` // field -> text of the cell, where Data holds an id
}

// Preview reads all rows and writes nothing. What is wrong with the mapping or a column stands in Problems; an error is
// a file that cannot be read (*problem.Failure), a caller who may not import, or a failure of the machine.
func (t *Transfer) Preview(ctx context.Context, c record.Caller, f File, m Mapping) (Preview, error) {
	if err := problem.Refuse(m.check()); err != nil {
		return Preview{}, err
	}
	if m.Target != "" {
		return t.previewPeople(ctx, c, f, m)
	}
	tb, p, problems, err := t.prepare(ctx, c, f, &m)
	if err != nil {
		return Preview{}, err
	}
	out := Preview{Form: m.Form, Sheet: tb.sheet.Name, HeaderRow: tb.header.Row, Problems: problems}
	for _, w := range tb.book.Warnings {
		out.Problems = append(out.Problems, warning(sheetProblem(w)))
	}
	out.Problems = append(out.Problems, unmapped(&m, tb.header)...)
	if problems.Blocks() {
		return out, nil
	}
	s, ps, err := p.look(ctx, tb)
	if err != nil {
		return Preview{}, err
	}
	out.Rows = s.rows
	out.Problems = append(append(out.Problems, ps...), s.warnings...)
	for _, col := range p.columns {
		col.report = &ColumnReport{Column: col.Column.Column, Field: col.Field, Format: col.format}
		if col.field.Type.Storage(col.field.Def).Kind == "number" {
			col.report.Decimal = col.style
		}
	}
	if !ps.Blocks() {
		if err := t.rehearse(ctx, tb, p, s, &out); err != nil {
			return Preview{}, err
		}
	}
	for _, col := range p.columns {
		col.report.finish()
		out.Columns = append(out.Columns, *col.report)
		if col.match != nil && col.report.Empty > 0 {
			out.Problems = append(out.Problems, warning(problem.New("empty-references", col.pointer,
				problem.P{"column": col.Column.Column, "field": col.Field, "count": col.report.Empty})))
		}
	}
	return out, nil
}

// prepare opens the table and plans the import.
func (t *Transfer) prepare(ctx context.Context, c record.Caller, f File, m *Mapping) (*table, *plan, problem.List, error) {
	form, d, err := t.Records.Decision(ctx, c, m.Form)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := (&plan{mapping: m, form: form, d: d}).allow(); err != nil {
		return nil, nil, nil, err
	}
	tb, err := openTable(f, m)
	if err != nil {
		return nil, nil, nil, err
	}
	p, problems := t.plan(c, form, d, m, tb.header)
	if problems.Blocks() {
		return tb, p, problems, nil
	}
	for _, col := range p.columns {
		if col.options == nil && col.Match != nil {
			if err := t.load(ctx, p, col); err != nil {
				return nil, nil, nil, err
			}
		}
	}
	return tb, p, problems, nil
}

// unmapped warns of columns that the mapping does not mention.
func unmapped(m *Mapping, h sheet.Header) problem.List {
	known := map[string]bool{m.Leader: true}
	for _, c := range m.Columns {
		known[c.Column] = true
	}
	for _, c := range m.DepartmentPath {
		known[c] = true
	}
	var out problem.List
	for _, c := range h.Columns {
		if !known[c.Name] {
			out = append(out, warning(problem.New("unmapped-column", "/columns", problem.P{"column": c.Name})))
		}
	}
	return out
}

// placeholder is the id of a record that would be made. No record has it.
const placeholder = "ffffffffffffffffffffffff"

// rehearse takes all rows through everything but writing.
func (t *Transfer) rehearse(ctx context.Context, tb *table, p *plan, s *survey, out *Preview) error {
	r := &reader{plan: p, survey: s, placeholder: placeholder}
	seen := map[string]bool{}
	return eachBatch(ctx, tb, p, t.Batch, func(rows []sheet.Row) error {
		lines, err := r.lines(ctx, rows)
		if err == nil {
			err = t.decide(ctx, p, lines)
		}
		if err != nil {
			return err
		}
		for _, l := range lines {
			repeated := l.key != "" && seen[l.key]
			if l.key != "" && len(seen) < 1<<21 {
				seen[l.key] = true
			}
			if repeated && l.action != DoRefuse {
				p.again(l)
			}
			if l.action == DoCreate || l.action == DoUpdate && l.before != nil {
				if err := t.evaluate(ctx, p, l); err != nil {
					return err
				}
			}
			out.take(p, l)
		}
		return nil
	})
}

// again is what becomes of a row whose key stood in an earlier row.
func (p *plan) again(l *line) {
	if p.mapping.Mode == Create {
		l.refuse("repeated-key", p.key[0].Key, problem.P{"fields": p.mapping.Key})
		return
	}
	l.action = DoUpdate
	l.problems = append(l.problems, warning(problem.New("repeated-key", "/data"+problem.Pointer(p.key[0].Key), problem.P{"fields": p.mapping.Key})))
}

// evaluate asks the pipeline what it would say. That a record which is still to be made does not exist is no objection.
func (t *Transfer) evaluate(ctx context.Context, p *plan, l *line) error {
	data := maps.Clone(l.data)
	if l.before != nil {
		data = p.changes(l)
	}
	_, ps, err := t.Records.Evaluate(ctx, p.caller, p.form.Name, l.id, data)
	var f *problem.Failure
	if errors.As(err, &f) {
		ps = f.Problems
	} else if err != nil {
		return err
	}
	for _, q := range ps {
		if q.Code == "unknown-record" && q.Params["record"] == placeholder {
			continue
		}
		l.problems = append(l.problems, q)
		if q.Blocks() {
			l.action = DoRefuse
		}
	}
	return nil
}

func (out *Preview) take(p *plan, l *line) {
	switch l.action {
	case DoCreate:
		out.Create++
	case DoUpdate:
		out.Update++
	case DoUnchanged:
		out.Unchanged++
	default:
		out.Refused++
		if len(out.RefusedRows) < maxRefused {
			out.RefusedRows = append(out.RefusedRows, RefusedRow{Row: l.row.Number, Cells: texts(l.row, p.header), Problems: l.problems})
		}
		return
	}
	if len(out.Sample) < maxSample {
		labels := map[string]any{}
		for _, c := range p.columns {
			if text, ok := c.text(l.row.Cell(c.index)); ok && c.match != nil {
				labels[c.Field] = text
			}
		}
		data := maps.Clone(l.data)
		maps.DeleteFunc(data, func(_ string, v any) bool { return v == placeholder })
		out.Sample = append(out.Sample, SampleRow{Row: l.row.Number, Action: l.action, ID: l.id, Data: data, Warnings: l.problems, Labels: labels})
	}
}

// texts are a row's cells as they stand, one for every column.
func texts(row sheet.Row, h sheet.Header) []string {
	out := make([]string, len(h.Columns))
	for i, c := range h.Columns {
		out[i] = row.Cell(c.Index).Text
	}
	return out
}

// eachBatch reads the rows that the conditions take, n at a time.
func eachBatch(ctx context.Context, tb *table, p *plan, n int, fn func([]sheet.Row) error) error {
	rows := make([]sheet.Row, 0, n)
	for row, err := range tb.sheet.Rows() {
		if err != nil {
			return sheetFailure(err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !takes(p.when, row) {
			continue
		}
		if rows = append(rows, row); len(rows) == n {
			if err := fn(rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return fn(rows)
}
