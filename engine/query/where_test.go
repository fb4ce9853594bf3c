package query

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// thingCols are columns of every kind for the tests of the resolved form.
var thingCols = Columns{
	"name": {Key: "name", Path: []string{"name"}, Kind: Text, Order: true, Match: true, Search: true},
	"code": {Key: "code", Path: []string{"code"}, Kind: Text},
	"n":    {Key: "n", Path: []string{"data", "n"}, Kind: Number, Scale: 2},
	"ok":   {Key: "ok", Path: []string{"ok"}, Kind: Bool},
	"day":  {Key: "day", Path: []string{"day"}, Kind: Date},
	"at":   {Key: "at", Path: []string{"at"}, Kind: Instant},
	"tags": {Key: "tags", Path: []string{"tags"}, Kind: Text, Array: true},
}

type thing = map[string]any

func thingLeaf(column string, test Test, values ...any) Where {
	return Where{Leaf: &Leaf{Column: column, Test: test, Values: values}}
}

// anyWhere makes filters of every shape, also those that no helper makes.
func anyWhere(r *rand.Rand, depth int) Where {
	leaves := []Where{
		Is("code", "x"), Is("n", int64(1), int64(2)), Is("ok", true), thingLeaf("code", Empty), thingLeaf("tags", HasAny, "p"), thingLeaf("tags", HasAll, "p", "q"), thingLeaf("name", Contains, "a"),
		{Leaf: &Leaf{Column: "n", Test: Range, Min: int64(1)}}, {Leaf: &Leaf{Column: "unknown", Test: Empty, Not: true}}, {Leaf: &Leaf{Test: Search, Values: []any{"a"}, Among: []string{"name"}}}, {}, None(),
	}
	if depth == 0 || r.IntN(3) == 0 {
		return leaves[r.IntN(len(leaves))]
	}
	parts := make([]Where, r.IntN(4))
	for i := range parts {
		parts[i] = anyWhere(r, depth-1)
	}
	switch r.IntN(5) {
	case 0:
		return Where{And: parts}
	case 1:
		return Where{Or: parts}
	case 2:
		return And(parts...)
	case 3:
		return Or(parts...)
	}
	return Not(And(parts...))
}

func anyThing(r *rand.Rand) thing {
	tree := thing{}
	for key, values := range map[string][]any{"name": {"a", "b", "Ab"}, "code": {"x", "y"}, "ok": {true, false}, "tags": {[]any{"p"}, []any{"q", "p"}, []any{}}, "data": {thing{"n": 0.01}, thing{"n": 0.02}}} {
		if r.IntN(3) > 0 {
			tree[key] = values[r.IntN(len(values))]
		}
	}
	return tree
}

// TestFilterAlgebra: Not turns every answer around; And and Or mean what they say.
func TestFilterAlgebra(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 50_000 {
		tree, v, w := anyThing(r), anyWhere(r, 4), anyWhere(r, 4)
		a, b := Eval(v, thingCols, tree), Eval(w, thingCols, tree)
		if Eval(Not(v), thingCols, tree) == a {
			t.Fatalf("Not of %+v over %v", v, tree)
		}
		if Eval(And(v, w), thingCols, tree) != (a && b) {
			t.Fatalf("And of %+v and %+v over %v", v, w, tree)
		}
		if Eval(Or(v, w), thingCols, tree) != (a || b) {
			t.Fatalf("Or of %+v and %+v over %v", v, w, tree)
		}
	}
}

func TestFilterHelpersFlatten(t *testing.T) {
	x, y, z := Is("a", "x"), Is("b", "y"), Is("c", "z")
	for i, c := range []struct{ got, want Where }{
		{And(), Where{}}, {And(x), x}, {And(x, Where{}), x}, {And(x, None(), y), None()}, {And(x, And(y, z)), Where{And: []Where{x, y, z}}}, {And(Where{}, Where{}), Where{}},
		{Or(), None()}, {Or(x), x}, {Or(x, None()), x}, {Or(x, Where{}), Where{}}, {Or(Or(x, y), z), Where{Or: []Where{x, y, z}}}, {Or(None(), None()), None()},
		{And(x, Or(y, z)), Where{And: []Where{x, {Or: []Where{y, z}}}}}, {Is("a"), None()}, {Not(Where{}), None()}, {Not(None()), Where{}}, {Not(Not(x)), x},
		{Not(And(x, y)), Where{Or: []Where{Not(x), Not(y)}}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("case %d: %+v, want %+v", i, c.got, c.want)
		}
	}
	if !(Where{}).All() || None().All() || x.All() {
		t.Error("only the zero filter matches all")
	}
	Not(x)
	if x.Leaf.Not {
		t.Error("Not changes its operand")
	}
	var seen []string
	And(x, Not(Or(y, z))).Leaves(func(l *Leaf) { seen = append(seen, l.Column) })
	if !reflect.DeepEqual(seen, []string{"a", "b", "c"}) {
		t.Errorf("leaves %v", seen)
	}
}
