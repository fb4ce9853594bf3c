package query

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"sort"
	"strings"
)

// Order is one term of a sort. Empties sort lowest: first ascending, last descending.
type Order struct {
	Column string
	Desc   bool
}

// Which says whether live documents, those in the recycle bin, or both are meant.
type Which string

const (
	Live  Which = ""
	Trash Which = "trash"
	Both  Which = "both"
)

// Find asks for documents in order. Ties are broken by id, in the direction of the last term, so the order is total.
// With no Sort the order is by id, ascending.
type Find struct {
	Where Where
	Which Which
	Sort  []Order
	After *Position // continue behind this position
	Limit int       // 0: no limit
}

// Position is a place in an order: the sort keys (Column.SortKey) of a row and its id.
type Position struct {
	Keys []any
	ID   string
}

// Desc is the direction of the tie-break.
func Desc(sort []Order) bool { return len(sort) > 0 && sort[len(sort)-1].Desc }

// ErrCursor is returned for a cursor that was not made for this sort, or was damaged.
var ErrCursor = errors.New("cursor does not fit the query")

// Encode makes an opaque cursor of the position. The sort is part of it, so that it cannot continue another order.
func (p Position) Encode(sort []Order) string {
	keys := make([]any, len(p.Keys))
	for i, k := range p.Keys {
		if n, ok := k.(int64); ok {
			keys[i] = json.Number(itoa(n))
		} else {
			keys[i] = k
		}
	}
	b, _ := json.Marshal([]any{spell(sort), keys, p.ID})
	return base64.RawURLEncoding.EncodeToString(b)
}

func itoa(n int64) string { b, _ := json.Marshal(n); return string(b) }

func spell(sort []Order) string {
	var b strings.Builder
	for _, o := range sort {
		if o.Desc {
			b.WriteByte('-')
		}
		b.WriteString(o.Column)
		b.WriteByte(',')
	}
	return b.String()
}

// DecodePosition reads a cursor made by Encode for the same sort. ErrCursor otherwise.
func DecodePosition(cursor string, sort []Order, cols Columns) (*Position, error) {
	if len(cursor) > 16<<10 {
		return nil, ErrCursor
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, ErrCursor
	}
	var parts []json.RawMessage
	var spelt, id string
	var keys []any
	if json.Unmarshal(b, &parts) != nil || len(parts) != 3 || json.Unmarshal(parts[0], &spelt) != nil || json.Unmarshal(parts[2], &id) != nil || spelt != spell(sort) {
		return nil, ErrCursor
	}
	d := json.NewDecoder(strings.NewReader(string(parts[1])))
	d.UseNumber()
	if d.Decode(&keys) != nil || len(keys) != len(sort) || id == "" {
		return nil, ErrCursor
	}
	for i, k := range keys {
		c, known := cols[sort[i].Column]
		if !known || !c.Sortable() {
			return nil, ErrCursor
		}
		switch v := k.(type) {
		case nil:
		case json.Number:
			n, err := v.Int64()
			if err != nil || c.Kind == Text || c.Kind == Bool {
				return nil, ErrCursor
			}
			keys[i] = n
		case string:
			if c.Kind != Text {
				return nil, ErrCursor
			}
		case bool:
			if c.Kind != Bool {
				return nil, ErrCursor
			}
		default:
			return nil, ErrCursor
		}
	}
	return &Position{Keys: keys, ID: id}, nil
}

// Compare orders two sort keys of one column: nil < everything, false < true, numbers and strings by value (strings by
// bytes).
func Compare(a, b any) int {
	if a == nil || b == nil {
		switch {
		case a == b:
			return 0
		case a == nil:
			return -1
		}
		return 1
	}
	switch x := a.(type) {
	case int64:
		y := b.(int64)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	case string:
		return strings.Compare(x, b.(string))
	case bool:
		y := b.(bool)
		switch {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	}
	return 0
}

// Less is the total order of positions under a sort.
func Less(a, b Position, sort []Order) bool {
	for i, o := range sort {
		if c := Compare(a.Keys[i], b.Keys[i]); c != 0 {
			return (c < 0) != o.Desc
		}
	}
	if a.ID == b.ID {
		return false
	}
	return (a.ID < b.ID) != Desc(sort)
}

// Branch is a range of an order: rows whose first len(Equal) keys equal Equal and whose next key lies strictly behind
// Beyond in the direction of its term. When Equal covers all terms, Beyond is an id.
type Branch struct {
	Equal  []any
	Beyond any
}

// Branches cuts "behind this position" into ordered ranges, nearest first: what an index can walk, where one OR could
// not be. A descending term whose key is nil has nothing behind it and gives no branch.
func (p Position) Branches(sort []Order) []Branch {
	out := []Branch{{Equal: p.Keys, Beyond: p.ID}}
	for i := len(p.Keys) - 1; i >= 0; i-- {
		if p.Keys[i] == nil && sort[i].Desc {
			continue
		}
		out = append(out, Branch{Equal: p.Keys[:i], Beyond: p.Keys[i]})
	}
	return out
}

// Document is what the reference semantics look at.
type Document struct {
	ID      string
	Deleted bool
	Tree    map[string]any
}

// At is the document's place in an order.
func (d Document) At(sort []Order, cols Columns) Position {
	p := Position{Keys: make([]any, len(sort)), ID: d.ID}
	for i, o := range sort {
		c := cols[o.Column]
		p.Keys[i] = c.SortKey(c.Of(d.Tree))
	}
	return p
}

// In says whether the document is among those meant.
func (w Which) In(deleted bool) bool { return w == Both || deleted == (w == Trash) }

// Run answers Find in memory: the reference semantics.
func Run(f Find, cols Columns, docs []Document) []Document {
	type row struct {
		doc Document
		at  Position
	}
	var rows []row
	for _, d := range docs {
		if !f.Which.In(d.Deleted) || !Matches(f.Where, cols, d) {
			continue
		}
		at := d.At(f.Sort, cols)
		if f.After != nil && !Less(*f.After, at, f.Sort) {
			continue
		}
		rows = append(rows, row{d, at})
	}
	sort.Slice(rows, func(i, j int) bool { return Less(rows[i].at, rows[j].at, f.Sort) })
	if f.Limit > 0 && len(rows) > f.Limit {
		rows = rows[:f.Limit]
	}
	out := make([]Document, len(rows))
	for i, r := range rows {
		out[i] = r.doc
	}
	return out
}
