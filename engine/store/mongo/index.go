package mongo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/value"
)

// maxIndexes is how many declared indexes a collection may have; MongoDB ends at 64.
const maxIndexes = 40

// Indexes that every collection has, beside MongoDB's own on _id: the recycle bin, and grams where a column is searched.
const (
	trashIndex = "trash"
	gramsIndex = "grams"
)

// term is a field of an index and how its value follows from the column's scalar.
type term struct {
	column string
	field  string
	of     func(c query.Column, scalar any) (any, bool)
	desc   bool
}

func sortText(_ query.Column, s any) (any, bool) {
	t, ok := s.(string)
	return value.SortKey(clean(t)), ok
}

func foldText(_ query.Column, s any) (any, bool) {
	t, ok := s.(string)
	return value.Fold(clean(t)), ok
}

// index is a declared index as MongoDB has it.
type index struct {
	key    string // as declared
	name   string // made of what it is, so that a change makes another index
	terms  []term
	unique bool
	all    bool
}

// newIndex derives the index of a declaration. A Text column that sorts stands in it by its sort key: equal texts have
// equal keys, so that it serves equality as well. In a unique index texts stand folded or as they are.
func (l *layout) newIndex(d store.Index) (index, error) {
	x := index{key: d.Key, unique: d.Unique, all: d.All && !d.Unique}
	arrays := 0
	for _, o := range d.Columns {
		c, ok := l.columns[o.Column]
		if !ok {
			return x, fmt.Errorf("mongo: index %q: no column %q", d.Key, o.Column)
		}
		if c.Array {
			arrays++
		}
		t := term{column: c.Key, field: l.fields[c.Key], of: native, desc: o.Desc}
		switch {
		case d.Unique && c.Matches():
			t.field, t.of = foldField(c.Key), foldText
		case !d.Unique && ordered(c):
			t.field, t.of = sortField(c.Key), sortText
		}
		x.terms = append(x.terms, t)
	}
	if len(x.terms) == 0 {
		return x, fmt.Errorf("mongo: index %q has no columns", d.Key)
	}
	if arrays > 1 || arrays > 0 && d.Unique {
		return x, fmt.Errorf("mongo: index %q: at most one array column, none in a unique index", d.Key)
	}
	x.name = x.spell()
	return x, nil
}

// desc is the direction of _id, which follows the last column.
func (x index) desc() bool { return x.terms[len(x.terms)-1].desc }

// spell names the index after its fields, shortened, and a digest of everything that makes it different from another.
func (x index) spell() string {
	var b strings.Builder
	for _, t := range x.terms {
		fmt.Fprintf(&b, "%s_%d_", t.field, direction(t.desc))
	}
	full := fmt.Sprintf("%s unique=%v all=%v", b.String(), x.unique, x.all)
	sum := sha256.Sum256([]byte(full))
	name := []rune(b.String())
	return string(name[:min(len(name), 60)]) + hex.EncodeToString(sum[:4])
}

func direction(desc bool) int {
	if desc {
		return -1
	}
	return 1
}

// model is the index as MongoDB makes it. A partial filter cannot say "is absent", hence the live marker; and a unique
// index covers only documents in which every column is there.
func (x index) model() mongo.IndexModel {
	keys := bson.D{}
	for _, t := range x.terms {
		keys = append(keys, bson.E{Key: t.field, Value: direction(t.desc)})
	}
	opts := options.Index().SetName(x.name)
	partial := bson.D{{Key: "live", Value: true}}
	if x.unique {
		opts.SetUnique(true)
		for _, t := range x.terms {
			partial = append(partial, bson.E{Key: t.field, Value: bson.D{{Key: "$exists", Value: true}}})
		}
	} else {
		keys = append(keys, bson.E{Key: "_id", Value: direction(x.desc())})
	}
	if !x.all {
		opts.SetPartialFilterExpression(partial)
	}
	return mongo.IndexModel{Keys: keys, Options: opts}
}

// newIndexes derives all of a declaration.
func (l *layout) newIndexes(list []store.Index) ([]index, error) {
	if len(list) > maxIndexes {
		return nil, fmt.Errorf("mongo: %d indexes, at most %d", len(list), maxIndexes)
	}
	out := make([]index, 0, len(list))
	for _, d := range list {
		x, err := l.newIndex(d)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// base are the indexes that are not declared.
func (l *layout) base() []mongo.IndexModel {
	out := []mongo.IndexModel{{
		Keys:    bson.D{{Key: "live", Value: 1}, {Key: "_id", Value: 1}},
		Options: options.Index().SetName(trashIndex).SetPartialFilterExpression(bson.D{{Key: "live", Value: false}}),
	}}
	if slices.ContainsFunc(l.list, searched) {
		out = append(out, mongo.IndexModel{
			Keys:    bson.D{{Key: "g", Value: 1}},
			Options: options.Index().SetName(gramsIndex).SetPartialFilterExpression(bson.D{{Key: "live", Value: true}}),
		})
	}
	return out
}
