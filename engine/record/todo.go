package record

import (
	"cmp"
	"slices"
	"strings"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/value"
)

// Todo is one thing to do: a record, or what it is about, and every reason for it.
type Todo struct {
	Form     string `json:"form"`
	ID       string `json:"id"`
	Rev      int64  `json:"rev"`
	Source   string `json:"source"`
	Title    string `json:"title"`
	Subtitle string `json:"subtitle,omitempty"`
	Amount   any    `json:"amount,omitempty"` // a number
	Currency string `json:"currency,omitempty"`
	Due      string `json:"due,omitempty"`
	Phone    string `json:"phone,omitempty"`
	About    *Ref   `json:"about,omitempty"`
	// Reasons are in the order of their weight.
	Reasons []Reason `json:"reasons"`
	Actions []Doing  `json:"actions"`

	weight, order int
}

// Ref is a record that something is about.
type Ref struct {
	Form  string `json:"form"`
	ID    string `json:"id"`
	Title string `json:"title,omitempty"` // where the caller may read it
}

// Reason is why something is to be done.
type Reason struct {
	Source string          `json:"source"`
	Text   definition.Text `json:"-"`
	Tone   string          `json:"tone"`
	Icon   string          `json:"icon,omitempty"`
}

// Doing is something that can be done about a record, as far as the caller may.
type Doing struct {
	definition.PageAction
}

// todos asks every source and merges what is about the same record. more says that there is more than was asked for.
func (s *session) todos(rd store.Reader, sources []*catalog.Source, limit int) (items []*Todo, more bool, err error) {
	byKey := map[string]*Todo{}
	order := 0
	for _, src := range sources {
		d := s.decide(src.Form)
		if !d.Can(definition.Read) {
			continue
		}
		list, full, err := s.ask(rd, src, d, limit)
		if err != nil {
			return nil, false, err
		}
		more = more || full
		for _, t := range list {
			t.order = order
			order++
			key := t.Form + "/" + t.ID
			if t.About != nil {
				key = t.About.Form + "/" + t.About.ID
			}
			have := byKey[key]
			if have == nil {
				byKey[key] = t
				items = append(items, t)
				continue
			}
			reasons := append(have.Reasons, t.Reasons...)
			if before(t, have) < 0 {
				reasons = append(t.Reasons, have.Reasons...)
				*have = *t
			}
			have.Reasons = reasons
		}
	}
	slices.SortStableFunc(items, before)
	return items, more, nil
}

// before orders things to do: the heavier source, what is due first, the order in which they were found.
func before(a, b *Todo) int {
	if a.weight != b.weight {
		return b.weight - a.weight
	}
	if a.Due != b.Due {
		switch {
		case a.Due == "":
			return 1
		case b.Due == "":
			return -1
		}
		return cmp.Compare(a.Due, b.Due)
	}
	return a.order - b.order
}

// ask is what one source has, in its own order.
func (s *session) ask(rd store.Reader, src *catalog.Source, d *access.Decision, limit int) (out []*Todo, full bool, err error) {
	f, def := src.Form, src.Def
	filter, ps := query.ParseFilterJSON(def.Filter, "")
	if ps.Blocks() {
		return nil, false, nil
	}
	find, err := s.find(rd, f, d, Query{Filter: filter, Sort: def.Sort, Limit: limit + 1})
	if err != nil {
		return nil, false, err
	}
	docs, err := store.All(s.ctx, rd, f.Collection.Name, find)
	if err != nil {
		return nil, false, err
	}
	if len(docs) > limit {
		docs, full = docs[:limit], true
	}
	title := def.Title
	if title == "" {
		title = f.Def.TitleField
	}
	labels, err := s.labels(rd, f, d, docs, []string{title, def.Subtitle, def.About})
	if err != nil {
		return nil, false, err
	}
	for _, doc := range docs {
		data, _ := s.lifted(f, doc.Tree())
		shown := func(k string) string { return s.textFor(f, d, labels, data, k) }
		t := &Todo{Form: f.Name, ID: doc.ID, Rev: (&Record{f, doc}).Rev(), Source: def.Key, Title: shown(title), Subtitle: shown(def.Subtitle), Due: shown(def.Due),
			weight: def.Weight, Actions: []Doing{}}
		if x := f.ByKey[def.Amount]; x != nil && d.Askable(def.Amount) {
			t.Amount = data[def.Amount]
			t.Currency = x.AsDef.Currency
		}
		if t.Phone, err = s.phoneOf(rd, f, d, data, def.Phone); err != nil {
			return nil, false, err
		}
		if src.About != nil && d.Askable(src.About.Key) {
			if id := text(data, src.About.Key); id != "" {
				t.About = &Ref{src.About.Relation.Name, id, labels[src.About.Key][id]}
				if t.Title == "" {
					t.Title = t.About.Title
				}
			}
		}
		t.Reasons = []Reason{{Source: def.Key, Text: s.reason(src, d, data), Tone: cmp.Or(def.Tone, "normal"), Icon: def.Icon}}
		for _, a := range def.Actions {
			if s.canDo(f, d, doc, a, t.Phone) {
				t.Actions = append(t.Actions, Doing{a})
			}
		}
		out = append(out, t)
	}
	return out, full, nil
}

