package mongo

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/engine/store/storetest/mongoserver"
	"formwork/schemas/value"
)

func bsonDoc(raw bson.Raw) bsoncore.Document { return bsoncore.Document(raw) }

func insert(t testing.TB, s *Store, name, id, json string) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx store.Tx) error {
		return tx.Insert(t.Context(), name, store.New(id, value.MustDecode([]byte(json))))
	}); err != nil {
		t.Fatal(err)
	}
}

// A page of a list is an index scan with a limit: no sort, no scan of the collection.
func TestPagesAreIndexScans(t *testing.T) {
	s := open(t, mongoserver.SharedDatabase(t))
	asc := func(c string) query.Order { return query.Order{Column: c} }
	desc := func(c string) query.Order { return query.Order{Column: c, Desc: true} }
	must(t, s.Ensure(t.Context(), store.Collection{Name: "rows", Columns: []query.Column{
		{Key: "owner", Path: []string{"owner"}, Kind: query.Text},
		{Key: "stage", Path: []string{"stage"}, Kind: query.Text},
		{Key: "name", Path: []string{"name"}, Kind: query.Text, Order: true, Match: true, Search: true},
		{Key: "amount", Path: []string{"amount"}, Kind: query.Number, Scale: 2},
		{Key: "at", Path: []string{"at"}, Kind: query.Instant},
		{Key: "tags", Path: []string{"tags"}, Kind: query.Text, Array: true},
		{Key: "no", Path: []string{"no"}, Kind: query.Text, Match: true},
	}, Indexes: []store.Index{
		{Key: "owned", Columns: []query.Order{asc("owner"), asc("stage"), desc("at")}},
		{Key: "recent", Columns: []query.Order{desc("at")}},
		{Key: "names", Columns: []query.Order{asc("name")}},
		{Key: "tagged", Columns: []query.Order{asc("tags"), desc("amount")}},
		{Key: "no", Columns: []query.Order{asc("no")}, Unique: true},
		{Key: "every", Columns: []query.Order{asc("amount")}, All: true},
	}}))
	var docs []*store.Doc
	for i := range 200 {
		tree := map[string]any{"owner": fmt.Sprint("u", i%4), "stage": fmt.Sprint("s", i%3), "name": fmt.Sprint("n", i%17), "amount": float64(i % 11), "tags": []any{"x", fmt.Sprint("t", i%5)}, "no": fmt.Sprint("NO-", i)}
		if i%7 > 0 {
			tree["at"] = value.FormatInstant(int64(i%29) * 1000)
		}
		docs = append(docs, store.New(fmt.Sprintf("%03d", i), tree))
	}
	must(t, s.Update(t.Context(), func(tx store.Tx) error { return tx.Insert(t.Context(), "rows", docs...) }))

	is, leaf := query.Is, func(c string, test query.Test, v ...any) query.Where {
		return query.Where{Leaf: &query.Leaf{Column: c, Test: test, Values: v}}
	}
	for _, c := range []struct {
		name     string
		find     query.Find
		index    string // its first field
		branches int
	}{
		{"by id", query.Find{}, "_id", 1},
		{"newest", query.Find{Sort: []query.Order{desc("at")}}, "doc.at", 1},
		{"oldest, backwards along it", query.Find{Sort: []query.Order{asc("at")}}, "doc.at", 1},
		{"by name", query.Find{Sort: []query.Order{asc("name")}}, "k.name", 1},
		{"by name, filtered", query.Find{Sort: []query.Order{asc("name")}, Where: query.Where{Leaf: &query.Leaf{Column: "amount", Test: query.Range, Min: int64(300)}}}, "k.name", 1},
		{"mine", query.Find{Where: query.And(is("owner", "u1"), is("stage", "s1")), Sort: []query.Order{desc("at")}}, "doc.owner", 1},
		{"ours, in some stages", query.Find{Where: query.And(is("owner", "u1", "u2"), is("stage", "s0", "s1", "s2")), Sort: []query.Order{desc("at")}}, "doc.owner", 6},
		{"a tag, dearest", query.Find{Where: leaf("tags", query.HasAny, "x"), Sort: []query.Order{desc("amount")}}, "doc.tags", 1},
		{"two tags that share documents", query.Find{Where: leaf("tags", query.HasAny, "x", "t1"), Sort: []query.Order{desc("amount")}}, "doc.tags", 2},
		{"by number", query.Find{Where: is("no", "NO-7"), Sort: []query.Order{asc("name")}}, "f.no", 1},
		{"with the recycle bin", query.Find{Which: query.Both, Sort: []query.Order{asc("amount")}}, "doc.amount", 1},
		{"the recycle bin", query.Find{Which: query.Trash}, "live", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.find.Limit = 20
			seen := 0
			for page := 0; page < 30; page++ {
				plans := explain(t, s, "rows", c.find)
				if page == 0 && len(plans) != c.branches {
					t.Errorf("%d branches, want %d", len(plans), c.branches)
				}
				for _, p := range plans {
					if strings.Contains(p, "COLLSCAN") || strings.Contains(p, `"SORT"`) || !strings.Contains(p, "IXSCAN") && !strings.Contains(p, "EOF") || !strings.Contains(p, `"LIMIT"`) && !strings.Contains(p, "limitAmount") {
						t.Fatalf("page %d: not an index scan with a limit:\n%s", page, p)
					}
					if !strings.Contains(p, `"keyPattern": {"`+c.index+`"`) {
						t.Fatalf("page %d: not along %s:\n%s", page, c.index, p)
					}
				}
				var last *store.Doc
				n := 0
				must(t, s.View(t.Context(), func(r store.Reader) error {
					for d, err := range r.Find(t.Context(), "rows", c.find) {
						if err != nil {
							return err
						}
						last = d
						n++
					}
					return nil
				}))
				seen += n
				if n < c.find.Limit {
					break
				}
				at := last.Document().At(c.find.Sort, columnsOf(t, s, "rows"))
				c.find.After = &at
			}
			c.find.After, c.find.Limit = nil, 0
			if want := len(query.Run(c.find, columnsOf(t, s, "rows"), documents(docs))); seen != want {
				t.Errorf("the pages have %d rows, want %d", seen, want)
			}
		})
	}

	t.Run("a rare text goes by its grams", func(t *testing.T) {
		f := query.Find{Where: query.Where{Leaf: &query.Leaf{Test: query.Search, Values: []any{"n16"}, Among: []string{"name"}}}, Sort: []query.Order{desc("at")}, Limit: 20}
		plans := explain(t, s, "rows", f)
		if len(plans) != 1 || !strings.Contains(plans[0], gramsIndex) || strings.Contains(plans[0], "COLLSCAN") {
			t.Fatalf("not along the grams:\n%s", plans)
		}
	})
}

