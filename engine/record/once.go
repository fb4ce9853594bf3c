package record

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

// onceFor is how long an Idempotency-Key is remembered.
const onceFor = 7 * 24 * time.Hour

func onceID(user, key string) string {
	h := sha256.Sum256([]byte(user + "\x00" + key))
	return hex.EncodeToString(h[:16])
}

// replay answers from memory when the key was used before. The records are given as they stand now.
func (w *writer) replay(o WriteOptions, results []Result) (done bool, err error) {
	doc, err := w.tx.Get(w.ctx, onceCollection, onceID(w.caller.User, o.Key))
	if isNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	t := doc.Tree()
	if t["hash"] != o.Hash {
		return true, problem.Fail(problem.Invalid, "idempotency-key-reused", "", nil)
	}
	list, _ := t["results"].([]any)
	for i := range results {
		if i >= len(list) {
			break
		}
		m, _ := list[i].(map[string]any)
		results[i] = Result{}
		if kind, ok := m["kind"].(string); ok {
			results[i].Err = &problem.Failure{Kind: problem.Kind(kind), Problems: problemsFrom(m["problems"])}
			continue
		}
		form, _ := m["form"].(string)
		id, _ := m["id"].(string)
		f := w.snap.Forms[form]
		if f == nil {
			continue
		}
		rec, err := w.tx.Get(w.ctx, f.Collection.Name, id)
		if err != nil {
			return true, err
		}
		results[i] = Result{Record: &Record{f, rec}, Warnings: problemsFrom(m["warnings"])}
	}
	return true, nil
}

// remember stores what became of each intent, in its transaction.
func (w *writer) remember(o WriteOptions, results []Result) error {
	list := make([]any, len(results))
	for i, x := range results {
		m := map[string]any{}
		var f *problem.Failure
		switch {
		case errors.As(x.Err, &f):
			m["kind"], m["problems"] = string(f.Kind), problemsTree(f.Problems)
		case x.Record != nil:
			m["form"], m["id"], m["warnings"] = x.Record.Form.Name, x.Record.Doc.ID, problemsTree(x.Warnings)
		}
		list[i] = m
	}
	return w.tx.Insert(w.ctx, onceCollection, store.New(onceID(w.caller.User, o.Key),
		map[string]any{"at": instant(w.now), "hash": o.Hash, "results": list}))
}

func problemsTree(l problem.List) []any {
	out := make([]any, len(l))
	for i, p := range l {
		m := map[string]any{"code": p.Code, "pointer": p.Pointer}
		if p.Severity != "" {
			m["severity"] = string(p.Severity)
		}
		params := map[string]any{}
		for k, v := range p.Params {
			switch v := v.(type) {
			case string, float64, bool, nil, int, int64:
				params[k] = v
			case []string:
				params[k] = v
			}
		}
		m["params"] = params
		out[i] = m
	}
	return out
}

func problemsFrom(v any) problem.List {
	list, _ := v.([]any)
	var out problem.List
	for _, x := range list {
		m, _ := x.(map[string]any)
		p := problem.Problem{}
		p.Code, _ = m["code"].(string)
		p.Pointer, _ = m["pointer"].(string)
		if s, ok := m["severity"].(string); ok {
			p.Severity = problem.Severity(s)
		}
		p.Params, _ = m["params"].(map[string]any)
		out = append(out, p)
	}
	return out
}

// Forget removes idempotency keys that are older than a week, a bounded number at a time.
func (r *Records) Forget(ctx context.Context) error {
	until := r.Now().Add(-onceFor).UnixMilli()
	return r.Store.Update(ctx, func(tx store.Tx) error {
		old := query.Where{Leaf: &query.Leaf{Column: "at", Test: query.Range, Max: until}}
		docs, err := store.All(ctx, tx, onceCollection, query.Find{Where: old, Sort: []query.Order{{Column: "at"}}, Limit: 500})
		for _, d := range docs {
			if err := tx.Delete(ctx, onceCollection, d.ID, 0); err != nil {
				return err
			}
		}
		return err
	})
}
