package api

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/transfer"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// dashboardData answers every card of a dashboard: rows, and for each row the filter with which a query finds its records.
// ?period= is a name ("this-quarter"), a bucket ("2017-Q1") or "all"; ?from= and ?to= are dates; ?department= narrows.
func (s *Server) dashboardData(x *call) error {
	app, key, params, err := x.board()
	if err != nil {
		return err
	}
	period := params.Period
	board, err := s.Engine.Records.Board(x.ctx, x.caller(), app, key, params)
	if err != nil {
		return err
	}
	out := make([]any, len(board.Cards))
	for i, c := range board.Cards {
		m := answerTree(record.Answer{Rows: c.Rows, Labels: c.Labels})
		filters := make([]any, len(c.Filters))
		for j, f := range c.Filters {
			if f.None() {
				continue
			}
			if filters[j], err = value.Decode(f.FilterJSON()); err != nil {
				return err
			}
		}
		m["key"], m["form"], m["filters"] = c.Key, c.Form, filters
		if c.Then != nil {
			previous := make([]any, len(c.Previous))
			for j, row := range c.Previous {
				if row != nil {
					previous[j] = map[string]any(row)
				}
			}
			m["previous"], m["then"] = previous, spanTree(*c.Then)
		}
		if c.Target != nil {
			m["target"] = *c.Target
		}
		if len(c.Problems) > 0 {
			if m["problems"], err = x.problemTree(c.Problems); err != nil {
				return err
			}
		}
		out[i] = m
	}
	tree := map[string]any{"dashboard": app + "." + key, "cards": out}
	if board.Span != nil {
		span := spanTree(*board.Span)
		span["days"], span["elapsed"] = float64(board.Span.Days()), float64(board.Elapsed)
		tree["range"] = span
	}
	if period == nil && board.Def.Period != "" {
		tree["period"] = board.Def.Period
	} else if s, ok := period.(string); ok {
		tree["period"] = s
	}
	return x.send(http.StatusOK, value.AppendJSON(nil, tree))
}

// board is the dashboard of the path, and how it is narrowed.
func (x *call) board() (app, key string, p record.BoardParams, err error) {
	app, key, ok := strings.Cut(x.param("dashboard"), ".")
	if !ok {
		return "", "", p, problem.Fail(problem.NotFound, "not-found", "", problem.P{"dashboard": x.param("dashboard")})
	}
	return app, key, record.BoardParams{Period: x.period(), Department: x.fiber.Query("department")}, nil
}

// exportDashboard gives a dashboard as a file, a sheet a card: with the parameters of dashboardData, and ?format=xlsx.
func (s *Server) exportDashboard(x *call) error {
	app, key, params, err := x.board()
	if err != nil {
		return err
	}
	if x.fiber.Query("format", "xlsx") != "xlsx" {
		return problem.Fail(problem.Malformed, "wrong-parameter", "", problem.P{"parameter": "format"})
	}
	var file bytes.Buffer
	if err := s.Engine.Transfer.ExportBoard(x.ctx, x.caller(), app, key, params, x.language(), &file); err != nil {
		return err
	}
	name := key
	if a := s.Engine.Catalog.Snapshot().Apps[app]; a != nil {
		if board, ok := a.Board(key); ok {
			name = transfer.BoardTitle(board, x.language())
		}
	}
	x.fiber.Status(http.StatusOK)
	x.fiber.Set("Content-Type", exportTypes[sheet.XLSX])
	x.fiber.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name+".xlsx"))
	x.fiber.Context().Response.SetBodyRaw(file.Bytes())
	return nil
}

func spanTree(s query.Span) map[string]any {
	return map[string]any{"from": value.FormatDate(s.From), "to": value.FormatDate(s.To)}
}

func (x *call) period() any {
	if from, to := x.fiber.Query("from"), x.fiber.Query("to"); from != "" || to != "" {
		m := map[string]any{}
		for k, v := range map[string]string{"from": from, "to": to} {
			if v != "" {
				m[k] = v
			}
		}
		return m
	}
	if p := x.fiber.Query("period"); p != "" {
		return p
	}
	return nil
}

// problemTree is explained problems in canonical values.
func (x *call) problemTree(l problem.List) (any, error) {
	b, err := encode(x.explain(l))
	if err != nil {
		return nil, err
	}
	return value.Decode(b)
}
