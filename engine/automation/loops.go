package automation

import (
	"errors"

	"formwork/engine/catalog"
	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// branch goes the first way whose condition holds; who comes back goes the way that was gone before.
func (x *execution) branch(s *catalog.Step, depth int, final bool) error {
	way := -1
	if len(x.reached) > depth+1 {
		way = x.path[depth].Case
	} else {
		for i, c := range s.Cases {
			holds := c.When == nil
			if !holds {
				var err error
				if holds, err = x.conditionOf(c.When); err != nil {
					return err
				}
			}
			if holds {
				way = i
				break
			}
		}
		entry := x.entry(s)
		entry["out"] = map[string]any{"case": float64(way + 1)}
		x.note(entry)
	}
	if way < 0 || way >= len(s.Cases) {
		return nil
	}
	x.path[depth].Case = way
	return x.list(s.Cases[way].Steps, depth+1, final)
}

const (
	// defaultEach is how many items a loop takes at most where it says nothing; eachPage how many it reads at a time.
	defaultEach = 10000
	eachPage    = 50
)

// each does its steps for one item after the other. Where it has a single step that writes records, a page of items is
// written in one transaction.
func (x *execution) each(s *catalog.Step, depth int) error {
	f := &x.path[depth]
	limit := number(s.Config["limit"], defaultEach)
	if f.Done == 0 && f.Item == "" {
		entry := x.entry(s)
		x.note(entry)
	}
	var err error
	if s.Form != nil {
		err = x.eachRecord(s, depth, limit)
	} else {
		err = x.eachItem(s, depth, limit)
	}
	if err == nil && !x.stopped {
		x.gave(s, map[string]any{"count": float64(x.path[depth].Done)})
	}
	return err
}

func tooMany(limit int) error {
	return problem.Fail(problem.Invalid, "each-limit", "", problem.P{"max": limit})
}

func (x *execution) eachItem(s *catalog.Step, depth, limit int) error {
	if x.path[depth].List == nil {
		v, err := x.eval(s.Exprs["/list"], nil)
		if err != nil {
			return err
		}
		list, _ := v.([]any)
		if list == nil {
			list = []any{}
		}
		if len(list) > limit {
			return tooMany(limit)
		}
		if size := len(value.AppendJSON(nil, list)); size > maxState {
			return tooLarge(size)
		}
		x.path[depth].List = list
	}
	for i := x.path[depth].Done; i < len(x.path[depth].List); i++ {
		if err := x.body(s, depth, x.path[depth].List[i]); err != nil || x.stopped {
			return err
		}
		x.path[depth].Done = i + 1
	}
	return nil
}

func (x *execution) eachRecord(s *catalog.Step, depth, limit int) error {
	if id := x.path[depth].Item; id != "" { // a crash or a retry came in the middle of this one
		m, err := x.existing(s.Form.Name, id)
		if err != nil {
			return err
		}
		if m != nil {
			if err := x.body(s, depth, m); err != nil || x.stopped {
				return err
			}
		}
		x.passed(depth, id, 1)
	}
	for {
		filter, err := x.filter(s)
		if err != nil {
			return err
		}
		recs, err := x.Records.After(x.ctx, x.caller, s.Form.Name, filter, x.path[depth].After, eachPage)
		if err != nil || len(recs) == 0 {
			return err
		}
		if x.path[depth].Done+len(recs) > limit {
			return tooMany(limit)
		}
		done, err := x.together(s, depth, recs)
		if err != nil {
			return err
		}
		if done {
			continue
		}
		for _, r := range recs {
			x.path[depth].Item = r.Doc.ID
			if err := x.body(s, depth, x.values(r)); err != nil || x.stopped {
				return err
			}
			x.passed(depth, r.Doc.ID, 1)
		}
	}
}

// passed notes that a loop is done with items up to one.
func (x *execution) passed(depth int, id string, n int) {
	x.path = x.path[:depth+1]
	f := &x.path[depth]
	f.After, f.Item, f.Done = id, "", f.Done+n
}

// body does a loop's steps for an item.
func (x *execution) body(s *catalog.Step, depth int, item any) error {
	x.items, x.loops = append(x.items, item), append(x.loops, s.Form)
	defer func() { x.items, x.loops = x.items[:len(x.items)-1], x.loops[:len(x.loops)-1] }()
	if err := x.list(s.Body, depth+1, false); err != nil {
		return err
	}
	x.path = x.path[:depth+1]
	return nil
}

// together writes what a loop with a single step does for a page of items in one transaction. done is false where it has to
// go one by one: the steps are several, or one of the items is refused, which then shows which.
func (x *execution) together(s *catalog.Step, depth int, recs []*record.Record) (done bool, err error) {
	if len(s.Body) != 1 || x.job == nil || len(x.reached) > depth+1 || len(recs) < 2 {
		return false, nil
	}
	step := s.Body[0]
	switch step.Type.Key {
	case "create", "update", "delete", "transition":
	default:
		return false, nil
	}
	all := &plan{together: true}
	for _, r := range recs {
		x.items, x.loops = append(x.items, x.values(r)), append(x.loops, s.Form)
		p, err := x.planWhere(step)
		x.items, x.loops = x.items[:len(x.items)-1], x.loops[:len(x.loops)-1]
		if repeats(err) || problem.KindOf(err) != "" {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if p != nil {
			all.intents = append(all.intents, p.intents...)
		}
	}
	if len(all.intents) > record.MaxBulk {
		return false, nil
	}
	if x.taken += len(recs); x.taken > orElse(x.a.Def.Limits.Steps, defaultSteps) {
		x.taken -= len(recs)
		return false, nil
	}
	before := x.path[depth]
	log, cut := len(x.log), x.cut
	x.passed(depth, recs[len(recs)-1].Doc.ID, len(recs))
	all.entry = x.entry(step)
	all.entry["items"] = float64(len(recs))
	err = x.write(step, all, false)
	if err == nil {
		return true, nil
	}
	x.path = append(x.path[:depth:depth], before)
	if x.cut == cut {
		x.log = x.log[:log]
	}
	x.taken -= len(recs)
	if errors.Is(err, outbox.ErrLeaseLost) || !repeats(err) && problem.KindOf(err) == "" {
		return false, err
	}
	return false, nil
}

// planWhere is plan where the step's condition holds, nil where it does not.
func (x *execution) planWhere(s *catalog.Step) (*plan, error) {
	if s.When != nil {
		holds, err := x.conditionOf(s.When)
		if err != nil || !holds {
			return nil, err
		}
	}
	return x.plan(s)
}
