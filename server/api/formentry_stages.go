package api

import (
	"slices"

	"formwork/engine/catalog"
	"formwork/engine/flow"
	"formwork/schemas/definition"
)

// stagesEntry is a form's stages as a caller may use them.
type stagesEntry struct {
	Field       string             `json:"field"`
	Initial     string             `json:"initial"`
	Since       string             `json:"since,omitempty"`
	Due         string             `json:"due,omitempty"`
	States      []definition.State `json:"states"`
	Transitions []moveEntry        `json:"transitions"`
}

// moveEntry is a transition, and whether the caller may make it.
type moveEntry struct {
	Key     string           `json:"key"`
	Title   definition.Text  `json:"title,omitempty"`
	From    []string         `json:"from"`
	To      string           `json:"to"`
	Require []string         `json:"require,omitempty"` // its own and those of the stage that it leads to
	Comment bool             `json:"comment,omitempty"`
	Guard   *definition.Expr `json:"guard,omitempty"`
	Refuse  definition.Text  `json:"refuse,omitempty"`
	Allowed bool             `json:"allowed"`
	// Reason is why it is not: transition-role (Roles may), forbidden or stage-retired.
	Reason string      `json:"reason,omitempty"`
	Roles  []roleTitle `json:"roles,omitempty"`
}

// roleTitle names a role.
type roleTitle struct {
	Key   string          `json:"key"`
	Title definition.Text `json:"title"`
}

// stages is nil where the stage is hidden. Transitions that the caller may not make stay, with the reason.
func (n narrowed) stages(a *catalog.App) *stagesEntry {
	st := n.f.Stages
	if st == nil || n.hidden(st.Field) {
		return nil
	}
	e := &stagesEntry{Field: st.Field, Initial: st.Def.Initial, Transitions: []moveEntry{}}
	if !n.hidden(st.Def.Since) {
		e.Since = st.Def.Since
	}
	if !n.hidden(st.Def.Due) {
		e.Due = st.Def.Due
	}
	for _, state := range st.Def.States {
		state.Require = slices.DeleteFunc(slices.Clone(state.Require), n.hidden)
		e.States = append(e.States, state)
	}
	for _, m := range st.Moves {
		t := moveEntry{Key: m.Def.Key, Title: m.Def.Title, From: m.Def.From, To: m.Def.To, Refuse: m.Def.Refuse, Guard: m.Def.Guard,
			Require: slices.DeleteFunc(flow.Requires(st.Def, m.Def), n.hidden), Comment: m.Def.Comment}
		if n.names(m.Guard) {
			t.Guard = nil
		}
		switch {
		case st.States[m.Def.To].Hidden:
			t.Reason = "stage-retired"
		case !n.d.Can(definition.Transition):
			t.Reason = "forbidden"
		case !n.d.HasRole(m.Def.Roles):
			t.Reason, t.Roles = "transition-role", titlesOf(a, m.Def.Roles)
		default:
			t.Allowed = true
		}
		e.Transitions = append(e.Transitions, t)
	}
	return e
}

func titlesOf(a *catalog.App, keys []string) []roleTitle {
	var out []roleTitle
	for _, r := range a.Roles {
		if slices.Contains(keys, r.Key) {
			out = append(out, roleTitle{r.Key, r.Title})
		}
	}
	return out
}
