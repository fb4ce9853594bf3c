package record

import (
	"context"
	"errors"
	"slices"
	"strings"

	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/field"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// WriteOptions go with a write.
type WriteOptions struct {
	// Key is the caller's Idempotency-Key; Hash identifies the request. The same key and hash give the first answer
	// again; the same key with another hash is refused.
	Key, Hash string
	// Within runs in the write's transaction, after its effects: how a job's checkpoint commits with them.
	Within func(ctx context.Context, tx store.Tx) error
	// all makes a batch fail as a whole.
	all bool
}

// Result is what became of one intent.
type Result struct {
	Record   *Record
	Warnings problem.List
	Err      error
	// Changed is false when the record already was as wanted.
	Changed bool
}

// Write carries out one intent.
func (r *Records) Write(ctx context.Context, c Caller, in *Intent, o WriteOptions) (*Record, problem.List, error) {
	out, err := r.write(ctx, c, []*Intent{in}, o)
	if err != nil {
		return nil, nil, err
	}
	return out[0].Record, out[0].Warnings, out[0].Err
}

// MaxBulk is how many intents one call may carry.
const MaxBulk = 1000

// Bulk carries out intents in one transaction. With atomic the first that fails fails all of them; without, each stands
// for itself and its error is in its Result.
func (r *Records) Bulk(ctx context.Context, c Caller, intents []*Intent, atomic bool, o WriteOptions) ([]Result, error) {
	if len(intents) > MaxBulk {
		return nil, problem.Fail(problem.Invalid, "too-many-items", "", problem.P{"max": MaxBulk})
	}
	if atomic || len(intents) == 1 {
		return r.writeAll(ctx, c, intents, o)
	}
	return r.write(ctx, c, intents, o)
}

// writeAll is all or nothing.
func (r *Records) writeAll(ctx context.Context, c Caller, intents []*Intent, o WriteOptions) ([]Result, error) {
	o.all = true
	out, err := r.write(ctx, c, intents, o)
	var all problem.List
	kind := problem.Invalid
	for _, x := range out {
		if x.Err == nil {
			continue
		}
		var f *problem.Failure
		if !errors.As(x.Err, &f) {
			return nil, x.Err
		}
		all, kind = append(all, f.Problems...), f.Kind
		if len(all) == 0 {
			return nil, x.Err
		}
	}
	if err == nil && len(all) > 0 {
		err = &problem.Failure{Kind: kind, Problems: all}
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// write prepares every intent outside the transaction and commits all that are sound in one. A record that somebody
// else changed meanwhile is prepared again inside. A unique value that turns out to be taken fails only its own intent.
func (r *Records) write(ctx context.Context, c Caller, intents []*Intent, o WriteOptions) ([]Result, error) {
	s := r.session(ctx, c)
	if err := s.reserve(intents); err != nil {
		return nil, err
	}
	effects := make([]*effect, len(intents))
	results := make([]Result, len(intents))
	err := r.Store.View(ctx, func(rd store.Reader) error {
		for i, in := range intents {
			effects[i], results[i].Err = nil, nil
			e, err := s.prepare(rd, in)
			if err != nil && problem.KindOf(err) == "" {
				return err
			}
			effects[i], results[i].Err = e, err
			if err != nil {
				effects[i] = nil
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if o.all && slices.ContainsFunc(results, func(x Result) bool { return x.Err != nil }) {
		return results, nil
	}
	err = s.commit(effects, results, o)
	if dup, ok := asDuplicate(err); ok && len(intents) > 1 && !o.all {
		return s.singly(intents, results, o, dup)
	}
	if err != nil {
		return results, s.failed(err, effects, results)
	}
	s.announce(results)
	return results, nil
}

// failed turns the failure of a transaction into the result of the intent that caused it, or returns it.
func (s *session) failed(err error, effects []*effect, results []Result) error {
	var f *faulted
	if !errors.As(err, &f) {
		return err
	}
	for i, e := range effects {
		if e != nil && e.intent == f.effect.intent {
			results[i].Err = translate(f.err, e, s)
			if problem.KindOf(results[i].Err) == "" {
				return results[i].Err
			}
			return nil
		}
	}
	return err
}

// faulted names the effect at which a transaction failed.
type faulted struct {
	effect *effect
	err    error
}

func (f *faulted) Error() string { return f.err.Error() }
func (f *faulted) Unwrap() error { return f.err }

// singly writes a batch, in which some value is taken, one intent at a time. What belongs to the batch as a whole, its
// checkpoint and its answer, goes with the last.
func (s *session) singly(intents []*Intent, results []Result, o WriteOptions, _ *store.DuplicateError) ([]Result, error) {
	for i, in := range intents {
		if results[i].Err != nil {
			continue
		}
		one, err := s.Records.write(s.ctx, s.caller, []*Intent{in}, WriteOptions{})
		if err != nil {
			return nil, err
		}
		results[i] = one[0]
	}
	if o.Within == nil && o.Key == "" {
		return results, nil
	}
	return results, s.Store.Update(s.ctx, func(tx store.Tx) error {
		if o.Within != nil {
			return o.Within(s.ctx, tx)
		}
		return nil
	})
}

// commit is the one transaction of a write.
func (s *session) commit(effects []*effect, results []Result, o WriteOptions) error {
	wake := false
	err := s.Store.Update(s.ctx, func(tx store.Tx) error {
		wake = false
		w := &writer{session: s, tx: tx, parents: map[parentKey]*parent{}}
		if o.Key != "" {
			done, err := w.replay(o, results)
			if done || err != nil {
				return err
			}
		}
		for i, e := range effects {
			if e == nil {
				continue
			}
			fresh, err := w.fresh(e)
			if err != nil {
				if problem.KindOf(err) != "" && !o.all {
					results[i].Err = err
					continue
				}
				return &faulted{e, err}
			}
			if err := w.put(fresh); err != nil {
				return &faulted{e, err}
			}
			results[i] = Result{Record: &Record{fresh.form, fresh.after}, Warnings: fresh.warnings, Changed: fresh.changed}
		}
		if err := w.settle(); err != nil {
			return err
		}
		for i := range results { // a record that is its own relative was settled too
			if rec := results[i].Record; rec != nil && results[i].Err == nil {
				if p := w.parents[parentKey{rec.Form.Name, rec.Doc.ID}]; p != nil && p.doc != nil {
					results[i].Record = &Record{rec.Form, p.doc}
				}
			}
		}
		if o.Within != nil {
			if err := o.Within(s.ctx, tx); err != nil {
				return err
			}
		}
		if o.Key != "" {
			if err := w.remember(o, results); err != nil {
				return err
			}
		}
		wake = w.wake
		return nil
	})
	if err == nil && wake {
		s.Jobs.Wake()
	}
	return err
}

// announce hints at what was written.
func (s *session) announce(results []Result) {
	byForm := map[string][]string{}
	for _, x := range results {
		if x.Record != nil && x.Err == nil && x.Changed {
			byForm[x.Record.Form.Name] = append(byForm[x.Record.Form.Name], x.Record.Doc.ID)
		}
	}
	for form, ids := range byForm {
		s.Changed(form, ids)
	}
}

// reserve takes serial numbers, outside any transaction.
func (s *session) reserve(intents []*Intent) error {
	type counter struct{ form, field string }
	wants := map[counter][]*Intent{}
	for _, in := range intents {
		f, ok := s.snap.Forms[in.Form]
		if in.Verb != Create || !ok || in.serials != nil {
			continue
		}
		for _, x := range f.Fields {
			if x.Type.Key == "serial" {
				wants[counter{in.Form, x.Key}] = append(wants[counter{in.Form, x.Key}], in)
			}
		}
	}
	today := value.DayIn(s.now.UnixMilli(), s.Zone())
	for c, list := range wants {
		x := s.snap.Forms[c.form].ByKey[c.field]
		first, err := s.Store.Reserve(s.ctx, "serial."+c.form+"."+c.field+resetPart(x, today), int64(len(list)))
		if err != nil {
			return err
		}
		for i, in := range list {
			if in.serials == nil {
				in.serials = map[string]string{}
			}
			in.serials[c.field] = field.SerialNumber(x.Def.Pattern, first+int64(i), today)
		}
	}
	return nil
}

// resetPart names the period within which a serial counts.
func resetPart(x *catalog.Field, today int64) string {
	if u := value.Unit(x.Def.Reset); u.Valid() {
		return "." + u.Label(today)
	}
	return ""
}

// writer is one run of a transaction.
type writer struct {
	*session
	tx      store.Tx
	parents map[parentKey]*parent
	wake    bool
}

// fresh makes sure that an effect was computed from what is stored now, and prepares it again where it was not.
func (w *writer) fresh(e *effect) (*effect, error) {
	if p := w.parents[parentKey{e.form.Name, e.intent.ID}]; p == nil && e.before == nil {
		return e, nil // a create: its id is checked by the insert
	}
	doc, err := w.tx.Get(w.ctx, e.form.Collection.Name, e.intent.ID)
	if err == nil && doc.Version == e.seen {
		return e, nil
	}
	if err != nil && !isNotFound(err) {
		return nil, err
	}
	return w.prepare(w.tx, e.intent)
}

// put writes a record and its change, and notes what follows for others.
func (w *writer) put(e *effect) error {
	if !e.changed {
		return nil
	}
	name := e.form.Collection.Name
	if e.before == nil {
		if err := w.tx.Insert(w.ctx, name, e.after); err != nil {
			return err
		}
	} else if err := w.tx.Replace(w.ctx, name, e.after, e.seen); err != nil {
		return err
	}
	if e.change != nil {
		if err := w.tx.Insert(w.ctx, changesCollection, store.New(w.NewID(), e.change)); err != nil {
			return err
		}
	}
	return w.follow(e.form, e.before, e.after)
}

func asDuplicate(err error) (*store.DuplicateError, bool) {
	var d *store.DuplicateError
	ok := errors.As(err, &d)
	return d, ok
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

func unescape(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}

// live says whether a document counts: it exists and is not in the recycle bin.
func live(d *store.Doc) bool { return d != nil && !d.Deleted }

// matches says whether a live document matches.
func matches(w query.Where, cols query.Columns, d *store.Doc) bool {
	return live(d) && query.Eval(w, cols, d.Tree())
}
