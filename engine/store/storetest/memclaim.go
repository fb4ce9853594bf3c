package storetest

import (
	"strconv"
	"strings"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/value"
)

// claim is a value that a document holds in a unique index.
type claim struct{ index, value string }

// claims are the unique values of a document: live, with every column of the index filled; text that matches is folded.
func (c *collection) claims(d *store.Doc) []claim {
	if d.Deleted {
		return nil
	}
	var out []claim
	for _, x := range c.declared.Indexes {
		if !x.Unique {
			continue
		}
		if v, ok := c.spell(x.Columns, d.Tree()); ok {
			out = append(out, claim{x.Key, v})
		}
	}
	return out
}

// spell writes the values of columns so that different values have different spellings; false when any is empty.
func (c *collection) spell(columns []query.Order, tree map[string]any) (string, bool) {
	var b strings.Builder
	for _, o := range columns {
		col := c.columns[o.Column]
		switch v := col.Of(tree).(type) {
		case string:
			if col.Matches() {
				v = value.Fold(v)
			}
			b.WriteString(strconv.Quote(v))
		case int64:
			b.WriteString(strconv.FormatInt(v, 10))
		case bool:
			b.WriteString(strconv.FormatBool(v))
		default:
			return "", false
		}
		b.WriteByte(',')
	}
	return b.String(), true
}
