package query

import (
	"fmt"
	"strings"
	"testing"

	"formwork/schemas/value"
)

func asked(t *testing.T, src string) Ask {
	t.Helper()
	a, ps := ParseAsk(value.MustDecode([]byte(src)), "")
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	return a
}

// TestHavingKnowsWhatItCompares: figures may be huge, dates or missing, keys may be numbers.
func TestHavingKnowsWhatItCompares(t *testing.T) {
	a := asked(t, `{"groupBy":["n"],"measures":[{"fn":"sum","field":"v","as":"sum"},{"fn":"max","field":"d","as":"last"},{"fn":"avg","field":"v","as":"avg"}]}`)
	rows := func() []Result {
		return []Result{
			{"n": 1.0, "sum": value.NewDecimal(2_000_000_000_012, 2), "last": "2017-03-01", "avg": nil},
			{"n": 2.0, "sum": value.NewDecimal(900, 2), "last": "2018-01-01", "avg": nil},
			{"n": nil, "sum": value.NewDecimal(0, 2), "last": nil, "avg": nil},
		}
	}
	for having, want := range map[string]int{
		`{"field":"sum","op":"gt","value":10000000000}`:                         1,
		`{"field":"sum","op":"gte","value":9}`:                                  2,
		`{"field":"sum","op":"eq","value":20000000000.12}`:                      1,
		`{"field":"last","op":"lt","value":"2017-12-31"}`:                       1,
		`{"field":"last","op":"within","value":"2018"}`:                         1,
		`{"field":"last","op":"empty"}`:                                         1,
		`{"field":"n","op":"between","value":[2,9]}`:                            1,
		`{"field":"avg","op":"gt","value":"2017-01-01"}`:                        0,
		`{"not":{"field":"sum","op":"gt","value":1}}`:                           1,
		`{"or":[{"field":"n","op":"empty"},{"field":"n","op":"eq","value":1}]}`: 2,
	} {
		f, ps := ParseFilterJSON([]byte(having), "/having")
		if len(ps) > 0 {
			t.Fatal(ps)
		}
		a.Having = f
		got, ps := Finish(a, rows(), "")
		if len(ps) > 0 || len(got) != want {
			t.Errorf("%s: %d rows, want %d; %v", having, len(got), want, ps)
		}
	}
}

func TestSortOfFiguresPutsEmptiesLowest(t *testing.T) {
	a := asked(t, `{"groupBy":["k"],"measures":[{"fn":"min","field":"d","as":"first"}],"sort":["-first"],"limit":2}`)
	got, ps := Finish(a, []Result{{"k": "a", "first": nil}, {"k": "b", "first": "2017-01-01"}, {"k": "c", "first": "2018-01-01"}}, "")
	if len(ps) > 0 || len(got) != 2 || got[0]["k"] != "c" || got[1]["k"] != "b" {
		t.Errorf("%v %v", got, ps)
	}
}

func TestFiltersThatAreTooLarge(t *testing.T) {
	leaf := `{"field":"a","op":"empty"}`
	many := func(n int) string { return `{"and":[` + strings.Repeat(leaf+",", n-1) + leaf + `]}` }
	deep := func(n int) string { return strings.Repeat(`{"not":`, n-1) + leaf + strings.Repeat("}", n-1) }
	for name, c := range map[string]struct{ src, code, pointer string }{
		"as many tests as may be": {src: many(MaxLeaves)},
		"one more":                {many(MaxLeaves + 1), "filter-too-large", fmt.Sprintf("/f/and/%d", MaxLeaves)},
		"very many more":          {many(20000), "filter-too-large", fmt.Sprintf("/f/and/%d", MaxLeaves)},
		"as deep as may be":       {src: deep(MaxDepth)},
		"one deeper":              {deep(MaxDepth + 1), "filter-too-deep", "/f" + strings.Repeat("/not", MaxDepth)},
		"no alternative":          {`{"or":[]}`, "filter-shape", "/f"},
		"everything":              {src: `{"and":[]}`},
		"nothing":                 {src: `{"not":{}}`},
		"a strange member":        {`{"and":[{"field":"a","op":"empty","also":1}]}`, "filter-shape", "/f/and/0/also"},
		"two joins":               {`{"and":[],"or":[]}`, "filter-shape", "/f"},
	} {
		_, ps := ParseFilterJSON([]byte(c.src), "/f")
		switch {
		case c.code == "" && len(ps) > 0:
			t.Errorf("%s: %v", name, ps)
		case c.code != "" && (len(ps) != 1 || ps[0].Code != c.code || ps[0].Pointer != c.pointer):
			t.Errorf("%s: %v, want one %s at %s", name, ps, c.code, c.pointer)
		}
	}
}
