package query

import (
	"reflect"
	"testing"
)

func TestEvalLeaves(t *testing.T) {
	full := thing{"name": "华为 Ｃloud", "code": "x", "data": thing{"n": 1.005}, "ok": false, "day": "2017-03-01", "at": "2017-03-01T08:00:00+08:00", "tags": []any{"p", "q"}}
	between := func(column string, min, max any) Where {
		return Where{Leaf: &Leaf{Column: column, Test: Range, Min: min, Max: max}}
	}
	search := func(term string, among ...string) Where {
		return Where{Leaf: &Leaf{Test: Search, Values: []any{term}, Among: among}}
	}
	for _, c := range []struct {
		name string
		w    Where
		want bool
	}{
		{"in", Is("code", "y", "x"), true}, {"in is exact", Is("code", "X"), false}, {"in, number at its scale", Is("n", int64(101)), true}, {"in, false is a value", Is("ok", false), true}, {"in, day", Is("day", int64(17226)), true},
		{"in, instant with offset", Is("at", int64(1488326400000)), true}, {"in nothing", thingLeaf("code", In), false}, {"range", between("n", int64(101), int64(101)), true}, {"range below", between("n", int64(102), nil), false},
		{"range above", between("n", nil, int64(100)), false}, {"open range", between("day", nil, nil), true}, {"range of a bool", between("ok", int64(0), nil), false}, {"contains folds", thingLeaf("name", Contains, "cloud"), true},
		{"contains over a blank", thingLeaf("name", Contains, "为 c"), true}, {"startsWith", thingLeaf("name", StartsWith, "华为"), true}, {"startsWith inside", thingLeaf("name", StartsWith, "为"), false}, {"empty", thingLeaf("code", Empty), false},
		{"hasAny", thingLeaf("tags", HasAny, "z", "q"), true}, {"hasAny none", thingLeaf("tags", HasAny, "z"), false}, {"hasAll", thingLeaf("tags", HasAll, "q", "p"), true}, {"hasAll missing", thingLeaf("tags", HasAll, "p", "z"), false},
		{"hasAll of nothing", thingLeaf("tags", HasAll), true}, {"empty list", thingLeaf("tags", Empty), false}, {"in on a list", thingLeaf("tags", In, "p"), false}, {"search", search("华为", "code", "name"), true}, {"search initials", search("hwc", "name"), true},
		{"search elsewhere", search("华为", "code"), false}, {"search nowhere", search("华为"), false}, {"search unknown", search("华为", "gone"), false}, {"unknown column", Is("gone", "x"), false}, {"unknown is not empty", thingLeaf("gone", Empty), false},
	} {
		if got := Eval(c.w, thingCols, full); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
		if got := Eval(Not(c.w), thingCols, full); got == c.want {
			t.Errorf("not %s: %t", c.name, got)
		}
		if c.w.Leaf.Test != Empty && Eval(c.w, thingCols, thing{}) {
			t.Errorf("%s: an empty document passes", c.name)
		}
	}
}

// TestEmpties: what a column does not take is empty to it.
func TestEmpties(t *testing.T) {
	for column, values := range map[string][]any{
		"code": {nil, "", 1.0, true, []any{"x"}, thing{}}, "n": {nil, "1", 1e300, true}, "ok": {nil, "true", 0.0}, "day": {nil, "", "2017-02-29", "2017-03-01T00:00:00Z", 1.0}, "at": {nil, "2017-03-01", "2017-03-01T00:00:00", 0.0},
		"tags": {nil, "p", []any{}, []any{nil, "", 1.0}, thing{"0": "p"}},
	} {
		for _, v := range values {
			tree := thing{column: v}
			if column == "n" {
				tree = thing{"data": thing{"n": v}}
			}
			if !Eval(thingLeaf(column, Empty), thingCols, tree) {
				t.Errorf("%s of %v is not empty", column, v)
			}
		}
	}
	if thingCols["n"].At(thing{"data": "text"}) != nil || thingCols["n"].At(nil) != nil {
		t.Error("a path through what is no object")
	}
}

func TestColumnAbilities(t *testing.T) {
	type can struct{ sort, match, rang, sum bool }
	for name, c := range map[string]struct {
		column Column
		want   can
	}{
		"plain text": {Column{Kind: Text}, can{}}, "ordered text": {Column{Kind: Text, Order: true}, can{sort: true}}, "search implies match": {Column{Kind: Text, Search: true}, can{match: true}}, "match": {Column{Kind: Text, Match: true}, can{match: true}},
		"list": {Column{Kind: Text, Array: true, Order: true, Match: true}, can{}}, "list of numbers": {Column{Kind: Number, Array: true}, can{}}, "number": {Column{Kind: Number}, can{sort: true, rang: true, sum: true}},
		"date": {Column{Kind: Date}, can{sort: true, rang: true}}, "instant": {Column{Kind: Instant}, can{sort: true, rang: true}}, "bool": {Column{Kind: Bool}, can{sort: true}},
	} {
		if got := (can{c.column.Sortable(), c.column.Matches(), c.column.Ranges(), c.column.Sums()}); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestColumnScalars(t *testing.T) {
	for _, c := range []struct {
		column  string
		v, want any
		back    any
	}{
		{"code", "x", "x", "x"}, {"n", 12.345, int64(1235), 12.35}, {"n", -0.05, int64(-5), -0.05}, {"n", 0.0, int64(0), 0.0}, {"ok", false, false, false}, {"day", "2016-02-29", int64(16860), "2016-02-29"},
		{"at", "2017-03-01T08:00:00.5+08:00", int64(1488326400500), "2017-03-01T00:00:00.500Z"}, {"at", "0001-01-01T00:00:00.000Z", int64(-62135596800000), "0001-01-01T00:00:00.000Z"},
	} {
		col := thingCols[c.column]
		got := col.Scalar(c.v)
		if got != c.want || col.Value(got) != c.back {
			t.Errorf("%s: %v is %v and back %v", c.column, c.v, got, col.Value(got))
		}
	}
	if got := thingCols["tags"].Items(thing{"tags": []any{"q", "p", "q", nil, 3.0, "", "p"}}); !reflect.DeepEqual(got, []any{"q", "p"}) {
		t.Errorf("items %v", got)
	}
}
