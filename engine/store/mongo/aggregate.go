package mongo

import (
	"context"
	"math/big"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"formwork/engine/query"
)

// Aggregate computes figures per group over live documents. Every measure that counts different values groups in two
// stages, by the value first, so that no group holds a set in memory; a second such measure is a question of its own in
// the same snapshot.
func (r *reader) Aggregate(ctx context.Context, name string, a query.Aggregate) (rows []query.Row, err error) {
	err = r.do(ctx, name, func(in context.Context, c *collection) error {
		rows, err = c.aggregate(in, a)
		return err
	})
	return rows, err
}

func (c *collection) aggregate(ctx context.Context, a query.Aggregate) ([]query.Row, error) {
	first, later := []int{}, []int{}
	distinct := -1
	for i, m := range a.Measures {
		switch {
		case m.Fn != query.Distinct:
			first = append(first, i)
		case distinct < 0:
			distinct, first = i, append(first, i)
		default:
			later = append(later, i)
		}
	}
	rows, err := c.figures(ctx, a, first, distinct)
	if err != nil || len(later) == 0 {
		return rows, err
	}
	byKey := map[string]query.Row{}
	for _, row := range rows {
		byKey[spellKeys(row.Keys)] = row
	}
	for _, i := range later {
		more, err := c.figures(ctx, a, []int{i}, i)
		if err != nil {
			return nil, err
		}
		for _, row := range more {
			byKey[spellKeys(row.Keys)].Values[i] = row.Values[i]
		}
	}
	return rows, nil
}

func spellKeys(keys []any) string {
	b, _ := bson.Marshal(bson.D{{Key: "k", Value: bson.A(keys)}})
	return string(b)
}

// figures runs the measures at the given positions; distinct is the one among them that counts different values, -1 if
// none does.
func (c *collection) figures(ctx context.Context, a query.Aggregate, measures []int, distinct int) ([]query.Row, error) {
	match, err := c.current.match(a.Where)
	if err != nil {
		return nil, err
	}
	stages := bson.A{op("$match", all(recycled(query.Live), match))}
	group, err := c.group(a, measures, distinct)
	if err != nil {
		return nil, err
	}
	stages = append(stages, group...)
	if a.Limit > 0 {
		stages = append(stages, op("$limit", a.Limit+1))
	}
	cur, err := c.Collection.Aggregate(ctx, stages, options.Aggregate().SetAllowDiskUse(true))
	if err != nil {
		return nil, err
	}
	defer func() { _ = cur.Close(ctx) }()
	var rows []query.Row
	for cur.Next(ctx) {
		if a.Limit > 0 && len(rows) == a.Limit {
			return nil, query.ErrGroups
		}
		rows = append(rows, c.row(a, bsoncore.Document(cur.Current)))
	}
	if err := cur.Err(); err != nil {
		return nil, err
	}
	if len(rows) == 0 && len(a.Group) == 0 {
		rows = append(rows, c.row(a, nil))
	}
	return rows, nil
}

// Names of keys and measures within the pipeline.
func keyName(i int) string     { return "k" + strconv.Itoa(i) }
func measureName(i int) string { return "m" + strconv.Itoa(i) }

// group makes the $group stages.
func (c *collection) group(a query.Aggregate, measures []int, distinct int) (bson.A, error) {
	keys, again := bson.D{}, bson.D{}
	for i, g := range a.Group {
		keys = append(keys, bson.E{Key: keyName(i), Value: c.current.key(g)})
		again = append(again, bson.E{Key: keyName(i), Value: "$_id." + keyName(i)})
	}
	first, second := bson.D{}, bson.D{{Key: "_id", Value: again}}
	for _, i := range measures {
		name := measureName(i)
		m := a.Measures[i]
		if i == distinct {
			v, err := c.current.counted(m, "distinct")
			if err != nil {
				return nil, err
			}
			keys = append(keys, bson.E{Key: "v", Value: v})
			second = append(second, bson.E{Key: name, Value: op("$sum", op("$cond", op("$eq", op("$ifNull", "$_id.v", nil), nil), 0, 1))})
			continue
		}
		acc, over := "$sum", "$sum"
		switch m.Fn {
		case query.Min:
			acc, over = "$min", "$min"
		case query.Max:
			acc, over = "$max", "$max"
		}
		v, err := c.current.counted(m, string(m.Fn))
		if err != nil {
			return nil, err
		}
		first = append(first, bson.E{Key: name, Value: op(acc, v)})
		second = append(second, bson.E{Key: name, Value: op(over, "$"+name)})
	}
	stages := bson.A{op("$group", append(bson.D{{Key: "_id", Value: keys}}, first...))}
	if distinct >= 0 {
		stages = append(stages, op("$group", second))
	}
	return stages, nil
}

