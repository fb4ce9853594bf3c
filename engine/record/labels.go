package record

import (
	"context"
	"maps"
	"slices"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/flow"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Labels are names for the ids that records hold: by field ("lines.product" for a column), then by id. Of records that the caller may not read there is
// none.
type Labels map[string]map[string]string

// labelled is something in a form's data that holds ids of what has a name: a field, or a column of a sub-table, which is
// named "lines.product".
type labelled struct {
	name string
	kind string // user, department or relation
	to   *catalog.Form
	ids  func(data map[string]any) []string
}

// named are the fields and columns of a form that hold ids.
func named(f *catalog.Form, d *access.Decision, fields []string) []labelled {
	var out []labelled
	for _, x := range f.Fields {
		if !d.Askable(x.Key) || fields != nil && !slices.Contains(fields, x.Key) {
			continue
		}
		to := Target(x)
		if x.As.Key == "user" || x.As.Key == "department" || to != nil {
			kind := x.As.Key
			if to != nil {
				kind = "relation"
			}
			out = append(out, labelled{x.Key, kind, to, func(data map[string]any) []string {
				if id, ok := data[x.Key].(string); ok {
					return []string{id}
				}
				return nil
			}})
		}
		for _, l := range x.Links {
			out = append(out, labelled{x.Key + "." + l.Key, l.Type, l.Form, func(data map[string]any) (ids []string) {
				rows, _ := data[x.Key].([]any)
				for _, r := range rows {
					row, _ := r.(map[string]any)
					if id, ok := row[l.Key].(string); ok {
						ids = append(ids, id)
					}
				}
				return ids
			}})
		}
	}
	return out
}

// Target is the form whose records a field holds, through lookups too; nil where it holds none.
func Target(x *catalog.Field) *catalog.Form {
	for x.Lookup != nil && x.Lookup.Target != nil {
		x = x.Lookup.Target
	}
	return x.Relation
}

// labels names what documents of a form hold, and who wrote them. Related records are read once per form.
func (s *session) labels(rd store.Reader, f *catalog.Form, d *access.Decision, docs []*store.Doc, fields []string) (Labels, error) {
	out := Labels{}
	name := func(field, id, name string) {
		if id == "" || name == "" {
			return
		}
		if out[field] == nil {
			out[field] = map[string]string{}
		}
		out[field][id] = name
	}
	wanted := map[*catalog.Form]map[string]bool{}
	related := map[string][]string{}
	fs := named(f, d, fields)
	for _, doc := range docs {
		tree := doc.Tree()
		for _, k := range []string{"createdBy", "updatedBy"} {
			id, _ := tree[k].(string)
			name(k, id, s.personName(id))
		}
		data := dataOf(tree)
		for _, x := range fs {
			for _, id := range x.ids(data) {
				switch {
				case x.kind == "user":
					name(x.name, id, s.personName(id))
				case x.kind == "department":
					name(x.name, id, s.unitName(id))
				case x.to != nil:
					if wanted[x.to] == nil {
						wanted[x.to] = map[string]bool{}
					}
					wanted[x.to][id] = true
					related[x.name] = append(related[x.name], id)
				}
			}
		}
	}
	for to, ids := range wanted {
		titles, err := s.titles(rd, to, slices.Sorted(maps.Keys(ids)))
		if err != nil {
			return nil, err
		}
		for _, x := range fs {
			if x.to == to {
				for _, id := range related[x.name] {
					name(x.name, id, titles[id])
				}
			}
		}
	}
	return out, nil
}

func (s *session) personName(id string) string {
	m, _ := s.people.Person(id)
	name, _ := m["name"].(string)
	return name
}

func (s *session) unitName(id string) string {
	m, _ := s.people.Unit(id)
	name, _ := m["name"].(string)
	return name
}

// titles names records of a form that the caller may read.
func (s *session) titles(rd store.Reader, to *catalog.Form, ids []string) (map[string]string, error) {
	d := s.decide(to)
	out := map[string]string{}
	if to.Title() == nil || !d.Can(definition.Read) || !d.Askable(to.Title().Key) {
		return out, nil
	}
	docs, err := rd.GetMany(s.ctx, to.Collection.Name, ids)
	if err != nil {
		return nil, err
	}
	for _, doc := range docs {
		if d.Covers(definition.Read, to.Columns, doc.Tree()) {
			out[doc.ID] = titleOf(to, doc)
		}
	}
	return out, nil
}

// titleOf is what a record is called: the text of its title field; "" when that is empty or the form has none.
func titleOf(f *catalog.Form, doc *store.Doc) string {
	if f.Title() == nil {
		return ""
	}
	switch v := dataOf(doc.Tree())[f.Title().Key].(type) {
	case string:
		return v
	case float64:
		return value.Text(v)
	}
	return ""
}

// Glimpse is what a record is called to a caller; ok is false when they may not read it. Without a title it is called what
// its form is.
func (r *Records) Glimpse(ctx context.Context, rd store.Reader, c Caller, form, id string) (title string, ok bool, err error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return "", false, nil
	}
	doc, err := s.visible(rd, f, id)
	if err != nil || doc.Deleted {
		if problem.KindOf(err) != "" {
			err = nil
		}
		return "", false, err
	}
	if f.Title() != nil && d.Askable(f.Title().Key) {
		title = titleOf(f, doc)
	}
	if title == "" {
		title = f.Def.Title.In("")
	}
	return title, true, nil
}

