package record

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// A change is history, event and audit in one document, written in the transaction that it describes:
//
//	{form, record, rev, verb, at, by, via, version, diff: {field: [before, after]}, from, to, move, comment, reverts, cause}
//
// A create has no diff: what the record started with follows from its present and the diffs since.

// changeOf describes a write of data.
func (p *pipeline) changeOf(e *effect, rev int64, move *catalog.Move) map[string]any {
	c := p.newChange(p.f, e.after.ID, rev, e.intent.Verb)
	if !p.creating {
		c["diff"] = diff(p.was, p.data)
	}
	if st := p.f.Stages; st != nil && !value.Equal(p.was[st.Field], p.data[st.Field]) {
		if p.creating {
			if p.data[st.Field] != st.Def.Initial {
				c["set"] = true
			}
		} else {
			c["from"], c["to"] = p.was[st.Field], p.data[st.Field]
			if since := p.entered(); since != 0 {
				c["days"] = math.Round(float64(p.now.UnixMilli()-since)/864e3) / 100
			}
			if move != nil {
				c["move"] = move.Def.Key
			} else {
				c["set"] = true // by the right set-stage, not through a transition
			}
		}
	}
	if e.intent.Comment != "" {
		c["comment"] = e.intent.Comment
	}
	if e.intent.Reverts > 0 {
		c["reverts"] = float64(e.intent.Reverts)
	}
	return c
}

func (s *session) newChange(f *catalog.Form, record string, rev int64, verb Verb) map[string]any {
	c := map[string]any{"form": f.Name, "record": record, "rev": float64(rev), "verb": string(verb), "at": instant(s.now),
		"by": s.caller.User, "via": s.caller.Via, "version": float64(f.Version)}
	if cause := s.caller.Cause; cause != nil {
		c["cause"] = map[string]any{"automation": cause.Automation, "run": cause.Run}
	}
	return c
}

// diff is {field: [before, after]} of what differs; an absent side is null.
func diff(was, is map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range was {
		if !value.Equal(v, is[k]) {
			out[k] = []any{v, is[k]}
		}
	}
	for k, v := range is {
		if _, had := was[k]; !had && !value.IsEmpty(v) {
			out[k] = []any{nil, v}
		}
	}
	return out
}

// Change is one entry of a record's history, as the caller may see it.
type Change struct {
	Rev     int64  `json:"rev"`
	Verb    Verb   `json:"verb"`
	At      string `json:"at"`
	By      string `json:"by"`
	Via     string `json:"via,omitempty"`
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	Set     bool   `json:"set,omitempty"`
	Comment string `json:"comment,omitempty"`
	Reverts int64  `json:"reverts,omitempty"` // the rev whose values it brought back
	// Automation and Run say which automation wrote it, and in which of its runs.
	Automation string            `json:"automation,omitempty"`
	Run        string            `json:"run,omitempty"`
	Diff       map[string][2]any `json:"diff,omitempty"`
}

// History lists a record's changes, newest first, 50 a page at most; before is the rev to continue below, 0 for the
// newest. Fields that the caller may not read are left out.
func (r *Records) History(ctx context.Context, c Caller, form, id string, before int64, limit int) ([]Change, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return nil, err
	}
	if limit <= 0 || limit > 50 {
		limit = 50
	}
	var out []Change
	err = r.Store.View(ctx, func(rd store.Reader) error {
		out = nil
		if _, err := s.visible(rd, f, id); err != nil {
			return err
		}
		w := query.Is("record", id)
		if before > 0 {
			w = query.And(w, query.Where{Leaf: &query.Leaf{Column: "rev", Test: query.Range, Max: before - 1}})
		}
		docs, err := store.All(ctx, rd, changesCollection, query.Find{Where: w, Sort: []query.Order{{Column: "rev", Desc: true}}, Limit: limit})
		for _, doc := range docs {
			out = append(out, changeFrom(doc.Tree(), f, d.Field))
		}
		return err
	})
	return out, err
}

