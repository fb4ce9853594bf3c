package record

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// countersCollection holds how many records of a limit an owner has: one document that every write that counts reads and
// writes, so that two of them cannot both take the last place.
const countersCollection = "counters"

// counter is one owner's count in one transaction.
type counter struct {
	limit  *catalog.Limit
	owner  string
	n      int64      // as it is, with what the transaction did so far
	doc    *store.Doc // nil: not stored yet
	stored int64
	sure   bool // counted in this transaction
}

func counterID(l *catalog.Limit, owner string) string { return digestID(l.Name, owner) }

func digestID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// counts is the owner that a document counts for, "" for none.
func counts(l *catalog.Limit, doc *store.Doc) string {
	if doc == nil || !matches(l.Where, l.Form.Columns, doc) {
		return ""
	}
	return text(dataOf(doc.Tree()), l.Owner.Key)
}

// counter finds an owner's count. It must be found before what it counts is written.
func (w *writer) counter(l *catalog.Limit, owner string) (*counter, error) {
	id := counterID(l, owner)
	if c := w.counters[id]; c != nil {
		return c, nil
	}
	c := &counter{limit: l, owner: owner}
	doc, err := w.tx.Get(w.ctx, countersCollection, id)
	switch {
	case isNotFound(err):
		if err := w.recount(c); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	default:
		c.doc = doc
		c.n = int64(num(doc.Tree()["n"]))
		c.stored = c.n
	}
	w.counters[id] = c
	return c, nil
}

// recount asks the records. Nothing that the counter counts may be gathered and not written.
func (w *writer) recount(c *counter) error {
	where := query.And(query.Is(c.limit.Owner.Key, c.owner), c.limit.Where)
	n, err := w.tx.Count(w.ctx, c.limit.Form.Collection.Name, where, query.Live, 0)
	c.n, c.sure = int64(n), true
	return err
}

// acquaint finds the counters that a write moves, before it is made.
func (w *writer) acquaint(f *catalog.Form, before, after *store.Doc) error {
	for _, l := range f.Limits {
		from, to := counts(l, before), counts(l, after)
		if from == to {
			continue
		}
		for _, owner := range []string{from, to} {
			if owner == "" {
				continue
			}
			if _, err := w.counter(l, owner); err != nil {
				return err
			}
		}
	}
	return nil
}

// within refuses a write by which an owner would have more than a limit allows.
func (w *writer) within(e *effect) error {
	if e.intent.Verb == Recompute {
		return nil
	}
	for _, l := range e.form.Limits {
		to := counts(l, e.after)
		if to == "" || to == counts(l, e.before) {
			continue
		}
		c, err := w.counter(l, to)
		if err != nil {
			return err
		}
		most := w.most(l, to)
		if c.n < most {
			continue
		}
		if !c.sure { // what is refused must be refused for what is there
			if err := w.flush(); err != nil {
				return err
			}
			if err := w.recount(c); err != nil {
				return err
			}
			if c.n < most {
				continue
			}
		}
		return w.reached(e, l, to, most)
	}
	return nil
}

// most is how many records an owner may have: the largest of their roles' maxima, where one of them has one.
func (s *session) most(l *catalog.Limit, owner string) int64 {
	most, found := int64(l.Def.Max), false
	if l.Owner.As.Key != "user" || s.Rights == nil || len(l.Def.Roles) == 0 {
		return most
	}
	for _, r := range s.Rights(owner).Roles {
		if r.App != l.Form.App {
			continue
		}
		i := slices.IndexFunc(l.Def.Roles, func(m definition.RoleMax) bool { return m.Role == r.Def.Key })
		if i >= 0 && (!found || int64(l.Def.Roles[i].Max) > most) {
			most, found = int64(l.Def.Roles[i].Max), true
		}
	}
	return most
}

func (w *writer) reached(e *effect, l *catalog.Limit, owner string, most int64) error {
	params := problem.P{"limit": l.Def.Key, "max": most}
	if len(l.Def.Message) > 0 {
		params["text"] = l.Def.Message
	} else {
		params["most"] = most
	}
	pointer := e.intent.At + "/data"
	if w.decide(e.form).Askable(l.Owner.Key) {
		pointer += problem.Pointer(l.Owner.Key)
		params["field"] = l.Owner.Key
		if l.Owner.As.Key == "user" {
			params["name"] = w.personName(owner)
		}
	}
	return problem.Fail(problem.Invalid, "limit-reached", pointer, params)
}

// count moves the counters for a write that was made.
func (w *writer) count(f *catalog.Form, before, after *store.Doc) error {
	for _, l := range f.Limits {
		from, to := counts(l, before), counts(l, after)
		if from == to {
			continue
		}
		for owner, by := range map[string]int64{from: -1, to: 1} {
			if owner == "" {
				continue
			}
			c, err := w.counter(l, owner)
			if err != nil {
				return err
			}
			c.n += by
		}
	}
	return nil
}

// tally stores the counters that moved, in one order in every transaction.
func (w *writer) tally() error {
	ids := make([]string, 0, len(w.counters))
	for id := range w.counters {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		c := w.counters[id]
		tree := map[string]any{"form": c.limit.Form.Name, "limit": c.limit.Def.Key, "owner": c.owner, "n": float64(max(0, c.n))}
		var err error
		switch {
		case c.doc == nil:
			err = w.tx.Insert(w.ctx, countersCollection, store.New(id, tree))
		case c.n != c.stored:
			err = w.tx.Replace(w.ctx, countersCollection, store.New(id, tree), c.doc.Version)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Usage is how much of a limit somebody has used.
type Usage struct {
	Key   string          `json:"key"`
	Title definition.Text `json:"-"`
	Used  int64           `json:"used"`
	Max   int64           `json:"max"`
}

// Limits tells how much of a form's limits a user, the caller, has used. Limits of other owners than users are left out.
func (r *Records) Limits(ctx context.Context, c Caller, form string) ([]Usage, error) {
	s := r.session(ctx, c)
	f, _, err := s.form(form)
	if err != nil {
		return nil, err
	}
	out := []Usage{}
	err = r.Store.View(ctx, func(rd store.Reader) error {
		out = out[:0]
		for _, l := range f.Limits {
			if l.Owner.As.Key != "user" {
				continue
			}
			n, err := rd.Count(ctx, f.Collection.Name, query.And(query.Is(l.Owner.Key, c.User), l.Where), query.Live, 0)
			if err != nil {
				return err
			}
			out = append(out, Usage{Key: l.Def.Key, Title: l.Def.Title, Used: int64(n), Max: s.most(l, c.User)})
		}
		return nil
	})
	return out, err
}
