package mongo

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"

	"formwork/engine/query"
	"formwork/schemas/value"
)

var (
	nothing    = bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: bson.A{}}}}}
	everything = bson.D{}
)

// recycled is the recycle-bin part of a filter.
func recycled(w query.Which) bson.D {
	switch w {
	case query.Live:
		return bson.D{{Key: "live", Value: true}}
	case query.Trash:
		return bson.D{{Key: "live", Value: false}}
	}
	return everything
}

// is is a test of one field.
func is(field, op string, v any) bson.D {
	return bson.D{{Key: field, Value: bson.D{{Key: op, Value: v}}}}
}

// all joins filters, leaving out those that match everything.
func all(parts ...bson.D) bson.D { return join("$and", parts) }

func join(op string, parts []bson.D) bson.D {
	kept := bson.A{}
	for _, p := range parts {
		if len(p) > 0 || op == "$or" {
			kept = append(kept, p)
		}
	}
	switch len(kept) {
	case 0:
		return everything
	case 1:
		return kept[0].(bson.D)
	}
	return bson.D{{Key: op, Value: kept}}
}

// match compiles a filter. Because a column's field holds its scalars or is absent, MongoDB's own "absent matches no
// comparison, and every negated one" is the two-valued logic of the reference.
func (l *layout) match(w query.Where) (bson.D, error) {
	switch {
	case w.Never:
		return nothing, nil
	case w.Leaf != nil:
		return l.leaf(w.Leaf)
	case len(w.And) > 0:
		return l.listOf("$and", w.And)
	case len(w.Or) > 0:
		return l.listOf("$or", w.Or)
	}
	return everything, nil
}

func (l *layout) listOf(op string, parts []query.Where) (bson.D, error) {
	out := make([]bson.D, len(parts))
	for i, p := range parts {
		var err error
		if out[i], err = l.match(p); err != nil {
			return nil, err
		}
	}
	return join(op, out), nil
}

func (l *layout) leaf(f *query.Leaf) (bson.D, error) {
	m, err := l.positive(f)
	if err != nil || !f.Not {
		return m, err
	}
	return bson.D{{Key: "$nor", Value: bson.A{m}}}, nil
}

// positive compiles a leaf without its negation.
func (l *layout) positive(f *query.Leaf) (bson.D, error) {
	switch f.Test {
	case query.Search:
		return l.search(f)
	case query.ID:
		return oneOf("_id", idsOf(f)), nil
	}
	c, ok := l.columns[f.Column]
	if !ok {
		return nothing, nil
	}
	at := l.fields[c.Key]
	if f.Test == query.Empty {
		return is(at, "$exists", false), nil
	}
	if c.Array {
		return array(c, at, f), nil
	}
	switch f.Test {
	case query.In:
		return oneOf(at, natives(c, f.Values)), nil
	case query.Range:
		return between(c, at, f.Min, f.Max), nil
	case query.Contains, query.StartsWith:
		term, _ := f.Values[0].(string)
		if c.Kind != query.Text {
			return nothing, nil
		}
		if !c.Matches() {
			return nil, fmt.Errorf("mongo: column %q has no folded text to look in", c.Key)
		}
		if f.Test == query.StartsWith {
			return prefix(foldField(c.Key), term), nil
		}
		return all(l.grams(f), contains(foldField(c.Key), term)), nil
	}
	return nothing, nil
}

// idsOf are the texts among the values of a leaf on the document's own id.
func idsOf(f *query.Leaf) bson.A {
	out := bson.A{}
	for _, v := range f.Values {
		if id, ok := v.(string); ok {
			out = append(out, id)
		}
	}
	return out
}

func oneOf(at string, values bson.A) bson.D {
	switch len(values) {
	case 0:
		return nothing
	case 1:
		return is(at, "$eq", values[0])
	}
	return is(at, "$in", values)
}

func array(c query.Column, at string, f *query.Leaf) bson.D {
	values := natives(c, f.Values)
	switch f.Test {
	case query.HasAny:
		return oneOf(at, values)
	case query.HasAll:
		switch {
		case len(values) < len(f.Values):
			return nothing
		case len(values) == 0:
			return is(at, "$exists", true)
		}
		return is(at, "$all", values)
	}
	return nothing
}

