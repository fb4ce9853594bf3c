package mongo

import (
	"strconv"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"formwork/engine/query"
	"formwork/schemas/value"
)

// derive writes the properties beside the body that queries need: sort keys, folded texts, initials, grams, and the
// scalars of columns that have no place in the body.
func (e *encoder) derive(tree map[string]any) {
	e.texts("k", tree, ordered, value.SortKey)
	e.texts("f", tree, query.Column.Matches, value.Fold)
	e.texts("i", tree, searched, value.Initials)
	var grams []string
	for _, c := range e.layout.list {
		if s, ok := canonical(c.Of(tree)).(string); ok && searched(c) {
			for _, g := range value.Grams(value.Fold(s)) {
				grams = append(grams, gram(c.Key, g))
			}
			for _, g := range value.Grams(value.Initials(s)) {
				grams = append(grams, initialsGram(c.Key, g))
			}
		}
	}
	if len(grams) > 0 {
		at, b := bsoncore.AppendArrayElementStart(e.b, "g")
		for i, g := range grams {
			b = bsoncore.AppendStringElement(b, strconv.Itoa(i), g)
		}
		e.b, _ = bsoncore.AppendArrayEnd(b, at)
	}
	if len(e.layout.shadow) == 0 {
		return
	}
	at := e.begin("s")
	for _, c := range e.layout.shadow {
		v := canonical(c.At(tree))
		if c.Array {
			if items := items(c, v); len(items) > 0 {
				e.array(escapeKey(c.Key), c, items)
			}
		} else if s := c.Scalar(v); s != nil {
			e.scalar(escapeKey(c.Key), c, s)
		}
	}
	e.end(at)
}

func searched(c query.Column) bool { return c.Kind == query.Text && !c.Array && c.Search }

// texts writes one derived text per column that wants it, and nothing at all when no document text is there.
func (e *encoder) texts(key string, tree map[string]any, want func(query.Column) bool, make func(string) string) {
	var at int32
	open := false
	for _, c := range e.layout.list {
		if !want(c) {
			continue
		}
		s, ok := canonical(c.Of(tree)).(string)
		if !ok {
			continue
		}
		if !open {
			at, open = e.begin(key), true
		}
		e.b = bsoncore.AppendStringElement(e.b, escapeKey(c.Key), clean(make(s)))
	}
	if open {
		e.end(at)
	}
}
