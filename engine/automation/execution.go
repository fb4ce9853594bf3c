package automation

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// execution is a run under way, in earnest or as a rehearsal.
type execution struct {
	*Engine
	// Records and Store are what the run reads and writes: those of a transaction where it is done within one.
	Records *record.Records
	Store   store.Store
	within  bool
	ctx     context.Context
	snap    *catalog.Snapshot
	a       *catalog.Automation
	cause   Cause
	id      string
	began   time.Time
	caller  record.Caller
	job     *outbox.Run // nil: a rehearsal, nothing is written
	state
	// reached is where the last checkpoint was, as far as it has not been gone back to yet.
	reached []frame
	items   []any           // of the loops that the step is in, the innermost last
	loops   []*catalog.Form // what the items are records of, nil for a list
	known   map[string]any  // the record as the step began
	overlay map[string]map[string]any
	stopped bool
	reason  definition.Text
	// contended is what the last attempt at the step lost a race for.
	contended string
}

// state is what a checkpoint keeps.
type state struct {
	path  []frame        // where the run is: the step in each list of steps, from the outermost
	steps map[string]any // what steps gave
	vars  map[string]any
	log   []any
	cut   int // entries of the log that were left out
	taken int
	seq   int // checkpoints that are known to be stored
}

// frame is a place in a list of steps, and how far a loop or which way of a branch the step there has gone.
type frame struct {
	Step  int
	Case  int    // of a branch
	After string // the last record that a loop has done
	Item  string // the record that a loop is at
	Done  int    // how many items a loop has done
	List  []any  // the items of a loop over a list
}

func (e *Engine) execution(ctx context.Context, snap *catalog.Snapshot, a *catalog.Automation, c Cause, id string) *execution {
	cause := &record.Cause{Automation: a.Name, Run: id, Actor: c.By, Depth: c.Depth + 1}
	return &execution{Engine: e, Records: e.Records, Store: e.Store, ctx: ctx, snap: snap, a: a, cause: c, id: id, began: e.Now(), caller: e.caller(snap, a, cause),
		state: state{steps: map[string]any{}, vars: map[string]any{}}}
}

// all goes through the steps from where the run is.
func (x *execution) all() error {
	if values, ok := x.written.LoadAndDelete(x.id); ok && x.a.Def.Trigger.On != definition.OnDeleted {
		x.known, _ = values.(map[string]any)
	}
	if x.known == nil && x.a.Form != nil && x.cause.Record != "" {
		rec, err := x.Records.Load(x.ctx, x.caller, x.cause.Form, x.cause.Record)
		if err != nil {
			return err
		}
		if rec.Doc.Deleted && x.a.Def.Trigger.On != definition.OnDeleted && len(x.log) == 0 {
			x.reason = nil
			return x.end("record-deleted")
		}
		x.known = x.Records.Values(rec)
	}
	err := x.list(x.a.Steps, 0, true)
	if err != nil {
		return x.failed(err)
	}
	return x.end("")
}

// end is the result of a run that came to its end by itself.
func (x *execution) end(code string) error {
	if x.job == nil || x.path == nil && code == "" { // completed with its last step
		return nil
	}
	x.path = []frame{{Step: len(x.a.Steps)}}
	err := x.Store.Update(x.ctx, func(tx store.Tx) error {
		return x.job.Complete(x.ctx, tx, x.progress(), x.result(code))
	})
	return err
}

func (x *execution) result(code string) map[string]any {
	out := map[string]any{"steps": float64(x.taken)}
	if code != "" {
		out["code"] = code
	}
	if len(x.reason) > 0 {
		text := map[string]any{}
		for k, v := range x.reason {
			text[k] = v
		}
		out["reason"] = text
	}
	return out
}

// failed puts the step that failed into the result of the attempt; what was done before it is in the progress.
func (x *execution) failed(err error) error {
	if x.job == nil {
		return err
	}
	result := x.result("")
	var at *stepError
	if errors.As(err, &at) {
		result["failed"] = at.entry
	}
	x.job.Result(result)
	return err
}

// stepError says at which step a run failed.
type stepError struct {
	entry map[string]any
	err   error
}

func (s *stepError) Error() string { return fmt.Sprintf("step %v: %v", s.entry["step"], s.err) }
func (s *stepError) Unwrap() error { return s.err }

// list goes through steps that follow each other; final says that nothing follows the last of them.
func (x *execution) list(steps []*catalog.Step, depth int, final bool) error {
	begin := 0
	if len(x.reached) > depth {
		begin = x.reached[depth].Step
	} else {
		x.reached = nil
	}
	x.path = append(x.path[:depth:depth], frame{})
	for i := begin; i < len(steps); i++ {
		back := len(x.reached) > depth && x.reached[depth].Step == i
		x.path = append(x.path[:depth:depth], frame{Step: i})
		if back {
			x.path[depth] = x.reached[depth]
			if len(x.reached) == depth+1 { // the checkpoint was made right before this step
				x.reached = nil
			}
		} else {
			x.reached = nil
		}
		if err := x.step(steps[i], depth, final && i == len(steps)-1); err != nil || x.stopped || x.path == nil {
			return err
		}
	}
	x.reached = nil
	x.path = append(x.path[:depth:depth], frame{Step: len(steps)})
	return nil
}

