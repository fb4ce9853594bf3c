package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Get is one live record as the caller may see it, and its rev. NotFound also for what the caller may not see.
func (r *Records) Get(ctx context.Context, c Caller, form, id string) ([]byte, Rev, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return nil, Rev{}, err
	}
	var doc *store.Doc
	err = r.Store.View(ctx, func(rd store.Reader) (err error) {
		doc, err = s.visible(rd, f, id)
		return err
	})
	if err != nil {
		return nil, Rev{}, err
	}
	if doc.Deleted {
		return nil, Rev{}, notFound(form, id)
	}
	rec := &Record{f, doc}
	return s.render(f, d, doc, nil), Rev{rec.Rev(), rec.Crev()}, nil
}

// Query is what a list asks for.
type Query struct {
	Filter  query.Filter
	Search  string
	Sort    []string
	Fields  []string // nil: all
	Limit   int      // 50 by default
	Cursor  string
	Deleted bool // the recycle bin
	Count   bool // how many there are, counted up to MaxCount
	Titles  bool // names for the ids that the records hold
	// At prefixes the pointers of problems.
	At string
}

// Limits of a list.
const (
	DefaultLimit = 50
	MaxLimit     = 500
	MaxCount     = 10000
	maxWords     = 8
)

// ParseQuery reads the wire form from a decoded JSON object.
func ParseQuery(m map[string]any) (Query, problem.List) {
	q := Query{Limit: DefaultLimit}
	var ps, p problem.List
	bad := func(key string) {
		ps = append(ps, problem.New("wrong-value", problem.Pointer(key), problem.P{"value": m[key]}))
	}
	for _, k := range sortedKeys(m) {
		v, ok := m[k], true
		if v == nil {
			continue
		}
		switch k {
		case "filter":
			q.Filter, p = query.ParseFilter(v, "/filter")
			ps = append(ps, p...)
		case "sort":
			q.Sort, p = query.StringsOf(v, "/sort")
			ps = append(ps, p...)
		case "fields":
			q.Fields, p = query.StringsOf(v, "/fields")
			ps = append(ps, p...)
		case "search":
			q.Search, ok = v.(string)
		case "cursor":
			q.Cursor, ok = v.(string)
		case "deleted":
			q.Deleted, ok = v.(bool)
		case "count":
			q.Count, ok = v.(bool)
		case "titles":
			q.Titles, ok = v.(bool)
		case "limit":
			f, isNumber := v.(float64)
			q.Limit = int(f)
			ok = isNumber && f == float64(q.Limit) && q.Limit >= 1 && q.Limit <= MaxLimit
		default:
			ps = append(ps, problem.New("unknown-member", problem.Pointer(k), problem.P{"member": k}))
		}
		if !ok {
			bad(k)
		}
	}
	return q, ps
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Page is one page of a list; Cursor is empty on the last. Total is -1 unless it was asked for.
type Page struct {
	Items  [][]byte
	Cursor string
	Total  int
	Labels Labels // nil unless titles were asked for
}

// Query lists records that the caller may read.
func (r *Records) Query(ctx context.Context, c Caller, form string, q Query) (Page, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return Page{}, err
	}
	if !d.Can(definition.Read) {
		return Page{}, access.Forbid(definition.Read, form)
	}
	page := Page{Total: -1}
	err = r.Store.View(ctx, func(rd store.Reader) error {
		find, err := s.find(rd, f, d, q)
		if err != nil {
			return err
		}
		limit := find.Limit
		find.Limit++
		page.Items, page.Cursor = make([][]byte, 0, limit), ""
		var last *store.Doc
		var docs []*store.Doc
		for doc, err := range rd.Find(ctx, f.Collection.Name, find) {
			if err != nil {
				return err
			}
			if len(page.Items) == limit {
				page.Cursor = last.Document().At(find.Sort, f.Columns).Encode(find.Sort)
				break
			}
			page.Items = append(page.Items, s.render(f, d, doc, q.Fields))
			last = doc
			if q.Titles {
				docs = append(docs, doc)
			}
		}
		if q.Titles {
			if page.Labels, err = s.labels(rd, f, d, docs, q.Fields); err != nil {
				return err
			}
		}
		if q.Count {
			page.Total, err = rd.Count(ctx, f.Collection.Name, find.Where, find.Which, MaxCount)
		}
		return err
	})
	return page, err
}

