package flow

import (
	"slices"

	"formwork/schemas/definition"
)

// Choose is the transition from one stage to another that the caller may make: may says whether they may make
// transitions at all, hasRole whether they have one of the roles that a transition names. nil when there is none. Among
// several the first declared wins.
func Choose(s *definition.Stages, from, to string, may bool, hasRole func([]string) bool) *definition.StageMove {
	if !may || hidden(s, to) {
		return nil
	}
	for i := range s.Transitions {
		if m := &s.Transitions[i]; m.To == to && leaves(m, from) && hasRole(m.Roles) {
			return m
		}
	}
	return nil
}

// Possible are the transitions that the caller may make from a stage, in the order of their declaration.
func Possible(s *definition.Stages, from string, hasRole func([]string) bool) []*definition.StageMove {
	var out []*definition.StageMove
	for i := range s.Transitions {
		if m := &s.Transitions[i]; m.To != from && leaves(m, from) && hasRole(m.Roles) && !hidden(s, m.To) {
			out = append(out, m)
		}
	}
	return out
}

// Reason is why there is no transition.
type Reason struct {
	Code     string   // no-transition, transition-role or stage-retired
	Roles    []string // that may make it
	Possible []string // stages that the caller can reach instead
}

// Why explains that Choose found nothing.
func Why(s *definition.Stages, from, to string, hasRole func([]string) bool) Reason {
	r := Reason{Code: "no-transition", Roles: []string{}, Possible: []string{}}
	for _, m := range Possible(s, from, hasRole) {
		if !slices.Contains(r.Possible, m.To) {
			r.Possible = append(r.Possible, m.To)
		}
	}
	if hidden(s, to) {
		r.Code = "stage-retired"
		return r
	}
	for i := range s.Transitions {
		if m := &s.Transitions[i]; m.To == to && leaves(m, from) {
			r.Code = "transition-role"
			r.Roles = append(r.Roles, m.Roles...)
		}
	}
	return r
}

func leaves(m *definition.StageMove, from string) bool {
	return slices.Contains(m.From, from) || slices.Contains(m.From, "*")
}

func hidden(s *definition.Stages, key string) bool {
	i := slices.IndexFunc(s.States, func(st definition.State) bool { return st.Key == key })
	return i >= 0 && s.States[i].Hidden
}
