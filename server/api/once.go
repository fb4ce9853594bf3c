package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const (
	answersCollection = "api.answers"
	// answersFor is how long an answer is given again; claimFor how long a request that got none may still be at work.
	answersFor = 7 * 24 * time.Hour
	claimFor   = 3 * time.Minute
)

// once answers repeated writes as they were answered first. Records do this in their own transaction; this is for the
// rest: a claim before, the answer after. A crash in between leaves a claim, and the request can be made again when
// that has run out.
type once struct {
	store store.Store
	now   func() time.Time
}

func newOnce(ctx context.Context, st store.Store, now func() time.Time) (*once, error) {
	at := query.Column{Key: "at", Path: []string{"at"}, Kind: query.Instant}
	return &once{st, now}, st.Ensure(ctx, store.Collection{Name: answersCollection, Columns: []query.Column{at},
		Indexes: []store.Index{{Key: "at", Columns: []query.Order{{Column: "at"}}}}})
}

// do handles a request under a key, or repeats the answer that it had.
func (o *once) do(x *call, key string) error {
	var body []byte
	if !x.route.streams {
		var err error
		if body, err = x.body(); err != nil {
			return err
		}
	}
	hash, err := x.fingerprint(key, body)
	if err != nil {
		return err
	}
	id := digest(x.id.User.ID, key)
	earlier, err := o.claim(x.ctx, id, hash)
	if err != nil {
		return err
	}
	if earlier != nil {
		return repeat(x, earlier)
	}
	if err := x.route.handle(x); err != nil {
		x.refuse(err)
	}
	status := x.fiber.Response().StatusCode()
	if status >= http.StatusInternalServerError || status == http.StatusTooManyRequests {
		return o.release(x.ctx, id) // it may go better the next time
	}
	headers := map[string]any{}
	for _, h := range []string{"Content-Type", "Location", "ETag"} {
		if v := x.fiber.GetRespHeader(h); v != "" {
			headers[h] = v
		}
	}
	return o.finish(x.ctx, id, map[string]any{"hash": hash, "at": o.instant(), "status": float64(status), "headers": headers, "body": string(x.fiber.Response().Body())})
}

func (o *once) instant() string { return value.FormatInstant(o.now().UnixMilli()) }

// claim takes the key, or gives the answer that it has.
func (o *once) claim(ctx context.Context, id, hash string) (answer map[string]any, err error) {
	err = o.store.Update(ctx, func(tx store.Tx) error {
		answer = nil
		claim := store.New(id, map[string]any{"hash": hash, "at": o.instant()})
		old, err := tx.Get(ctx, answersCollection, id)
		if errors.Is(err, store.ErrNotFound) {
			return tx.Insert(ctx, answersCollection, claim)
		}
		if err != nil {
			return err
		}
		t := old.Tree()
		at, _ := t["at"].(string)
		ms, _ := value.ParseInstant(at)
		age := o.now().Sub(time.UnixMilli(ms))
		switch {
		case age > answersFor, t["status"] == nil && age > claimFor:
			return tx.Replace(ctx, answersCollection, claim, old.Version)
		case t["hash"] != hash:
			return problem.Fail(problem.Invalid, "idempotency-key-reused", "", nil)
		case t["status"] == nil:
			return problem.Fail(problem.Conflict, "request-under-way", "", nil)
		}
		answer = t
		return nil
	})
	var taken *store.DuplicateError
	if errors.As(err, &taken) || errors.Is(err, store.ErrConflict) {
		err = problem.Fail(problem.Conflict, "request-under-way", "", nil)
	}
	return answer, err
}

func (o *once) finish(ctx context.Context, id string, answer map[string]any) error {
	return o.store.Update(ctx, func(tx store.Tx) error {
		old, err := tx.Get(ctx, answersCollection, id)
		if err != nil {
			return err
		}
		return tx.Replace(ctx, answersCollection, store.New(id, answer), old.Version)
	})
}

func (o *once) release(ctx context.Context, id string) error {
	return o.store.Update(ctx, func(tx store.Tx) error { return tx.Delete(ctx, answersCollection, id, 0) })
}

func repeat(x *call, answer map[string]any) error {
	status, _ := answer["status"].(float64)
	headers, _ := answer["headers"].(map[string]any)
	body, _ := answer["body"].(string)
	x.fiber.Status(int(status))
	for h, v := range headers {
		s, _ := v.(string)
		x.fiber.Set(h, s)
	}
	x.fiber.Set("Idempotency-Replayed", "true")
	x.fiber.Context().Response.SetBodyString(body)
	return nil
}

// forget removes answers that are older than a week, a bounded number at a time.
func (o *once) forget(ctx context.Context) error {
	return o.store.Update(ctx, func(tx store.Tx) error {
		old := query.Where{Leaf: &query.Leaf{Column: "at", Test: query.Range, Max: o.now().Add(-answersFor).UnixMilli()}}
		docs, err := store.All(ctx, tx, answersCollection, query.Find{Where: old, Sort: []query.Order{{Column: "at"}}, Limit: 500})
		for _, d := range docs {
			if err := tx.Delete(ctx, answersCollection, d.ID, 0); err != nil {
				return err
			}
		}
		return err
	})
}
