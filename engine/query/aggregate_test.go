package query

import (
	"errors"
	"math/big"
	"reflect"
	"testing"
)

func TestBucket(t *testing.T) {
	bounds := []int64{10, 20, 30}
	for n, want := range map[int64]int64{9: -1, 10: 0, 19: 0, 20: 1, 29: 1, 30: 2, 1 << 62: 2, -1 << 62: -1} {
		if got := Bucket(bounds, n); got != want {
			t.Errorf("Bucket(%d) = %d, want %d", n, got, want)
		}
	}
	if Bucket(nil, 5) != -1 {
		t.Error("without bounds everything is below")
	}
}

func TestRunAggregate(t *testing.T) {
	var docs []Document
	for _, tree := range []thing{
		{"code": "x", "data": thing{"n": 1.01}, "ok": true}, {"code": "x", "data": thing{"n": 1.014}, "tags": []any{"p"}}, {"code": "y", "data": thing{"n": -3.0}, "tags": []any{nil}}, {"data": thing{"n": 90071992547409.0}}, {"code": "x"},
		{"data": thing{"n": 90071992547409.0}, "day": "2017-03-01"},
	} {
		docs = append(docs, Document{Tree: tree})
	}
	docs = append(docs, Document{Deleted: true, Tree: thing{"code": "x", "data": thing{"n": 7.0}}})
	figures := []Measure{{Fn: Count}, {Fn: Count, Column: "n"}, {Fn: Sum, Column: "n"}, {Fn: Min, Column: "n"}, {Fn: Max, Column: "n"}, {Fn: Distinct, Column: "n"}, {Fn: Count, Column: "tags"}, {Fn: Count, Where: Is("ok", true)}}
	n := func(i int64) any { return big.NewInt(i) }
	for name, c := range map[string]struct {
		a    Aggregate
		want []Row
	}{
		"by text": {Aggregate{Measures: figures, Group: []Group{{Column: "code"}}}, []Row{
			{[]any{nil}, []any{int64(2), int64(2), n(18014398509481800), int64(9007199254740900), int64(9007199254740900), int64(1), int64(0), int64(0)}},
			{[]any{"x"}, []any{int64(3), int64(2), n(202), int64(101), int64(101), int64(1), int64(1), int64(1)}},
			{[]any{"y"}, []any{int64(1), int64(1), n(-300), int64(-300), int64(-300), int64(1), int64(0), int64(0)}},
		}},
		"of nothing, in one row":    {Aggregate{Measures: figures, Where: None()}, []Row{{nil, []any{int64(0), int64(0), n(0), nil, nil, int64(0), int64(0), int64(0)}}}},
		"of nothing, grouped":       {Aggregate{Measures: figures, Where: None(), Group: []Group{{Column: "code"}}}, []Row{}},
		"buckets":                   {Aggregate{Measures: figures[:1], Group: []Group{{Column: "n", Bounds: []int64{0, 101}}}}, []Row{{[]any{nil}, []any{int64(1)}}, {[]any{int64(-1)}, []any{int64(1)}}, {[]any{int64(1)}, []any{int64(4)}}}},
		"bounds that are none":      {Aggregate{Measures: figures[:1], Group: []Group{{Column: "day", Bounds: []int64{}}}}, []Row{{[]any{nil}, []any{int64(5)}}, {[]any{int64(17226)}, []any{int64(1)}}}},
		"two keys, empties are one": {Aggregate{Group: []Group{{Column: "code"}, {Column: "ok"}}}, []Row{{[]any{nil, nil}, []any{}}, {[]any{"x", nil}, []any{}}, {[]any{"x", true}, []any{}}, {[]any{"y", nil}, []any{}}}},
	} {
		got, err := RunAggregate(c.a, thingCols, docs)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
	for limit, want := range map[int]error{0: nil, 2: ErrGroups, 3: nil} {
		if _, err := RunAggregate(Aggregate{Group: []Group{{Column: "code"}}, Limit: limit}, thingCols, docs); !errors.Is(err, want) {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

// TestGroupsDoNotRunTogether: keys that spell alike when joined stay apart.
func TestGroupsDoNotRunTogether(t *testing.T) {
	cols := Columns{"a": {Path: []string{"a"}, Kind: Text}, "b": {Path: []string{"b"}, Kind: Text}}
	var docs []Document
	for _, p := range [][2]any{{"x", "yz"}, {"xy", "z"}, {"x|", "y"}, {"x", "|y"}, {nil, "-|"}, {"-|", nil}, {"s1:x", ""}, {"1:x", "s"}, {"", ""}} {
		docs = append(docs, Document{Tree: thing{"a": p[0], "b": p[1]}})
	}
	rows, err := RunAggregate(Aggregate{Group: []Group{{Column: "a"}, {Column: "b"}}}, cols, docs)
	if err != nil || len(rows) != len(docs) {
		t.Errorf("%d groups of %d different pairs, %v", len(rows), len(docs), err)
	}
}
