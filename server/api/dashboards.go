package api

import (
	"net/http"
	"strings"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// dashboardData answers every card of a dashboard. ?period= is a name ("this-quarter"), a bucket ("2017-Q1") or "all";
// ?from= and ?to= are dates.
func (s *Server) dashboardData(x *call) error {
	app, key, ok := strings.Cut(x.param("dashboard"), ".")
	if !ok {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"dashboard": x.param("dashboard")})
	}
	period := x.period()
	d, cards, err := s.Engine.Dashboard(x.ctx, x.caller(), app, key, period)
	if err != nil {
		return err
	}
	out := make([]any, len(cards))
	for i, c := range cards {
		m := answerTree(c.Answer)
		m["key"], m["form"] = c.Card.Key, c.Form
		if len(c.Filter) > 0 {
			if m["filter"], err = value.Decode(c.Filter); err != nil {
				return err
			}
		}
		if len(c.Problems) > 0 {
			if m["problems"], err = x.problemTree(c.Problems); err != nil {
				return err
			}
		}
		out[i] = m
	}
	tree := map[string]any{"dashboard": app + "." + key, "cards": out}
	if period == nil && d.Period != "" {
		tree["period"] = d.Period
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
