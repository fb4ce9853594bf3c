package transfer

import (
	"context"

	"formwork/engine/store"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Action is what becomes of a row.
type Action string

// Actions.
const (
	DoCreate    Action = "create"
	DoUpdate    Action = "update"
	DoUnchanged Action = "unchanged"
	DoRefuse    Action = "refused"
)

// line is a row on its way to a record.
type line struct {
	row      sheet.Row
	data     map[string]any // canonical values by field; nil clears
	problems problem.List   // blocking ones refuse the row
	key      string         // comparable; "" without key fields
	action   Action
	id       string // the record: found by key, or to be made
	before   *store.Doc
	made     *store.Doc // what an earlier attempt of the job made of this row
	// later are relations to rows of this file that are not written yet, set when all rows are.
	later map[*column]string
	// wants are names of related records to be made first.
	wants map[*column]string
}

func (l *line) refuse(code, field string, params problem.P) {
	l.problems = append(l.problems, problem.New(code, "/data"+problem.Pointer(field), params))
	l.action = DoRefuse
}

// reader turns rows into lines, a batch at a time.
type reader struct {
	*plan
	survey *survey
	// placeholder stands for a record that is to be made, where nothing is written; "" where records are made.
	placeholder string
}

// lines reads a batch: one question per relation column, none per row.
func (r *reader) lines(ctx context.Context, rows []sheet.Row) ([]*line, error) {
	for _, c := range r.columns {
		if c.match == nil || c.match.fetch == nil {
			continue
		}
		var texts []string
		for _, row := range rows {
			if s, ok := c.text(row.Cell(c.index)); ok {
				texts = append(texts, s)
			}
		}
		if err := c.match.prepare(ctx, texts); err != nil {
			return nil, err
		}
	}
	out := make([]*line, len(rows))
	for i, row := range rows {
		out[i] = r.line(row)
	}
	return out, nil
}

func (r *reader) line(row sheet.Row) *line {
	l := &line{row: row, data: make(map[string]any, len(r.columns)+len(r.constants))}
	for _, w := range row.Warnings {
		l.problems = append(l.problems, warning(sheetProblem(w)))
	}
	for k, v := range r.constants {
		l.data[k] = v
	}
	for _, c := range r.columns {
		r.cell(l, c)
	}
	if l.action != DoRefuse {
		r.keyOf(l)
	}
	return l
}

func (r *reader) cell(l *line, c *column) {
	cell := l.row.Cell(c.index)
	text, filled := c.text(cell)
	if !filled {
		if c.report != nil {
			c.report.Empty++
		}
		if c.Clear && !c.field.Stage {
			l.data[c.Field] = nil
		}
		return
	}
	params := problem.P{"column": c.Column.Column}
	if c.match != nil && cell.Kind != sheet.KindError {
		r.reference(l, c, text)
		return
	}
	v, wrong := c.read(cell)
	if wrong == nil && v != nil {
		var ps problem.List
		v, ps = c.field.Type.Coerce(c.field.Def, v, r.env)
		if ps.Blocks() {
			wrong = &ps[0]
		}
	}
	if wrong != nil {
		for k, x := range wrong.Params {
			params[k] = x
		}
		l.refuse(wrong.Code, c.Field, params)
		return
	}
	if v != nil {
		l.data[c.Field] = v
	}
}

// reference resolves a relation, user or department.
func (r *reader) reference(l *line, c *column, text string) {
	f := c.match.find(text)
	params := problem.P{"column": c.Column.Column, "value": shown(text)}
	switch {
	case f.id != "":
		if f.near {
			c.report.reread(text, f.name)
		}
		l.data[c.Field] = f.id
		return
	case f.several > 0:
		params["count"] = f.several
		l.refuse("ambiguous-reference", c.Field, params)
		return
	case c.self && r.survey.values[value.Fold(text)]:
		if l.later == nil {
			l.later = map[*column]string{}
		}
		l.later[c] = text
		return
	case c.match.missing == MissingCreate:
		c.report.made(text)
		if l.wants == nil {
			l.wants = map[*column]string{}
		}
		l.wants[c] = text
		if r.placeholder != "" {
			l.data[c.Field] = r.placeholder
		}
		return
	}
	c.report.unmatched(text, f.suggestion)
	if f.suggestion != "" {
		params["suggestion"] = f.suggestion
	}
	switch c.match.missing {
	case MissingWarn:
		l.problems = append(l.problems, warning(problem.New("unknown-reference", "/data"+problem.Pointer(c.Field), params)))
	case MissingEmpty:
	default:
		l.refuse("unknown-reference", c.Field, params)
	}
}

// keyOf makes the line's key comparable. Text that a unique index compares folded is folded here too.
func (r *reader) keyOf(l *line) {
	if len(r.key) == 0 {
		return
	}
	var b []byte
	for _, x := range r.key {
		v := l.data[x.Key]
		if value.IsEmpty(v) {
			l.refuse("key-empty", x.Key, problem.P{"field": x.Key})
			return
		}
		if s, ok := v.(string); ok && x.Column.Match {
			v = value.Fold(s)
		}
		b = append(value.AppendJSON(b, v), ',')
	}
	l.key = string(b)
}

// pointedTo finds relations to the form itself whose targets this file brings, and the column that names them.
func (p *plan) pointedTo() *column {
	var at *column
	for _, c := range p.columns {
		if c.field.Relation != p.form || c.match == nil {
			continue
		}
		if named := p.byField[c.Match.By]; named != nil && named != c && (at == nil || at == named) {
			c.self, at = true, named
		}
	}
	return at
}
