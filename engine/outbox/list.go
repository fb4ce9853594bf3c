package outbox

import (
	"context"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

// Filter says which jobs List gives; an empty member leaves the choice open.
type Filter struct {
	Kind, By string
	// Topic and Subject as in Job.
	Topic, Subject string
	State          State
	Limit          int // default 100, at most 500
	// Cursor is where a page ended, "" for the first.
	Cursor string
}

var newestFirst = []query.Order{{Column: "at", Desc: true}}

// List gives jobs, newest first.
func (o *Outbox) List(ctx context.Context, f Filter) ([]Job, error) {
	jobs, _, err := o.Page(ctx, f)
	return jobs, err
}

// Page is List with the cursor of the next page, "" on the last. *problem.Failure for a cursor that is none.
func (o *Outbox) Page(ctx context.Context, f Filter) (jobs []Job, cursor string, err error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	f.Limit = min(f.Limit, 500)
	is := func(column, v string) query.Where {
		if v == "" {
			return query.Where{}
		}
		return query.Is(column, v)
	}
	find := query.Find{
		Where: query.And(is("kind", f.Kind), is("by", f.By), is("state", string(f.State)), is("topic", f.Topic), is("subject", f.Subject)),
		Sort:  newestFirst, Limit: f.Limit + 1,
	}
	if f.Cursor != "" {
		if find.After, err = query.DecodePosition(f.Cursor, newestFirst, atColumn); err != nil {
			return nil, "", problem.Fail(problem.Invalid, "wrong-cursor", "/cursor", nil)
		}
	}
	err = o.store.View(ctx, func(r store.Reader) error {
		jobs, cursor = nil, ""
		docs, err := store.All(ctx, r, collection, find)
		if len(docs) > f.Limit {
			docs = docs[:f.Limit]
			cursor = docs[f.Limit-1].Document().At(newestFirst, atColumn).Encode(newestFirst)
		}
		for _, d := range docs {
			jobs = append(jobs, read(d).Job)
		}
		return err
	})
	return jobs, cursor, err
}

var atColumn = query.Columns{"at": {Key: "at", Path: []string{"at"}, Kind: query.Instant}}