func changeFrom(t map[string]any, f *catalog.Form, access func(string) definition.FieldAccess) Change {
	s := func(k string) string { v, _ := t[k].(string); return v }
	c := Change{Rev: int64(num(t["rev"])), Verb: Verb(s("verb")), At: s("at"), By: s("by"), Via: s("via"), Comment: s("comment"), Reverts: int64(num(t["reverts"]))}
	if cause, ok := t["cause"].(map[string]any); ok {
		c.Automation, _ = cause["automation"].(string)
		c.Run, _ = cause["run"].(string)
	}
	if st := f.Stages; st == nil || access(st.Field) != definition.Hidden && access(st.Field) != definition.Masked {
		c.From, c.To = s("from"), s("to")
		c.Set, _ = t["set"].(bool)
	}
	if m, ok := t["diff"].(map[string]any); ok {
		c.Diff = map[string][2]any{}
		for k, v := range m {
			pair, _ := v.([]any)
			if _, known := f.ByKey[k]; !known || len(pair) != 2 {
				continue
			}
			switch access(k) {
			case definition.Hidden:
			case definition.Masked:
				c.Diff[k] = [2]any{mask, mask}
			default:
				c.Diff[k] = [2]any{pair[0], pair[1]}
			}
		}
	}
	return c
}

// visible loads a record that the caller may read, live or in the recycle bin.
func (s *session) visible(r store.Reader, f *catalog.Form, id string) (*store.Doc, error) {
	doc, err := r.Get(s.ctx, f.Collection.Name, id)
	if isNotFound(err) || err == nil && !s.decide(f).Covers(definition.Read, f.Columns, doc.Tree()) {
		return nil, notFound(f.Name, id)
	}
	return doc, err
}

// translate turns an error of the store into one about the form.
func translate(err error, e *effect, s *session) error {
	at := e.intent.At
	dup, ok := asDuplicate(err)
	if !ok {
		var f *problem.Failure
		if at != "" && errors.As(err, &f) && !slices.ContainsFunc(f.Problems, func(q problem.Problem) bool { return strings.HasPrefix(q.Pointer, at) }) {
			return &problem.Failure{Kind: f.Kind, Problems: f.Problems.At(at), Cause: f.Cause}
		}
		return err
	}
	if dup.Collection != e.form.Collection.Name {
		return err // of another record that it wrote: not something that the caller can put right
	}
	if dup.Index == "id" {
		return problem.Fail(problem.Duplicate, "duplicate-id", at+"/id", problem.P{"record": dup.ID})
	}
	key := strings.TrimPrefix(dup.Index, "u.")
	fields := []string{key}
	if i := slices.IndexFunc(e.form.Def.Unique, func(u definition.UniqueSet) bool { return u.Key == key }); i >= 0 {
		fields = e.form.Def.Unique[i].Fields
	}
	d := s.decide(e.form)
	seen := slices.DeleteFunc(slices.Clone(fields), func(k string) bool { return !d.Askable(k) })
	params := problem.P{"fields": seen}
	if dup.ID != "" && len(seen) == len(fields) && s.mayRead(e.form, dup.ID) {
		params["record"] = dup.ID
	}
	l := problem.List{}
	for _, k := range seen {
		l = append(l, problem.New("duplicate", at+"/data"+problem.Pointer(k), params))
	}
	if len(l) == 0 {
		l = append(l, problem.New("duplicate", at+"/data", nil))
	}
	return &problem.Failure{Kind: problem.Duplicate, Problems: l}
}

// mayRead says whether the caller may know of a record, with a read of its own.
func (s *session) mayRead(f *catalog.Form, id string) bool {
	ok := false
	_ = s.Store.View(s.ctx, func(r store.Reader) error {
		_, err := s.visible(r, f, id)
		ok = err == nil
		return nil
	})
	return ok
}
