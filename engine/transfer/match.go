package transfer

import (
	"context"
	"errors"
	"slices"
	"strings"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/org"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const (
	// maxCandidates is how many records of a related form are held in memory to match names with. A larger form is asked
	// for each batch's names, and offers no near matches.
	maxCandidates = 20_000
	// maxNear is how many misspelt texts of a column are compared with all names.
	maxNear = 500
)

// matcher finds what the texts of a column refer to. Not safe for concurrent use.
type matcher struct {
	values  map[string]string
	nearest bool
	missing Missing
	names   []string            // candidates for near matches
	exact   map[string][]string // name -> ids
	folded  map[string][]string
	near    map[string]string // misspelt text -> name, "" for none
	fetch   func(ctx context.Context, texts []string) error
	asked   map[string]bool // by fetch
	known   map[string]bool // ids under a name, to enter each once
}

func newMatcher(m *Match) *matcher {
	out := &matcher{values: m.Values, nearest: m.Nearest, missing: m.Missing, exact: map[string][]string{}, folded: map[string][]string{},
		near: map[string]string{}, asked: map[string]bool{}, known: map[string]bool{}}
	if out.missing == "" {
		out.missing = MissingError
	}
	return out
}

func (m *matcher) enter(name, id string) {
	if name == "" || m.known[name+"\x00"+id] {
		return
	}
	m.known[name+"\x00"+id] = true
	if len(m.exact[name]) == 0 {
		m.names = append(m.names, name)
	}
	m.exact[name] = append(m.exact[name], id)
	if f := value.Fold(name); !slices.Contains(m.folded[f], id) {
		m.folded[f] = append(m.folded[f], id)
	}
}

// prepare makes sure that the texts of a batch can be answered.
func (m *matcher) prepare(ctx context.Context, texts []string) error {
	if m.fetch == nil {
		return nil
	}
	var ask []string
	for _, s := range texts {
		if s = m.meant(s); s != "" && !m.asked[s] {
			if len(m.asked) >= 10*maxRemembered { // start over: what was found long ago may be needed no more
				m.asked, m.exact, m.folded, m.known, m.names = map[string]bool{}, map[string][]string{}, map[string][]string{}, map[string]bool{}, nil
			}
			m.asked[s] = true
			ask = append(ask, s)
		}
	}
	if len(ask) == 0 {
		return nil
	}
	return m.fetch(ctx, ask)
}

// meant is a text after the mapping's replacements.
func (m *matcher) meant(text string) string {
	if v, ok := m.values[text]; ok {
		return v
	}
	return text
}

// found is what a text refers to.
type found struct {
	id         string
	name       string // of a near match
	near       bool
	several    int
	suggestion string
}

func (m *matcher) find(text string) found {
	for _, ids := range [][]string{m.exact[text], m.folded[value.Fold(text)]} {
		switch len(ids) {
		case 0:
		case 1:
			return found{id: ids[0]}
		default:
			return found{several: len(ids)}
		}
	}
	if m.fetch != nil {
		return found{}
	}
	name, tried := m.near[text]
	if !tried && len(m.near) < maxNear {
		name, _, _ = nearestName(text, m.names, nil)
		m.near[text] = name
	}
	if name == "" {
		return found{}
	}
	if ids := m.exact[name]; m.nearest && len(ids) == 1 {
		return found{id: ids[0], name: name, near: true}
	}
	return found{suggestion: name}
}

// matching prepares how a relation, user or department column finds its target.
func (p *plan) matching(col *column) problem.List {
	by := &col.Match.By
	at := col.pointer + "/match/by"
	bad := func(allowed ...string) problem.List {
		return problem.List{problem.New("unknown-value", at, problem.P{"value": *by, "allowed": allowed})}
	}
	switch col.field.Type.Key {
	case "user":
		if *by == "" {
			*by = "name"
		}
		if !slices.Contains([]string{"name", "login", "email"}, *by) {
			return bad("name", "login", "email")
		}
	case "department":
		if !slices.Contains([]string{"", "name", "path"}, *by) {
			return bad("name", "path")
		}
	default:
		to := col.field.Relation
		if *by == "" {
			*by = to.Def.TitleField
		}
		x := to.ByKey[*by]
		if x == nil || x.Column == nil || x.Column.Array || x.Column.Kind != query.Text && x.Column.Kind != query.Number {
			var names []string
			for _, y := range to.Fields {
				if y.Column != nil && !y.Column.Array && (y.Column.Kind == query.Text || y.Column.Kind == query.Number) {
					names = append(names, y.Key)
				}
			}
			return bad(names...)
		}
	}
	if col.Match.Missing == MissingCreate && col.field.Type.Key != "relation" {
		return problem.List{problem.New("cannot-create", col.pointer+"/match/missing", problem.P{"type": col.field.Type.Key})}
	}
	return nil
}

