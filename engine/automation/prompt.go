package automation

import (
	"slices"

	"formwork/engine/catalog"
	"formwork/schemas/definition"
)

// maxBriefSteps is how many steps an automation may have to be done within the transaction that sets it off.
const maxBriefSteps = 12

// isBrief says whether a run of an automation is little enough to be done within the transaction that sets it off: it reads
// and writes single records that it knows by their ids. It must not ask for many, wait for numbers that are reserved
// outside of transactions, or be counted.
func (e *Engine) isBrief(a *catalog.Automation) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	brief, known := e.brief[a]
	if !known {
		n := 0
		brief = onWrite(a) && a.Def.Limits.PerMinute == 0 && briefSteps(a.Steps, &n)
		e.brief[a] = brief
	}
	return brief
}

func onWrite(a *catalog.Automation) bool {
	switch a.Def.Trigger.On {
	case definition.OnCreated, definition.OnChanged, definition.OnSaved, definition.OnStage:
		return true
	}
	return false
}

func briefSteps(steps []*catalog.Step, n *int) bool {
	for _, s := range steps {
		if *n++; *n > maxBriefSteps || !briefStep(s, n) {
			return false
		}
	}
	return true
}

func briefStep(s *catalog.Step, n *int) bool {
	switch s.Type.Key {
	case "set", "calculate", "stop", "notify":
		return true
	case "update", "transition":
		_, many := s.Config["filter"]
		return !many
	case "find":
		return s.Exprs["/record"] != nil
	case "create":
		return !slices.ContainsFunc(s.Form.Fields, func(f *catalog.Field) bool { return f.Type.Key == "serial" })
	case "branch":
		return !slices.ContainsFunc(s.Cases, func(c catalog.Case) bool { return !briefSteps(c.Steps, n) })
	}
	return false
}
