package mongo

import (
	"slices"
	"strconv"
	"strings"

	"formwork/engine/query"
)

// layout is how documents are written under one version of a collection's declaration.
type layout struct {
	version int32
	columns query.Columns
	list    []query.Column // by key
	// fields is where a column's scalar stands: in the body at its path, or under "s." when another column already has
	// that place in another type.
	fields map[string]string
	shadow []query.Column
	root   *node
}

// node is a step of the paths of the columns that stand in the body.
type node struct {
	children map[string]*node
	column   *query.Column
}

func (n *node) child(key string) *node {
	if n == nil {
		return nil
	}
	return n.children[key]
}

func newLayout(version int32, columns []query.Column) *layout {
	l := &layout{version: version, columns: query.Columns{}, fields: map[string]string{}, root: &node{}}
	l.list = slices.Clone(columns)
	slices.SortFunc(l.list, func(a, b query.Column) int { return strings.Compare(a.Key, b.Key) })
	for i := range l.list {
		c := &l.list[i]
		l.columns[c.Key] = *c
		if l.root.place(c) {
			l.fields[c.Key] = "doc." + escapePath(c.Path)
		} else {
			l.fields[c.Key] = "s." + escapeKey(c.Key)
			l.shadow = append(l.shadow, *c)
		}
	}
	return l
}

// place puts a column into the body unless its path is taken in another type, runs through another column, or ends
// above one.
func (n *node) place(c *query.Column) bool {
	if len(c.Path) == 0 {
		return false
	}
	at := n
	for _, k := range c.Path {
		if at.column != nil {
			return false
		}
		next := at.children[k]
		if next == nil {
			next = &node{}
			if at.children == nil {
				at.children = map[string]*node{}
			}
			at.children[k] = next
		}
		at = next
	}
	if have := at.column; have != nil {
		return have.Kind == c.Kind && have.Scale == c.Scale && have.Array == c.Array
	}
	if len(at.children) > 0 {
		return false
	}
	at.column = c
	return true
}

// Properties beside the body, one field per column.
func sortField(column string) string     { return "k." + escapeKey(column) }
func foldField(column string) string     { return "f." + escapeKey(column) }
func initialsField(column string) string { return "i." + escapeKey(column) }

// gram spells a search gram in g: of the folded text, or of the initials.
func gram(column, g string) string         { return column + ":" + g }
func initialsGram(column, g string) string { return column + "~" + g }

// ordered says whether the column has a sort key beside the body.
func ordered(c query.Column) bool { return c.Kind == query.Text && !c.Array && c.Order }

// sortable is the field that rows order by, "" when every document is empty in the column as far as order goes.
func (l *layout) sortable(column string) string {
	c, ok := l.columns[column]
	switch {
	case !ok || c.Array:
		return ""
	case ordered(c):
		return sortField(column)
	}
	return l.fields[column]
}

// sameColumns says whether two declarations write the same documents.
func sameColumns(a, b []query.Column) bool {
	if len(a) != len(b) {
		return false
	}
	spell := func(list []query.Column) []string {
		out := make([]string, len(list))
		for i, c := range list {
			out[i] = spellColumn(c)
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(spell(a), spell(b))
}

func spellColumn(c query.Column) string {
	return strings.Join([]string{c.Key, strings.Join(c.Path, "\x00"), string(c.Kind), strconv.Itoa(c.Scale),
		strconv.FormatBool(c.Array), strconv.FormatBool(c.Order), strconv.FormatBool(c.Match), strconv.FormatBool(c.Search)}, "\x01")
}
