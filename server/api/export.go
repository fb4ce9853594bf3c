package api

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"
	"time"

	"formwork/engine/access"
	"formwork/engine/record"
	"formwork/engine/transfer"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// exportTime is how long an export may take.
const exportTime = 10 * time.Minute

var exportTypes = map[sheet.Format]string{
	sheet.CSV: "text/csv; charset=utf-8", sheet.JSONL: "application/jsonl",
	sheet.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// export streams the records of a query: ?format=xlsx|csv|jsonl&filter={json}&search=&sort=&fields=a,b&keys=true&ids=true.
func (s *Server) export(x *call) error {
	m := map[string]any{}
	for _, name := range []string{"format", "search"} {
		if text := x.fiber.Query(name); text != "" {
			m[name] = text
		}
	}
	for _, name := range []string{"fields", "sort"} {
		var items []any
		if list := x.fiber.Query(name); list != "" {
			for _, part := range strings.Split(list, ",") {
				items = append(items, part)
			}
			m[name] = items
		}
	}
	for _, name := range []string{"keys", "ids"} {
		m[name] = x.fiber.Query(name) == "true"
	}
	if text := x.fiber.Query("filter"); text != "" {
		filter, err := value.Decode([]byte(text))
		if err != nil {
			return problem.Fail(problem.Malformed, "wrong-parameter", "", problem.P{"parameter": "filter"})
		}
		m["filter"] = filter
	}
	return s.exported(x, m)
}

// exportQuery is export for a query that is too long for an address: that of picked records, by their ids.
func (s *Server) exportQuery(x *call) error {
	f, err := x.object(true)
	if err != nil {
		return err
	}
	return s.exported(x, f.m)
}

func (s *Server) exported(x *call, m map[string]any) error {
	f, d, err := s.Engine.Records.Decision(x.ctx, x.caller(), x.form())
	if err != nil {
		return err
	}
	if !d.Can(definition.Export) {
		return access.Forbid(definition.Export, x.form())
	}
	looks := fields{m: m}
	o := transfer.ExportOptions{Format: sheet.Format(looks.text("format")), Locale: x.language(), Keys: looks.bool("keys"), IDs: looks.bool("ids"), Fields: looks.texts("fields")}
	looks.known = append(looks.known, "filter", "search", "sort")
	if err := looks.err(); err != nil {
		return err
	}
	if o.Format == "" {
		o.Format = sheet.XLSX
	}
	kind, ok := exportTypes[o.Format]
	if !ok {
		return problem.Fail(problem.Malformed, "wrong-parameter", "", problem.P{"parameter": "format"})
	}
	asked := map[string]any{"filter": m["filter"], "search": m["search"], "sort": m["sort"]}
	q, ps := record.ParseQuery(asked)
	if err := problem.Refuse(ps); err != nil {
		return err
	}
	probe := q // what is wrong with the query is said before the file begins
	probe.Limit = 1
	if _, err := s.Engine.Records.Query(x.ctx, x.caller(), x.form(), probe); err != nil {
		return err
	}
	name := f.Def.Title.In(x.language())
	if name == "" {
		name = f.Key
	}
	caller, form := x.caller(), x.form()
	x.fiber.Set("Content-Type", kind)
	x.fiber.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name+"."+string(o.Format)))
	r, w := io.Pipe()
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), exportTime)
		defer cancel()
		err := s.Engine.Transfer.Export(ctx, caller, form, q, o, w)
		if err != nil && !errors.Is(err, io.ErrClosedPipe) { // the answer has begun: it is cut off instead of ended
			s.Log.Error("export ended early", "form", form, "error", err)
		}
		_ = w.CloseWithError(err)
	}()
	x.fiber.Context().SetBodyStream(r, -1)
	return nil
}
