package api

import (
	"encoding/json"
	"net/http"
	"time"

	"formwork/engine/outbox"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// job is a job as its owner sees it.
type job struct {
	ID        string         `json:"id"`
	Kind      string         `json:"kind"`
	State     outbox.State   `json:"state"`
	CreatedAt string         `json:"createdAt"`
	UpdatedAt string         `json:"updatedAt"`
	By        string         `json:"by,omitempty"`
	About     map[string]any `json:"about,omitempty"`
	Attempts  int            `json:"attempts,omitempty"`
	Progress  map[string]any `json:"progress,omitempty"`
	Result    map[string]any `json:"result,omitempty"`
	Problems  problem.List   `json:"problems,omitempty"`
	Error     string         `json:"error,omitempty"` // for admins
}

func (x *call) job(j outbox.Job) job {
	out := job{ID: j.ID, Kind: j.Kind, State: j.State, CreatedAt: moment(j.CreatedAt), UpdatedAt: moment(j.UpdatedAt), By: j.By, Attempts: j.Attempts,
		About: about(j), Progress: j.Progress, Result: j.Result, Problems: x.explain(j.Problems)}
	for _, of := range []map[string]any{out.Progress, out.Result} {
		x.explainConflicts(of)
	}
	if x.id.User.Admin {
		out.Error = j.Error
	}
	return out
}

// explainConflicts adds messages to what an undoing could not take back.
func (x *call) explainConflicts(result map[string]any) {
	list, _ := result["conflictList"].([]any)
	for _, c := range list {
		conflict, _ := c.(map[string]any)
		var problems problem.List
		if json.Unmarshal(value.AppendJSON(nil, conflict["problems"]), &problems) != nil || len(problems) == 0 {
			continue
		}
		if tree, err := x.problemTree(problems); err == nil {
			conflict["problems"] = tree
		}
	}
}

// about says what a job works on: an import's file, form or target and mode, an undoing's import.
func about(j outbox.Job) map[string]any {
	out := map[string]any{}
	mapping, _ := j.Payload["mapping"].(map[string]any)
	for k, v := range map[string]any{"file": j.Payload["name"], "job": j.Payload["job"], "form": mapping["form"], "target": mapping["target"], "mode": mapping["mode"]} {
		if s, ok := v.(string); ok && s != "" {
			out[k] = s
		}
	}
	return out
}

func moment(t time.Time) string { return value.FormatInstant(t.UnixMilli()) }

// ownJob finds a job of the caller; admins have them all.
func (x *call) ownJob() (outbox.Job, error) {
	j, err := x.Engine.Outbox.Get(x.ctx, x.param("id"))
	if err == nil && j.By != x.id.User.ID && !x.id.User.Admin {
		return j, problem.Fail(problem.NotFound, "not-found", "", problem.P{"job": x.param("id")})
	}
	return j, err
}

// listJobs lists the caller's jobs, the newest first; ?all=true everybody's, for admins.
func (s *Server) listJobs(x *call) error {
	f := outbox.Filter{By: x.id.User.ID, Kind: x.fiber.Query("kind"), State: outbox.State(x.fiber.Query("state"))}
	if x.fiber.Query("all") == "true" {
		if err := x.admin(); err != nil {
			return err
		}
		f.By = ""
	}
	jobs, err := s.Engine.Outbox.List(x.ctx, f)
	if err != nil {
		return err
	}
	out := make([]job, len(jobs))
	for i, j := range jobs {
		out[i] = x.job(j)
	}
	return list(x, out)
}

func (s *Server) getJob(x *call) error {
	j, err := x.ownJob()
	if err != nil {
		return err
	}
	return x.answer(http.StatusOK, x.job(j))
}

// cancelJob asks a job to stop; a running one stops soon after.
func (s *Server) cancelJob(x *call) error {
	j, err := x.ownJob()
	if err != nil {
		return err
	}
	if j, err = s.Engine.Outbox.Cancel(x.ctx, j.ID); err != nil {
		return err
	}
	return x.answer(http.StatusOK, x.job(j))
}
