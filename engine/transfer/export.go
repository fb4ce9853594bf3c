package transfer

import (
	"context"
	"io"
	"slices"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/record"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// ExportOptions say how an export looks.
type ExportOptions struct {
	Format sheet.Format
	// Fields are those to write, in order; nil for all that are not hidden.
	Fields []string
	// Locale is the language of titles and options. Keys writes keys and option values instead.
	Locale string
	Keys   bool
	// IDs adds the record's id in front, and behind every reference the id that it holds.
	IDs bool
}

// exportPage is how many records lie between two questions for the names of what they refer to.
const exportPage = 500

// Export writes the records that the caller may export, as a query finds them: filter, search and sort apply, limit and
// cursor do not. Memory does not grow with their number, nor is one snapshot held: records that change meanwhile may be
// written in their old or new state. Field rights apply. References are written by name, where the caller may read it.
func (t *Transfer) Export(ctx context.Context, c record.Caller, form string, q record.Query, o ExportOptions, w io.Writer) error {
	f, d, err := t.Records.Decision(ctx, c, form)
	if err != nil {
		return err
	}
	if !d.Can(definition.Export) {
		return access.Forbid(definition.Export, form)
	}
	if !o.Format.Valid() {
		return problem.Fail(problem.Invalid, "unknown-value", "/format", problem.P{"value": string(o.Format)})
	}
	e := &exporting{Transfer: t, ctx: ctx, caller: c, form: f, d: d, o: o, zone: c.Zone, names: map[string]map[string]string{}}
	if e.zone == nil {
		e.zone = t.Records.Zone()
	}
	if err := e.choose(); err != nil {
		return err
	}
	q.Limit, q.Cursor, q.Fields = 0, "", nil
	started := false
	begin := func() error { // a query that is refused must not leave a file
		started = true
		e.out, err = sheet.NewWriter(w, o.Format, e.header())
		return err
	}
	err = t.Records.Each(ctx, c, form, q, func(r *record.Record) error {
		if !started {
			if err := begin(); err != nil {
				return err
			}
		}
		if !d.Covers(definition.Export, f.Columns, r.Doc.Tree()) {
			return nil
		}
		if e.page = append(e.page, r); len(e.page) < exportPage {
			return nil
		}
		return e.flush()
	})
	if err == nil && !started {
		err = begin()
	}
	if err == nil {
		err = e.flush()
	}
	if err == nil {
		err = e.out.Close()
	}
	return err
}

type exporting struct {
	*Transfer
	ctx    context.Context
	caller record.Caller
	form   *catalog.Form
	d      *access.Decision
	o      ExportOptions
	zone   zone
	fields []*catalog.Field
	names  map[string]map[string]string // form -> id -> name, of one page
	titles map[*catalog.Field]map[string]string
	page   []*record.Record
	out    *sheet.Writer
}

// choose finds the fields to write. One that the caller may not see is unknown.
func (e *exporting) choose() error {
	e.titles = map[*catalog.Field]map[string]string{}
	var ps problem.List
	if e.o.Fields == nil {
		for _, x := range e.form.Fields {
			if !x.Def.Hidden && e.d.Field(x.Key) != definition.Hidden {
				e.fields = append(e.fields, x)
			}
		}
	}
	for i, k := range e.o.Fields {
		x := e.form.ByKey[k]
		if x == nil || e.d.Field(k) == definition.Hidden {
			ps = append(ps, problem.New("unknown-field", problem.Pointer("fields", i), problem.P{"field": k}))
			continue
		}
		e.fields = append(e.fields, x)
	}
	for _, x := range e.fields {
		if len(x.AsDef.Options) == 0 {
			continue
		}
		e.titles[x] = map[string]string{}
		for _, o := range x.AsDef.Options {
			if title := o.Title.In(e.o.Locale); title != "" && !e.o.Keys {
				e.titles[x][o.Value] = title
			}
		}
	}
	return problem.Refuse(ps)
}

func isReference(x *catalog.Field) bool {
	return slices.Contains([]string{"relation", "user", "department"}, x.As.Key)
}

func (e *exporting) header() []sheet.OutColumn {
	var out []sheet.OutColumn
	if e.o.IDs {
		out = append(out, sheet.OutColumn{Name: "id"})
	}
	taken := map[string]bool{}
	for _, x := range e.fields {
		name := x.Key
		if title := x.Def.Title.In(e.o.Locale); title != "" && !e.o.Keys && !taken[title] {
			name = title
		}
		taken[name] = true
		out = append(out, sheet.OutColumn{Name: name})
		if e.o.IDs && isReference(x) {
			out = append(out, sheet.OutColumn{Name: x.Key + ".id"})
		}
	}
	return out
}

// flush writes a page.
func (e *exporting) flush() error {
	defer func() { e.page = e.page[:0] }()
	clear(e.names)
	rows := make([]map[string]any, len(e.page))
	for i, r := range e.page {
		v, err := value.Decode(e.Records.Render(e.ctx, e.caller, r))
		if err != nil {
			return err
		}
		m, _ := v.(map[string]any)
		rows[i], _ = m["data"].(map[string]any)
	}
	for _, x := range e.fields {
		if x.Relation != nil || x.AsDef.Type == "relation" {
			if err := e.name(x, rows); err != nil {
				return err
			}
		}
	}
	for i, r := range e.page {
		var cells []sheet.Cell
		if e.o.IDs {
			cells = append(cells, sheet.Cell{Text: r.Doc.ID, Kind: sheet.KindText})
		}
		for _, x := range e.fields {
			v := rows[i][x.Key]
			cells = append(cells, e.cell(x, v))
			if e.o.IDs && isReference(x) {
				id, _ := v.(string)
				cells = append(cells, sheet.Cell{Text: id, Kind: sheet.KindText})
			}
		}
		if err := e.out.Write(cells); err != nil {
			return err
		}
	}
	return nil
}
