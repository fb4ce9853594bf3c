package transfer

import (
	"context"
	"io"
	"path"
	"strconv"
	"strings"

	"formwork/engine/store"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
)

// conclude writes the error sheet, if there is anything to say, and the result.
func (im *importing) conclude(ctx context.Context) error {
	im.phase = phaseDone
	result := im.progress(im.counts, nil)
	delete(result, "row")
	delete(result, "entry")
	refused := false
	for e, err := range im.entries(ctx, im.job.ID, false, 0) {
		if err != nil {
			return err
		}
		if refused = len(e.refused) > 0; refused {
			break
		}
	}
	more := map[string]any{}
	if refused {
		locale, _ := im.job.Payload["locale"].(string)
		r, w := io.Pipe()
		go func() { w.CloseWithError(im.errorSheet(ctx, im.job.ID, im.tb.header, locale, w)) }()
		name := strings.TrimSuffix(im.name(), path.Ext(im.name())) + "-errors.csv"
		id, err := im.Files.Save(ctx, im.job.By, name, "text/csv", r)
		_ = r.Close() // ends the writer where Save did not read to the end
		if err != nil {
			return err
		}
		more["errors"], result["errors"] = id, id
	}
	im.run.Result(result)
	return im.Store.Update(ctx, func(tx store.Tx) error {
		if id, ok := more["errors"].(string); ok {
			if err := im.Files.Keep(ctx, tx, id); err != nil {
				return err
			}
		}
		return im.run.Checkpoint(ctx, tx, im.progress(im.counts, more))
	})
}

func (im *importing) name() string {
	if s, _ := im.job.Payload["name"].(string); s != "" {
		return s
	}
	return "import.csv"
}

// errorSheet writes the refused rows: the row's number, its cells as they were, and the reasons.
func (t *Transfer) errorSheet(ctx context.Context, job string, h sheet.Header, locale string, w io.Writer) error {
	label := func(code, fallback string) string {
		if s := t.Say(locale, problem.New(code, "", nil)); s != "" && !strings.HasPrefix(s, code) {
			return s
		}
		return fallback
	}
	columns := []sheet.OutColumn{{Name: label("error-sheet-row", "Row")}}
	for _, c := range h.Columns {
		columns = append(columns, sheet.OutColumn{Name: c.Name})
	}
	columns = append(columns, sheet.OutColumn{Name: label("error-sheet-reasons", "Reasons")})
	out, err := sheet.NewWriter(w, sheet.CSV, columns)
	if err != nil {
		return err
	}
	for e, err := range t.entries(ctx, job, false, 0) {
		if err != nil {
			return err
		}
		for _, r := range e.refused {
			if err := out.Write(t.refusedCells(r, len(h.Columns), locale)); err != nil {
				return err
			}
		}
	}
	return out.Close()
}

func (t *Transfer) refusedCells(r RefusedRow, columns int, locale string) []sheet.Cell {
	cells := []sheet.Cell{{Text: strconv.Itoa(r.Row), Kind: sheet.KindNumber}}
	for i := range columns {
		text := ""
		if i < len(r.Cells) {
			text = r.Cells[i]
		}
		cells = append(cells, sheet.Cell{Text: text, Kind: sheet.KindText})
	}
	return append(cells, sheet.Cell{Text: t.reasons(r.Problems, locale), Kind: sheet.KindText})
}

// reasons are the problems that block, each with the column or field it is about.
func (t *Transfer) reasons(list problem.List, locale string) string {
	var out []string
	for _, p := range list {
		if !p.Blocks() {
			continue
		}
		at, _ := p.Params["column"].(string)
		if at == "" {
			at = strings.TrimPrefix(strings.TrimPrefix(p.Pointer, "/data"), "/")
		}
		text := t.Say(locale, p)
		if at != "" {
			text = at + ": " + text
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}
