package transfer

import (
	"slices"

	"formwork/engine/catalog"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/definition"
)

// enough is the score from which a column is taken for a field.
const enough = 0.6

// Guess proposes a mapping of a table's columns into a form. It compares names with keys and titles in all languages, and
// what a column holds with what a field takes; what it is not sure of it leaves to be ignored, visibly.
func Guess(form *catalog.Form, columns []sheet.ColumnProfile) Mapping {
	g := guesser{form: form, meaning: meanings()}
	m := Mapping{Form: form.Name, Mode: Create, Columns: make([]Column, len(columns))}
	best := g.assign(columns)
	for i, c := range columns {
		x := best[i]
		if x == nil {
			m.Columns[i] = Column{Column: c.Name, Ignore: true}
			continue
		}
		m.Columns[i] = g.column(c, x)
	}
	if k := g.key(columns, best); k != "" {
		m.Key, m.Mode = []string{k}, Upsert
	}
	return m
}

type guesser struct {
	form    *catalog.Form
	meaning map[string]string
}

// candidate is a column that may go into a field.
type candidate struct {
	column int
	field  *catalog.Field
	score  float64
}

// assign pairs columns and fields, the best pairs first.
func (g *guesser) assign(columns []sheet.ColumnProfile) map[int]*catalog.Field {
	var all []candidate
	itself := words(g.form.Key, g.meaning)
	for i, c := range columns {
		names := words(c.Name, g.meaning)
		if c.Group != "" {
			names = words(c.Title, g.meaning)
		}
		for _, x := range g.form.Fields {
			if x.Computed() || x.Def.Live || !holds(x, c) {
				continue
			}
			if s := g.score(names, itself, c, x); s >= enough {
				all = append(all, candidate{i, x, s})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	out := map[int]*catalog.Field{}
	taken := map[*catalog.Field]bool{}
	for _, k := range all {
		if out[k.column] == nil && !taken[k.field] {
			out[k.column], taken[k.field] = k.field, true
		}
	}
	g.named(columns, out, taken)
	return out
}

// named gives the title field to the first column that names rows, where nothing else got it.
func (g *guesser) named(columns []sheet.ColumnProfile, out map[int]*catalog.Field, taken map[*catalog.Field]bool) {
	title := g.form.ByKey[g.form.Def.TitleField]
	if title == nil || taken[title] || title.Computed() || slices.ContainsFunc(g.form.Fields, func(x *catalog.Field) bool { return taken[x] && x.Def.Unique }) {
		return
	}
	for i, c := range columns {
		if distinct(c) && holds(title, c) && c.Kind == sheet.ColumnText && (out[i] == nil || !out[i].Def.Unique) {
			if out[i] != nil && out[i].Relation != nil {
				continue
			}
			out[i] = title
			return
		}
	}
}

// score is how much a column's name is the field's, in any of its spellings.
func (g *guesser) score(names, itself []string, c sheet.ColumnProfile, x *catalog.Field) float64 {
	best := alike(names, words(x.Key, g.meaning))
	if slices.Equal(names, words(x.Key, g.meaning)) {
		best += 0.1 // the key itself beats a title that says the same
	}
	for _, title := range x.Def.Title {
		best = max(best, alike(names, words(title, g.meaning)))
	}
	// "order_id" in a form of orders is its id, and "order" alone its name.
	own := slices.DeleteFunc(slices.Clone(names), func(w string) bool { return slices.Contains(itself, w) })
	if len(own) == 0 && x.Key == g.form.Def.TitleField {
		best = max(best, 0.95)
	}
	if len(own) < len(names) {
		best = max(best, alike(own, words(x.Key, g.meaning)))
	}
	if best >= 0.5 && x.Def.Unique && distinct(c) {
		best += 0.2
	}
	if title := x.Key == g.form.Def.TitleField; !title && best < 0.9 && x.Type.Key == "text" && !x.Def.Unique && distinct(c) && c.Index == 0 {
		best -= 0.2 // the first column names the rows
	}
	return best
}

// distinct says whether every row has a value of its own.
func distinct(c sheet.ColumnProfile) bool {
	return c.NonEmpty > 0 && c.NonEmpty == c.Rows && (c.Distinct == c.NonEmpty || c.Capped && c.Top[0].Count == 1)
}

// holds says whether what a column contains may go into a field.
func holds(x *catalog.Field, c sheet.ColumnProfile) bool {
	if c.Kind == sheet.ColumnEmpty {
		return x.Type.Key != "table" && x.Type.Key != "file" && x.Type.Key != "image"
	}
	numeric := c.Kind == sheet.ColumnInteger || c.Kind == sheet.ColumnDecimal || c.Kind == sheet.ColumnPercent || c.Kind == sheet.ColumnCurrency
	dated := c.Kind == sheet.ColumnDate || c.Kind == sheet.ColumnDateTime
	switch x.Type.Key {
	case "number", "percent", "currency":
		return numeric
	case "date", "datetime":
		return dated
	case "switch":
		return c.Kind == sheet.ColumnBool || c.Kind == sheet.ColumnInteger && c.Distinct <= 2
	case "table", "file", "image":
		return false
	case "email":
		return c.Kind == sheet.ColumnEmail
	case "url":
		return c.Kind == sheet.ColumnURL
	case "phone":
		return c.Kind == sheet.ColumnPhone || c.Kind == sheet.ColumnInteger || c.Kind == sheet.ColumnText
	case "select", "multiselect", "user", "department":
		return !dated && c.Kind != sheet.ColumnDecimal && c.Kind != sheet.ColumnCurrency
	}
	return true
}

// column is a column's mapping into its field.
func (g *guesser) column(c sheet.ColumnProfile, x *catalog.Field) Column {
	out := Column{Column: c.Name, Field: x.Key}
	switch x.Type.Key {
	case "select", "multiselect":
		out.Nearest = true
		o := newOptions(x.Def.Options, true)
		for _, top := range c.Top { // what the rows seen say, so that a person can look at it and change it
			if v, _, near := o.find(top.Value); near {
				if out.Values == nil {
					out.Values = map[string]string{}
				}
				out.Values[top.Value] = v
			}
		}
	case "relation":
		out.Match = &Match{By: matchBy(x.Relation), Nearest: true}
	case "user":
		out.Match = &Match{By: "name", Nearest: true}
		if c.Kind == sheet.ColumnEmail {
			out.Match = &Match{By: "email"}
		}
	case "department":
		out.Match = &Match{Nearest: true}
	}
	return out
}

// matchBy is the field by which people name records of a form.
func matchBy(f *catalog.Form) string {
	if x := f.ByKey[f.Def.TitleField]; x != nil && x.Column != nil {
		return x.Key
	}
	for _, x := range f.Fields {
		if x.Def.Unique && x.Column != nil {
			return x.Key
		}
	}
	return f.Def.TitleField
}

// key is the field to find records by: a unique one that a column of distinct values fills, else the title field.
func (g *guesser) key(columns []sheet.ColumnProfile, best map[int]*catalog.Field) string {
	key := ""
	for i, c := range columns {
		x := best[i]
		if x == nil || x.Column == nil || x.Column.Array || !distinct(c) {
			continue
		}
		if x.Def.Unique || slices.ContainsFunc(g.form.Def.Unique, func(u definition.UniqueSet) bool { return slices.Equal(u.Fields, []string{x.Key}) }) {
			return x.Key
		}
		if x.Key == g.form.Def.TitleField {
			key = x.Key
		}
	}
	return key
}
