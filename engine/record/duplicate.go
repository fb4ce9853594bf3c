package record

import (
	"context"
	"slices"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// alikeCollection tells which records have a value, in the form in which values are compared: one document a rule and
// value, which every write of such a record reads and writes.
const alikeCollection = "alike"

const (
	// maxAlike is how many records of one value are kept; more are not told apart from chance.
	maxAlike = 100
	// maxMatches is how many of them are shown.
	maxMatches = 20
)

// alikeKeys are the values of a record by which a rule compares it.
func alikeKeys(rule *catalog.Duplicate, data map[string]any) []string {
	var out []string
	for _, k := range rule.Def.Fields {
		var s string
		switch v := data[k].(type) {
		case string:
			s = v
		case float64:
			s = value.Text(v)
		}
		if s != "" {
			if key := value.Alike(rule.Def.Match, s); key != "" && !slices.Contains(out, key) {
				out = append(out, key)
			}
		}
	}
	return out
}

func docKeys(rule *catalog.Duplicate, doc *store.Doc) []string {
	if !live(doc) {
		return nil
	}
	return alikeKeys(rule, dataOf(doc.Tree()))
}

func alikeID(rule *catalog.Duplicate, key string) string { return digestID(rule.Name, key) }

func alikeRecords(doc *store.Doc) []string {
	list, _ := doc.Tree()["records"].([]any)
	out := make([]string, 0, len(list))
	for _, v := range list {
		if id, ok := v.(string); ok {
			out = append(out, id)
		}
	}
	return out
}

// alike are the records that have a value, as one transaction sees and changes them.
type alike struct {
	rule    *catalog.Duplicate
	key     string
	doc     *store.Doc
	records []string
	moved   bool
}

func (w *writer) alike(rule *catalog.Duplicate, key string) (*alike, error) {
	id := alikeID(rule, key)
	if a := w.alikes[id]; a != nil {
		return a, nil
	}
	a := &alike{rule: rule, key: key}
	doc, err := w.tx.Get(w.ctx, alikeCollection, id)
	if err != nil && !isNotFound(err) {
		return nil, err
	}
	if err == nil {
		a.doc, a.records = doc, alikeRecords(doc)
	}
	w.alikes[id] = a
	return a, nil
}

// gather finds what a batch's records will be compared by, in one question: a database across a network answers it in the
// time of one look-up.
func (w *writer) gather(effects []*effect) error {
	if len(effects) < 2 {
		return nil
	}
	var ids []string
	for _, e := range effects {
		if e == nil || !e.changed {
			continue
		}
		for _, rule := range e.form.Duplicates {
			for _, doc := range []*store.Doc{e.before, e.after} {
				for _, key := range docKeys(rule, doc) {
					id := alikeID(rule, key)
					if w.alikes[id] == nil {
						w.alikes[id] = &alike{rule: rule, key: key}
						ids = append(ids, id)
					}
				}
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	docs, err := w.tx.GetMany(w.ctx, alikeCollection, ids)
	for _, doc := range docs {
		w.alikes[doc.ID].doc, w.alikes[doc.ID].records = doc, alikeRecords(doc)
	}
	return err
}

// foreseen are values' documents as one reader saw them; nil where there is none.
type foreseen struct {
	reader store.Reader
	docs   map[string]*store.Doc
}

// foresee reads what a batch of intents will be compared by, in one question, for as long as they are prepared through
// the same reader.
func (s *session) foresee(rd store.Reader, intents []*Intent) error {
	s.alikeSeen = nil
	if len(intents) < 2 {
		return nil
	}
	seen := &foreseen{reader: rd, docs: map[string]*store.Doc{}}
	var ids []string
	for _, in := range intents {
		f := s.snap.Forms[in.Form]
		if f == nil {
			continue
		}
		for _, rule := range f.Duplicates {
			keys := alikeKeys(rule, in.Data)
			for _, r := range append([]*catalog.Duplicate{rule}, rule.With...) {
				for _, key := range keys {
					id := alikeID(r, key)
					if _, have := seen.docs[id]; !have {
						seen.docs[id] = nil
						ids = append(ids, id)
					}
				}
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	docs, err := rd.GetMany(s.ctx, alikeCollection, ids)
	for _, doc := range docs {
		seen.docs[doc.ID] = doc
	}
	s.alikeSeen = seen
	return err
}

// alikeDoc is a value's document, nil when no record has it.
func (s *session) alikeDoc(r store.Reader, id string) (*store.Doc, error) {
	if s.alikeSeen != nil && s.alikeSeen.reader == r {
		if doc, known := s.alikeSeen.docs[id]; known {
			return doc, nil
		}
	}
	doc, err := r.Get(s.ctx, alikeCollection, id)
	if isNotFound(err) {
		return nil, nil
	}
	return doc, err
}

// distinct refuses a write that makes a record the same as another, where a rule says so.
func (w *writer) distinct(e *effect) error {
	if e.intent.Verb == Recompute {
		return nil
	}
	for _, rule := range e.form.Duplicates {
		if rule.Def.On != "refuse" {
			continue
		}
		old := docKeys(rule, e.before)
		for _, key := range docKeys(rule, e.after) {
			if slices.Contains(old, key) {
				continue
			}
			for _, r := range append([]*catalog.Duplicate{rule}, rule.With...) {
				a, err := w.alike(r, key)
				if err != nil {
					return err
				}
				if slices.ContainsFunc(a.records, func(id string) bool { return id != e.after.ID }) {
					return problem.Fail(problem.Duplicate, "duplicate-record", e.intent.At+"/data"+problem.Pointer(rule.Def.Fields[0]), duplicateParams(rule, r.Form))
				}
			}
		}
	}
	return nil
}

func duplicateParams(rule *catalog.Duplicate, f *catalog.Form) problem.P {
	params := problem.P{"rule": rule.Def.Key, "form": f.Name, "title": f.Def.Title}
	if len(rule.Def.Message) > 0 {
		params["text"] = rule.Def.Message
	} else {
		params["what"] = rule.Def.Title
	}
	return params
}

// compare notes by which values a record that was written can be found.
func (w *writer) compare(f *catalog.Form, before, after *store.Doc) error {
	for _, rule := range f.Duplicates {
		old, now := docKeys(rule, before), docKeys(rule, after)
		for _, key := range old {
			if !slices.Contains(now, key) {
				if err := w.note(rule, key, after.ID, false); err != nil {
					return err
				}
			}
		}
		for _, key := range now {
			if !slices.Contains(old, key) {
				if err := w.note(rule, key, after.ID, true); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (w *writer) note(rule *catalog.Duplicate, key, id string, has bool) error {
	a, err := w.alike(rule, key)
	if err != nil {
		return err
	}
	switch i := slices.Index(a.records, id); {
	case has && i < 0 && len(a.records) < maxAlike:
		a.records, a.moved = append(a.records, id), true
	case !has && i >= 0:
		a.records, a.moved = slices.Delete(a.records, i, i+1), true
	}
	return nil
}

// conclude stores what compare noted, in one order in every transaction.
func (w *writer) conclude() error {
	ids := make([]string, 0, len(w.alikes))
	for id, a := range w.alikes {
		if a.moved {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var made []*store.Doc
	for _, id := range ids {
		a := w.alikes[id]
		list := make([]any, len(a.records))
		for i, r := range a.records {
			list[i] = r
		}
		tree := map[string]any{"rule": a.rule.Name, "key": a.key, "records": list}
		var err error
		switch {
		case a.doc == nil && len(list) > 0:
			made = append(made, store.New(id, tree))
		case a.doc != nil && len(list) == 0:
			err = w.tx.Delete(w.ctx, alikeCollection, id, a.doc.Version)
		case a.doc != nil:
			err = w.tx.Replace(w.ctx, alikeCollection, store.New(id, tree), a.doc.Version)
		}
		if err != nil {
			return err
		}
	}
	if len(made) == 0 {
		return nil
	}
	return w.tx.Insert(w.ctx, alikeCollection, made...)
}

// duplicates warns of records that are the same by a field that this write sets. Rules that refuse do so here too, with
// what may be told; the transaction looks again.
func (p *pipeline) duplicates() error {
	for _, rule := range p.f.Duplicates {
		i := slices.IndexFunc(rule.Def.Fields, func(k string) bool {
			return (p.creating || p.e.touched[k]) && !value.Equal(p.data[k], p.was[k])
		})
		if i < 0 {
			continue
		}
		self := ""
		if p.e.before != nil {
			self = p.e.before.ID
		}
		was := alikeKeys(rule, p.was)
		keys := slices.DeleteFunc(alikeKeys(rule, p.data), func(k string) bool { return slices.Contains(was, k) })
		found, err := p.matching(p.r, rule, keys, self)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			continue
		}
		m := found[0]
		params := duplicateParams(rule, m.rule.Form)
		params["count"] = len(found)
		if s := p.shownOf(m); s != "" {
			params["shown"] = s
		}
		if p.decide(m.rule.Form).Covers(definition.Read, m.rule.Form.Columns, m.doc.Tree()) {
			params["record"] = m.doc.ID
		}
		q := problem.New("duplicate-record", "/data"+problem.Pointer(rule.Def.Fields[i]), params)
		if rule.Def.On != "refuse" {
			q.Severity = problem.Warning
		}
		p.problems = append(p.problems, q)
	}
	return nil
}

// match is a record that is the same by a rule.
type match struct {
	rule *catalog.Duplicate
	doc  *store.Doc
}

// matching finds live records that have one of the values.
func (s *session) matching(r store.Reader, rule *catalog.Duplicate, keys []string, self string) ([]match, error) {
	var out []match
	for _, rl := range append([]*catalog.Duplicate{rule}, rule.With...) {
		var ids []string
		for _, key := range keys {
			doc, err := s.alikeDoc(r, alikeID(rl, key))
			if err != nil {
				return nil, err
			}
			if doc == nil {
				continue
			}
			for _, id := range alikeRecords(doc) {
				if id != self && !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
		if len(ids) == 0 {
			continue
		}
		docs, err := r.GetMany(s.ctx, rl.Form.Collection.Name, ids)
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			if live(d) && len(out) < maxMatches {
				out = append(out, match{rl, d})
			}
		}
	}
	return out, nil
}

// revealed are the declared fields of a match, whoever asks: the name of a person or department instead of its id, the
// title of an option (a definition.Text) instead of its value.
func (s *session) revealed(m match) map[string]any {
	data, _ := s.lifted(m.rule.Form, m.doc.Tree())
	out := map[string]any{}
	for _, k := range m.rule.Def.Reveal {
		x := m.rule.Form.ByKey[k]
		v := data[k]
		if x == nil {
			v = m.doc.Tree()[k]
			if id, ok := v.(string); ok && isPersonColumn(k) {
				v = s.personName(id)
			}
		} else if id, ok := v.(string); ok {
			switch x.As.Key {
			case "user":
				v = s.personName(id)
			case "department":
				v = s.unitName(id)
			case "select":
				for _, o := range x.AsDef.Options {
					if o.Value == id && len(o.Title) > 0 {
						v = o.Title
					}
				}
			}
		}
		if v != nil && v != "" {
			out[k] = v
		}
	}
	return out
}

// shownOf is what a problem says of a match: its revealed texts.
func (s *session) shownOf(m match) string {
	values, out := s.revealed(m), ""
	for _, k := range m.rule.Def.Reveal {
		if t, ok := values[k].(string); ok {
			if out != "" {
				out += " · "
			}
			out += shorten(t)
		}
	}
	return out
}

// Match is a record that is the same as one that somebody is about to write, as far as everybody may know.
type Match struct {
	Rule   string          `json:"rule"`
	On     string          `json:"on"` // warn or refuse
	Form   string          `json:"form"`
	Title  definition.Text `json:"title"` // of the form
	Fields []string        `json:"fields"`
	Data   map[string]any  `json:"data"` // the revealed fields
	// Record is its id, where the caller may read it; Claims are those by which they may take it.
	Record string   `json:"record,omitempty"`
	Claims []string `json:"claims,omitempty"`
}

// Duplicates finds records that are the same as data, beyond the caller's rows: who may create or update records of a
// form may know what its rules reveal. id is the record that is edited, "" for a new one.
func (r *Records) Duplicates(ctx context.Context, c Caller, form, id string, data map[string]any) ([]Match, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return nil, err
	}
	if !d.Can(definition.Create) && !d.Can(definition.Update) {
		return nil, access.Forbid(definition.Create, form)
	}
	out := []Match{}
	err = r.Store.View(ctx, func(rd store.Reader) error {
		out = out[:0]
		for _, rule := range f.Duplicates {
			found, err := s.matching(rd, rule, alikeKeys(rule, data), id)
			if err != nil {
				return err
			}
			for _, m := range found {
				out = append(out, s.matchOf(rule, m))
			}
		}
		return nil
	})
	return out, err
}

func (s *session) matchOf(rule *catalog.Duplicate, m match) Match {
	f := m.rule.Form
	out := Match{Rule: rule.Def.Key, On: rule.Def.On, Form: f.Name, Title: f.Def.Title, Fields: rule.Def.Fields, Data: s.revealed(m)}
	if out.On == "" {
		out.On = "warn"
	}
	d := s.decide(f)
	if !d.Covers(definition.Read, f.Columns, m.doc.Tree()) {
		return out
	}
	out.Record = m.doc.ID
	for _, claim := range f.Claims {
		if text(dataOf(m.doc.Tree()), claim.Field.Key) == "" && s.mayClaim(d, claim) {
			out.Claims = append(out.Claims, claim.Def.Key)
		}
	}
	return out
}
