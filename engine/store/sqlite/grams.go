package sqlite

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"formwork/engine/query"
	"formwork/schemas/value"
)

// The search index is an FTS5 table of the pairs of neighbouring runes in the folded texts of a document's search
// fields and in their initials. It gives candidates only: whoever asks it tests the texts themselves afterwards.
//
// Because a superset will do, it need not be written with the documents, which would cost more than everything else
// about an insertion (FTS5 writes a segment at every savepoint). The keeper writes it in batches. What it has not come
// to yet are the rows above `upto` (row numbers only grow) and the rows in the dirty table; every search adds them to
// the candidates.

// ensureGrams makes the search index cover the search fields.
func (t *tx) ensureGrams(l *layout) error {
	var want []string
	for _, f := range l.Fields {
		if f.Search {
			want = append(want, f.Phys)
		}
	}
	if len(want) == 0 {
		return t.dropGrams(l)
	}
	if l.Grams != nil && !slices.ContainsFunc(want, func(p string) bool { return !slices.Contains(l.Grams.Fields, p) }) {
		// Fields that are no longer searched give candidates in vain, no more. Should they come back, rows will have been
		// written without them.
		l.Grams.Fields = want
		return nil
	}
	generation := 1
	if l.Grams != nil {
		_, last, _ := strings.Cut(l.Grams.Table, "~")
		generation, _ = strconv.Atoi(last)
		generation++
	}
	if err := t.dropGrams(l); err != nil {
		return err
	}
	l.Grams = &grams{Table: "gram:" + l.Name + "~" + strconv.Itoa(generation), Fields: want}
	err := t.c.script(
		"CREATE VIRTUAL TABLE "+quote(l.Grams.Table)+" USING fts5(g, content='', contentless_delete=1, detail=none, tokenize='ascii')",
		"CREATE TABLE "+l.dirty()+"(n INTEGER PRIMARY KEY)")
	if err != nil {
		return err
	}
	_, err = t.c.exec("INSERT OR REPLACE INTO _grams VALUES(?,0)", l.Name)
	return err
}

func (t *tx) dropGrams(l *layout) error {
	if l.Grams == nil {
		return nil
	}
	if err := t.c.script("DROP TABLE IF EXISTS "+quote(l.Grams.Table), "DROP TABLE IF EXISTS "+l.dirty()); err != nil {
		return err
	}
	l.Grams = nil
	// The mark stays: row numbers below it may be in use no more, and must not be given again.
	return nil
}

// token writes a gram as one token of FTS5's ascii tokenizer, which takes letters, digits and everything beyond ASCII.
// Other runes move to the private use area; should a text have such a rune itself, the two share candidates.
func token(b *strings.Builder, gram string) {
	for _, r := range gram {
		if r < utf8.RuneSelf && !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') {
			r += 0xE000
		}
		b.WriteRune(r)
	}
}

// tokens are all grams of some texts as a text for FTS5.
func tokens(texts []string) string {
	var b strings.Builder
	seen := map[string]bool{}
	for _, s := range texts {
		if utf8.RuneCountInString(s) < 2 {
			continue
		}
		for _, g := range value.Grams(s) {
			if !seen[g] {
				seen[g] = true
				token(&b, g)
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

// grams is the candidates for a search, nil when the index cannot tell.
func (r *reader) grams(l *layout, leaf *query.Leaf) (*subset, error) {
	term, _ := leaf.Values[0].(string)
	if l.Grams == nil || utf8.RuneCountInString(term) < 2 || !utf8.ValidString(term) {
		return nil, nil
	}
	among := leaf.Among
	if leaf.Test == query.Contains {
		among = []string{leaf.Column}
	}
	for _, key := range among {
		if f := l.byKey[key]; f != nil && !slices.Contains(l.Grams.Fields, f.Phys) {
			return nil, nil
		}
	}
	upto, err := r.c.number(context.Background(), "SELECT upto FROM _grams WHERE name=?", l.Name)
	if err != nil {
		return nil, r.saw(err)
	}
	var match strings.Builder
	for _, g := range spread(value.Grams(term), 6) {
		match.WriteByte('"')
		token(&match, g)
		match.WriteString(`" `)
	}
	return &subset{
		sql: "SELECT rowid AS n FROM " + quote(l.Grams.Table) + " WHERE " + quote(l.Grams.Table) + " MATCH ? UNION ALL SELECT n FROM " + l.table() +
			" WHERE n>? UNION ALL SELECT n FROM " + l.dirty(),
		args: []any{match.String(), upto},
	}, nil
}

// spread picks at most n of the list, evenly.
func spread(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	out := make([]string, n)
	for i := range out {
		out[i] = list[i*(len(list)-1)/(n-1)]
	}
	return out
}