// textFor is a field as people read it; "" where the caller may not.
func (s *session) textFor(f *catalog.Form, d *access.Decision, labels Labels, data map[string]any, key string) string {
	x := f.ByKey[key]
	if x == nil || !d.Askable(key) {
		return ""
	}
	switch v := data[key].(type) {
	case string:
		if name := labels[key][v]; name != "" {
			return name
		}
		if Target(x) != nil || x.As.Key == "user" || x.As.Key == "department" {
			return ""
		}
		return v
	case float64:
		return value.Text(v)
	}
	return ""
}

// phoneOf is a field of the record, or of one that it points to.
func (s *session) phoneOf(rd store.Reader, f *catalog.Form, d *access.Decision, data map[string]any, path string) (string, error) {
	head, rest, further := strings.Cut(path, ".")
	x := f.ByKey[head]
	if x == nil || !d.Askable(head) {
		return "", nil
	}
	v := text(data, head)
	if !further {
		return v, nil
	}
	if v == "" || x.Relation == nil {
		return "", nil
	}
	to := s.decide(x.Relation)
	doc, err := rd.Get(s.ctx, x.Relation.Collection.Name, v)
	if isNotFound(err) || err == nil && (!live(doc) || !to.Askable(rest) || !to.Covers(definition.Read, x.Relation.Columns, doc.Tree())) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return text(dataOf(doc.Tree()), rest), nil
}

// reason fills in a reason's expressions; nothing where one reads what the caller may not.
func (s *session) reason(src *catalog.Source, d *access.Decision, data map[string]any) definition.Text {
	env := formula.Env{Now: s.now, Zone: s.zone, Lookup: func(name string) (any, bool) {
		if name == "user" {
			return s.person(), true
		}
		v, ok := data[name]
		return v, ok
	}}
	out := definition.Text{}
	for lang, pieces := range src.Reasons {
		var b strings.Builder
		for _, p := range pieces {
			if p.Expr == nil {
				b.WriteString(p.Words)
				continue
			}
			for _, dep := range p.Expr.Deps() {
				if src.Form.ByKey[dep[0]] != nil && !d.Askable(dep[0]) {
					return nil
				}
			}
			v, _, err := p.Expr.Eval(s.ctx, env)
			if err != nil {
				continue
			}
			switch v := formula.Plain(v).(type) {
			case string:
				b.WriteString(shorten(v))
			case float64:
				b.WriteString(value.Text(v))
			}
		}
		out[lang] = b.String()
	}
	return out
}

// canDo says whether the caller may do something about a record. Whether a transition's guard holds is found out when it
// is made.
func (s *session) canDo(f *catalog.Form, d *access.Decision, doc *store.Doc, a definition.PageAction, phone string) bool {
	switch a.Type {
	case "call":
		return phone != ""
	case "create":
		to := s.snap.Forms[catalog.Qualify(f.App, a.Form)]
		return to != nil && s.decide(to).Can(definition.Create)
	case "postpone":
		return d.Writable(a.Field) && d.Covers(definition.Update, f.Columns, doc.Tree())
	case "claim":
		c := f.Claim(a.Claim)
		return c != nil && s.mayClaim(d, c) && text(dataOf(doc.Tree()), c.Field.Key) == ""
	case "transition":
		return d.Covers(definition.Transition, f.Columns, doc.Tree())
	}
	return true
}
