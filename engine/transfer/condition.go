package transfer

import (
	"strings"

	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// condition is a Condition with its column found and its texts folded.
type condition struct {
	index     int
	in, notIn map[string]bool
	empty     *bool
}

func conditions(list []Condition, h sheet.Header) ([]condition, problem.List) {
	var out []condition
	var ps problem.List
	at := indexes(h)
	for i, c := range list {
		index, ok := at[c.Column]
		if !ok {
			ps = append(ps, unknownColumn(c.Column, problem.Pointer("when", i, "column"), h))
			continue
		}
		out = append(out, condition{index: index, in: foldedSet(c.In), notIn: foldedSet(c.NotIn), empty: c.Empty})
	}
	return out, ps
}

func foldedSet(list []string) map[string]bool {
	if list == nil {
		return nil
	}
	out := make(map[string]bool, len(list))
	for _, s := range list {
		out[value.Fold(s)] = true
	}
	return out
}

// takes says whether a row meets every condition.
func takes(list []condition, row sheet.Row) bool {
	for _, c := range list {
		text := row.Cell(c.index).Text
		folded := value.Fold(text)
		switch {
		case c.in != nil && !c.in[folded], c.notIn[folded]:
			return false
		case c.empty != nil && *c.empty != (strings.TrimSpace(text) == ""):
			return false
		}
	}
	return true
}
