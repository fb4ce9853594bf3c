package transfer

import (
	"context"
	"encoding/json"
	"iter"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// The journal has an entry for every batch of an import, written in the batch's transaction:
//
//	{job, entry, form, created: [id], updated: [{id, rev, old: {field: value}, new}], refused: [{row, cells, problems}],
//	 related: [{form, id}], users: [id], departments: [id], rehoused: [{id, old, new}], open: job?, rows: [number]?}
//
// It is what undo goes by, and the source of the error sheet. open marks an entry whose rows were refused by the pipeline
// in that very transaction, for reasons that are written a moment later; after a crash between the two they are tried
// again.
const journalCollection = "transfer.journal"

type entry struct {
	id      string
	job     string
	number  int
	form    string
	created []string
	updated []updated
	refused []RefusedRow
	related []related
	open    []int // rows
	people  people
}

// updated is what an import did to a record that was there.
type updated struct {
	id       string
	rev      int64
	old, new map[string]any
}

// related is a record of another form that a row asked to be made.
type related struct{ form, id string }

// people are users and departments that were made, and users who were moved.
type people struct {
	users, departments []string
	rehoused           []updated
}

func (e *entry) doc() *store.Doc {
	tree := map[string]any{"job": e.job, "entry": float64(e.number), "form": e.form}
	set := func(key string, list []any) {
		if len(list) > 0 {
			tree[key] = list
		}
	}
	set("created", anyOf(e.created, func(s string) any { return s }))
	set("updated", anyOf(e.updated, updated.tree))
	set("refused", anyOf(e.refused, RefusedRow.tree))
	set("related", anyOf(e.related, func(r related) any { return map[string]any{"form": r.form, "id": r.id} }))
	set("users", anyOf(e.people.users, func(s string) any { return s }))
	set("departments", anyOf(e.people.departments, func(s string) any { return s }))
	set("rehoused", anyOf(e.people.rehoused, updated.tree))
	if len(e.open) > 0 {
		tree["open"] = e.job
		set("rows", anyOf(e.open, func(n int) any { return float64(n) }))
	}
	return store.New(e.id, tree)
}

func entryOf(d *store.Doc) *entry {
	t := d.Tree()
	text := func(x any) string { s, _ := x.(string); return s }
	e := &entry{id: d.ID, job: text(t["job"]), number: intOf(t["entry"]), form: text(t["form"])}
	e.created = listOf(t["created"], text)
	e.updated = listOf(t["updated"], updatedOf)
	e.refused = listOf(t["refused"], refusedOf)
	e.related = listOf(t["related"], func(x any) related {
		m, _ := x.(map[string]any)
		return related{form: text(m["form"]), id: text(m["id"])}
	})
	e.people = people{users: listOf(t["users"], text), departments: listOf(t["departments"], text), rehoused: listOf(t["rehoused"], updatedOf)}
	if t["open"] != nil {
		e.open = listOf(t["rows"], intOf)
	}
	return e
}

func (u updated) tree() any {
	return map[string]any{"id": u.id, "rev": float64(u.rev), "old": u.old, "new": u.new}
}

func updatedOf(x any) updated {
	m, _ := x.(map[string]any)
	u := updated{rev: int64(intOf(m["rev"]))}
	u.id, _ = m["id"].(string)
	u.old, _ = m["old"].(map[string]any)
	u.new, _ = m["new"].(map[string]any)
	return u
}

func (r RefusedRow) tree() any {
	m := map[string]any{"row": float64(r.Row), "cells": anyOf(r.Cells, func(s string) any { return s })}
	// Parameters may be of any type, so problems go through encoding/json.
	if b, err := json.Marshal(r.Problems); err == nil {
		if v, err := value.Decode(b); err == nil {
			m["problems"] = v
		}
	}
	return m
}

func refusedOf(x any) RefusedRow {
	m, _ := x.(map[string]any)
	r := RefusedRow{Row: intOf(m["row"]), Cells: listOf(m["cells"], func(x any) string { s, _ := x.(string); return s })}
	if m["problems"] != nil {
		_ = json.Unmarshal(value.AppendJSON(nil, m["problems"]), &r.Problems)
	}
	if len(r.Problems) == 0 {
		r.Problems = problem.List{problem.New("refused", "", nil)}
	}
	return r
}

func anyOf[T any](list []T, fn func(T) any) []any {
	out := make([]any, len(list))
	for i, x := range list {
		out[i] = fn(x)
	}
	return out
}

func listOf[T any](v any, fn func(any) T) []T {
	list, _ := v.([]any)
	out := make([]T, len(list))
	for i, x := range list {
		out[i] = fn(x)
	}
	return out
}

// entries streams a job's journal, a short look at the store each: oldest first, or newest first below a number.
func (t *Transfer) entries(ctx context.Context, job string, newest bool, from int) iter.Seq2[*entry, error] {
	return func(yield func(*entry, error) bool) {
		for {
			leaf := query.Where{Leaf: &query.Leaf{Column: "entry", Test: query.Range, Min: int64(from)}}
			if newest {
				leaf.Leaf.Min, leaf.Leaf.Max = nil, int64(from)
			}
			var docs []*store.Doc
			err := t.Store.View(ctx, func(r store.Reader) (err error) {
				docs, err = store.All(ctx, r, journalCollection, query.Find{Where: query.And(query.Is("job", job), leaf),
					Sort: []query.Order{{Column: "entry", Desc: newest}}, Limit: 20})
				return err
			})
			if err != nil {
				yield(nil, err)
				return
			}
			for _, d := range docs {
				e := entryOf(d)
				if !yield(e, nil) {
					return
				}
				if from = e.number + 1; newest {
					from = e.number - 1
				}
			}
			if len(docs) < 20 {
				return
			}
		}
	}
}