// maxRepeats is how often a step begins anew because what it read has changed.
const maxRepeats = 30

// step does one step.
func (x *execution) step(s *catalog.Step, depth int, final bool) error {
	if err := x.ctx.Err(); err != nil {
		return err
	}
	if x.taken++; x.taken > orElse(x.a.Def.Limits.Steps, defaultSteps) {
		return x.at(s, problem.Fail(problem.Invalid, "step-limit", "", problem.P{"max": orElse(x.a.Def.Limits.Steps, defaultSteps)}))
	}
	var err error
	var inner *stepError // of a step within this one, which has begun anew as often as it may
	for n := range maxRepeats {
		if n > 0 { // what was faster may be about to commit
			x.breathe(min(time.Duration(n)*time.Millisecond, 20*time.Millisecond))
		}
		err = x.inTurn(func() error { return x.attempt(s, depth, final) })
		if !repeats(err) || errors.As(err, &inner) || x.within {
			break
		}
		x.known = nil
	}
	x.contended = ""
	if err == nil || errors.As(err, &inner) || errors.Is(err, outbox.ErrLeaseLost) {
		return err
	}
	return x.at(s, err)
}

// breathe waits up to a time.
func (x *execution) breathe(most time.Duration) {
	timer := time.NewTimer(most/2 + rand.N(most/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-x.ctx.Done():
	}
}

// inTurn lets runs of this process that lost a race for the same thing try again one after the other.
func (x *execution) inTurn(attempt func() error) error {
	if x.contended == "" {
		return attempt()
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(x.contended))
	turn := &x.turns[h.Sum32()%uint32(len(x.turns))]
	turn.Lock()
	defer turn.Unlock()
	return attempt()
}

// at says at which step an error happened.
func (x *execution) at(s *catalog.Step, err error) error {
	entry := x.entry(s)
	if ps := problem.Of(err); len(ps) > 0 {
		entry["code"] = ps[0].Code
	}
	if len(x.items) > 0 {
		entry["item"] = brief(x.items[len(x.items)-1])
	}
	return &stepError{entry, err}
}

// attempt does a step on the records as they are now.
func (x *execution) attempt(s *catalog.Step, depth int, final bool) error {
	back := len(x.reached) > depth+1 || x.path[depth].Done > 0 || x.path[depth].Item != ""
	if s.When != nil && !back {
		holds, err := x.conditionOf(s.When)
		if err != nil {
			return err
		}
		if !holds {
			entry := x.entry(s)
			entry["skipped"] = true
			x.note(entry)
			return nil
		}
	}
	switch s.Type.Key {
	case "branch":
		return x.branch(s, depth, final)
	case "each":
		return x.each(s, depth)
	case "stop":
		return x.stop(s)
	case "find":
		return x.find(s)
	case "aggregate":
		return x.aggregate(s)
	case "set":
		return x.set(s)
	case "calculate":
		return x.calculate(s)
	}
	p, err := x.plan(s)
	if err != nil {
		return err
	}
	return x.commit(s, p, depth, final)
}

// gave remembers what a step gives to those after it.
func (x *execution) gave(s *catalog.Step, out map[string]any) { x.steps[s.Key] = out }

// entry begins an entry of the log.
func (x *execution) entry(s *catalog.Step) map[string]any {
	return map[string]any{"step": s.Key, "type": s.Type.Key, "at": value.FormatInstant(x.Now().UnixMilli())}
}

const (
	// maxLog is how many entries of the log are kept: of more, those in the middle go.
	maxLog = 300
	// keepFirst of them are the first ones.
	keepFirst = 200
	// maxLooped is from how many entries on a loop adds no more.
	maxLooped = 60
	// maxBrief is how large a value in the log may be, maxState how large everything that a run remembers.
	maxBrief = 2000
	maxState = 512 << 10
)

// note adds to the log.
func (x *execution) note(entry map[string]any) {
	if len(x.items) > 0 && len(x.log) >= maxLooped {
		x.cut++
		return
	}
	if len(x.log) >= maxLog {
		x.log = append(x.log[:keepFirst:keepFirst], x.log[keepFirst+1:]...)
		x.cut++
	}
	x.log = append(x.log, entry)
}

// brief is a value as the log keeps it: as it is, or the beginning of its JSON.
func brief(v any) any {
	b := value.AppendJSON(nil, v)
	if len(b) <= maxBrief {
		return v
	}
	return map[string]any{"cut": string([]rune(string(b[:maxBrief/2]))) + "…", "bytes": float64(len(b))}
}
