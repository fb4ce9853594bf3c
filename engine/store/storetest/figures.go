package storetest

import (
	"math/big"
	"strings"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/value"
)

// wantsRows checks an aggregate; rows as spellRow writes them, sorted by their keys.
func (r *rig) wantsRows(a query.Aggregate, want ...string) {
	r.Helper()
	r.view(func(x store.Reader) {
		rows, err := x.Aggregate(r.ctx, r.name, a)
		r.must(err)
		query.SortRows(rows)
		if got := strings.TrimSuffix(spellRows(rows), "\n"); got != strings.Join(want, "\n") {
			r.Fatalf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
		}
	})
}

func measures(m ...query.Measure) []query.Measure { return m }

// figures: counts and aggregates.
func figures() []promise {
	all := measures(query.Measure{Fn: query.Count}, query.Measure{Fn: query.Count, Column: "amount"}, query.Measure{Fn: query.Sum, Column: "amount"},
		query.Measure{Fn: query.Min, Column: "amount"}, query.Measure{Fn: query.Max, Column: "amount"}, query.Measure{Fn: query.Distinct, Column: "amount"})
	return []promise{
		{"figure/count stops at max", func(r *rig) {
			r.fill(make([]object, 30)...)
			r.must(r.trash("003", true))
			r.view(func(x store.Reader) {
				for _, c := range []struct {
					w     query.Where
					which query.Which
					max   int
					want  int
				}{
					{query.Where{}, query.Live, 0, 29}, {query.Where{}, query.Both, 0, 30}, {query.Where{}, query.Trash, 0, 1}, {query.Where{}, query.Live, 10, 10}, {query.Where{}, query.Live, 29, 29},
					{query.Where{}, query.Live, 100, 29}, {query.None(), query.Both, 0, 0}, {leaf("code", query.Empty), query.Both, 1, 1},
				} {
					n, err := x.Count(r.ctx, r.name, c.w, c.which, c.max)
					r.must(err)
					if n != c.want {
						r.Fatalf("counted %d, want %d: %+v", n, c.want, c)
					}
				}
			})
		}},
		{"figure/of nothing", func(r *rig) {
			r.wantsRows(query.Aggregate{Measures: all}, "=> 0 0 sum:0 nil nil 0")
			r.wantsRows(query.Aggregate{Measures: all, Group: []query.Group{{Column: "code"}}})
			r.fill(object{"code": "x"}, object{"data": object{"amount": 1.0}})
			r.wantsRows(query.Aggregate{Measures: all, Where: query.Is("code", "x")}, "=> 1 0 sum:0 nil nil 0")
			r.wantsRows(query.Aggregate{Measures: all, Where: query.None()}, "=> 0 0 sum:0 nil nil 0")
			r.wantsRows(query.Aggregate{}, "=>")
		}},
		{"figure/all of them by group, live documents only", func(r *rig) {
			for i, c := range []struct {
				code   any
				amount any
			}{{"x", 1.01}, {"x", 1.014}, {"x", -3.0}, {"X", 2.0}, {nil, 5.0}, {nil, "text"}, {"y", nil}, {"x", 1000.0}} {
				r.must(r.insert(number(i), object{"code": c.code, "data": object{"amount": c.amount}}))
			}
			r.must(r.trash("007", true))
			r.wantsRows(query.Aggregate{Measures: all, Group: []query.Group{{Column: "code"}}},
				"nil => 2 1 sum:500 500 500 1", `"X" => 1 1 sum:200 200 200 1`, `"x" => 3 3 sum:-98 -300 101 2`, `"y" => 1 0 sum:0 nil nil 0`)
			r.wantsRows(query.Aggregate{Measures: all}, "=> 7 5 sum:602 -300 500 4")
			r.wantsRows(query.Aggregate{Group: []query.Group{{Column: "code"}}}, "nil =>", `"X" =>`, `"x" =>`, `"y" =>`)
		}},
		{"figure/sums are exact beyond an int64", func(r *rig) {
			const n = 2500
			docs := func(id string, count float64) func(store.Tx) error {
				return func(tx store.Tx) error {
					list := make([]*store.Doc, n)
					for i := range list {
						list[i] = store.New(id+number(i), object{"code": id, "count": count, "data": object{"amount": 45035996273704.95}})
					}
					return tx.Insert(r.ctx, r.name, list...)
				}
			}
			r.must(r.update(docs("p", 9007199254740991)))
			r.must(r.update(docs("m", -9007199254740990)))
			huge := new(big.Int).Mul(big.NewInt(9007199254740991), big.NewInt(n)).String()
			less := new(big.Int).Mul(big.NewInt(-9007199254740990), big.NewInt(n)).String()
			m := measures(query.Measure{Fn: query.Sum, Column: "count"}, query.Measure{Fn: query.Sum, Column: "count", Where: query.Is("code", "p")}, query.Measure{Fn: query.Max, Column: "count"})
			r.wantsRows(query.Aggregate{Measures: m}, "=> sum:2500 sum:"+huge+" 9007199254740991")
			r.wantsRows(query.Aggregate{Measures: m[:1], Group: []query.Group{{Column: "code"}}}, `"m" => sum:`+less, `"p" => sum:`+huge)
			r.wantsRows(query.Aggregate{Measures: measures(query.Measure{Fn: query.Sum, Column: "amount"}), Where: query.Is("code", "p")}, "=> sum:"+new(big.Int).Mul(big.NewInt(4503599627370495), big.NewInt(n)).String())
		}},
		{"figure/buckets", func(r *rig) {
			for i, s := range []any{"2016-12-31", "2017-01-01", "2017-01-31", "2017-02-01", "2017-03-15", nil, "9999-12-31", "2017-01-31"} {
				r.must(r.insert(number(i), object{"day": s, "at": "2017-01-01T00:00:00.000Z", "count": float64(i - 3)}))
			}
			var bounds []int64
			for _, s := range []string{"2017-01-01", "2017-02-01", "2017-03-01", "2017-04-01"} {
				n, _ := value.ParseDate(s)
				bounds = append(bounds, n)
			}
			m := measures(query.Measure{Fn: query.Count})
			r.wantsRows(query.Aggregate{Measures: m, Group: []query.Group{{Column: "day", Bounds: bounds}}}, "nil => 1", "-1 => 1", "0 => 3", "1 => 1", "2 => 1", "3 => 1")
			r.wantsRows(query.Aggregate{Measures: m, Group: []query.Group{{Column: "day", Bounds: bounds[:1]}}}, "nil => 1", "-1 => 1", "0 => 6")
			ms, _ := value.ParseInstant("2017-01-01T00:00:00.000Z")
			r.wantsRows(query.Aggregate{Measures: m, Group: []query.Group{{Column: "at", Bounds: []int64{ms, ms + 1}}}}, "0 => 8")
			r.wantsRows(query.Aggregate{Measures: m, Group: []query.Group{{Column: "count", Bounds: []int64{-1, 2}}, {Column: "done"}}}, "-1 nil => 2", "0 nil => 3", "1 nil => 3")
			many := make([]int64, 600)
			for i := range many {
				many[i] = bounds[0] + int64(i)
			}
			r.wantsRows(query.Aggregate{Measures: m, Group: []query.Group{{Column: "day", Bounds: many}}}, "nil => 1", "-1 => 1", "0 => 1", "30 => 2", "31 => 1", "73 => 1", "599 => 1")
		}},
		{"figure/measures with filters of their own", func(r *rig) {
			r.fill(object{"code": "x", "count": 1.0}, object{"code": "y", "count": 2.0}, object{"code": "y", "count": 4.0, "name": "华为"}, object{"count": 8.0})
			sum := func(w query.Where) query.Measure { return query.Measure{Fn: query.Sum, Column: "count", Where: w} }
			r.wantsRows(query.Aggregate{Measures: measures(sum(query.Where{}), sum(query.Is("code", "y")), sum(query.Not(query.Is("code", "y"))), sum(query.None()), sum(search("hw", "name")),
				query.Measure{Fn: query.Count, Where: leaf("code", query.Empty)}, query.Measure{Fn: query.Min, Column: "count", Where: query.Is("code", "y")},
				query.Measure{Fn: query.Distinct, Column: "code", Where: query.Is("code", "y")})}, "=> sum:15 sum:6 sum:9 sum:0 sum:4 1 2 1")
			r.wantsRows(query.Aggregate{Where: query.Not(query.Is("code", "x")), Group: []query.Group{{Column: "code"}}, Measures: measures(sum(query.Is("count", int64(2))))}, "nil => sum:0", `"y" => sum:2`)
		}},
		{"figure/distinct of every kind, counts of lists", func(r *rig) {
			r.fill(object{"name": "a", "done": true, "day": "2017-03-01", "at": "2017-03-01T00:00:00Z", "tags": []any{"p"}}, object{"name": "A", "done": true, "day": "2017-03-01", "at": "2017-03-01T08:00:00+08:00", "tags": []any{nil}},
				object{"name": "a ", "done": false, "day": "2017-03-02", "at": "x", "tags": []any{"p", "q"}}, object{})
			d := func(c string) query.Measure { return query.Measure{Fn: query.Distinct, Column: c} }
			r.wantsRows(query.Aggregate{Measures: measures(d("name"), d("done"), d("day"), d("at"), query.Measure{Fn: query.Count, Column: "tags"}, query.Measure{Fn: query.Min, Column: "day"}, query.Measure{Fn: query.Max, Column: "at"})},
				"=> 3 2 2 1 2 17226 1488326400000")
			r.wantsRows(query.Aggregate{Group: []query.Group{{Column: "done"}}, Measures: measures(query.Measure{Fn: query.Count})}, "nil => 1", "false => 1", "true => 2")
		}},
		{"figure/too many groups", func(r *rig) {
			for i := range 12 {
				r.must(r.insert(number(i), object{"count": float64(i % 10)}))
			}
			a := query.Aggregate{Group: []query.Group{{Column: "count"}}, Measures: measures(query.Measure{Fn: query.Count})}
			r.view(func(x store.Reader) {
				for limit, want := range map[int]error{0: nil, 9: query.ErrGroups, 10: nil, 1: query.ErrGroups} {
					a.Limit = limit
					rows, err := x.Aggregate(r.ctx, r.name, a)
					r.wants(err, want)
					if err == nil && len(rows) != 10 {
						r.Fatalf("%d rows", len(rows))
					}
				}
			})
		}},
	}
}
