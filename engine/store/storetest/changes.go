package storetest

import (
	"context"
	"fmt"

	"formwork/engine/store"
	"formwork/schemas/value"
)

// change is a write as data, so that it can be made in several stores.
type change struct {
	Op      string // insert, replace, delete
	ID      string
	Version int64 // that it expects
	Deleted bool
	Tree    map[string]any
}

func (g *generator) inserts(n int) []change {
	out := make([]change, n)
	for i := range out {
		out[i] = change{Op: "insert", ID: g.id(), Deleted: g.chance(10), Tree: g.tree()}
	}
	return out
}

// changes are a few writes to documents that exist, now and then ones that must fail.
func (g *generator) changes(docs []*store.Doc) []change {
	var out []change
	if len(docs) == 0 || g.chance(30) {
		out = g.inserts(1 + g.IntN(3))
	}
	touched := map[string]bool{}
	for range min(len(docs), g.IntN(4)) {
		d := pick(g, docs)
		if touched[d.ID] {
			continue
		}
		touched[d.ID] = true
		c := change{Op: "replace", ID: d.ID, Version: d.Version, Deleted: d.Deleted, Tree: d.Tree()}
		switch g.IntN(6) {
		case 0:
			c.Op = "delete"
		case 1, 2:
			c.Deleted = !c.Deleted
		default:
			c.Tree = g.tree()
		}
		switch g.IntN(60) {
		case 0:
			c.Version++
		case 1:
			c.ID = "gone"
		case 2:
			c.Op = "insert"
		}
		out = append(out, c)
	}
	return out
}

func apply(s store.Store, collection string, changes []change) error {
	ctx := context.Background()
	return s.Update(ctx, func(tx store.Tx) error {
		for _, c := range changes {
			d := store.New(c.ID, value.Clone(c.Tree).(map[string]any))
			d.Deleted = c.Deleted
			var err error
			switch c.Op {
			case "insert":
				err = tx.Insert(ctx, collection, d)
			case "replace":
				err = tx.Replace(ctx, collection, d, c.Version)
			case "delete":
				err = tx.Delete(ctx, collection, c.ID, c.Version)
			default:
				err = fmt.Errorf("no operation %q", c.Op)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