// Each streams the documents of a query without limit, for exports: pages of its own, so that no snapshot is held long.
func (r *Records) Each(ctx context.Context, c Caller, form string, q Query, fn func(*Record) error) error {
	q.Limit = MaxLimit
	for {
		var docs []*store.Doc
		s := r.session(ctx, c)
		f, d, err := s.form(form)
		if err != nil {
			return err
		}
		var sort []query.Order
		err = r.Store.View(ctx, func(rd store.Reader) error {
			find, err := s.find(rd, f, d, q)
			if err != nil {
				return err
			}
			sort = find.Sort
			docs, err = store.All(ctx, rd, f.Collection.Name, find)
			return err
		})
		if err != nil {
			return err
		}
		for _, doc := range docs {
			if err := fn(&Record{f, doc}); err != nil {
				return err
			}
		}
		if len(docs) < MaxLimit {
			return nil
		}
		q.Cursor = docs[len(docs)-1].Document().At(sort, f.Columns).Encode(sort)
	}
}

// find compiles a query with the caller's access in it.
func (s *session) find(rd store.Reader, f *catalog.Form, d *access.Decision, q Query) (query.Find, error) {
	cols := d.Columns(f.Columns)
	where, ps := query.Resolve(q.Filter, cols, s.env(f, rd))
	sort, p := query.ParseSort(q.Sort, cols, q.At+"/sort")
	ps = append(ps, p...)
	for i, k := range q.Fields {
		if _, ok := f.ByKey[k]; !ok && cols[k].Key == "" || d.Field(k) == definition.Hidden {
			ps = append(ps, query.Unknown(k, fmt.Sprintf("%s/fields/%d", q.At, i), cols))
		}
	}
	search, p := s.search(f, d, q)
	ps = append(ps, p...)
	if err := problem.Refuse(ps); err != nil {
		return query.Find{}, err
	}
	find := query.Find{Where: query.And(d.Rows(definition.Read), where, search), Sort: sort, Limit: q.Limit}
	if find.Limit == 0 {
		find.Limit = DefaultLimit
	}
	if q.Deleted {
		find.Which = query.Trash
	}
	if q.Cursor != "" {
		after, err := query.DecodePosition(q.Cursor, sort, f.Columns)
		if err != nil {
			return query.Find{}, problem.Fail(problem.Invalid, "wrong-cursor", q.At+"/cursor", nil)
		}
		find.After = after
	}
	return find, nil
}

// search is every word in some searchable field that the caller may read.
func (s *session) search(f *catalog.Form, d *access.Decision, q Query) (query.Where, problem.List) {
	words := strings.Fields(value.Fold(q.Search))
	if len(words) == 0 {
		return query.Where{}, nil
	}
	if len(words) > maxWords {
		words = words[:maxWords]
	}
	var among []string
	for _, k := range f.SearchColumns {
		if d.Askable(k) {
			among = append(among, k)
		}
	}
	if len(among) == 0 {
		return query.None(), problem.List{problem.New("not-searchable", q.At+"/search", problem.P{"form": f.Name})}
	}
	parts := make([]query.Where, len(words))
	for i, w := range words {
		parts[i] = query.Where{Leaf: &query.Leaf{Test: query.Search, Values: []any{w}, Among: among}}
	}
	return query.And(parts...), nil
}

// env resolves values of filters that this caller asks with. rd answers paths through relations.
// They may name records by their id.
func (s *session) env(f *catalog.Form, rd store.Reader) query.Env {
	env := s.envFor(f, rd, func(key string) bool { return s.decide(f).Askable(key) })
	special := env.Special
	env.Special = func(leaf query.Filter) (query.Where, problem.List, bool) {
		if leaf.Field == "id" {
			w, ps := query.ResolveID(leaf)
			return w, ps, true
		}
		return special(leaf)
	}
	return env
}

