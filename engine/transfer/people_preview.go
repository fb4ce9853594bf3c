package transfer

import (
	"context"
	"maps"
	"slices"

	"formwork/engine/record"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
)

// previewPeople rehearses an import of users or departments.
func (t *Transfer) previewPeople(ctx context.Context, c record.Caller, f File, m Mapping) (Preview, error) {
	tb, p, problems, err := t.preparePeople(c, f, &m)
	if err != nil {
		return Preview{}, err
	}
	out := Preview{Target: m.Target, Sheet: tb.sheet.Name, HeaderRow: tb.header.Row, Problems: append(problems, unmapped(&m, tb.header)...)}
	for _, k := range slices.Sorted(maps.Keys(p.fields)) {
		out.Columns = append(out.Columns, ColumnReport{Column: p.fields[k].Column.Column, Field: k})
	}
	if problems.Blocks() {
		return out, nil
	}
	r := newRoster(t.Org.Directory(), nil, t.Workspace(), fake())
	err = eachBatch(ctx, tb, &plan{when: p.when}, t.Batch, func(rows []sheet.Row) error {
		for _, row := range rows {
			out.Rows++
			got, err := p.apply(ctx, r, row)
			if err != nil && problem.KindOf(err) == "" {
				return err
			}
			if err != nil {
				if out.Refused++; len(out.RefusedRows) < maxRefused {
					out.RefusedRows = append(out.RefusedRows, RefusedRow{Row: row.Number, Cells: texts(row, tb.header), Problems: problem.Of(err)})
				}
				continue
			}
			var counts Counts
			counts.count(got.action)
			out.Create, out.Update, out.Unchanged = out.Create+counts.Created, out.Update+counts.Updated, out.Unchanged+counts.Unchanged
			if len(out.Sample) < maxSample {
				out.Sample = append(out.Sample, SampleRow{Row: row.Number, Action: got.action, Data: got.data})
			}
		}
		return nil
	})
	if len(r.fresh) > 0 && m.Target == Users {
		out.Problems = append(out.Problems, warning(problem.New("departments-made", "", problem.P{"count": r.n, "names": r.fresh})))
	}
	if len(r.leaders) > 0 {
		out.Problems = append(out.Problems, warning(problem.New("leaders-made", "/leader", problem.P{"count": len(r.leaders), "names": r.leaders})))
	}
	return out, err
}
