package record

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// mayClaim says whether somebody may claim records at all.
func (s *session) mayClaim(d *access.Decision, c *catalog.Claim) bool {
	return d.Can(definition.Update) && d.HasRole(c.Def.Roles)
}

// loadClaimed is load for a claim or a release. A claim is a right of its own: a record that nobody has is not the
// claimer's to update yet. Who comes too late for a record that they could see while it was free learns who has it.
func (s *session) loadClaimed(e *effect, d *access.Decision, doc *store.Doc) error {
	in, f := e.intent, e.form
	c := f.Claim(in.Claim)
	if c == nil {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"claim": shorten(in.Claim)})
	}
	has := text(dataOf(doc.Tree()), c.Field.Key)
	seen := d.Covers(definition.Read, f.Columns, doc.Tree())
	if !seen && (in.Verb != Claim || has == "" || !d.Covers(definition.Read, f.Columns, without(doc, c.Field.Key))) {
		return notFound(in.Form, in.ID)
	}
	if !s.mayClaim(d, c) {
		return access.Forbid(definition.Update, in.Form)
	}
	if in.Verb == Claim && has != "" && has != s.caller.User {
		params := problem.P{"claim": c.Def.Key}
		if d.Askable(c.Field.Key) {
			params["by"], params["name"] = has, s.personName(has)
		}
		return problem.Fail(problem.Conflict, "already-taken", "", params)
	}
	if in.Verb == Release {
		switch {
		case c.Def.Release == nil:
			return problem.Fail(problem.Invalid, "not-releasable", "", problem.P{"claim": c.Def.Key})
		case has != "" && has != s.caller.User && !d.Covers(definition.Update, f.Columns, doc.Tree()):
			return access.Forbid(definition.Update, in.Form)
		}
	}
	return nil
}

// without is a record's tree with one field empty.
func without(doc *store.Doc, key string) map[string]any {
	tree := maps.Clone(doc.Tree())
	data := maps.Clone(dataOf(tree))
	delete(data, key)
	tree["data"] = data
	return tree
}

// claim takes the record for the caller, or gives it back.
func (p *pipeline) claim() error {
	in := p.e.intent
	if in.Verb != Claim && in.Verb != Release {
		return nil
	}
	c := p.f.Claim(in.Claim)
	has := text(p.was, c.Field.Key)
	if in.Verb == Release {
		if has == "" {
			return nil
		}
		if c.Def.Release.Comment && strings.TrimSpace(in.Comment) == "" {
			p.problems = append(p.problems, problem.New("required", "/comment", nil))
		}
		p.e.touched[c.Field.Key] = true
		p.set(c.Field.Key, nil)
		if err := p.fillings(c.Release); err != nil {
			return err
		}
		for _, k := range c.Def.Release.Require {
			if value.IsEmpty(p.data[k]) {
				p.fail("required", k, nil)
			}
		}
		return nil
	}
	if has == p.caller.User {
		return nil
	}
	if c.When != nil {
		v, ok := p.eval(c.When)
		if p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		if holds, _ := v.(bool); !ok || !holds {
			params := problem.P{"claim": c.Def.Key}
			if len(c.Def.Refuse) > 0 {
				params["text"] = c.Def.Refuse
			} else {
				params["name"] = c.Def.Key
			}
			p.problems = append(p.problems, problem.New("not-claimable", "/data"+problem.Pointer(c.Field.Key), params))
			return nil
		}
	}
	until, err := p.waits(c)
	if err != nil {
		return err
	}
	if !until.IsZero() {
		return problem.Fail(problem.Conflict, "claim-wait", "", problem.P{"claim": c.Def.Key, "days": c.Def.Wait,
			"until": value.FormatDate(value.DayIn(until.UnixMilli(), p.zone))})
	}
	p.e.touched[c.Field.Key] = true
	p.set(c.Field.Key, p.caller.User)
	return p.fillings(c.Set)
}

