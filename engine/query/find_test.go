package query

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func crowdOf(r *rand.Rand, n int) []Document {
	docs := make([]Document, n)
	for i := range docs {
		docs[i] = Document{ID: fmt.Sprintf("%03d", r.IntN(900)+i%2*1000), Deleted: r.IntN(5) == 0, Tree: anyThing(r)}
	}
	return docs
}

var someSorts = [][]Order{
	nil, {{Column: "name"}}, {{Column: "name", Desc: true}}, {{Column: "n", Desc: true}}, {{Column: "ok"}, {Column: "n", Desc: true}}, {{Column: "ok", Desc: true}, {Column: "name"}, {Column: "n"}},
}

// TestLessIsATotalOrder: exactly one of a<b, b<a, a=b; and transitive.
func TestLessIsATotalOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	docs := crowdOf(r, 60)
	for _, sort := range someSorts {
		at := make([]Position, len(docs))
		for i, d := range docs {
			at[i] = d.At(sort, thingCols)
		}
		for i := range at {
			for j := range at {
				ij, ji := Less(at[i], at[j], sort), Less(at[j], at[i], sort)
				if ij && ji || !ij && !ji && at[i].ID != at[j].ID {
					t.Fatalf("%v: %v and %v", sort, at[i], at[j])
				}
				for k := range at {
					if ij && Less(at[j], at[k], sort) && !Less(at[i], at[k], sort) {
						t.Fatalf("%v: %v < %v < %v", sort, at[i], at[j], at[k])
					}
				}
			}
		}
	}
}

// TestBranches: the ranges of a position hold exactly the rows behind it, each once, nearest range first.
func TestBranches(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 300 {
		docs := crowdOf(r, 30)
		sort := someSorts[r.IntN(len(someSorts))]
		p := docs[r.IntN(len(docs))].At(sort, thingCols)
		branches := p.Branches(sort)
		var behind, inBranches []string
		for _, d := range Run(Find{Which: Both, Sort: sort}, thingCols, docs) {
			if Less(p, d.At(sort, thingCols), sort) {
				behind = append(behind, d.ID)
			}
		}
		for _, b := range branches {
			for _, d := range Run(Find{Which: Both, Sort: sort}, thingCols, docs) {
				if b.holds(d.At(sort, thingCols), sort) {
					inBranches = append(inBranches, d.ID)
				}
			}
		}
		if !reflect.DeepEqual(behind, inBranches) {
			t.Fatalf("behind %v by %v: %v, branches give %v", p, sort, behind, inBranches)
		}
	}
}

// holds is the meaning of a branch, as its comment has it.
func (b Branch) holds(at Position, sort []Order) bool {
	for i, k := range b.Equal {
		if Compare(at.Keys[i], k) != 0 {
			return false
		}
	}
	if len(b.Equal) == len(sort) {
		return at.ID != b.Beyond.(string) && (at.ID > b.Beyond.(string)) != Desc(sort)
	}
	c := Compare(at.Keys[len(b.Equal)], b.Beyond)
	return c != 0 && (c > 0) != sort[len(b.Equal)].Desc
}

// TestPagesAreTheWhole: page by page through cursors gives what one query gives.
func TestPagesAreTheWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		docs := crowdOf(r, 40)
		f := Find{Sort: someSorts[r.IntN(len(someSorts))], Which: []Which{Live, Trash, Both}[r.IntN(3)], Where: anyWhere(r, 2)}
		want := Run(f, thingCols, dedupe(docs))
		var got []Document
		for f.Limit = 1 + r.IntN(6); ; {
			page := Run(f, thingCols, dedupe(docs))
			got = append(got, page...)
			if len(page) < f.Limit {
				break
			}
			after, err := DecodePosition(page[len(page)-1].At(f.Sort, thingCols).Encode(f.Sort), f.Sort, thingCols)
			if err != nil {
				t.Fatal(err)
			}
			f.After = after
		}
		if len(got) != len(want) {
			t.Fatalf("%d rows in pages, %d in one", len(got), len(want))
		}
		for i := range got {
			if got[i].ID != want[i].ID {
				t.Fatalf("row %d is %s, want %s", i, got[i].ID, want[i].ID)
			}
		}
	}
}

func dedupe(docs []Document) (out []Document) {
	seen := map[string]bool{}
	for _, d := range docs {
		if !seen[d.ID] {
			seen[d.ID] = true
			out = append(out, d)
		}
	}
	return out
}

