package transfer

import (
	"context"
	"encoding/json"

	"formwork/engine/access"
	"formwork/engine/outbox"
	"formwork/engine/record"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// StartOptions go with an import.
type StartOptions struct {
	// Locale is the language of the error sheet.
	Locale string
}

// Start hands an import of a stored file to the background and gives its job, whose progress is {rows, done, created,
// updated, unchanged, refused, skipped, warnings} and whose result has besides the id of the error sheet, if any row was
// refused. What would block is refused here, before anything is written: a *problem.Failure with the problems that a
// preview shows.
func (t *Transfer) Start(ctx context.Context, c record.Caller, file string, m Mapping, o StartOptions) (outbox.Job, error) {
	if err := problem.Refuse(m.check()); err != nil {
		return outbox.Job{}, err
	}
	f, err := t.Files.Open(ctx, file)
	if err != nil {
		return outbox.Job{}, err
	}
	defer f.Close()
	if err := t.admit(ctx, c, f, &m); err != nil {
		return outbox.Job{}, err
	}
	mapping, err := m.tree()
	if err != nil {
		return outbox.Job{}, err
	}
	return t.Outbox.Submit(ctx, outbox.Job{Kind: JobImport, By: c.User,
		Payload: map[string]any{"file": file, "name": f.Name, "mapping": mapping, "locale": o.Locale}})
}

// admit refuses what would not run.
func (t *Transfer) admit(ctx context.Context, c record.Caller, f File, m *Mapping) error {
	if m.Target != "" {
		_, _, problems, err := t.preparePeople(c, f, m)
		if err != nil {
			return err
		}
		return problem.Refuse(problems)
	}
	tb, p, problems, err := t.prepare(ctx, c, f, m)
	if err != nil {
		return err
	}
	if err := problem.Refuse(problems); err != nil {
		return err
	}
	_, problems, err = p.look(ctx, tb)
	if err != nil {
		return err
	}
	return problem.Refuse(problems)
}

// tree is a mapping as canonical values.
func (m *Mapping) tree() (map[string]any, error) {
	b, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	v, err := value.Decode(b)
	if err != nil {
		return nil, err
	}
	return v.(map[string]any), nil
}

// RunImport is the handler of JobImport.
func (t *Transfer) RunImport(ctx context.Context, run *outbox.Run) error {
	job := run.Job()
	if job.Progress["phase"] == phaseDone {
		return nil
	}
	m, err := ParseMapping(value.AppendJSON(nil, job.Payload["mapping"]))
	if err != nil {
		return err
	}
	file, _ := job.Payload["file"].(string)
	f, err := t.Files.Open(ctx, file)
	if err != nil {
		return err
	}
	defer f.Close()
	via := ViaImport
	if m.Automations {
		via = ViaAutomated
	}
	c := t.Caller(job.By, via)
	im := &importing{Transfer: t, run: run, job: job, ids: idsOf(job.ID, job.CreatedAt), counts: countsOf(job.Progress),
		at: intOf(job.Progress["row"]), entry: intOf(job.Progress["entry"])}
	if m.Target != "" {
		return im.runPeople(ctx, c, f, &m)
	}
	tb, p, problems, err := t.prepare(ctx, c, f, &m)
	if err == nil {
		err = problem.Refuse(problems)
	}
	if err != nil {
		return err
	}
	im.tb, im.plan = tb, p
	return im.records(ctx)
}

// StartUndo hands the undoing of an import to the background: what it created and nobody touched since goes to the
// recycle bin, what it changed gets its old values back where they were not changed again. What cannot be undone is
// reported. Whoever may import may undo.
func (t *Transfer) StartUndo(ctx context.Context, c record.Caller, imported string) (outbox.Job, error) {
	job, err := t.Outbox.Get(ctx, imported)
	if err != nil {
		return outbox.Job{}, err
	}
	if job.Kind != JobImport {
		return outbox.Job{}, problem.Fail(problem.Conflict, "not-an-import", "", problem.P{"job": imported})
	}
	if !job.State.Finished() {
		return outbox.Job{}, problem.Fail(problem.Conflict, "job-not-finished", "", problem.P{"job": imported})
	}
	if err := t.mayUndo(ctx, c, job); err != nil {
		return outbox.Job{}, err
	}
	return t.Outbox.Submit(ctx, outbox.Job{Kind: JobUndo, Key: JobUndo + ":" + imported, By: c.User, Payload: map[string]any{"job": imported}})
}

func (t *Transfer) mayUndo(ctx context.Context, c record.Caller, job outbox.Job) error {
	m, err := ParseMapping(value.AppendJSON(nil, job.Payload["mapping"]))
	if err != nil {
		return err
	}
	if m.Target != "" {
		return adminOnly(c)
	}
	_, d, err := t.Records.Decision(ctx, c, m.Form)
	if err == nil && !d.Can("import") {
		err = access.Forbid("import", m.Form)
	}
	return err
}