// roleEnv resolves the filters of roles: they are the definition's, not the caller's, so no field is closed to them, and
// they reach no other record.
func (s *session) roleEnv(f *catalog.Form) query.Env {
	return s.envFor(f, nil, func(string) bool { return true })
}

func (s *session) envFor(f *catalog.Form, rd store.Reader, askable func(key string) bool) query.Env {
	return query.Env{Now: s.now, Zone: s.zone, Expr: s.constant, Special: func(leaf query.Filter) (query.Where, problem.List, bool) {
		return s.special(f, rd, askable, leaf)
	}}
}

// constant computes {"expr": "..."} in a filter: the user and the clock, no record.
func (s *session) constant(src, pointer string) (any, problem.List) {
	p, ps := formula.Compile(src, formula.Scope{"user": catalog.UserType}, formula.Options{Volatile: true})
	if ps.Blocks() {
		return nil, ps.At(pointer)
	}
	v, err := p.Constant(s.ctx, formula.Env{Now: s.now, Zone: s.zone, Vars: map[string]any{"user": s.person()}})
	if err != nil {
		return nil, problem.List{problem.New("formula-failed", pointer, problem.P{"error": err.Error()})}
	}
	return v, nil
}

// mask is what a masked value reads as.
const mask = "•••"

// Render is a record as the caller may see it, as JSON.
func (r *Records) Render(ctx context.Context, c Caller, rec *Record) []byte {
	s := r.session(ctx, c)
	return s.render(rec.Form, s.decide(rec.Form), rec.Doc, nil)
}

// render writes a record's JSON. A record that is stored in the present shape and wholly open goes out as it is stored.
func (s *session) render(f *catalog.Form, d *access.Decision, doc *store.Doc, fields []string) []byte {
	b := make([]byte, 0, 1024)
	b = append(b, `{"id":`...)
	b = value.AppendString(b, doc.ID)
	if fields == nil && len(f.Live) == 0 && d.Open() && plain(f, doc) {
		b = append(b, ',')
		return append(b, doc.JSON()[1:]...)
	}
	tree := doc.Tree()
	out := make(map[string]any, len(tree))
	for k, v := range tree {
		if k != "data" && k != "acc" && k != "aside" {
			out[k] = v
		}
	}
	data, aside := s.lifted(f, tree)
	out["data"] = s.dataFor(f, d, data, fields)
	if m := asideFor(f, d, aside); m != nil && fields == nil {
		out["aside"] = m
	}
	b = append(b, ',')
	return append(b, value.AppendJSON(nil, out)[1:]...)
}

// plain says whether a stored document can go out byte for byte. Canonical JSON has its keys in order, so the first and
// the last member tell without decoding: "acc" or "aside" would lead, "version" ends.
func plain(f *catalog.Form, doc *store.Doc) bool {
	j := doc.JSON()
	if bytes.HasPrefix(j, []byte(`{"a`)) {
		return false
	}
	if f.PlainSince == 0 {
		return true
	}
	i := bytes.LastIndexByte(j, ':')
	version, err := strconv.ParseInt(string(j[i+1:len(j)-1]), 10, 64)
	return err == nil && version >= f.PlainSince
}

// lifted is a record's data in the present shape, and what does not fit it.
func (s *session) lifted(f *catalog.Form, tree map[string]any) (data, aside map[string]any) {
	data = dataOf(tree)
	aside, _ = tree["aside"].(map[string]any)
	if behind(f, tree) || len(aside) > 0 {
		return lift(f, data, aside, field.Env{Zone: s.Zone()})
	}
	return data, nil
}

// dataFor is a record's data as a caller sees it: hidden fields left out, masked ones masked, live formulas computed.
func (s *session) dataFor(f *catalog.Form, d *access.Decision, data map[string]any, fields []string) map[string]any {
	out := make(map[string]any, len(data))
	for _, x := range f.Fields {
		if fields != nil && !slices.Contains(fields, x.Key) {
			continue
		}
		v, ok := data[x.Key]
		if x.Def.Live {
			v, ok = s.live(x, data)
		}
		if !ok {
			continue
		}
		switch d.Field(x.Key) {
		case definition.Hidden:
		case definition.Masked:
			out[x.Key] = mask
		default:
			out[x.Key] = v
		}
	}
	return out
}