// between compiles a range; ends of another type than the column's are never reached.
func between(c query.Column, at string, lo, hi any) bson.D {
	if c.Kind == query.Text || c.Kind == query.Bool {
		return nothing
	}
	var ends bson.D
	for _, end := range []struct {
		op string
		v  any
	}{{"$gte", lo}, {"$lte", hi}} {
		if end.v == nil {
			continue
		}
		v, ok := native(c, end.v)
		if !ok {
			return nothing
		}
		ends = append(ends, bson.E{Key: end.op, Value: v})
	}
	if len(ends) == 0 {
		return is(at, "$exists", true)
	}
	return bson.D{{Key: at, Value: ends}}
}

// maxPattern is the longest term that goes into a regular expression; MongoDB refuses patterns of 32 KiB.
const maxPattern = 1000

// contains finds a term literally: an escaped pattern, or for long ones a search by bytes.
func contains(at, term string) bson.D {
	if len(term) > maxPattern {
		return bson.D{{Key: "$expr", Value: found(at, term)}}
	}
	pattern := strings.ReplaceAll(regexp.QuoteMeta(term), "\x00", `\x00`) // a BSON pattern ends at NUL
	return bson.D{{Key: at, Value: bson.Regex{Pattern: pattern}}}
}

// prefix finds texts that start with a term as a range, which an index can walk: UTF-8 sorts like its code points.
func prefix(at, term string) bson.D {
	ends := bson.D{{Key: "$gte", Value: term}}
	if next := successor(term); next != "" {
		ends = append(ends, bson.E{Key: "$lt", Value: next})
	}
	return bson.D{{Key: at, Value: ends}}
}

// successor is the first text behind all that start with s, "" when there is none.
func successor(s string) string {
	r := []rune(s)
	for i := len(r) - 1; i >= 0; i-- {
		if r[i] < utf8.MaxRune {
			r[i]++
			if r[i] == 0xD800 { // surrogates are no characters
				r[i] = 0xE000
			}
			return string(r[:i+1])
		}
	}
	return ""
}

func (l *layout) search(f *query.Leaf) (bson.D, error) {
	term, _ := f.Values[0].(string)
	var parts []bson.D
	for _, key := range f.Among {
		c, ok := l.columns[key]
		if !ok || c.Kind != query.Text || c.Array {
			continue
		}
		if !searched(c) {
			return nil, fmt.Errorf("mongo: column %q is not searched", key)
		}
		parts = append(parts, contains(foldField(key), term), contains(initialsField(key), term))
	}
	if len(parts) == 0 {
		return nothing, nil
	}
	return all(l.grams(f), join("$or", parts)), nil
}

// grams is what a document that the leaf finds must have in g, so that the gram index can find it. Everything when the
// term is too short or a column has no grams.
func (l *layout) grams(f *query.Leaf) bson.D {
	return oneOfGrams(l.gramSets(f))
}

func oneOfGrams(sets []bson.A) bson.D {
	parts := make([]bson.D, len(sets))
	for i, s := range sets {
		parts[i] = oneOf("g", s)
	}
	return all(parts...)
}

// maxGrams bounds how many grams of a term are looked up; the text itself is compared anyway.
const maxGrams = 4

// gramSets are alternatives of grams: of every set a found document has at least one.
func (l *layout) gramSets(f *query.Leaf) []bson.A {
	if len(f.Values) == 0 {
		return nil
	}
	term, _ := f.Values[0].(string)
	if utf8.RuneCountInString(term) < 2 {
		return nil
	}
	among := f.Among
	if f.Test == query.Contains {
		among = []string{f.Column}
	}
	var known []query.Column
	for _, key := range among {
		c, ok := l.columns[key]
		if !ok {
			continue
		}
		if !searched(c) {
			return nil
		}
		known = append(known, c)
	}
	if len(known) == 0 {
		return nil
	}
	grams := value.Grams(term)
	if len(grams) > maxGrams { // spread over the term
		grams = []string{grams[0], grams[len(grams)/3], grams[2*len(grams)/3], grams[len(grams)-1]}
	}
	var sets []bson.A
	for _, g := range grams {
		set := bson.A{}
		for _, c := range known {
			set = append(set, gram(c.Key, g))
			if f.Test == query.Search {
				set = append(set, initialsGram(c.Key, g))
			}
		}
		sets = append(sets, set)
	}
	return sets
}
