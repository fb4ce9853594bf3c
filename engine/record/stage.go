package record

import (
	"slices"
	"strings"

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
		if st != nil && verb == Recompute {
			return nil, p.reclock()
		}
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
	free := p.free() && (p.creating || !p.caller.Bound && p.caller.Via != ViaAutomation)
	at := p.now.UnixMilli()
	if p.creating {
		if (to != "" && to != st.Def.Initial || len(p.e.intent.Past) > 0) && !free {
			return nil, problem.Fail(problem.Forbidden, "forbidden", "/data"+problem.Pointer(st.Field), problem.P{"action": string(definition.SetStage), "form": p.f.Name})
		}
		place := flow.Begin(st.Def, to, at)
		p.data[st.Field] = place.Stage
		p.clock(p.past(place))
		return nil, nil
	}
	chosen := p.e.intent.Verb == Move
	if from != to && to == "" {
		p.fail("required", st.Field, nil)
		return nil, nil
	}
	out := flow.Advance(st.Def, flow.Place{Stage: from, Since: p.entered()}, flow.Step{
		To: to, At: at, May: p.d.Can(definition.Transition), Free: free, HasRole: p.d.HasRole, Chosen: chosen})
	if out.Reason != nil {
		where := "/data" + problem.Pointer(st.Field)
		if chosen {
			where = "/to"
		}
		params := problem.P{"from": from, "to": to, "roles": out.Reason.Roles, "possible": out.Reason.Possible}
		if !p.d.Askable(st.Field) { // where the record is now is not for this caller
			delete(params, "from")
			delete(params, "possible")
		}
		p.problems = append(p.problems, problem.New(out.Reason.Code, where, params))
		return nil, nil
	}
	p.clock(out.Place)
	m := out.Move
	if m == nil {
		return nil, nil
	}
	if !p.d.Covers(definition.Transition, p.f.Columns, p.e.before.Tree()) {
		return nil, access.Forbid(definition.Transition, p.f.Name)
	}
	if chosen && !p.fills(m) && !p.d.Covers(definition.Update, p.f.Columns, p.e.before.Tree()) {
		return nil, access.Forbid(definition.Update, p.f.Name)
	}
	i := slices.IndexFunc(st.Moves, func(x *catalog.Move) bool { return x.Def == m })
	return st.Moves[i], nil
}

// entered is when the record came into its stage, as far as the form keeps it.
func (p *pipeline) entered() int64 {
	if since := p.f.Stages.Since; since != nil {
		ms, _ := since.Column.Scalar(p.was[since.Key]).(int64)
		return ms
	}
	return 0
}

// clock fills the fields that tell since when a record stands in its stage, and until when it may. Who has the right
// set-stage may have written the first: an import brings history along.
func (p *pipeline) clock(place flow.Place) {
	st := p.f.Stages
	since := place.Since
	if st.Since != nil {
		if own, ok := st.Since.Column.Scalar(p.data[st.Since.Key]).(int64); ok && p.e.touched[st.Since.Key] {
			since = own
		}
		if since != 0 {
			p.set(st.Since.Key, value.FormatInstant(since))
		}
	}
	if st.Due == nil || since == 0 || p.e.touched[st.Due.Key] {
		return
	}
	if day, ok := flow.Due(st.Def, place.Stage, value.DayIn(since, p.Zone())); ok {
		p.set(st.Due.Key, value.FormatDate(day))
	} else {
		p.set(st.Due.Key, nil)
	}
}

// reclock brings the clock up to date for a record that has none yet, or whose limits changed: its journal tells when it
// came into its stage.
func (p *pipeline) reclock() error {
	st := p.f.Stages
	stage, _ := p.data[st.Field].(string)
	if st.Since == nil && st.Due == nil || stage == "" {
		return nil
	}
	since := p.entered()
	if since == 0 {
		journal, err := p.journal(p.r, p.e.before.ID)
		if err != nil {
			return err
		}
		created, _ := value.ParseInstant(text(p.e.before.Tree(), "createdAt"))
		visits := flow.Visits(stage, created, "", journal)
		since = visits[len(visits)-1].Since
	}
	p.clock(flow.Place{Stage: stage, Since: since})
	return nil
}

func text(m map[string]any, key string) string { s, _ := m[key].(string); return s }

// fills says whether what was sent with a transition is no more than what the transition asks for: the rest needs the
// right to update.
func (p *pipeline) fills(m *definition.StageMove) bool {
	asks := flow.Requires(p.f.Stages.Def, m)
	for k := range p.e.touched {
		if k != p.f.Stages.Field && !slices.Contains(asks, k) && !value.Equal(p.data[k], p.was[k]) {
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
	if m.Def.Comment && strings.TrimSpace(p.e.intent.Comment) == "" {
		p.problems = append(p.problems, problem.New("required", "/comment", problem.P{"transition": m.Def.Key}))
	}
	for _, k := range flow.Requires(p.f.Stages.Def, m.Def) {
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
		params := problem.P{"transition": m.Def.Key}
		if len(m.Def.Refuse) > 0 {
			params["text"] = m.Def.Refuse
		} else if params["name"] = m.Def.Title; len(m.Def.Title) == 0 {
			params["name"] = m.Def.Key
		}
		p.problems = append(p.problems, problem.New("guard", "/data"+problem.Pointer(p.f.Stages.Field), params))
	}
	return nil
}
