package sqlite_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"formwork/engine/query"
	"formwork/engine/store"
)

// TestPlans holds what makes a page cost the same in a small and in a large collection: it walks an index and sorts
// nothing.
func TestPlans(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	if err := s.Ensure(ctx, deals()); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var last *store.Doc
	for i := range int64(3000) {
		last = deal(r, i)
		if err := s.Update(ctx, func(x store.Tx) error { return x.Insert(ctx, "bench.deal", last) }); err != nil {
			t.Fatal(err)
		}
	}
	recent := []query.Order{{Column: "updatedAt", Desc: true}}
	oldest := []query.Order{{Column: "updatedAt"}}
	cols := query.Columns{}
	for _, c := range deals().Columns {
		cols[c.Key] = c
	}
	after := last.Document().At(recent, cols)
	mine := query.And(query.Is("owner", "user-7"), query.Is("stage", "stage-3"))
	for name, c := range map[string]struct {
		find query.Find
		want string
		sort bool
	}{
		"by id":            {find: query.Find{Limit: 10}, want: "id:bench.deal"},
		"recent":           {find: query.Find{Sort: recent, Limit: 10}, want: "ix:bench.deal:updated"},
		"oldest":           {find: query.Find{Sort: oldest, Limit: 10}, want: "ix:bench.deal:updated"},
		"recent, page two": {find: query.Find{Sort: recent, Limit: 10, After: &after}, want: "ix:bench.deal:updated"},
		"owner and stage":  {find: query.Find{Where: mine, Sort: recent, Limit: 10}, want: "ix:bench.deal:owner"},
		"page two of it":   {find: query.Find{Where: mine, Sort: recent, Limit: 10, After: &after}, want: "ix:bench.deal:owner"},
		"several stages": {find: query.Find{Where: query.And(query.Is("owner", "user-7"), query.Is("stage", "stage-1", "stage-2")), Sort: recent, Limit: 10},
			want: "ix:bench.deal:owner", sort: true},
		"a range of the sort": {find: query.Find{Where: query.Where{Leaf: &query.Leaf{Column: "updatedAt", Test: query.Range, Min: int64(1)}}, Sort: recent, Limit: 10},
			want: "ix:bench.deal:updated"},
	} {
		t.Run(name, func(t *testing.T) {
			plan, err := s.ExplainFind(ctx, "bench.deal", c.find)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(plan)
			if !strings.Contains(plan, c.want) {
				t.Errorf("does not walk %s:\n%s", c.want, plan)
			}
			if c.sort && strings.Contains(plan, "COVERING INDEX ix:bench.deal:owner (v:owner=? AND v:stage=?)\nUSE TEMP B-TREE") {
				t.Errorf("sorts within a value:\n%s", plan)
			}
			if !c.sort && strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("sorts:\n%s", plan)
			}
		})
	}
	plan, err := s.ExplainAggregate(ctx, "bench.deal", query.Aggregate{Group: []query.Group{{Column: "stage"}},
		Measures: []query.Measure{{Fn: query.Sum, Column: "amount"}, {Fn: query.Count}}})
	t.Log(plan)
	if err != nil || !strings.Contains(plan, "COVERING INDEX ix:bench.deal:stage") || strings.Contains(plan, "TEMP B-TREE") {
		t.Errorf("the group does not run on the covering index in its order: %v\n%s", err, plan)
	}
}