// key is a group's key: the scalar, its bucket, or null.
func (l *layout) key(g query.Group) any {
	col, ok := l.columns[g.Column]
	if !ok || col.Array {
		return nil
	}
	at := l.fields[g.Column]
	if g.Bounds == nil || !col.Ranges() {
		return present(at)
	}
	return op("$cond", filled(at), bucket(col, at, g.Bounds, 0, len(g.Bounds)), nil)
}

// bucket finds the index of the last bound that is not greater than the field, -1 below all: a balanced tree of
// conditions over bounds[lo:hi], so that a year of days takes nine comparisons.
func bucket(c query.Column, at string, bounds []int64, lo, hi int) any {
	if lo == hi {
		return literal(int64(lo - 1))
	}
	mid := (lo + hi) / 2
	bound, _ := native(c, bounds[mid])
	return op("$cond", op("$gte", "$"+at, bound), bucket(c, at, bounds, mid+1, hi), bucket(c, at, bounds, lo, mid))
}

// counted is what a document adds to a measure: 0 or null when its filter leaves the document out.
func (l *layout) counted(m query.Measure, fn string) (any, error) {
	var v, none any = nil, nil
	c, ok := l.columns[m.Column]
	at := l.fields[m.Column]
	switch {
	case m.Fn == query.Count && m.Column == "":
		v, none = 1, 0
	case m.Fn == query.Count:
		v, none = 0, 0
		if ok {
			v = op("$cond", filled(at), 1, 0)
		}
	case !ok || c.Array:
		return nil, nil // nothing to add, whatever the document
	case m.Fn == query.Sum:
		if c.Kind != query.Number {
			return nil, nil
		}
		v = op("$toDecimal", "$"+at) // an int64 sum would turn into a double when it overflows
	default:
		v = present(at)
	}
	if m.Where.All() {
		return v, nil
	}
	cond, err := l.expr(m.Where)
	if err != nil {
		return nil, err
	}
	return op("$cond", cond, v, none), nil
}

// row reads an answer; without a document it is the row over nothing.
func (c *collection) row(a query.Aggregate, doc bsoncore.Document) query.Row {
	row := query.Row{Values: make([]any, len(a.Measures))}
	if len(a.Group) > 0 {
		row.Keys = make([]any, len(a.Group))
	}
	at := func(path ...string) bsoncore.Value {
		v, err := doc.LookupErr(path...)
		if err != nil {
			return bsoncore.Value{}
		}
		return v
	}
	for i, g := range a.Group {
		v := at("_id", keyName(i))
		col := c.current.columns[g.Column]
		if g.Bounds != nil && col.Ranges() {
			if n, ok := v.AsInt64OK(); ok {
				row.Keys[i] = n
			}
		} else {
			row.Keys[i] = scalarOf(col, v)
		}
	}
	for i, m := range a.Measures {
		v := at(measureName(i))
		col := c.current.columns[m.Column]
		switch m.Fn {
		case query.Count, query.Distinct:
			n, _ := v.AsInt64OK()
			row.Values[i] = n
		case query.Sum:
			n, ok := integer(v, col.Scale)
			if !ok {
				n = new(big.Int)
			}
			row.Values[i] = n
		default:
			row.Values[i] = scalarOf(col, v)
		}
	}
	return row
}
