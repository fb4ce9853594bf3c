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
	if st == nil || p.e.intent.Verb == Recompute {
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
			p.problems = append(p.problems, problem.New("unknown-stage", "/to", problem.P{"stage": to}))
			return nil, nil
		}
		p.data[st.Field] = to
		p.e.touched[st.Field] = true
	}
	free := p.d.Can(definition.SetStage) && (p.creating || p.d.Covers(definition.SetStage, p.f.Columns, p.e.before.Tree()))
	if p.creating {
		switch {
		case to == "":
			p.data[st.Field] = st.Def.Initial
		case to != st.Def.Initial && !free:
			return nil, problem.Fail(problem.Forbidden, "forbidden", "/data"+problem.Pointer(st.Field), problem.P{"action": string(definition.SetStage), "form": p.f.Name})
		}
		return nil, nil
	}
	if from == to {
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
		p.problems = append(p.problems, problem.New(reason.Code, at, problem.P{"from": from, "to": to, "roles": reason.Roles, "possible": reason.Possible}))
		return nil, nil
	case !p.d.Covers(definition.Transition, p.f.Columns, p.e.before.Tree()):
		return nil, access.Forbid(definition.Transition, p.f.Name)
	}
	i := slices.IndexFunc(st.Moves, func(x *catalog.Move) bool { return x.Def == m })
	return st.Moves[i], nil
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
