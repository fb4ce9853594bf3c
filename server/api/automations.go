package api

import (
	"net/http"

	"formwork/engine/automation"
	"formwork/engine/catalog"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/step"
)

// listSteps is the registry of step types, each with the schema of its settings.
func (s *Server) listSteps(x *call) error { return list(x, step.All()) }

// automationEntry is a published automation as it is listed.
type automationEntry struct {
	Key         string                 `json:"key"`
	Title       string                 `json:"title"`
	Description string                 `json:"description,omitempty"`
	Form        string                 `json:"form,omitempty"` // app.form
	On          definition.TriggerKind `json:"on"`
	Disabled    bool                   `json:"disabled,omitempty"`
	Paused      bool                   `json:"paused"`
	PausedBy    string                 `json:"pausedBy,omitempty"`
	PausedAt    string                 `json:"pausedAt,omitempty"`
	Last        *run                   `json:"last,omitempty"`
}

func (x *call) automationEntry(a *catalog.Automation) automationEntry {
	e := automationEntry{Key: a.Key, Title: x.text(a.Def.Title), Description: x.text(a.Def.Description), On: a.Def.Trigger.On, Disabled: a.Def.Disabled}
	if a.Form != nil {
		e.Form = a.Form.Name
	}
	if p := x.Engine.Automation.Paused(a.Name); p.Paused {
		e.Paused, e.PausedBy, e.PausedAt = true, p.By, p.At
	}
	return e
}

// listAutomations lists an app's published automations, each with its last run.
func (s *Server) listAutomations(x *call) error {
	app, err := x.designer()
	if err != nil {
		return err
	}
	a := s.Engine.Catalog.Snapshot().Apps[app]
	if a == nil {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"app": app})
	}
	items := make([]automationEntry, len(a.Automations))
	for i, au := range a.Automations {
		items[i] = x.automationEntry(au)
		runs, _, err := s.Engine.Automation.Runs(x.ctx, automation.Filter{Automation: au.Name, Limit: 1})
		if err != nil {
			return err
		}
		if len(runs) > 0 {
			last := x.shownRun(runs[0])
			items[i].Last = &last
		}
	}
	return list(x, items)
}

// patchAutomation pauses an automation, or lets it go on.
func (s *Server) patchAutomation(x *call) error {
	if _, err := x.designer(); err != nil {
		return err
	}
	f, err := x.object(false)
	if err != nil {
		return err
	}
	f.required("paused")
	paused := f.bool("paused")
	if err := f.err(); err != nil {
		return err
	}
	if _, err := s.Engine.Automation.SetPaused(x.ctx, x.automationName(), paused, x.id.User.ID); err != nil {
		return err
	}
	a := s.Engine.Catalog.Snapshot().Automations[x.automationName()]
	if a == nil {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"automation": x.automationName()})
	}
	return x.answer(http.StatusOK, x.automationEntry(a))
}

// testAutomation tries an automation, its draft where there is one, on a record, and writes nothing.
func (s *Server) testAutomation(x *call) error {
	app, err := x.designer()
	if err != nil {
		return err
	}
	f, err := x.object(true)
	if err != nil {
		return err
	}
	record, before := f.text("record"), f.object("before")
	if err := f.err(); err != nil {
		return err
	}
	r, err := s.Engine.Automation.Rehearse(x.ctx, app, x.param("key"), record, x.id.User.ID, before)
	if err != nil {
		return err
	}
	log := r.Steps
	if log == nil {
		log = []any{}
	}
	out := object{"starts": r.Starts, "log": log, "problems": x.explain(r.Problems)}
	if len(r.Reason) > 0 {
		out["reason"] = x.text(r.Reason)
	}
	return x.answer(http.StatusOK, out)
}

// button is something that the caller can start for a record.
type button struct {
	Automation string `json:"automation"` // app.key
	Title      string `json:"title"`
	Icon       string `json:"icon,omitempty"`
	Confirm    string `json:"confirm,omitempty"`
}

// listButtons lists the buttons of a record that the caller may press now.
func (s *Server) listButtons(x *call) error {
	pressable, err := s.Engine.Automation.Buttons(x.ctx, x.caller(), x.form(), x.param("id"))
	if err != nil {
		return err
	}
	items := make([]button, len(pressable))
	for i, a := range pressable {
		items[i] = button{Automation: a.Name, Title: x.text(a.Def.Title), Icon: a.Def.Trigger.Icon, Confirm: x.text(a.Def.Trigger.Confirm)}
		if items[i].Title == "" {
			items[i].Title = a.Key
		}
	}
	return list(x, items)
}

// pressButton starts the run of a button.
func (s *Server) pressButton(x *call) error {
	r, err := s.Engine.Automation.Press(x.ctx, x.caller(), x.form(), x.param("id"), x.param("automation"))
	if err != nil {
		return err
	}
	return x.answer(http.StatusAccepted, object{"run": x.shownRun(r)})
}