func columnsOf(t *testing.T, s *Store, name string) query.Columns {
	c, err := s.collection(t.Context(), name)
	must(t, err)
	return c.current.columns
}

func documents(docs []*store.Doc) []query.Document {
	out := make([]query.Document, len(docs))
	for i, d := range docs {
		out[i] = d.Document()
	}
	return out
}

// explain are the winning plans of all queries that a page may run.
func explain(t *testing.T, s *Store, name string, f query.Find) []string {
	t.Helper()
	c, err := s.collection(t.Context(), name)
	must(t, err)
	p, err := c.plan(t.Context(), f)
	must(t, err)
	var out []string
	for _, q := range p.queries(c, f) {
		for _, r := range q.ranges {
			find := bson.D{{Key: "find", Value: c.Collection.Name()}, {Key: "filter", Value: all(q.filter, r)}, {Key: "limit", Value: f.Limit}}
			if len(q.sort) > 0 {
				find = append(find, bson.E{Key: "sort", Value: q.sort})
			}
			if q.hint != "" {
				find = append(find, bson.E{Key: "hint", Value: q.hint})
			}
			var answer struct {
				QueryPlanner struct {
					WinningPlan bson.Raw `bson:"winningPlan"`
				} `bson:"queryPlanner"`
			}
			must(t, s.db.RunCommand(t.Context(), bson.D{{Key: "explain", Value: find}, {Key: "verbosity", Value: "queryPlanner"}}).Decode(&answer))
			out = append(out, answer.QueryPlanner.WinningPlan.String())
		}
	}
	return out
}

func TestIndexLimits(t *testing.T) {
	l := newLayout(1, things)
	if _, err := l.newIndexes(make([]store.Index, maxIndexes+1)); err == nil {
		t.Error("more than 40 indexes were taken")
	}
	two := newLayout(1, append(slices.Clone(things), query.Column{Key: "more", Path: []string{"more"}, Kind: query.Text, Array: true}))
	for name, x := range map[string]store.Index{
		"two lists":      {Key: "x", Columns: []query.Order{{Column: "tags"}, {Column: "more"}}},
		"no columns":     {Key: "x"},
		"unknown column": {Key: "x", Columns: []query.Order{{Column: "none"}}},
	} {
		if _, err := two.newIndex(x); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
