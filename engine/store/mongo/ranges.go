package mongo

import (
	"go.mongodb.org/mongo-driver/v2/bson"

	"formwork/engine/query"
)

// ranges cuts "behind the position" into ordered ranges, nearest first, each of which an index walks from one end to
// the other. Without a position it is one range of everything.
func (l *layout) ranges(f query.Find) []bson.D {
	if f.After == nil {
		return []bson.D{everything}
	}
	var out []bson.D
	for _, b := range f.After.Branches(f.Sort) {
		var same []bson.D
		ok := true
		for i, k := range b.Equal {
			m, possible := l.sameKey(f.Sort[i].Column, k)
			ok = ok && possible
			same = append(same, m)
		}
		if !ok {
			continue
		}
		for _, beyond := range l.beyond(f, b) {
			out = append(out, all(append(same[:len(same):len(same)], beyond)...))
		}
	}
	return out
}

// sameKey matches documents with this sort key in the column; possible is false when there can be none.
func (l *layout) sameKey(column string, key any) (m bson.D, possible bool) {
	at := l.sortable(column)
	switch {
	case at == "":
		return everything, key == nil
	case key == nil:
		return is(at, "$eq", nil), true
	}
	v, ok := native(l.columns[column], key) // a sort key is text where the scalar is
	return is(at, "$eq", v), ok
}

// beyond are the ranges strictly behind a branch's key in the direction of its term. Behind a key, descending, come
// the smaller ones and then the empties, which a comparison does not reach.
func (l *layout) beyond(f query.Find, b query.Branch) []bson.D {
	if len(b.Equal) == len(f.Sort) {
		if query.Desc(f.Sort) {
			return []bson.D{is("_id", "$lt", b.Beyond)}
		}
		return []bson.D{is("_id", "$gt", b.Beyond)}
	}
	o := f.Sort[len(b.Equal)]
	at := l.sortable(o.Column)
	if at == "" {
		return nil
	}
	if b.Beyond == nil {
		return []bson.D{is(at, "$ne", nil)}
	}
	v, ok := native(l.columns[o.Column], b.Beyond)
	switch {
	case !ok:
		return nil
	case o.Desc:
		return []bson.D{is(at, "$lt", v), is(at, "$eq", nil)}
	}
	return []bson.D{is(at, "$gt", v)}
}