// Titles names those of a form's live records that the caller may read; "" for one without a title. None where the form is
// not for the caller.
func (r *Records) Titles(ctx context.Context, c Caller, form string, ids []string) (map[string]string, error) {
	s := r.session(ctx, c)
	out := map[string]string{}
	f, d, err := s.form(form)
	if err != nil || !d.Can(definition.Read) {
		return out, nil
	}
	err = r.Store.View(ctx, func(rd store.Reader) error {
		clear(out)
		docs, err := rd.GetMany(ctx, f.Collection.Name, ids)
		for _, doc := range docs {
			if !live(doc) || !d.Covers(definition.Read, f.Columns, doc.Tree()) {
				continue
			}
			out[doc.ID] = ""
			if f.Title() != nil && d.Askable(f.Title().Key) {
				out[doc.ID] = titleOf(f, doc)
			}
		}
		return err
	})
	return out, err
}

// Check says what is wrong with a query, without asking it.
func (r *Records) Check(ctx context.Context, c Caller, form string, q Query) error {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return err
	}
	return r.Store.View(ctx, func(rd store.Reader) error {
		_, err := s.find(rd, f, d, q)
		return err
	})
}

// Detail is a record with what a page about it needs.
type Detail struct {
	Body   []byte
	Rev    Rev
	Labels Labels
	// Actions are what the caller may do with this record, Moves the transitions that they may make from its stage.
	Actions []definition.Action
	Moves   []string
}

// Detail is Get for a page about the record.
func (r *Records) Detail(ctx context.Context, c Caller, form, id string) (Detail, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return Detail{}, err
	}
	out := Detail{}
	err = r.Store.View(ctx, func(rd store.Reader) error {
		doc, err := s.visible(rd, f, id)
		if err != nil {
			return err
		}
		if doc.Deleted {
			return notFound(form, id)
		}
		rec := &Record{f, doc}
		out = Detail{Body: s.render(f, d, doc, nil), Rev: Rev{rec.Rev(), rec.Crev()}, Actions: []definition.Action{}, Moves: []string{}}
		for _, a := range definition.Actions {
			if d.Can(a) && d.Covers(a, f.Columns, doc.Tree()) {
				out.Actions = append(out.Actions, a)
			}
		}
		if st := f.Stages; st != nil && d.Askable(st.Field) && slices.Contains(out.Actions, definition.Transition) {
			from, _ := rec.Data()[st.Field].(string)
			for _, m := range flow.Possible(st.Def, from, d.HasRole) {
				out.Moves = append(out.Moves, m.Key)
			}
		}
		out.Labels, err = s.labels(rd, f, d, []*store.Doc{doc}, nil)
		return err
	})
	return out, err
}
