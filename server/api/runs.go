package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"formwork/engine"
	"formwork/engine/automation"
	"formwork/engine/catalog"
	"formwork/engine/outbox"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// run is a run of an automation as it is listed.
type run struct {
	ID         string       `json:"id"`
	App        string       `json:"app"`
	Automation string       `json:"automation"` // app.key
	Title      string       `json:"title,omitempty"`
	Version    int64        `json:"version"`
	State      outbox.State `json:"state"`
	Trigger    runTrigger   `json:"trigger"`
	CreatedAt  string       `json:"createdAt"`
	UpdatedAt  string       `json:"updatedAt"`
	// Due is when a queued run starts, or tries again.
	Due      string       `json:"due,omitempty"`
	Attempts int          `json:"attempts,omitempty"`
	Taken    int          `json:"taken"` // steps
	Reason   string       `json:"reason,omitempty"`
	Failed   string       `json:"failed,omitempty"` // the step
	Problems problem.List `json:"problems,omitempty"`
	Error    string       `json:"error,omitempty"` // for admins
}

// runTrigger is what set a run off.
type runTrigger struct {
	On     string `json:"on"`
	Form   string `json:"form,omitempty"`
	Record string `json:"record,omitempty"`
	Rev    int64  `json:"rev,omitempty"`
	At     string `json:"at"`
	Value  string `json:"value,omitempty"`
	By     string `json:"by,omitempty"`
	Run    string `json:"run,omitempty"`
	Replay string `json:"replay,omitempty"`
	Depth  int    `json:"depth,omitempty"`
}

func (x *call) shownRun(r automation.Run) run {
	c := r.Cause
	out := run{
		ID: r.ID, App: automation.AppOf(r.Automation), Automation: r.Automation, Version: r.Version, State: r.State,
		Trigger:   runTrigger{On: c.On, Form: c.Form, Record: c.Record, Rev: c.Rev, At: c.At, Value: c.Value, By: c.By, Run: c.Run, Replay: c.Replay, Depth: c.Depth},
		CreatedAt: moment(r.CreatedAt), UpdatedAt: moment(r.UpdatedAt), Attempts: r.Attempts, Problems: x.explain(r.Problems),
	}
	if a := x.Engine.Catalog.Snapshot().Automations[r.Automation]; a != nil {
		out.Title = x.text(a.Def.Title)
	}
	if r.State == outbox.Queued {
		out.Due = moment(r.Due)
	}
	if n, ok := r.Result["steps"].(float64); ok {
		out.Taken = int(n)
	} else if n, ok := r.Progress["taken"].(float64); ok {
		out.Taken = int(n)
	}
	if m, ok := r.Result["failed"].(map[string]any); ok {
		out.Failed, _ = m["step"].(string)
	}
	out.Reason = x.reason(r.Result)
	if x.id.User.Admin {
		out.Error = r.Error
	}
	return out
}

// reason is why a run ended before its last step, in the caller's words.
func (x *call) reason(result map[string]any) string {
	if m, ok := result["reason"].(map[string]any); ok {
		text := definition.Text{}
		for lang, v := range m {
			text[lang], _ = v.(string)
		}
		return x.text(text)
	}
	if code, ok := result["code"].(string); ok {
		return x.messages.text(x.language(), problem.New(code, "", nil))
	}
	return ""
}

// maySeeRuns says whether the caller may look at an app's runs, inputs and outputs included: who may change its definitions.
func (x *call) maySeeRuns(app string) bool { return engine.AppAdmin(x.caller().Subject, app) }

// listRuns lists runs, the newest first: of an automation, of a record, or, for admins of the workspace, all.
func (s *Server) listRuns(x *call) error {
	f := automation.Filter{Automation: x.fiber.Query("automation"), Form: x.fiber.Query("form"), Record: x.fiber.Query("record"),
		State: outbox.State(x.fiber.Query("state")), Cursor: x.fiber.Query("cursor"), Limit: 50}
	if q := x.fiber.Query("limit"); q != "" {
		n, err := strconv.Atoi(q)
		if err != nil || n < 1 || n > 200 {
			return problem.Fail(problem.Invalid, "wrong-value", "/limit", problem.P{"value": q})
		}
		f.Limit = n
	}
	if f.State != "" && !f.State.Valid() {
		return problem.Fail(problem.Invalid, "wrong-value", "/state", problem.P{"value": string(f.State)})
	}
	if f.Record != "" && f.Form == "" {
		return problem.Fail(problem.Invalid, "required", "/form", nil)
	}
	app := automation.AppOf(f.Automation)
	if app == "" {
		app = automation.AppOf(f.Form)
	}
	if f.Automation == "" && f.Record == "" {
		if err := x.admin(); err != nil {
			return err
		}
	} else if !x.maySeeRuns(app) {
		return problem.Fail(problem.Forbidden, "designer-only", "", problem.P{"app": app})
	}
	runs, cursor, err := s.Engine.Automation.Runs(x.ctx, f)
	if err != nil {
		return err
	}
	items := make([]run, 0, len(runs))
	for _, r := range runs {
		if x.maySeeRuns(automation.AppOf(r.Automation)) {
			items = append(items, x.shownRun(r))
		}
	}
	out := object{"items": items}
	if cursor != "" {
		out["cursor"] = cursor
	}
	return x.answer(http.StatusOK, out)
}

