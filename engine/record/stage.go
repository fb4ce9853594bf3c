package record

import (
	"slices"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/flow"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// stage decides about the stage field: a new record starts in the initial stage, an existing one moves through a
// transition, whoever writes. The right set-stage, which imports have, goes anywhere and is journalled as such. It gives
// the transition that is made, nil when the stage stays or is set.
func (p *pipeline) stage() (*catalog.Move, error) {
	st := p.f.Stages
	if verb := p.e.intent.Verb; st == nil || verb == Recompute || verb == Restore {
		if verb == Move {
			p.problems = append(p.problems, problem.New("unknown-stage", "/to", problem.P{"stage": shorten(p.e.intent.To)}))
		}
		return nil, nil
	}
	from, _ := p.was[st.Field].(string)
	to, _ := p.data[st.Field].(string)
	if p.e.intent.Verb == Move {
		if p.e.touched[st.Field] {
			p.fail("stage-by-transition", st.Field, nil)
			return nil, nil
		}
		to = p.e.intent.To
		if st.States[to] == nil {
			p.problems = append(p.problems, problem.New("unknown-stage", "/to", problem.P{"stage": shorten(to)}))
			return nil, nil
		}
		p.data[st.Field] = to
		p.e.touched[st.Field] = true
	}
	free := p.free()
	if p.creating {
		switch {
		case to == "":
			p.data[st.Field] = st.Def.Initial
		case to != st.Def.Initial && !free:
			return nil, problem.Fail(problem.Forbidden, "forbidden", "/data"+problem.Pointer(st.Field), problem.P{"action": string(definition.SetStage), "form": p.f.Name})
		}
		return nil, nil
	}
	if from == to && p.e.intent.Verb != Move {
		return nil, nil
	}
	if to == "" {
		p.fail("required", st.Field, nil)
		return nil, nil
	}
	m := flow.Choose(st.Def, from, to, p.e.intent.Verb == Move || p.d.Can(definition.Transition), p.d.HasRole)
	switch {
	case m == nil && free, m != nil && free && p.e.intent.Verb != Move:
		return nil, nil // set, not moved
	case m == nil:
		at := "/data" + problem.Pointer(st.Field)
		if p.e.intent.Verb == Move {
			at = "/to"
		}
		reason := flow.Why(st.Def, from, to, p.d.HasRole)
		params := problem.P{"from": from, "to": to, "roles": reason.Roles, "possible": reason.Possible}
		if !p.d.Askable(st.Field) { // where the record is now is not for this caller
			delete(params, "from")
			delete(params, "possible")
		}
		p.problems = append(p.problems, problem.New(reason.Code, at, params))
		return nil, nil
	case !p.d.Covers(definition.Transition, p.f.Columns, p.e.before.Tree()):
		return nil, access.Forbid(definition.Transition, p.f.Name)
	}
	if p.e.intent.Verb == Move && !p.fills(m) && !p.d.Covers(definition.Update, p.f.Columns, p.e.before.Tree()) {
		return nil, access.Forbid(definition.Update, p.f.Name)
	}
	i := slices.IndexFunc(st.Moves, func(x *catalog.Move) bool { return x.Def == m })
	return st.Moves[i], nil
}

// fills says whether what was sent with a transition is no more than what the transition asks for: the rest needs the
// right to update.
func (p *pipeline) fills(m *definition.StageMove) bool {
	for k := range p.e.touched {
		if k != p.f.Stages.Field && !slices.Contains(m.Require, k) && !value.Equal(p.data[k], p.was[k]) {
			return false
		}
	}
	return true
}

// guard holds the record, as it will be, against what its transition requires.
func (p *pipeline) guard(m *catalog.Move) error {
	if m == nil {
		return nil
	}
	for _, k := range m.Def.Require {
		if value.IsEmpty(p.data[k]) {
			p.problems = append(p.problems, problem.New("required", "/data"+problem.Pointer(k), problem.P{"transition": m.Def.Key}))
		}
	}
	if m.Guard == nil {
		return nil
	}
	v, ok := p.eval(m.Guard)
	if p.ctx.Err() != nil {
		return p.ctx.Err()
	}
	if holds, _ := v.(bool); !ok || !holds {
		p.problems = append(p.problems, problem.New("guard", "/data"+problem.Pointer(p.f.Stages.Field),
			problem.P{"transition": m.Def.Key, "text": m.Def.Refuse}))
	}
	return nil
}
