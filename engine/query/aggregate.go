package query

import (
	"errors"
	"math/big"
	"sort"
)

// Fn is a measure that stores compute. Averages and ratios are derived from sums and counts (see Finish).
type Fn string

const (
	Count    Fn = "count"    // documents (Column empty) or documents whose column is not empty: int64
	Sum      Fn = "sum"      // *big.Int in the column's scale; 0 over nothing
	Min      Fn = "min"      // scalar or nil; over Text by sort key it is not offered
	Max      Fn = "max"      // scalar or nil
	Distinct Fn = "distinct" // different non-empty scalars: int64
)

// Group is one key of a grouping.
type Group struct {
	Column string
	// Bounds, ascending, cut an ordered column into buckets: the key is the index of the last bound that is not
	// greater than the scalar, as int64, -1 below the first. Empty stays nil. Without bounds the key is the scalar.
	Bounds []int64
}

// Measure is one figure per group.
type Measure struct {
	Fn     Fn
	Column string
	Where  Where // counts only these documents; the zero value all of the group
}

// Aggregate asks for figures per group over live documents.
type Aggregate struct {
	Where    Where
	Group    []Group
	Measures []Measure
	// Limit is how many groups are too many: ErrGroups beyond it. 0 means no limit.
	Limit int
}

// Row is one group: Keys and Values run parallel to Group and Measures. Without Group there is exactly one row.
type Row struct {
	Keys   []any
	Values []any
}

// ErrGroups is returned when an aggregate has more groups than its limit.
var ErrGroups = errors.New("too many groups")

// Bucket is the index of the last bound not greater than n, -1 below the first.
func Bucket(bounds []int64, n int64) int64 {
	return int64(sort.Search(len(bounds), func(i int) bool { return bounds[i] > n })) - 1
}

// RunAggregate answers Aggregate in memory: the reference semantics. Rows come in the order of their keys.
func RunAggregate(a Aggregate, cols Columns, docs []Document) ([]Row, error) {
	type acc struct {
		row  Row
		sets []map[any]bool
	}
	groups := map[string]*acc{}
	fresh := func(keys []any) *acc {
		g := &acc{row: Row{Keys: keys, Values: make([]any, len(a.Measures))}, sets: make([]map[any]bool, len(a.Measures))}
		for i, m := range a.Measures {
			switch m.Fn {
			case Count, Distinct:
				g.row.Values[i] = int64(0)
				g.sets[i] = map[any]bool{}
			case Sum:
				g.row.Values[i] = new(big.Int)
			}
		}
		return g
	}
	if len(a.Group) == 0 {
		groups[""] = fresh(nil)
	}
	for _, d := range docs {
		if d.Deleted || !Matches(a.Where, cols, d) {
			continue
		}
		keys := make([]any, len(a.Group))
		name := ""
		for i, g := range a.Group {
			keys[i] = cols[g.Column].Of(d.Tree)
			if n, ok := keys[i].(int64); ok && len(g.Bounds) > 0 {
				keys[i] = Bucket(g.Bounds, n)
			}
			name += spellKey(keys[i])
		}
		g := groups[name]
		if g == nil {
			g = fresh(keys)
			groups[name] = g
			if a.Limit > 0 && len(groups) > a.Limit {
				return nil, ErrGroups
			}
		}
		for i, m := range a.Measures {
			if Matches(m.Where, cols, d) {
				g.row.Values[i] = fold(m, cols[m.Column], g.row.Values[i], g.sets[i], d.Tree)
			}
		}
	}
	out := make([]Row, 0, len(groups))
	for _, g := range groups {
		out = append(out, g.row)
	}
	SortRows(out)
	return out, nil
}

func fold(m Measure, c Column, have any, set map[any]bool, tree map[string]any) any {
	if m.Fn == Count && m.Column == "" {
		return have.(int64) + 1
	}
	if c.Array {
		if m.Fn == Count && len(c.Items(tree)) > 0 {
			return have.(int64) + 1
		}
		return have
	}
	v := c.Of(tree)
	if v == nil {
		return have
	}
	switch m.Fn {
	case Count:
		return have.(int64) + 1
	case Sum:
		return have.(*big.Int).Add(have.(*big.Int), big.NewInt(v.(int64)))
	case Distinct:
		set[v] = true
		return int64(len(set))
	case Min:
		if have == nil || Compare(v, have) < 0 {
			return v
		}
	case Max:
		if have == nil || Compare(v, have) > 0 {
			return v
		}
	}
	return have
}

func spellKey(k any) string {
	switch v := k.(type) {
	case nil:
		return "-|"
	case string:
		return "s" + itoa(int64(len(v))) + ":" + v
	case int64:
		return "i" + itoa(v) + "|"
	case bool:
		if v {
			return "t|"
		}
		return "f|"
	}
	return "?"
}

// SortRows orders rows by their keys (empties first, text by bytes), so that answers can be compared.
func SortRows(rows []Row) {
	sort.Slice(rows, func(i, j int) bool {
		for k := range rows[i].Keys {
			if c := Compare(rows[i].Keys[k], rows[j].Keys[k]); c != 0 {
				return c < 0
			}
		}
		return false
	})
}