// ownRun finds a run that the caller may look at; whole is false for one that they only started.
func (x *call) ownRun() (r automation.Run, whole bool, err error) {
	r, err = x.Engine.Automation.Get(x.ctx, x.param("id"))
	if err != nil {
		return r, false, err
	}
	if x.maySeeRuns(automation.AppOf(r.Automation)) {
		return r, true, nil
	}
	if r.Cause.On == string(definition.OnButton) && r.Cause.By == x.id.User.ID {
		return r, false, nil
	}
	return r, false, problem.Fail(problem.NotFound, "not-found", "", problem.P{"run": x.param("id")})
}

// getRun is a run with its log: every step with what went in and what came out.
func (s *Server) getRun(x *call) error {
	r, whole, err := x.ownRun()
	if err != nil {
		return err
	}
	out := object{"run": x.shownRun(r)}
	if whole {
		log, _ := r.Progress["log"].([]any)
		if failed, ok := r.Result["failed"].(map[string]any); ok {
			log = append(slices.Clone(log), failed)
		}
		if log == nil {
			log = []any{}
		}
		out["log"] = log
		if cut, ok := r.Progress["cut"]; ok {
			out["cut"] = cut
		}
		out["titles"] = x.stepTitles(r.Automation)
	}
	return x.answer(http.StatusOK, out)
}

// stepTitles are the titles of an automation's steps, by key.
func (x *call) stepTitles(name string) map[string]string {
	out := map[string]string{}
	var walk func(steps []*catalog.Step)
	walk = func(steps []*catalog.Step) {
		for _, s := range steps {
			if t := x.text(s.Def.Title); t != "" {
				out[s.Key] = t
			}
			for _, c := range s.Cases {
				walk(c.Steps)
			}
			walk(s.Body)
		}
	}
	if a := x.Engine.Catalog.Snapshot().Automations[name]; a != nil {
		walk(a.Steps)
	}
	return out
}

// wholeRun is ownRun for what only they may do who may look at all of it.
func (x *call) wholeRun() (automation.Run, error) {
	r, whole, err := x.ownRun()
	if err == nil && !whole {
		err = problem.Fail(problem.Forbidden, "designer-only", "", problem.P{"app": automation.AppOf(r.Automation)})
	}
	return r, err
}

// replayRun does a run again from the start, by the definition as it is now.
func (s *Server) replayRun(x *call) error {
	r, err := x.wholeRun()
	if err != nil {
		return err
	}
	if r, err = s.Engine.Automation.Replay(x.ctx, r.ID, x.id.User.ID); err != nil {
		return err
	}
	return x.answer(http.StatusAccepted, object{"run": x.shownRun(r)})
}

// resumeRun lets a run that failed go on behind the last step that was done.
func (s *Server) resumeRun(x *call) error {
	r, err := x.wholeRun()
	if err != nil {
		return err
	}
	if _, err = s.Engine.Outbox.Retry(x.ctx, r.ID); err != nil {
		return err
	}
	if r, err = s.Engine.Automation.Get(x.ctx, r.ID); err != nil {
		return err
	}
	return x.answer(http.StatusAccepted, object{"run": x.shownRun(r)})
}

// cancelRun asks a run to stop; a running one stops behind the step that it is at.
func (s *Server) cancelRun(x *call) error {
	r, err := x.wholeRun()
	if err != nil {
		return err
	}
	if _, err = s.Engine.Outbox.Cancel(x.ctx, r.ID); err != nil {
		return err
	}
	if r, err = s.Engine.Automation.Get(x.ctx, r.ID); err != nil {
		return err
	}
	return x.answer(http.StatusOK, object{"run": x.shownRun(r)})
}

// retryJob queues a job again that failed or was cancelled.
func (s *Server) retryJob(x *call) error {
	j, err := x.ownJob()
	if err != nil {
		return err
	}
	if j.Kind == automation.JobRun || j.Kind == automation.JobTimer {
		if err := x.admin(); err != nil {
			return err
		}
	}
	if j, err = s.Engine.Outbox.Retry(x.ctx, j.ID); err != nil {
		return err
	}
	return x.answer(http.StatusAccepted, x.job(j))
}

// automationName is the automation that the path names, as app.key.
func (x *call) automationName() string {
	return x.param("app") + "." + strings.TrimSpace(x.param("key"))
}