func TestRunOrders(t *testing.T) {
	docs := []Document{{ID: "c", Tree: thing{"name": "b"}}, {ID: "a", Tree: thing{}}, {ID: "d", Tree: thing{"name": "Ａ"}}, {ID: "b", Tree: thing{"name": "a"}}, {ID: "x", Deleted: true, Tree: thing{"name": "a"}}}
	for _, c := range []struct {
		f    Find
		want string
	}{
		{Find{}, "abcd"}, {Find{Which: Both}, "abcdx"}, {Find{Which: Trash}, "x"}, {Find{Sort: []Order{{Column: "name"}}}, "abdc"}, {Find{Sort: []Order{{Column: "name", Desc: true}}}, "cdba"},
		{Find{Sort: []Order{{Column: "name"}}, Limit: 2}, "ab"}, {Find{Sort: []Order{{Column: "name"}}, After: &Position{Keys: []any{"a"}, ID: "b"}}, "dc"}, {Find{After: &Position{ID: "b"}}, "cd"},
	} {
		got := ""
		for _, d := range Run(c.f, thingCols, docs) {
			got += d.ID
		}
		if got != c.want {
			t.Errorf("%+v gives %s, want %s", c.f, got, c.want)
		}
	}
}

func TestPositionRefusesWhatItDidNotMake(t *testing.T) {
	sort := []Order{{Column: "name"}, {Column: "n", Desc: true}, {Column: "ok"}}
	p := Position{Keys: []any{"zhang 张", int64(9007199254740991), false}, ID: "59"}
	good := p.Encode(sort)
	back, err := DecodePosition(good, sort, thingCols)
	if err != nil || !reflect.DeepEqual(*back, p) {
		t.Fatalf("%v came back as %v, %v", p, back, err)
	}
	wire := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, bad := range []string{
		"", "x", good + "x", good[:len(good)-3], wire("null"), wire("{}"), wire(`["name,-n,ok,",["a",1,true],""]`), wire(`["name,-n,ok,",["a",1],"x"]`), wire(`["name,-n,ok,",["a",1.5,true],"x"]`), wire(`["name,-n,ok,",["a",1e400,true],"x"]`),
		wire(`["name,-n,ok,",[1,1,true],"x"]`), wire(`["name,-n,ok,",["a","1",true],"x"]`), wire(`["name,-n,ok,",["a",1,1],"x"]`), wire(`["name,-n,ok,",["a",1,[]],"x"]`), wire(`["name,-n,ok,",null,"x"]`), wire(`["name,n,ok,",["a",1,true],"x"]`),
		wire(`["name,-n,ok,",["a",99999999999999999999,true],"x"]`), wire(`["name,-n,ok,",["a",1,true],"x",1]`), strings.Repeat("A", 1<<20),
	} {
		if got, err := DecodePosition(bad, sort, thingCols); !errors.Is(err, ErrCursor) {
			t.Errorf("%.80q: %v, %v", bad, got, err)
		}
	}
	for _, other := range [][]Order{nil, sort[:2], {{Column: "name", Desc: true}, sort[1], sort[2]}} {
		if _, err := DecodePosition(good, other, thingCols); !errors.Is(err, ErrCursor) {
			t.Errorf("continued in another order: %v", err)
		}
	}
	if _, err := DecodePosition(p.Encode(sort), sort, Columns{}); !errors.Is(err, ErrCursor) {
		t.Error("a column that is no more")
	}
	nils := Position{Keys: []any{nil, nil, nil}, ID: "é\x00\""}
	if back, err := DecodePosition(nils.Encode(sort), sort, thingCols); err != nil || !reflect.DeepEqual(*back, nils) {
		t.Errorf("%v, %v", back, err)
	}
}

// FuzzDecodePosition: no cursor breaks a query, and an accepted one is kept.
func FuzzDecodePosition(f *testing.F) {
	sort := []Order{{Column: "name"}, {Column: "n", Desc: true}, {Column: "ok"}, {Column: "at"}}
	f.Add(Position{Keys: []any{"a", int64(1), true, nil}, ID: "x"}.Encode(sort))
	f.Add(base64.RawURLEncoding.EncodeToString([]byte(`["name,-n,ok,at,",["\ud800",-0,null,1],"\u0000"]`)))
	f.Add("!!")
	f.Fuzz(func(t *testing.T, cursor string) {
		p, err := DecodePosition(cursor, sort, thingCols)
		if err != nil {
			if !errors.Is(err, ErrCursor) {
				t.Fatalf("error %v", err)
			}
			return
		}
		again, err := DecodePosition(p.Encode(sort), sort, thingCols)
		if err != nil || !reflect.DeepEqual(p, again) {
			t.Fatalf("%v came back as %v, %v", p, again, err)
		}
		Run(Find{Sort: sort, After: p}, thingCols, []Document{{ID: "a", Tree: thing{"name": "x", "ok": true, "data": thing{"n": 1.0}}}, {ID: "b", Tree: thing{}}})
	})
}
