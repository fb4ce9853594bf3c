package engine

import (
	"context"

	"formwork/engine/catalog"
	"formwork/engine/outbox"
	"formwork/engine/record"
)

// Publish makes an app's drafts its next version and starts the conversions that it needs, a job a form. fits may refuse
// the drafts, see catalog.PublishIf; nil takes them as they are.
func (e *Engine) Publish(ctx context.Context, app, by, message string, fits func([]catalog.Draft) error) (catalog.Plan, []outbox.Job, error) {
	return e.convert(ctx, by)(e.Catalog.PublishIf(ctx, app, by, message, fits))
}

// Rollback publishes the definitions of an earlier version again, see catalog.Rollback and Publish.
func (e *Engine) Rollback(ctx context.Context, app string, version int64, by string) (catalog.Plan, []outbox.Job, error) {
	return e.convert(ctx, by)(e.Catalog.Rollback(ctx, app, version, by))
}

func (e *Engine) convert(ctx context.Context, by string) func(catalog.Plan, error) (catalog.Plan, []outbox.Job, error) {
	return func(plan catalog.Plan, err error) (catalog.Plan, []outbox.Job, error) {
		if err != nil {
			return plan, nil, err
		}
		var jobs []outbox.Job
		for _, form := range plan.Convert {
			j, err := e.Outbox.Submit(ctx, outbox.Job{Kind: record.JobConvert, Key: "convert/" + form, By: by, Payload: map[string]any{"form": form}})
			if err != nil {
				return plan, jobs, err
			}
			jobs = append(jobs, j)
		}
		return plan, jobs, nil
	}
}
