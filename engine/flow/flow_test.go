package flow_test

import (
	"reflect"
	"slices"
	"testing"

	"formwork/engine/flow"
	"formwork/schemas/definition"
)

var stages = &definition.Stages{
	Field: "stage", Initial: "new",
	States: []definition.State{{Key: "new"}, {Key: "offer", Limit: 14, Require: []string{"amount"}}, {Key: "won", Category: "done"}, {Key: "old", Hidden: true}},
	Transitions: []definition.StageMove{
		{Key: "quote", From: []string{"new"}, To: "offer", Require: []string{"name", "amount"}},
		{Key: "win", From: []string{"offer"}, To: "won", Roles: []string{"lead"}},
		{Key: "again", From: []string{"*"}, To: "new"},
		{Key: "retire", From: []string{"*"}, To: "old"},
	},
}

func roles(have ...string) func([]string) bool {
	return func(wanted []string) bool {
		return len(wanted) == 0 || slices.ContainsFunc(wanted, func(r string) bool { return slices.Contains(have, r) })
	}
}

func TestAdvance(t *testing.T) {
	at := func(stage string, since int64) flow.Place { return flow.Place{Stage: stage, Since: since} }
	for name, c := range map[string]struct {
		from   string
		step   flow.Step
		place  flow.Place
		move   string
		needs  []string
		reason string
	}{
		"a legal transition":               {"new", flow.Step{To: "offer", May: true}, at("offer", 9), "quote", []string{"name", "amount"}, ""},
		"what stays":                       {"new", flow.Step{To: "new", May: true}, at("new", 1), "", nil, ""},
		"a transition to the same stage":   {"new", flow.Step{To: "new", Chosen: true}, at("new", 1), "again", nil, ""},
		"no transition":                    {"new", flow.Step{To: "won", May: true}, at("new", 1), "", nil, "no-transition"},
		"without the right":                {"new", flow.Step{To: "offer"}, at("new", 1), "", nil, "transition-role"},
		"without the role":                 {"offer", flow.Step{To: "won", May: true}, at("offer", 1), "", nil, "transition-role"},
		"with the role":                    {"offer", flow.Step{To: "won", May: true, HasRole: roles("lead")}, at("won", 9), "win", nil, ""},
		"set by who may go anywhere":       {"new", flow.Step{To: "won", Free: true}, at("won", 9), "", nil, ""},
		"a value by who may go anywhere":   {"new", flow.Step{To: "offer", Free: true, May: true}, at("offer", 9), "", nil, ""},
		"a transition by who may anywhere": {"new", flow.Step{To: "offer", Free: true, Chosen: true}, at("offer", 9), "quote", []string{"name", "amount"}, ""},
		"a stage that was retired":         {"new", flow.Step{To: "old", May: true}, at("new", 1), "", nil, "stage-retired"},
	} {
		t.Run(name, func(t *testing.T) {
			c.step.At = 9
			if c.step.HasRole == nil {
				c.step.HasRole = roles()
			}
			got := flow.Advance(stages, at(c.from, 1), c.step)
			move, reason := "", ""
			if got.Move != nil {
				move = got.Move.Key
			}
			if got.Reason != nil {
				reason = got.Reason.Code
			}
			if got.Place != c.place || move != c.move || reason != c.reason || !slices.Equal(got.Require, c.needs) {
				t.Errorf("%+v by %q needing %v, refused with %q", got.Place, move, got.Require, reason)
			}
		})
	}
}

// Replaying a journal through the reducer ends where the journal says.
func TestAHistoryCanBeReplayed(t *testing.T) {
	journal := []flow.Entry{{From: "new", To: "offer", At: 5, By: "ann"}, {From: "offer", To: "new", At: 8, By: "bob"}, {From: "new", To: "offer", At: 20, By: "ann"}}
	place := flow.Begin(stages, "", 2)
	for _, e := range journal {
		if place.Stage != e.From {
			t.Fatalf("at %d it stands in %s", e.At, place.Stage)
		}
		place = flow.Advance(stages, place, flow.Step{To: e.To, At: e.At, May: true, HasRole: roles()}).Place
	}
	if place != (flow.Place{Stage: "offer", Since: 20}) {
		t.Errorf("it ends in %+v", place)
	}
	want := []flow.Visit{{Stage: "new", Since: 2, Until: 5, By: "cy"}, {Stage: "offer", Since: 5, Until: 8, By: "ann"},
		{Stage: "new", Since: 8, Until: 20, By: "bob"}, {Stage: "offer", Since: 20, By: "ann"}}
	if got := flow.Visits("offer", 2, "cy", journal); !reflect.DeepEqual(got, want) {
		t.Errorf("stays are %+v", got)
	}
	past := []flow.Entry{{To: "new", At: 1}, {From: "new", To: "offer", At: 3}}
	if got := flow.Visits("offer", 90, "cy", past); len(got) != 2 || got[0] != (flow.Visit{Stage: "new", Since: 1, Until: 3}) || got[1].Since != 3 {
		t.Errorf("a past that was brought along: %+v", got)
	}
	if got := flow.Visits("new", 2, "cy", nil); len(got) != 1 || got[0].Stage != "new" || got[0].Until != 0 {
		t.Errorf("a record that never moved: %+v", got)
	}
}

func TestDue(t *testing.T) {
	if day, ok := flow.Due(stages, "offer", 100); !ok || day != 114 {
		t.Errorf("due on %d, %v", day, ok)
	}
	if _, ok := flow.Due(stages, "new", 100); ok {
		t.Error("a stage without limit is due")
	}
}