// load fills a column's matcher.
func (t *Transfer) load(ctx context.Context, p *plan, col *column) error {
	m := newMatcher(col.Match)
	col.match = m
	switch col.field.Type.Key {
	case "user":
		enterUsers(m, t.Org.Directory(), col.Match.By)
		return nil
	case "department":
		enterDepartments(m, t.Org.Directory(), col.Match.By)
		return nil
	}
	to, by := col.field.Relation, col.Match.By
	_, d, err := t.Records.Decision(ctx, p.caller, to.Name)
	if err == nil && (!d.Can(definition.Read) || !d.Askable(by)) {
		err = access.Forbid(definition.Read, to.Name)
	}
	if err == nil && m.missing == MissingCreate && (!d.Can(definition.Create) || !d.Writable(by)) {
		err = access.Forbid(definition.Create, to.Name)
	}
	if err != nil {
		return err
	}
	n := 0
	err = t.Records.Each(ctx, p.caller, to.Name, record.Query{}, func(r *record.Record) error {
		if n++; n > maxCandidates {
			return errTooMany
		}
		m.enter(nameOf(to, by, r), r.Doc.ID)
		return nil
	})
	if !errors.Is(err, errTooMany) {
		return err
	}
	col.match = newMatcher(col.Match)
	col.match.fetch = func(ctx context.Context, texts []string) error {
		return t.fetch(ctx, p.caller, to, by, col.match, texts)
	}
	return nil
}

var errTooMany = errors.New("too many candidates")

// fetch asks for records of a large form by name.
func (t *Transfer) fetch(ctx context.Context, c record.Caller, to *catalog.Form, by string, m *matcher, texts []string) error {
	for chunk := range slices.Chunk(texts, askAtOnce) {
		var values []any
		for _, s := range chunk {
			if v := to.ByKey[by].Column.Scalar(s); v != nil {
				values = append(values, s)
			} else if f, ok := plainNumber(s); ok {
				values = append(values, f)
			}
		}
		err := t.Records.Each(ctx, c, to.Name, record.Query{Filter: query.Filter{Field: by, Op: "in", Value: values}}, func(r *record.Record) error {
			m.enter(nameOf(to, by, r), r.Doc.ID)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// nameOf is a record's value of the field it is matched by, as text.
func nameOf(f *catalog.Form, by string, r *record.Record) string {
	switch v := f.ByKey[by].Column.At(r.Doc.Tree()).(type) {
	case string:
		return v
	case float64:
		return value.Text(v)
	}
	return ""
}

func enterUsers(m *matcher, dir *org.Directory, by string) {
	for _, u := range dir.List("") {
		switch by {
		case "login":
			m.enter(u.Login, u.ID)
		case "email":
			m.enter(u.Email, u.ID)
		default:
			m.enter(u.Name, u.ID)
			if _, taken := m.folded[value.Fold(u.Login)]; !taken {
				m.enter(u.Login, u.ID)
			}
		}
	}
}

func enterDepartments(m *matcher, dir *org.Directory, by string) {
	for _, p := range dir.Tree() {
		if by != "path" {
			m.enter(p.Name, p.ID)
		}
		if by == "name" {
			continue
		}
		var names []string
		for _, id := range dir.Path(p.ID) {
			names = append(names, dir.Departments[id].Name)
		}
		for i := range names { // with or without the upper part
			if by == "path" || i < len(names)-1 {
				m.enter(strings.Join(names[i:], "/"), p.ID)
			}
		}
	}
}
