package record

import (
	"cmp"
	"context"
	"slices"

	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Kinds of entries of a timeline.
const (
	TimelineChange  = "change"
	TimelineComment = "comment"
	TimelineRelated = "related"
)

// TimelineKinds are all of them.
var TimelineKinds = []string{TimelineChange, TimelineComment, TimelineRelated}

// maxTimeline is how many entries a page has at most.
const maxTimeline = 50

// Entry is one thing that happened with a record, or around it. By its kind one of the three is set.
type Entry struct {
	Kind    string   `json:"kind"`
	ID      string   `json:"id"`
	At      string   `json:"at"`
	By      string   `json:"by,omitempty"`
	Change  *Change  `json:"change,omitempty"`
	Comment *Comment `json:"comment,omitempty"`
	Related *Nearby  `json:"related,omitempty"`
	ms      int64
}

// Nearby is a record that points to the one whose timeline it stands in.
type Nearby struct {
	Form  string `json:"form"`
	Field string `json:"field"` // that points
	Title string `json:"title"`
	// Happened says that At is a moment that the record tells, not when it was made.
	Happened bool           `json:"happened,omitempty"`
	Data     map[string]any `json:"data"`
}

// TimelineQuery is what a timeline is asked for.
type TimelineQuery struct {
	Kinds  []string // all when empty
	Cursor string
	Limit  int // 50 by default and at most
}

// Timeline is a page of a record's timeline, the newest first.
type Timeline struct {
	Items  []Entry
	Cursor string
	// Names are of the users, departments and records that the entries hold ids of.
	Names map[string]string
}

// timeline gathers the entries of one page: each source gives its own newest, and the newest of all stay.
type timeline struct {
	*session
	rd    store.Reader
	f     *catalog.Form
	id    string
	after *query.Position
	limit int
	items []Entry
}

// Timeline merges a record's changes, its comments, and the records that point to it. Everything is as far as the caller
// may see it.
func (r *Records) Timeline(ctx context.Context, c Caller, form, id string, q TimelineQuery) (Timeline, error) {
	s := r.session(ctx, c)
	f, _, err := s.form(form)
	if err != nil {
		return Timeline{}, err
	}
	if q.Limit <= 0 || q.Limit > maxTimeline {
		q.Limit = maxTimeline
	}
	t := timeline{session: s, f: f, id: id, limit: q.Limit}
	for _, k := range q.Kinds {
		if !slices.Contains(TimelineKinds, k) {
			return Timeline{}, problem.Fail(problem.Invalid, "wrong-value", "/kinds", problem.P{"value": shorten(k)})
		}
	}
	if q.Cursor != "" {
		if t.after, err = query.DecodePosition(q.Cursor, newestFirst, query.Columns{"at": momentColumn("at", "at")}); err != nil {
			return Timeline{}, problem.Fail(problem.Invalid, "wrong-cursor", "/before", nil)
		}
	}
	out := Timeline{}
	err = r.Store.View(ctx, func(rd store.Reader) error {
		t.rd, t.items = rd, nil
		if _, err := s.visible(rd, f, id); err != nil {
			return err
		}
		for kind, gather := range map[string]func() error{TimelineChange: t.changes, TimelineComment: t.comments, TimelineRelated: t.related} {
			if len(q.Kinds) == 0 || slices.Contains(q.Kinds, kind) {
				if err := gather(); err != nil {
					return err
				}
			}
		}
		out = t.page()
		out.Names, err = t.names(out.Items)
		return err
	})
	return out, err
}

var newestFirst = []query.Order{{Column: "at", Desc: true}}

func momentColumn(key string, path ...string) query.Column {
	return query.Column{Key: key, Path: path, Kind: query.Instant, Order: true}
}

// page keeps the newest entries.
func (t *timeline) page() Timeline {
	slices.SortFunc(t.items, func(a, b Entry) int { return -cmp.Or(cmp.Compare(a.ms, b.ms), cmp.Compare(a.ID, b.ID)) })
	// A record that points here with two fields came twice.
	t.items = slices.CompactFunc(t.items, func(a, b Entry) bool { return a.ID == b.ID })
	out := Timeline{Items: t.items}
	if len(t.items) > t.limit {
		out.Items = t.items[:t.limit]
		last := out.Items[t.limit-1]
		out.Cursor = query.Position{Keys: []any{last.ms}, ID: last.ID}.Encode(newestFirst)
	}
	return out
}

// find asks one source for what is older than the page before, one more than a page has.
func (t *timeline) find(collection string, where query.Where, column string) ([]*store.Doc, error) {
	return store.All(t.ctx, t.rd, collection, query.Find{Where: where, Sort: []query.Order{{Column: column, Desc: true}}, After: t.after, Limit: t.limit + 1})
}

func (t *timeline) changes() error {
	d := t.decide(t.f)
	docs, err := t.find(changesCollection, query.Is("record", t.id), "at")
	for _, doc := range docs {
		c := changeFrom(doc.Tree(), t.f, d.Field)
		t.items = append(t.items, Entry{Kind: TimelineChange, ID: doc.ID, At: c.At, By: c.By, Change: &c, ms: momentOf(c.At)})
	}
	return err
}

func (t *timeline) comments() error {
	docs, err := t.find(commentsCollection, query.Is("record", t.id), "at")
	for _, doc := range docs {
		c := commentOf(doc, t.caller)
		t.items = append(t.items, Entry{Kind: TimelineComment, ID: doc.ID, At: c.At, By: c.By, Comment: &c, ms: momentOf(c.At)})
	}
	return err
}

// related gathers records of every form that points here.
func (t *timeline) related() error {
	for _, p := range t.f.PointedBy {
		d := t.decide(p.Form)
		if !d.Can(definition.Read) || !d.Askable(p.Field.Key) {
			continue
		}
		column, happened := "createdAt", false
		if x := happens(p.Form); x != nil && d.Askable(x.Key) {
			column, happened = x.Key, true
		}
		where := query.And(query.Is(p.Field.Key, t.id), d.Rows(definition.Read))
		if happened {
			where = query.And(where, query.Not(query.Where{Leaf: &query.Leaf{Column: column, Test: query.Empty}}))
		}
		docs, err := t.find(p.Form.Collection.Name, where, column)
		if err != nil {
			return err
		}
		for _, doc := range docs {
			tree := doc.Tree()
			ms, _ := p.Form.Columns[column].SortKey(p.Form.Columns[column].Of(tree)).(int64)
			data, _ := t.lifted(p.Form, tree)
			n := Nearby{Form: p.Form.Name, Field: p.Field.Key, Happened: happened, Data: t.dataFor(p.Form, d, data, nil)}
			if title := p.Form.Title(); title != nil && d.Askable(title.Key) {
				n.Title = titleOf(p.Form, doc)
			}
			by, _ := tree["createdBy"].(string)
			if owner, ok := data[p.Form.Owner].(string); ok && d.Askable(p.Form.Owner) {
				by = owner
			}
			t.items = append(t.items, Entry{Kind: TimelineRelated, ID: doc.ID, At: value.FormatInstant(ms), By: by, Related: &n, ms: ms})
		}
	}
	return nil
}

// happens is the field that tells when what a record is about took place: the first date-time that people fill in; nil
// where records are no events.
func happens(f *catalog.Form) *catalog.Field {
	for _, x := range f.Fields {
		if x.Type.Key == "datetime" && x.Column != nil && !x.Def.Hidden {
			return x
		}
	}
	return nil
}

func momentOf(at string) int64 {
	ms, _ := value.ParseInstant(at)
	return ms
}

// names gathers the names of what the entries hold ids of.
func (t *timeline) names(items []Entry) (map[string]string, error) {
	out := map[string]string{}
	wanted := map[*catalog.Form][]string{}
	add := func(x *catalog.Field, v any) {
		id, _ := v.(string)
		if id == "" {
			return
		}
		name := ""
		switch {
		case x.As.Key == "user":
			name = t.personName(id)
		case x.As.Key == "department":
			name = t.unitName(id)
		case Target(x) != nil && !slices.Contains(wanted[Target(x)], id):
			wanted[Target(x)] = append(wanted[Target(x)], id)
		}
		if name != "" {
			out[id] = name
		}
	}
	person := func(id string) {
		if n := t.personName(id); n != "" {
			out[id] = n
		}
	}
	for _, e := range items {
		person(e.By)
		switch {
		case e.Change != nil:
			for key, pair := range e.Change.Diff {
				add(t.f.ByKey[key], pair[0])
				add(t.f.ByKey[key], pair[1])
			}
		case e.Comment != nil:
			for _, id := range e.Comment.Mentions {
				person(id)
			}
		case e.Related != nil:
			for _, x := range t.snap.Forms[e.Related.Form].Fields {
				add(x, e.Related.Data[x.Key])
			}
		}
	}
	for to, ids := range wanted {
		titles, err := t.titles(t.rd, to, ids)
		if err != nil {
			return nil, err
		}
		for id, name := range titles {
			if name != "" {
				out[id] = name
			}
		}
	}
	return out, nil
}
