package api

import (
	"net/http"
	"strings"

	"formwork/engine/record"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// dashboardData answers every card of a dashboard: rows, and for each row the filter with which a query finds its records.
// ?period= is a name ("this-quarter"), a bucket ("2017-Q1") or "all"; ?from= and ?to= are dates; ?department= narrows.
func (s *Server) dashboardData(x *call) error {
	app, key, ok := strings.Cut(x.param("dashboard"), ".")
	if !ok {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"dashboard": x.param("dashboard")})
	}
	period := x.period()
	board, cards, err := s.Engine.Records.Board(x.ctx, x.caller(), app, key, record.BoardParams{Period: period, Department: x.fiber.Query("department")})
	if err != nil {
		return err
	}
	out := make([]any, len(cards))
	for i, c := range cards {
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
		if len(c.Problems) > 0 {
			if m["problems"], err = x.problemTree(c.Problems); err != nil {
				return err
			}
		}
		out[i] = m
	}
	tree := map[string]any{"dashboard": app + "." + key, "cards": out}
	if period == nil && board.Period != "" {
		tree["period"] = board.Period
	} else if s, ok := period.(string); ok {
		tree["period"] = s
	}
	return x.send(http.StatusOK, value.AppendJSON(nil, tree))
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
