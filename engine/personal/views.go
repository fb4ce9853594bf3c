package personal

import (
	"context"
	"errors"
	"slices"
	"strings"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// MaxViews is how many views a user may save for one form.
const MaxViews = 100

// maxShared is how many shared views of a form are listed.
const maxShared = 500

func stamped(v View) map[string]any {
	t := map[string]any{"form": v.Form, "user": v.Owner, "at": v.UpdatedAt, "view": v.body()}
	if v.Shared {
		t["shared"] = true
	}
	return t
}

func viewOf(d *store.Doc) View {
	t := d.Tree()
	s := func(k string) string { x, _ := t[k].(string); return x }
	v := View{ID: d.ID, Rev: d.Version, Form: s("form"), Owner: s("user"), UpdatedAt: s("at")}
	v.Shared, _ = t["shared"].(bool)
	body, _ := t["view"].(map[string]any)
	ParseView(&v, value.Clone(body).(map[string]any)) // as it was when it was saved
	return v
}

// visitor is a caller at a form.
type visitor struct {
	c     record.Caller
	f     *catalog.Form
	d     *access.Decision
	admin bool // may change the app
}

func (p *Personal) visit(ctx context.Context, c record.Caller, form string) (visitor, error) {
	f, d, err := p.Records.Decision(ctx, c, form)
	if err != nil {
		return visitor{}, err
	}
	if !d.Can(definition.Read) {
		return visitor{}, access.Forbid(definition.Read, form)
	}
	admin := c.Subject.Admin || slices.ContainsFunc(c.Subject.Roles, func(r access.Role) bool { return r.App == f.App && r.Def.Admin })
	return visitor{c, f, d, admin}, nil
}

// shown is a view as the visitor may see it.
func (p *Personal) shown(ctx context.Context, at visitor, v View) View {
	v.Mine = v.Owner == at.c.User
	v.Editable = v.Mine || v.Shared && at.admin
	v.narrow(at.f, at.d)
	v.Problems = p.runs(ctx, at, v)
	for _, q := range v.Problems {
		if strings.HasPrefix(q.Pointer, "/filter") && !at.d.Open() { // it may name what is hidden
			v.Filter = nil
			v.Problems = problem.List{problem.New("not-allowed", "/filter", nil)}
			break
		}
	}
	return v
}

// runs says what the store would refuse of a view.
func (p *Personal) runs(ctx context.Context, at visitor, v View) problem.List {
	q := record.Query{Sort: v.Sort}
	if len(v.Filter) > 0 {
		var ps problem.List
		if q.Filter, ps = query.ParseFilter(map[string]any(v.Filter), "/filter"); ps.Blocks() {
			return ps
		}
	}
	return problem.Of(p.Records.Check(ctx, at.c, at.f.Name, q))
}

// Views lists the views of a form that the caller saved and those that are shared, by title.
func (p *Personal) Views(ctx context.Context, c record.Caller, form string) ([]View, error) {
	at, err := p.visit(ctx, c, form)
	if err != nil {
		return nil, err
	}
	var docs []*store.Doc
	err = p.Store.View(ctx, func(r store.Reader) error {
		docs = nil
		mine, err := store.All(ctx, r, viewsCollection, query.Find{Where: query.And(query.Is("form", form), query.Is("user", c.User)), Limit: MaxViews})
		if err != nil {
			return err
		}
		shared, err := store.All(ctx, r, viewsCollection, query.Find{Where: query.And(query.Is("form", form), query.Is("shared", true)), Limit: maxShared})
		docs = append(mine, slices.DeleteFunc(shared, func(d *store.Doc) bool { return d.Tree()["user"] == c.User })...)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]View, len(docs))
	for i, d := range docs {
		out[i] = p.shown(ctx, at, viewOf(d))
	}
	slices.SortStableFunc(out, func(a, b View) int { return strings.Compare(a.Title, b.Title) })
	return out, nil
}

// save checks a view with the rights of the visitor.
func (p *Personal) save(ctx context.Context, at visitor, v *View) error {
	ps := v.check(at.f, at.d)
	if v.Shared && !at.admin {
		return problem.Fail(problem.Forbidden, "share-needs-admin", "/shared", problem.P{"app": at.f.App})
	}
	return problem.Refuse(append(ps, p.runs(ctx, at, *v)...))
}

// AddView saves a view.
func (p *Personal) AddView(ctx context.Context, c record.Caller, form string, members map[string]any) (View, error) {
	at, err := p.visit(ctx, c, form)
	if err != nil {
		return View{}, err
	}
	v := View{ID: p.NewID(), Form: form, Owner: c.User, UpdatedAt: p.instant()}
	if err := problem.Refuse(ParseView(&v, members)); err != nil {
		return View{}, err
	}
	if err := p.save(ctx, at, &v); err != nil {
		return View{}, err
	}
	doc := store.New(v.ID, stamped(v))
	err = p.Store.Update(ctx, func(tx store.Tx) error {
		n, err := tx.Count(ctx, viewsCollection, query.And(query.Is("form", form), query.Is("user", c.User)), query.Live, MaxViews)
		if err != nil {
			return err
		}
		if n >= MaxViews {
			return problem.Fail(problem.Invalid, "too-many-views", "", problem.P{"max": MaxViews})
		}
		return tx.Insert(ctx, viewsCollection, doc)
	})
	v.Rev = 1
	return p.shown(ctx, at, v), err
}

func (p *Personal) instant() string { return value.FormatInstant(p.Now().UnixMilli()) }

// find is a view that the visitor may know of.
func (p *Personal) find(ctx context.Context, r store.Reader, at visitor, id string) (*store.Doc, View, error) {
	doc, err := r.Get(ctx, viewsCollection, id)
	missing := problem.Fail(problem.NotFound, "not-found", "", problem.P{"view": id})
	if errors.Is(err, store.ErrNotFound) {
		return nil, View{}, missing
	}
	if err != nil {
		return nil, View{}, err
	}
	v := viewOf(doc)
	if v.Form != at.f.Name || v.Owner != at.c.User && !v.Shared {
		return nil, View{}, missing
	}
	if v.Owner != at.c.User && !at.admin {
		return nil, View{}, access.Forbid(definition.Update, v.Form)
	}
	return doc, v, nil
}

// ChangeView changes the members that are named. rev 0 takes whatever is there.
func (p *Personal) ChangeView(ctx context.Context, c record.Caller, form, id string, rev int64, members map[string]any) (View, error) {
	at, err := p.visit(ctx, c, form)
	if err != nil {
		return View{}, err
	}
	var old View
	err = p.Store.View(ctx, func(r store.Reader) error {
		_, old, err = p.find(ctx, r, at, id)
		return err
	})
	if err != nil {
		return View{}, err
	}
	if rev > 0 && rev != old.Rev {
		return View{}, problem.Fail(problem.Stale, "stale", "", problem.P{"rev": old.Rev})
	}
	v := old
	if err := problem.Refuse(ParseView(&v, members)); err != nil {
		return View{}, err
	}
	checked := v
	_, asked := members["shared"]
	checked.Shared = v.Shared && asked // what was shared stays so, whoever of those who may changes it
	if err := p.save(ctx, at, &checked); err != nil {
		return View{}, err
	}
	v.UpdatedAt = p.instant()
	err = p.Store.Update(ctx, func(tx store.Tx) error {
		return tx.Replace(ctx, viewsCollection, store.New(id, stamped(v)), old.Rev)
	})
	if err != nil { // somebody else was faster: ErrConflict
		return View{}, err
	}
	v.Rev = old.Rev + 1
	return p.shown(ctx, at, v), nil
}

// RemoveView takes a view away.
func (p *Personal) RemoveView(ctx context.Context, c record.Caller, form, id string) error {
	at, err := p.visit(ctx, c, form)
	if err != nil {
		return err
	}
	return p.Store.Update(ctx, func(tx store.Tx) error {
		doc, _, err := p.find(ctx, tx, at, id)
		if err != nil {
			return err
		}
		return tx.Delete(ctx, viewsCollection, id, doc.Version)
	})
}
