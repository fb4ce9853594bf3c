package record

import (
	"slices"
	"strings"

	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// maxPath is how many records a filter through a relation may select; a lookup field serves more.
const maxPath = 10000

// special resolves `under` and paths through relations, users and departments ("account.sector", "owner.department").
func (s *session) special(f *catalog.Form, rd store.Reader, askable func(key string) bool, leaf query.Filter) (query.Where, problem.List, bool) {
	head, rest, path := strings.Cut(leaf.Field, ".")
	x, ok := f.ByKey[head]
	if !path {
		if leaf.Op != "under" {
			return query.Where{}, nil, false
		}
		if (!ok || !askable(head)) && !isPersonColumn(head) {
			return query.Where{}, nil, false
		}
		w, ps := s.under(head, x, leaf)
		return w, ps, true
	}
	if !ok && isPersonColumn(head) {
		w, ps := s.through(s.personSource(), head, rest, leaf)
		return w, ps, true
	}
	if !ok || !askable(head) {
		return query.Where{}, nil, false // reported as unknown
	}
	switch {
	case x.Relation != nil && rd != nil:
		w, ps := s.relation(rd, x, rest, leaf)
		return w, ps, true
	case x.As.Key == "user":
		w, ps := s.through(s.personSource(), head, rest, leaf)
		return w, ps, true
	case x.As.Key == "department":
		w, ps := s.through(s.unitSource(), head, rest, leaf)
		return w, ps, true
	}
	return query.Where{}, nil, false
}

func isPersonColumn(key string) bool { return key == "createdBy" || key == "updatedBy" }

// under is "in the subtree of a department": the department itself, or a user who belongs to it.
func (s *session) under(key string, x *catalog.Field, leaf query.Filter) (query.Where, problem.List) {
	units, ps := s.subtree(leaf)
	switch {
	case ps.Blocks():
		return query.None(), ps
	case x != nil && x.As.Key == "department":
		return in(key, units), nil
	case x == nil || x.As.Key == "user":
		return in(key, s.membersOf(units)), nil
	}
	return query.None(), problem.List{problem.New("operator-not-allowed", leaf.Pointer+"/op", problem.P{"field": leaf.Field, "op": "under"})}
}

// subtree is the department that a leaf names and all under it.
func (s *session) subtree(leaf query.Filter) ([]string, problem.List) {
	id, _ := leaf.Value.(string)
	if _, ok := s.people.Unit(id); !ok {
		return nil, problem.List{problem.New("unknown-department", leaf.Pointer+"/value", problem.P{"department": leaf.Value})}
	}
	return s.people.Subtree(id), nil
}

func (s *session) membersOf(units []string) []string {
	var out []string
	for _, id := range s.people.Persons() {
		p, _ := s.people.Person(id)
		if d, _ := p["department"].(string); d != "" && slices.Contains(units, d) {
			out = append(out, id)
		}
	}
	return out
}

func in(key string, ids []string) query.Where {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return query.Is(key, values...)
}

// source is people or departments as rows that a filter can be evaluated over.
type source struct {
	columns     query.Columns
	departments bool // a row has a department
	ids         []string
	row         func(id string) map[string]any
}

func properties(keys ...string) query.Columns {
	c := query.Columns{}
	for _, k := range keys {
		c[k] = query.Column{Key: k, Path: []string{k}, Kind: query.Text, Order: true, Match: k != "department" && k != "leader" && k != "parent"}
	}
	return c
}

func (s *session) personSource() source {
	return source{properties("name", "login", "email", "phone", "department"), true, s.people.Persons(), func(id string) map[string]any {
		m, _ := s.people.Person(id)
		return m
	}}
}

func (s *session) unitSource() source {
	return source{properties("name", "leader", "parent"), false, s.people.Units(), func(id string) map[string]any {
		m, _ := s.people.Unit(id)
		return m
	}}
}

// through evaluates a leaf on a property of users or departments and gives those that match. A department property may
// be compared with `under` and followed on: "owner.department.name".
func (s *session) through(src source, key, property string, leaf query.Filter) (query.Where, problem.List) {
	inner, negated := positive(leaf)
	inner.Field = property
	var w query.Where
	var ps problem.List
	head, rest, more := strings.Cut(property, ".")
	switch {
	case more && head == "department" && src.departments:
		w, ps = s.through(s.unitSource(), head, rest, inner)
	case property == "department" && src.departments && leaf.Op == "under":
		var units []string
		units, ps = s.subtree(leaf)
		w = in(property, units)
	default:
		w, ps = query.Resolve(inner, src.columns, query.Env{Now: s.now, Zone: s.zone, Expr: s.constant})
	}
	if ps.Blocks() {
		return query.None(), ps
	}
	var ids []string
	for _, id := range src.ids {
		if query.Eval(w, src.columns, src.row(id)) {
			ids = append(ids, id)
		}
	}
	return outer(in(key, ids), negated), nil
}

// relation asks the related form, with the caller's access to it, which records match.
func (s *session) relation(rd store.Reader, x *catalog.Field, rest string, leaf query.Filter) (query.Where, problem.List) {
	to := x.Relation
	d := s.decide(to)
	if !d.Can(definition.Read) { // not even which fields it has
		return query.None(), problem.List{query.Unknown(leaf.Field, leaf.Pointer+"/field", query.Columns{})}
	}
	inner, negated := positive(leaf)
	inner.Field = rest
	w, ps := query.Resolve(inner, d.Columns(to.Columns), s.env(to, rd))
	if ps.Blocks() {
		return query.None(), ps
	}
	var ids []string
	for doc, err := range rd.Find(s.ctx, to.Collection.Name, query.Find{Where: query.And(w, d.Rows(definition.Read)), Limit: maxPath + 1}) {
		if err != nil {
			return query.None(), problem.List{problem.New("query-failed", leaf.Pointer, nil)}
		}
		ids = append(ids, doc.ID)
	}
	if len(ids) > maxPath {
		return query.None(), problem.List{problem.New("needs-lookup", leaf.Pointer+"/field", problem.P{"field": leaf.Field, "max": maxPath})}
	}
	return outer(in(x.Key, ids), negated), nil
}

// positive turns a negative leaf around: what is negated is the whole path, so that "account.sector ne retail" also
// matches records without account. In the same way empty is "has no target with a value": a target that the caller may
// not read counts as none, as it does in groups.
func positive(f query.Filter) (leaf query.Filter, negated bool) {
	if (f.Op == "eq" || f.Op == "ne") && value.IsEmpty(f.Value) {
		f.Op = map[query.Op]query.Op{"eq": "empty", "ne": "notEmpty"}[f.Op]
	}
	switch f.Op {
	case "ne":
		f.Op, negated = "eq", true
	case "nin":
		f.Op, negated = "in", true
	case "empty":
		f.Op, negated = "notEmpty", true
	}
	return f, negated
}

func outer(w query.Where, negated bool) query.Where {
	if negated {
		return query.Not(w)
	}
	return w
}
