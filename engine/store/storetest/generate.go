package storetest

import (
	"fmt"
	"math/rand/v2"

	"formwork/engine/query"
	"formwork/engine/store"
)

// generator makes random schemas, documents and questions. The same seed makes the same ones.
type generator struct {
	*rand.Rand
	columns []query.Column
	byKey   query.Columns
	trees   []map[string]any // documents made so far: questions pick values from them
	ids     []string         // and some of their ids
}

func newGenerator(seed int64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(uint64(seed), 0x666f726d))}
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

// keys of columns: names that a careless driver gives to its own things, and two that differ in case only.
var keys = []string{
	"a", "b", "c", "name", "aName", "aname", "order", "group", "select", "doc", "json", "rowid", "version", "deleted",
	"rev", "tags", "from", "key", "value", "count", "index", "oid",
}

// collection declares a random collection.
func (g *generator) collection(name string) store.Collection {
	c := store.Collection{Name: name}
	g.columns, g.byKey, g.trees, g.ids = nil, query.Columns{}, nil, nil
	for _, k := range g.Perm(len(keys))[:3+g.IntN(8)] {
		c.Columns = append(c.Columns, g.column(keys[k]))
	}
	for _, col := range c.Columns {
		g.byKey[col.Key] = col
	}
	g.columns = c.Columns
	for i := range g.IntN(5) {
		c.Indexes = append(c.Indexes, g.index(fmt.Sprintf("x%d", i), g.chance(15)))
	}
	return c
}

func (g *generator) column(key string) query.Column {
	c := query.Column{Key: key, Path: []string{key}}
	switch g.IntN(12) {
	case 0, 1:
		c.Path = []string{"data", key}
	case 2:
		c.Path = []string{"data", "in.$" + key, "x"}
	}
	c.Kind = pick(g, []query.Kind{query.Text, query.Text, query.Text, query.Number, query.Number, query.Bool, query.Date, query.Instant})
	c.Array = g.chance(20)
	if c.Kind == query.Number {
		c.Scale = pick(g, []int{0, 0, 1, 2, 2, 4, 6, 10})
	}
	if c.Kind == query.Text && !c.Array {
		c.Order, c.Match, c.Search = g.chance(60), g.chance(60), g.chance(40)
	}
	return c
}

func (g *generator) index(key string, unique bool) store.Index {
	x := store.Index{Key: key, Unique: unique, All: !unique && g.chance(20), Sparse: !unique && g.chance(25)}
	for _, i := range g.Perm(len(g.columns)) {
		c := g.columns[i]
		if c.Array || len(x.Columns) == 3 || len(x.Columns) > 0 && g.chance(40) {
			continue
		}
		x.Columns = append(x.Columns, query.Order{Column: c.Key, Desc: g.chance(40)})
	}
	if len(x.Columns) == 0 { // all columns are arrays
		x.Columns = []query.Order{{Column: g.columns[0].Key}}
		x.Unique = false
	}
	if g.chance(20) {
		x.Include = []string{pick(g, g.columns).Key}
	}
	return x
}

// id makes ids whose order is not that of insertion.
func (g *generator) id() string {
	id := fmt.Sprintf("%024x", g.Uint64N(1<<40))
	g.ids = append(g.ids, id)
	return id
}

// tree makes the content of a document.
func (g *generator) tree() map[string]any {
	tree := map[string]any{}
	for _, c := range g.columns {
		if g.chance(25) {
			continue
		}
		set(tree, c.Path, g.content(c))
	}
	if g.chance(20) {
		tree["other"] = map[string]any{"$x.y": []any{nil, g.text(), map[string]any{"": 0.1}}}
	}
	g.trees = append(g.trees, tree)
	return tree
}

func set(tree map[string]any, path []string, v any) {
	for _, k := range path[:len(path)-1] {
		m, ok := tree[k].(map[string]any)
		if !ok {
			m = map[string]any{}
			tree[k] = m
		}
		tree = m
	}
	tree[path[len(path)-1]] = v
}

// content is a value of the column's kind, or now and then of another.
func (g *generator) content(c query.Column) any {
	if g.chance(3) {
		return pick(g, []any{nil, "", []any{}, map[string]any{}, true, 1.0, "x", []any{"x", 1.0}, map[string]any{"x": "y"}})
	}
	if !c.Array {
		return g.raw(c.Kind)
	}
	list := make([]any, g.IntN(5))
	for i := range list {
		list[i] = g.raw(c.Kind)
		if g.chance(3) {
			list[i] = nil
		}
	}
	return list
}

func (g *generator) raw(k query.Kind) any {
	switch k {
	case query.Number:
		return g.number()
	case query.Bool:
		return g.chance(50)
	case query.Date:
		return pick(g, dates)
	case query.Instant:
		return pick(g, instants)
	}
	return g.text()
}

func (g *generator) text() string {
	switch g.IntN(10) {
	case 0:
		return pick(g, texts) + pick(g, texts)
	case 1:
		return pick(g, texts) + " " + pick(g, texts)
	case 2, 3, 4:
		return texts[g.IntN(8)] // many ties
	}
	return pick(g, texts)
}

func (g *generator) number() float64 {
	switch g.IntN(4) {
	case 0:
		return pick(g, numbers)
	case 1:
		return float64(g.IntN(200000)-100000) / 100
	}
	return float64(g.IntN(7) - 3)
}
