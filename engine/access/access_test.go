package access

import (
	"testing"

	"formwork/engine/query"
	"formwork/schemas/definition"
)

type alone struct{}

func (alone) Colleagues(user string, _ bool) []string { return []string{user} }

func decide(rights ...definition.FormRight) *Decision {
	s := Subject{User: "u"}
	for _, r := range rights {
		r.Form = "thing"
		s.Roles = append(s.Roles, Role{App: "lab", Def: &definition.Role{Forms: []definition.FormRight{r}}})
	}
	return Decide(s, Target{App: "lab", Form: "lab.thing", Owner: "createdBy", Columns: query.Columns{},
		Qualify: func(app, form string) string { return app + "." + form }}, alone{}, query.Env{})
}

func TestFieldsOfSeveralRoles(t *testing.T) {
	only := func(a definition.FieldAccess) []definition.FieldRight {
		return []definition.FieldRight{{Field: "cost", Access: a}}
	}
	read, write := []definition.Action{definition.Read}, []definition.Action{definition.Read, definition.Update}
	create, update := []definition.Action{definition.Create}, []definition.Action{definition.Update}
	for name, c := range map[string]struct {
		rights []definition.FormRight
		want   definition.FieldAccess
	}{
		"one that hides":                           {[]definition.FormRight{{Actions: read, Fields: only(definition.Hidden)}}, definition.Hidden},
		"one that hides, one that reads all":       {[]definition.FormRight{{Actions: read, Fields: only(definition.Hidden)}, {Actions: read}}, definition.Writable},
		"a right to create opens nothing":          {[]definition.FormRight{{Actions: read, Fields: only(definition.Hidden)}, {Actions: create}}, definition.Hidden},
		"nor what is masked":                       {[]definition.FormRight{{Actions: read, Fields: only(definition.Masked)}, {Actions: update}}, definition.Masked},
		"what can be read may be opened to writes": {[]definition.FormRight{{Actions: read, Fields: only(definition.ReadOnly)}, {Actions: update}}, definition.Writable},
		"without any right to read":                {[]definition.FormRight{{Actions: create, Fields: only(definition.Hidden)}, {Actions: create}}, definition.Writable},
		"masked and read-only":                     {[]definition.FormRight{{Actions: read, Fields: only(definition.Masked)}, {Actions: write, Fields: only(definition.ReadOnly)}}, definition.ReadOnly},
	} {
		if got := decide(c.rights...).Field("cost"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestNothingIsAllowedByDefault(t *testing.T) {
	d := decide()
	if d.Any() || d.Can(definition.Read) || d.Covers(definition.Read, nil, nil) || !d.Rows(definition.Read).Never {
		t.Error("a subject without roles may do something")
	}
	d = decide(definition.FormRight{Actions: []definition.Action{definition.Read}, Rows: "strange"})
	if d.Can(definition.Read) {
		t.Error("rows that are not known let everything through")
	}
}
