package mongo

import (
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"formwork/engine/query"
)

// Aggregation expressions: the same filters where a measure counts only some documents of its group. Constants stand
// under $literal, so that no text is taken for a field or an operator.

func op(name string, args ...any) bson.D {
	if len(args) == 1 {
		return bson.D{{Key: name, Value: args[0]}}
	}
	return bson.D{{Key: name, Value: bson.A(args)}}
}

func literal(v any) bson.D { return op("$literal", v) }

// present is a field that reads as null when it is absent.
func present(at string) bson.D { return op("$ifNull", "$"+at, nil) }

func filled(at string) bson.D { return op("$ne", present(at), nil) }

// found says whether a text holds a term.
func found(at, term string) bson.D {
	return op("$gte", op("$ifNull", op("$indexOfBytes", "$"+at, literal(term)), -1), 0)
}

// expr compiles a filter to an expression.
func (l *layout) expr(w query.Where) (any, error) {
	switch {
	case w.Never:
		return literal(false), nil
	case w.Leaf != nil:
		e, err := l.leafExpr(w.Leaf)
		if err == nil && w.Leaf.Not {
			e = op("$not", bson.A{e})
		}
		return e, err
	case len(w.And) > 0:
		return l.listExpr("$and", w.And)
	case len(w.Or) > 0:
		return l.listExpr("$or", w.Or)
	}
	return literal(true), nil
}

func (l *layout) listExpr(name string, parts []query.Where) (any, error) {
	out := make(bson.A, len(parts))
	for i, p := range parts {
		var err error
		if out[i], err = l.expr(p); err != nil {
			return nil, err
		}
	}
	return bson.D{{Key: name, Value: out}}, nil
}

func (l *layout) leafExpr(f *query.Leaf) (any, error) {
	if f.Test == query.ID {
		return op("$in", "$_id", literal(idsOf(f))), nil
	}
	if f.Test == query.Search {
		if _, err := l.search(f); err != nil {
			return nil, err
		}
		return l.searchExpr(f), nil
	}
	c, ok := l.columns[f.Column]
	if !ok {
		return literal(false), nil
	}
	at := l.fields[c.Key]
	if f.Test == query.Empty {
		return op("$eq", present(at), nil), nil
	}
	if c.Array {
		return arrayExpr(c, at, f), nil
	}
	switch f.Test {
	case query.In:
		return op("$in", present(at), literal(natives(c, f.Values))), nil
	case query.Range:
		return betweenExpr(c, at, f.Min, f.Max), nil
	case query.Contains, query.StartsWith:
		if c.Kind != query.Text {
			return literal(false), nil
		}
		if !c.Matches() {
			return nil, fmt.Errorf("mongo: column %q has no folded text to look in", c.Key)
		}
		term, _ := f.Values[0].(string)
		if f.Test == query.Contains {
			return found(foldField(c.Key), term), nil
		}
		return op("$eq", op("$ifNull", op("$indexOfBytes", "$"+foldField(c.Key), literal(term)), -1), 0), nil
	}
	return literal(false), nil
}

func (l *layout) searchExpr(f *query.Leaf) any {
	term, _ := f.Values[0].(string)
	parts := bson.A{literal(false)}
	for _, key := range f.Among {
		if c, ok := l.columns[key]; ok && searched(c) {
			parts = append(parts, found(foldField(key), term), found(initialsField(key), term))
		}
	}
	return bson.D{{Key: "$or", Value: parts}}
}

func arrayExpr(c query.Column, at string, f *query.Leaf) any {
	values := natives(c, f.Values)
	have := op("$ifNull", "$"+at, bson.A{})
	switch f.Test {
	case query.HasAny:
		return op("$gt", op("$size", op("$setIntersection", have, literal(values))), 0)
	case query.HasAll:
		if len(values) < len(f.Values) {
			return literal(false)
		}
		return op("$and", op("$setIsSubset", literal(values), have), filled(at))
	}
	return literal(false)
}

func betweenExpr(c query.Column, at string, lo, hi any) any {
	if c.Kind == query.Text || c.Kind == query.Bool {
		return literal(false)
	}
	parts := bson.A{filled(at)}
	for _, end := range []struct {
		op string
		v  any
	}{{"$gte", lo}, {"$lte", hi}} {
		if end.v == nil {
			continue
		}
		v, ok := native(c, end.v)
		if !ok {
			return literal(false)
		}
		parts = append(parts, op(end.op, "$"+at, v))
	}
	return bson.D{{Key: "$and", Value: parts}}
}