// fillings fills fields by a claim. Expressions see what is filled so far.
func (p *pipeline) fillings(list []catalog.Filling) error {
	for _, a := range list {
		v := a.Value
		if a.Expr != nil {
			got, ok := p.eval(a.Expr)
			if p.ctx.Err() != nil {
				return p.ctx.Err()
			}
			if !ok {
				p.fail("formula-budget", a.Field.Key, problem.P{"field": a.Field.Key})
				continue
			}
			coerced, ps := a.Field.Type.Coerce(a.Field.Def, got, field.Env{Zone: p.zone, NewID: p.NewID})
			p.problems = append(p.problems, ps.At("/data"+problem.Pointer(a.Field.Key))...)
			v = coerced
		}
		p.e.touched[a.Field.Key] = true
		p.set(a.Field.Key, value.Clone(v))
	}
	return nil
}

// maxHeld is how many of a record's latest changes are looked through for when somebody had it.
const maxHeld = 500

// waits is until when the caller, who had the record, waits; zero when they need not.
func (p *pipeline) waits(c *catalog.Claim) (time.Time, error) {
	if c.Def.Wait == 0 {
		return time.Time{}, nil
	}
	wait := time.Duration(c.Def.Wait) * 24 * time.Hour
	recent := query.And(query.Is("record", p.e.before.ID), query.Where{Leaf: &query.Leaf{Column: "at", Test: query.Range, Min: p.now.Add(-wait).UnixMilli()}})
	docs, err := store.All(p.ctx, p.r, changesCollection, query.Find{Where: recent, Sort: []query.Order{{Column: "rev", Desc: true}}, Limit: maxHeld})
	if err != nil {
		return time.Time{}, err
	}
	for _, d := range docs {
		t := d.Tree()
		diff, _ := t["diff"].(map[string]any)
		pair, _ := diff[c.Field.Key].([]any)
		if len(pair) != 2 || pair[0] != p.caller.User || pair[1] == p.caller.User {
			continue
		}
		at, err := value.ParseInstant(text(t, "at"))
		if err != nil {
			continue
		}
		if until := time.UnixMilli(at).Add(wait); until.After(p.now) {
			return until, nil
		}
	}
	return time.Time{}, nil
}

// Claimable is what the caller can do about one claim of a record.
type Claimable struct {
	Key   string          `json:"key"`
	Title definition.Text `json:"-"`
	// Can is claim or release, "" when neither.
	Can     string   `json:"can,omitempty"`
	Comment bool     `json:"comment"` // a release must say why
	Require []string `json:"require"` // fields that a release asks for
	// Problems are what stands in the way.
	Problems problem.List `json:"-"`
}

// Claims tells what the caller can do about each claim of a record, tried out without writing.
func (r *Records) Claims(ctx context.Context, c Caller, form, id string) ([]Claimable, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return nil, err
	}
	out := []Claimable{}
	err = r.Store.View(ctx, func(rd store.Reader) error {
		out = out[:0]
		doc, err := s.visible(rd, f, id)
		if err == nil && doc.Deleted {
			err = notFound(form, id)
		}
		if err != nil {
			return err
		}
		for _, claim := range f.Claims {
			x := Claimable{Key: claim.Def.Key, Title: claim.Def.Title, Require: []string{}}
			in := &Intent{Verb: Claim, Form: form, ID: id, Claim: claim.Def.Key, Comment: "?"}
			if text(dataOf(doc.Tree()), claim.Field.Key) != "" {
				if claim.Def.Release == nil {
					continue
				}
				in.Verb, x.Title, x.Comment = Release, claim.Def.Release.Title, claim.Def.Release.Comment
				if claim.Def.Release.Require != nil {
					x.Require = claim.Def.Release.Require
				}
			}
			e := &effect{intent: in, form: f, touched: map[string]bool{}}
			p := &pipeline{session: s, r: rd, e: e, d: d, f: f}
			if err = s.load(rd, e, d); err == nil {
				err = p.run()
			}
			var fail *problem.Failure
			switch {
			case err == nil:
				x.Can = string(in.Verb)
			case !errors.As(err, &fail):
				return err
			case fail.Kind == problem.Forbidden || fail.Kind == problem.NotFound:
				continue
			default:
				x.Problems = fail.Problems
			}
			out = append(out, x)
		}
		return nil
	})
	return out, err
}
