package record

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// onceFor is how long an Idempotency-Key is remembered.
const onceFor = 7 * 24 * time.Hour

func onceID(user, key string) string {
	h := sha256.Sum256([]byte(user + "\x00" + key))
	return hex.EncodeToString(h[:16])
}

// replay answers from memory when the key was used before. The records are given as they stand now, and only to who may
// see them now: what was deleted or handed away meanwhile is not found.
func (s *session) replay(r store.Reader, intents []*Intent, o WriteOptions, results []Result) (done bool, err error) {
	doc, err := r.Get(s.ctx, onceCollection, onceID(s.caller.User, o.Key))
	if isNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	t := doc.Tree()
	list, _ := t["results"].([]any)
	if t["hash"] != o.Hash || len(list) != len(results) {
		return true, problem.Fail(problem.Invalid, "idempotency-key-reused", "", nil)
	}
	for i := range results {
		m, _ := list[i].(map[string]any)
		if kind, ok := m["kind"].(string); ok {
			results[i] = Result{Err: &problem.Failure{Kind: problem.Kind(kind), Problems: problemsFrom(m["problems"])}}
			continue
		}
		form, _ := m["form"].(string)
		id, _ := m["id"].(string)
		rec, err := s.written(r, form, id, intents[i].Verb)
		if err != nil && problem.KindOf(err) == "" {
			return true, err
		}
		results[i] = Result{Record: rec, Err: err, replayed: true}
		if err == nil {
			results[i].Warnings = problemsFrom(m["warnings"])
		}
	}
	return true, nil
}

// written is a record that the caller wrote before, if they may still see it. Who may not read at all sees what they made.
func (s *session) written(r store.Reader, form, id string, verb Verb) (*Record, error) {
	f := s.snap.Forms[form]
	if f == nil {
		return nil, notFound(form, id)
	}
	doc, err := r.Get(s.ctx, f.Collection.Name, id)
	if err != nil && !isNotFound(err) {
		return nil, err
	}
	if err != nil || doc.Deleted != (verb == Delete) {
		return nil, notFound(form, id)
	}
	d := s.decide(f)
	made := !d.Can(definition.Read) && doc.Tree()["createdBy"] == s.caller.User
	if !made && !d.Covers(definition.Read, f.Columns, doc.Tree()) {
		return nil, notFound(form, id)
	}
	return &Record{f, doc}, nil
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
				items := make([]any, len(v))
				for i, x := range v {
					items[i] = x
				}
				params[k] = items
			case definition.Text:
				text := make(map[string]any, len(v))
				for lang, t := range v {
					text[lang] = t
				}
				params[k] = text
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
		params, _ := m["params"].(map[string]any)
		p.Params = maps.Clone(params)
		for k, v := range p.Params { // the only objects among them are texts for people
			if languages, ok := v.(map[string]any); ok {
				text := definition.Text{}
				for lang, t := range languages {
					text[lang], _ = t.(string)
				}
				p.Params[k] = text
			}
		}
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
