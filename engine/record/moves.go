package record

import (
	"context"
	"errors"
	"math"
	"time"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/flow"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/problem"
)

// movesCollection holds every change of stage as a row that can be asked for: which record, from where to where, when, by
// whom, whose it was, and for how many days it had been where it came from.
const movesCollection = "moves"

func movesDeclaration() store.Collection {
	order := func(keys ...string) (out []query.Order) {
		for _, k := range keys {
			out = append(out, query.Order{Column: k})
		}
		return out
	}
	return store.Collection{Name: movesCollection, Columns: moveColumns, Indexes: []store.Index{
		{Key: "at", Columns: order("form", "at")}, {Key: "to", Columns: order("form", "to", "at")}, {Key: "record", Columns: order("record", "at")},
	}}
}

var moveColumns = []query.Column{
	{Key: "form", Path: []string{"form"}, Kind: query.Text},
	{Key: "record", Path: []string{"record"}, Kind: query.Text},
	{Key: "from", Path: []string{"from"}, Kind: query.Text},
	{Key: "to", Path: []string{"to"}, Kind: query.Text},
	{Key: "at", Path: []string{"at"}, Kind: query.Instant},
	{Key: "by", Path: []string{"by"}, Kind: query.Text},
	{Key: "owner", Path: []string{"owner"}, Kind: query.Text},
	{Key: "days", Path: []string{"days"}, Kind: query.Number, Scale: 2},
	{Key: "set", Path: []string{"set"}, Kind: query.Bool},
}

// moveOf is the row of a change of stage, nil for any other change.
func (w *writer) moveOf(e *effect) *store.Doc {
	if e.change["to"] == nil || e.before == nil {
		return nil
	}
	t := map[string]any{}
	for _, k := range []string{"form", "record", "from", "to", "at", "by", "days", "set", "move", "comment"} {
		if v := e.change[k]; v != nil {
			t[k] = v
		}
	}
	if owner := ownerOf(e.form, e.before); owner != "" {
		t["owner"] = owner
	}
	return store.New(w.NewID(), t)
}

// ownerOf is whose a record is.
func ownerOf(f *catalog.Form, doc *store.Doc) string {
	if f.Owner == "createdBy" {
		return text(doc.Tree(), "createdBy")
	}
	return text(dataOf(doc.Tree()), f.Owner)
}

// Past is a stage that a record went through before it came here, and when it entered it.
type Past struct {
	Stage string
	At    time.Time
}

// past checks how a new record came to its stage, and gives when it entered it.
func (p *pipeline) past(place flow.Place) flow.Place {
	list := p.e.intent.Past
	if len(list) == 0 {
		return place
	}
	before := time.Time{}
	for i, x := range list {
		at := "/past" + problem.Pointer(i)
		switch {
		case p.f.Stages.States[x.Stage] == nil:
			p.problems = append(p.problems, problem.New("unknown-stage", at+"/stage", problem.P{"stage": shorten(x.Stage)}))
		case x.At.Before(before) || x.At.After(p.now):
			p.problems = append(p.problems, problem.New("wrong-value", at+"/at", problem.P{"value": instant(x.At)}))
		case i == len(list)-1 && x.Stage != place.Stage:
			p.problems = append(p.problems, problem.New("wrong-value", at+"/stage", problem.P{"value": x.Stage}))
		}
		before = x.At
	}
	place.Since = before.UnixMilli()
	return place
}

// pastMoves are the rows of what a new record went through before it came here.
func (w *writer) pastMoves(e *effect) []*store.Doc {
	var out []*store.Doc
	list := e.intent.Past
	for i, x := range list {
		t := map[string]any{"form": e.form.Name, "record": e.after.ID, "to": x.Stage, "at": instant(x.At), "by": w.caller.User, "set": true}
		if i > 0 {
			t["from"], t["days"] = list[i-1].Stage, math.Round(float64(x.At.Sub(list[i-1].At).Milliseconds())/864e3)/100
		}
		if owner := ownerOf(e.form, e.after); owner != "" {
			t["owner"], t["by"] = owner, owner
		}
		out = append(out, store.New(w.NewID(), t))
	}
	return out
}

// movesOf is the changes of stage of a form as a form of their own, so that they are asked for like records: a path
// through `record` reaches the record as it is now.
func movesOf(f *catalog.Form, ownerSeen bool) *catalog.Form {
	out := &catalog.Form{Name: f.Name + "/moves", App: f.App, Key: f.Key, Version: f.Version, Def: &definition.Form{}, ByKey: map[string]*catalog.Field{},
		Columns: query.Columns{}, Collection: store.Collection{Name: movesCollection}, Owner: "by"}
	types := map[string]string{"record": "relation", "from": "select", "to": "select", "at": "datetime", "by": "user", "owner": "user", "days": "number", "set": "switch"}
	for _, col := range moveColumns {
		typ, ok := field.Lookup(types[col.Key])
		if !ok || col.Key == "owner" && !ownerSeen {
			continue
		}
		def := &definition.Field{Key: col.Key}
		x := &catalog.Field{Key: col.Key, Def: def, Type: typ, As: typ, AsDef: def, Column: &col}
		if col.Key == "record" {
			x.Relation = f
		}
		out.Fields = append(out.Fields, x)
		out.ByKey[col.Key], out.Columns[col.Key] = x, col
	}
	return out
}

// Moves computes figures over the changes of stage of records that the caller may read: how many went from where to where,
// how long they had stayed. Its columns are from, to, at, by, owner (whose the record was), days (in the stage that was
// left), set (not through a transition) and record, which paths go through.
func (r *Records) Moves(ctx context.Context, c Caller, form string, ask query.Ask) (Answer, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return Answer{}, err
	}
	if !d.Can(definition.Read) || f.Stages != nil && !d.Askable(f.Stages.Field) {
		return Answer{}, access.Forbid(definition.Read, form)
	}
	if f.Stages == nil {
		return Answer{}, notFound(form, "")
	}
	moves := movesOf(f, f.Owner == "createdBy" || d.Askable(f.Owner))
	all := &access.Decision{All: true, Owner: moves.Owner}
	s.decisions[moves.Name] = all
	var out Answer
	err = r.Store.View(ctx, func(rd store.Reader) error {
		within, err := s.movesWithin(rd, f, d)
		if err != nil {
			return err
		}
		g := &aggregation{session: s, rd: rd, f: moves, d: all, cols: moves.Columns, ask: ask, within: within}
		out, err = g.run()
		return err
	})
	if errors.Is(err, query.ErrGroups) {
		err = problem.Fail(problem.Invalid, "too-many-groups", "/groupBy", problem.P{"max": query.MaxRows})
	}
	return out, err
}

// movesWithin narrows moves to those of records that the caller may read.
func (s *session) movesWithin(rd store.Reader, f *catalog.Form, d *access.Decision) (query.Where, error) {
	where := query.Is("form", f.Name)
	rows := d.Rows(definition.Read)
	if rows.All() {
		return where, nil
	}
	var ids []string
	for doc, err := range rd.Find(s.ctx, f.Collection.Name, query.Find{Where: rows, Limit: maxPath + 1}) {
		if err != nil {
			return query.None(), err
		}
		ids = append(ids, doc.ID)
	}
	if len(ids) > maxPath {
		return query.None(), problem.Fail(problem.Invalid, "too-many-records", "", problem.P{"max": maxPath})
	}
	return query.And(where, in("record", ids)), nil
}