// asideFor is what was moved aside of fields that are there and that the caller may read. What a field held that is gone
// comes back with the field, and its rights.
func asideFor(f *catalog.Form, d *access.Decision, aside map[string]any) map[string]any {
	var out map[string]any
	for k, v := range aside {
		if f.ByKey[k] == nil || !d.Askable(k) {
			continue
		}
		if out == nil {
			out = map[string]any{}
		}
		out[k] = v
	}
	return out
}

// live computes a formula on read.
func (s *session) live(x *catalog.Field, data map[string]any) (any, bool) {
	v, _, err := x.Formula.Eval(s.ctx, formula.Env{Now: s.now, Zone: s.zone, Lookup: func(name string) (any, bool) {
		if name == "user" {
			return s.person(), true
		}
		v, ok := data[name]
		return v, ok
	}})
	if err != nil {
		return nil, false
	}
	got, ps := x.As.Coerce(x.AsDef, formula.Plain(v), field.Env{Zone: s.zone})
	return got, !ps.Blocks() && got != nil
}

// Evaluate computes what a write of data would give, without writing: computed fields, and the problems that would stop
// it. id is empty for a new record. Refusals of the pipeline come as problems; a Forbidden or NotFound is an error.
func (r *Records) Evaluate(ctx context.Context, c Caller, form, id string, data map[string]any) (map[string]any, problem.List, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return nil, nil, err
	}
	in := &Intent{Verb: Update, Form: form, ID: id, Data: data}
	if id == "" {
		in.Verb, in.serials = Create, map[string]string{}
	}
	e := &effect{intent: in, form: f, touched: map[string]bool{}}
	var p *pipeline
	err = r.Store.View(ctx, func(rd store.Reader) error {
		if err := s.load(rd, e, d); err != nil {
			return err
		}
		p = &pipeline{session: s, r: rd, e: e, d: d, f: f, creating: in.Verb == Create}
		return p.run()
	})
	var fail *problem.Failure
	if errors.As(err, &fail) && fail.Kind != problem.Invalid || err != nil && fail == nil {
		return nil, nil, err
	}
	return s.dataFor(f, d, p.data, nil), p.problems, nil
}

// RelatedList is a form whose records point to a record.
type RelatedList struct {
	Form       string          `json:"form"`
	Field      string          `json:"field"`
	Title      definition.Text `json:"title"`
	FieldTitle definition.Text `json:"fieldTitle,omitempty"`
	Count      int             `json:"count"` // up to MaxCount
	Create     bool            `json:"create"`
}

// Related lists what points to a record, as far as the caller may see it.
func (r *Records) Related(ctx context.Context, c Caller, form, id string) ([]RelatedList, error) {
	s := r.session(ctx, c)
	f, _, err := s.form(form)
	if err != nil {
		return nil, err
	}
	out := []RelatedList{}
	err = r.Store.View(ctx, func(rd store.Reader) error {
		out = out[:0]
		if _, err := s.visible(rd, f, id); err != nil {
			return err
		}
		for _, p := range f.PointedBy {
			d := s.decide(p.Form)
			if !d.Can(definition.Read) || !d.Askable(p.Field.Key) {
				continue
			}
			n, err := rd.Count(ctx, p.Form.Collection.Name, query.And(query.Is(p.Field.Key, id), d.Rows(definition.Read)), query.Live, MaxCount)
			if err != nil {
				return err
			}
			out = append(out, RelatedList{Form: p.Form.Name, Field: p.Field.Key, Title: p.Form.Def.Title, FieldTitle: p.Field.Def.Title, Count: n,
				Create: d.Can(definition.Create) && d.Writable(p.Field.Key)})
		}
		return nil
	})
	return out, err
}
