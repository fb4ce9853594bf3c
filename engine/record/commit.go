package record

import (
	"context"
	"errors"
	"slices"

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
	// Checkpoint is Within that is told what was written.
	Checkpoint func(ctx context.Context, tx store.Tx, written []Result) error
	// Prompt is for somebody who waits for the answer to a single write: what automations do about it at once is waited for,
	// for a moment, and the answer is the record with that.
	Prompt bool
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
	// replayed: the answer to an earlier request with the same key.
	replayed bool
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
	if atomic {
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
		if x.Err == nil || x.replayed {
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

// errMoved: the definitions are newer than the snapshot that a write began with.
var errMoved = errors.New("definitions were published meanwhile")

// maxMoves is how often a write begins anew because of that.
const maxMoves = 5

// write carries intents out under the definitions as they are when it commits.
func (r *Records) write(ctx context.Context, c Caller, intents []*Intent, o WriteOptions) ([]Result, error) {
	for range maxMoves {
		s := r.session(ctx, c)
		results, err := s.write(intents, o)
		if !errors.Is(err, errMoved) {
			return results, err
		}
		if r.Catalog.Snapshot() == s.snap { // it was another process that published
			if err := r.Catalog.Refresh(ctx); err != nil {
				return nil, err
			}
		}
	}
	return nil, problem.Fail(problem.Conflict, "published-meanwhile", "", nil)
}

// write prepares every intent outside the transaction and commits all that are sound in one. A record that somebody
// else changed meanwhile is prepared again inside.
func (s *session) write(intents []*Intent, o WriteOptions) ([]Result, error) {
	results := make([]Result, len(intents))
	if o.Key != "" {
		done := false
		err := s.Store.View(s.ctx, func(rd store.Reader) (err error) {
			done, err = s.replay(rd, intents, o, results)
			return err
		})
		if done || err != nil {
			return results, err
		}
	}
	if err := s.reserve(intents); err != nil {
		return nil, err
	}
	effects := make([]*effect, len(intents))
	err := s.Store.View(s.ctx, func(rd store.Reader) error {
		if err := s.foresee(rd, intents); err != nil {
			return err
		}
		for i, in := range intents {
			e, err := s.prepare(rd, in)
			if err != nil && problem.KindOf(err) == "" {
				return err
			}
			effects[i], results[i] = e, Result{Err: err}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if o.all && slices.ContainsFunc(results, func(x Result) bool { return x.Err != nil }) {
		return results, nil
	}
	if _, within := s.Store.(*inside); within {
		s.still = len(intents) == 1
	}
	if o.Prompt = o.Prompt && len(intents) == 1; !o.Prompt {
		if _, err := s.commitSound(intents, effects, results, o); err != nil {
			return nil, err
		}
		s.announce(results)
		return results, nil
	}
	started, err := s.commitSound(intents, effects, results, o)
	if errors.Is(err, ErrLater) {
		o.Prompt = false
		started, err = s.commitSound(intents, effects, results, o)
	}
	if err != nil {
		return nil, err
	}
	s.announce(results)
	s.await(started, results)
	return results, nil
}

// manyFaults is after how many of them a batch is probed; maxRaces how often a transaction may lose a race for a key.
const (
	manyFaults = 8
	maxRaces   = 5
)

// commitSound commits what can be written, in one transaction with the batch's checkpoint and answer: an intent at which
// it fails, because a value is taken or something points to what it deletes, is left out, and the others go again. So
// nothing is ever committed without its checkpoint, nor a checkpoint without what it stands for. With o.all the first
// failure ends it.
func (s *session) commitSound(intents []*Intent, effects []*effect, results []Result, o WriteOptions) (started []<-chan struct{}, err error) {
	faults, races := 0, 0
	for {
		started, err = s.commit(intents, effects, results, o)
		var f *faulted
		var dup *store.DuplicateError
		switch {
		case err == nil:
			return started, nil
		case errors.Is(err, ErrLater):
			return nil, err
		case errors.Is(err, errTogether):
			s.singly = true
		case errors.As(err, &f):
			refused := translate(f.err, f.effect, s)
			if problem.KindOf(refused) == "" {
				return nil, refused
			}
			i := slices.IndexFunc(intents, func(in *Intent) bool { return in == f.effect.intent })
			effects[i], results[i] = nil, Result{Err: refused}
			if o.all {
				return nil, nil // the results say why
			}
			if faults++; faults == manyFaults {
				if err := s.probe(intents, effects, results); err != nil {
					return nil, err
				}
			}
		case errors.As(err, &dup) && slices.Contains(raced, dup.Collection) && races < maxRaces:
			races++ // somebody else was faster, and has written what this must read
		default:
			return nil, err
		}
	}
}

// raced are collections with documents that the first who needs them makes.
var raced = []string{onceCollection, countersCollection, alikeCollection}

var errProbed = errors.New("probed")

// probe tries each intent of a batch in a transaction that is abandoned, so that a batch with many values that are taken
// is not run once for each of them. What another intent of the batch may make possible is left to the batch.
func (s *session) probe(intents []*Intent, effects []*effect, results []Result) error {
	among := make(map[string]int, len(intents))
	for _, in := range intents {
		among[in.ID]++
	}
	for i, e := range effects {
		if e == nil {
			continue
		}
		err := s.Store.Update(s.ctx, func(tx store.Tx) error {
			w := s.writer(tx)
			w.singly = true
			fresh, err := w.fresh(e)
			if err != nil {
				return errProbed // the batch will find that too
			}
			if err := w.put(fresh); err != nil {
				return err
			}
			return errProbed
		})
		dup, taken := asDuplicate(err)
		if !taken {
			if errors.Is(err, errProbed) || problem.KindOf(err) != "" || errors.Is(err, errMoved) {
				continue
			}
			return err
		}
		if n := among[dup.ID]; dup.ID != "" && dup.Collection == e.form.Collection.Name && (n == 0 || n == 1 && dup.ID == e.intent.ID) {
			effects[i], results[i] = nil, Result{Err: translate(err, e, s)}
		}
	}
	return nil
}

// faulted names the effect at which a transaction failed.
type faulted struct {
	effect *effect
	err    error
}

func (f *faulted) Error() string { return f.err.Error() }
func (f *faulted) Unwrap() error { return f.err }

// blame says at which effect a write failed, unless the error does: putting one may insert what was gathered before it.
func blame(e *effect, err error) error {
	var f *faulted
	if errors.As(err, &f) {
		return f
	}
	return &faulted{e, err}
}

// commit is the one transaction of a write. started is what it set off that has begun, see Listening.
func (s *session) commit(intents []*Intent, effects []*effect, results []Result, o WriteOptions) (started []<-chan struct{}, err error) {
	if o.Within == nil && o.Checkpoint == nil && o.Key == "" && !slices.ContainsFunc(effects, func(e *effect) bool { return e != nil }) {
		return nil, nil
	}
	wake := false
	listening := s.Listener.Listen()
	err = s.Store.Update(s.ctx, func(tx store.Tx) error {
		wake = false
		listening.Reset()
		if s.Catalog.Snapshot() != s.snap {
			return errMoved
		}
		w := s.writer(tx)
		w.listening = listening
		if o.Key != "" {
			done, err := w.replay(tx, intents, o, results)
			if done || err != nil {
				return err
			}
		}
		if err := w.gather(effects); err != nil {
			return err
		}
		for i, e := range effects {
			if e == nil {
				continue
			}
			fresh, err := w.fresh(e)
			if err == nil {
				err = w.admit(fresh)
			}
			if err != nil {
				if problem.KindOf(err) != "" && !o.all {
					results[i] = Result{Err: err}
					continue
				}
				return blame(e, err)
			}
			if err := w.put(fresh); err != nil {
				return blame(e, err)
			}
			results[i] = Result{Record: &Record{fresh.form, fresh.after}, Warnings: fresh.warnings, Changed: fresh.changed}
		}
		if err := w.flush(); err != nil {
			return err
		}
		if err := w.settle(); err != nil {
			return err
		}
		if err := w.tally(); err != nil {
			return err
		}
		if err := w.conclude(); err != nil {
			return err
		}
		for i := range results { // a record that is its own relative was settled too
			if rec := results[i].Record; rec != nil && results[i].Err == nil {
				if doc := w.settled(rec.Form.Name, rec.Doc.ID); doc != nil {
					results[i].Record = &Record{rec.Form, doc}
				}
			}
		}
		wrote, err := listening.Conclude(s.ctx, tx, o.Prompt, func(form, id string) bool { return w.settled(form, id) != nil })
		if err == nil && wrote {
			err = s.renew(tx, results)
		}
		if err != nil {
			return err
		}
		if o.Within != nil {
			if err := o.Within(s.ctx, tx); err != nil {
				return err
			}
		}
		if o.Checkpoint != nil {
			if err := o.Checkpoint(s.ctx, tx, results); err != nil {
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
	if err != nil {
		listening.Reset()
		return nil, err
	}
	started = listening.Committed()
	if wake {
		s.Jobs.Wake()
	}
	return started, nil
}

// settled is a record as roll-ups left it in this transaction, nil for one that they did not touch.
func (w *writer) settled(form, id string) *store.Doc {
	if p := w.parents[parentKey{form, id}]; p != nil {
		return p.doc
	}
	return nil
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
		if in.Verb != Create || !ok {
			continue
		}
		for _, x := range f.Fields {
			if _, have := in.serials[x.Key]; x.Type.Key == "serial" && !have {
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
	tx        store.Tx
	parents   map[parentKey]*parent
	detached  int // records that deletes took along or unlinked
	wake      bool
	singly    bool         // insert records one by one
	created   []*effect    // not inserted yet
	changes   []*store.Doc // not inserted yet
	moves     []*store.Doc // not inserted yet
	listening Listening
	counters  map[string]*counter
	alikes    map[string]*alike
	versions  map[string]int64 // of records that effects point to, as this transaction saw them
}

func (s *session) writer(tx store.Tx) *writer {
	return &writer{session: s, tx: tx, singly: s.singly, parents: map[parentKey]*parent{}, versions: map[string]int64{},
		counters: map[string]*counter{}, alikes: map[string]*alike{}}
}

// admit refuses a write that would exceed a limit, or repeat a record, before anything of it is written.
func (w *writer) admit(e *effect) error {
	if !e.changed || len(e.form.Limits) == 0 && len(e.form.Duplicates) == 0 {
		return nil
	}
	if err := w.acquaint(e.form, e.before, e.after); err != nil {
		return err
	}
	if err := w.within(e); err != nil {
		return err
	}
	return w.distinct(e)
}

// fresh makes sure that an effect was computed from what is stored now, the records that it newly points to among it,
// and prepares it again where it was not.
func (w *writer) fresh(e *effect) (*effect, error) {
	if w.still {
		return e, nil
	}
	for _, ref := range e.refs {
		version, err := w.version(ref.collection, ref.id)
		if err != nil {
			return nil, err
		}
		if version != ref.version {
			if err := w.flush(); err != nil { // it is prepared from what the batch has written so far
				return nil, err
			}
			return w.prepare(w.tx, e.intent)
		}
	}
	if e.before == nil {
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

func asDuplicate(err error) (*store.DuplicateError, bool) {
	var d *store.DuplicateError
	ok := errors.As(err, &d)
	return d, ok
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// live says whether a document counts: it exists and is not in the recycle bin.
func live(d *store.Doc) bool { return d != nil && !d.Deleted }

// matches says whether a live document matches.
func matches(w query.Where, cols query.Columns, d *store.Doc) bool {
	return live(d) && query.Eval(w, cols, d.Tree())
}
