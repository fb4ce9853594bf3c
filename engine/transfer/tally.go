package transfer

import (
	"errors"
	"maps"

	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
)

// Counts say what became of rows.
type Counts struct {
	Done      int `json:"done"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	Refused   int `json:"refused"`
	Skipped   int `json:"skipped"` // by a condition
	Warnings  int `json:"warnings"`
}

func (c *Counts) add(o Counts) {
	c.Done += o.Done
	c.Created += o.Created
	c.Updated += o.Updated
	c.Unchanged += o.Unchanged
	c.Refused += o.Refused
	c.Skipped += o.Skipped
	c.Warnings += o.Warnings
}

// progress is Counts as a job's progress, with more beside them.
func (c Counts) progress(more map[string]any) map[string]any {
	out := map[string]any{"done": c.Done, "created": c.Created, "updated": c.Updated, "unchanged": c.Unchanged, "refused": c.Refused,
		"skipped": c.Skipped, "warnings": c.Warnings}
	maps.Copy(out, more)
	return out
}

func countsOf(m map[string]any) Counts {
	n := func(k string) int { return intOf(m[k]) }
	return Counts{Done: n("done"), Created: n("created"), Updated: n("updated"), Unchanged: n("unchanged"), Refused: n("refused"),
		Skipped: n("skipped"), Warnings: n("warnings")}
}

func intOf(v any) int { f, _ := v.(float64); return int(f) }

// sheetProblem is a complaint of the reader as a problem. Place and parameters become parameters.
func sheetProblem(err error) problem.Problem {
	var e *sheet.Error
	if !errors.As(err, &e) {
		return problem.New("unreadable", "", nil)
	}
	p := problem.P{}
	maps.Copy(p, e.Params)
	if e.Row > 0 {
		p["row"] = e.Row
	}
	if e.Column > 0 {
		p["column"] = sheet.Letters(e.Column - 1)
	}
	return problem.New(string(e.Code), "", p)
}

func warning(p problem.Problem) problem.Problem {
	p.Severity = problem.Warning
	return p
}

// shown is text for parameters: long ones are cut.
func shown(s string) string {
	const most = 100
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
