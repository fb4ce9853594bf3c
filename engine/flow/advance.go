package flow

import (
	"slices"

	"formwork/schemas/definition"
)

// Place is where a record stands in its stages, and since when, in milliseconds since 1970 UTC.
type Place struct {
	Stage string
	Since int64
}

// Step is what somebody wants: the stage to go to, when, and what they may do.
type Step struct {
	To string
	At int64
	// May says whether they may make transitions at all, Free whether they may go anywhere, as imports do; HasRole whether
	// they have one of the roles that a transition names.
	May, Free bool
	HasRole   func(roles []string) bool
	// Chosen says that they ask for a transition, not for a value: a transition to the same stage counts, and who may go
	// anywhere makes the transition all the same where there is one.
	Chosen bool
}

// Outcome is what becomes of a step. Reason is set when it is refused; then nothing else is.
type Outcome struct {
	Place
	// Move is the transition that is made; nil when the stage stays, or is set by who may go anywhere.
	Move    *definition.StageMove
	Require []string // fields that must be filled: the transition's and those of the stage that is entered
	Reason  *Reason
}

// Begin is where a new record stands.
func Begin(s *definition.Stages, stage string, at int64) Place {
	if stage == "" {
		stage = s.Initial
	}
	return Place{Stage: stage, Since: at}
}

// Advance is the reducer of stages: from where a record stands, by a step, to where it stands then. The same history
// gives the same place whenever it is replayed.
func Advance(s *definition.Stages, from Place, step Step) Outcome {
	if from.Stage == step.To && !step.Chosen {
		return Outcome{Place: from}
	}
	m := Choose(s, from.Stage, step.To, step.May || step.Chosen, step.HasRole)
	switch {
	case step.Free && (m == nil || !step.Chosen):
		return Outcome{Place: entered(from, step)}
	case m == nil:
		reason := Why(s, from.Stage, step.To, step.HasRole)
		return Outcome{Place: from, Reason: &reason}
	}
	return Outcome{Place: entered(from, step), Move: m, Require: Requires(s, m)}
}

func entered(from Place, step Step) Place {
	if from.Stage == step.To {
		return from
	}
	return Place{Stage: step.To, Since: step.At}
}

// Requires are the fields that a transition needs to be filled: its own and those of the stage that it leads to.
func Requires(s *definition.Stages, m *definition.StageMove) []string {
	out := slices.Clone(m.Require)
	if st := State(s, m.To); st != nil {
		for _, k := range st.Require {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// State finds a stage.
func State(s *definition.Stages, key string) *definition.State {
	i := slices.IndexFunc(s.States, func(st definition.State) bool { return st.Key == key })
	if i < 0 {
		return nil
	}
	return &s.States[i]
}

// Leaving are all transitions from a stage, whoever may make them, in the order of their declaration.
func Leaving(s *definition.Stages, from string) []*definition.StageMove {
	var out []*definition.StageMove
	for i := range s.Transitions {
		if m := &s.Transitions[i]; m.To != from && leaves(m, from) && !hidden(s, m.To) {
			out = append(out, m)
		}
	}
	return out
}

// Visit is one stay in a stage. Until is 0 while it lasts.
type Visit struct {
	Stage       string
	Since       int64
	Until       int64
	By, Comment string // of who entered
}

// Entry is a change of stage as a journal has it.
type Entry struct {
	From, To    string
	At          int64
	By, Comment string
}

// Visits folds a journal, the oldest entry first, into the stays of a record that began at a moment. now is where it
// stands, which tells the first stage when the journal is empty. An entry that comes from nowhere is a beginning of its
// own: what was before it does not count.
func Visits(now string, begun int64, by string, journal []Entry) []Visit {
	first := now
	if len(journal) > 0 {
		first = journal[0].From
	}
	out := []Visit{{Stage: first, Since: begun, By: by}}
	for _, e := range journal {
		if e.From == "" {
			out = out[:0]
		} else {
			out[len(out)-1].Until = e.At
		}
		out = append(out, Visit{Stage: e.To, Since: e.At, By: e.By, Comment: e.Comment})
	}
	return out
}

// Due is the day by which a record should have left a stage that was entered on a day; ok is false for a stage without
// limit.
func Due(s *definition.Stages, stage string, entered int64) (day int64, ok bool) {
	st := State(s, stage)
	if st == nil || st.Limit <= 0 {
		return 0, false
	}
	return entered + int64(st.Limit), true
}
