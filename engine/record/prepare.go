package record

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/formula"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Verb is what an intent does.
type Verb string

const (
	Create  Verb = "create"
	Update  Verb = "update"
	Delete  Verb = "delete"  // to the recycle bin
	Restore Verb = "restore" // out of it
	Move    Verb = "transition"
	Claim   Verb = "claim"   // take a record that nobody has
	Release Verb = "release" // give it back
	// Recompute brings computed fields, and values of an older version, up to date; it counts in crev.
	Recompute Verb = "recompute"
)

// Intent is one write that somebody wants.
type Intent struct {
	Verb Verb
	Form string
	ID   string         // Create: optional, made by the client
	Data map[string]any // Create, Update, Move: what to set; nil and "" clear
	If   *Rev
	// To belongs to Move, Claim to Claim and Release, Comment to all three.
	To      string
	Claim   string
	Comment string
	// Past is how a new record came to its stage, the oldest first and the present stage last: for who has the right
	// set-stage, and brings records from elsewhere.
	Past []Past
	// Reverts says in the change that an Update brings back the values of that rev.
	Reverts int64
	// Full makes a Recompute ask the children of roll-ups anew.
	Full bool
	// At prefixes the pointers of problems: where in the request this intent's body stands.
	At string
	// serials are numbers reserved before the transaction, by field.
	serials map[string]string
}

// effect is a prepared intent: everything that the transaction writes, computed from one version of the record.
type effect struct {
	intent   *Intent
	form     *catalog.Form
	seen     int64      // version of the stored document it was computed from; 0: there was none
	before   *store.Doc // nil on create
	after    *store.Doc
	touched  map[string]bool
	refs     []reference // records that it newly points to, as they were read
	files    []string    // files that it newly holds
	change   map[string]any
	warnings problem.List
	changed  bool // false: nothing to write
}

// reference is a record that was read for another, at its version.
type reference struct {
	collection, id string
	version        int64
}

// prepare takes an intent through the pipeline up to the transaction. It reads through r and writes nothing.
func (s *session) prepare(r store.Reader, in *Intent) (*effect, error) {
	e, err := s.prepareAt(r, in)
	if err == nil {
		return e, nil
	}
	var f *problem.Failure
	if in.At != "" && errors.As(err, &f) {
		err = &problem.Failure{Kind: f.Kind, Problems: f.Problems.At(in.At), Cause: f.Cause}
	}
	return nil, err
}

// prepareAt is prepare with pointers that are relative to the intent.
func (s *session) prepareAt(r store.Reader, in *Intent) (*effect, error) {
	f, d, err := s.form(in.Form)
	if err != nil {
		return nil, err
	}
	e := &effect{intent: in, form: f, touched: map[string]bool{}}
	if err := s.load(r, e, d); err != nil {
		return nil, err
	}
	if in.Verb == Delete {
		return e, s.bin(e)
	}
	p := &pipeline{session: s, r: r, e: e, d: d, f: f, creating: in.Verb == Create}
	if err := p.run(); err != nil {
		return nil, err
	}
	e.warnings = p.problems.At(in.At)
	return e, nil
}

var actionOf = map[Verb]definition.Action{
	Create: definition.Create, Update: definition.Update, Delete: definition.Delete, Restore: definition.Delete, Move: definition.Transition,
}

// load decides access and finds the record. What the caller may not read does not exist.
func (s *session) load(r store.Reader, e *effect, d *access.Decision) error {
	in := e.intent
	action := actionOf[in.Verb]
	if in.Verb == Create {
		if !d.Can(definition.Create) {
			return access.Forbid(action, in.Form)
		}
		if in.ID != "" && !isID(in.ID) {
			return problem.Fail(problem.Invalid, "not-an-id", "/id", problem.P{"value": shorten(in.ID)})
		}
		return nil
	}
	doc, err := r.Get(s.ctx, e.form.Collection.Name, in.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && in.Verb != Recompute && doc.Deleted != (in.Verb == Restore) {
		return notFound(in.Form, in.ID)
	}
	if err != nil {
		return err
	}
	if int64(num(doc.Tree()["version"])) > e.form.Version {
		return errMoved
	}
	claiming := in.Verb == Claim || in.Verb == Release
	if claiming {
		if err := s.loadClaimed(e, d, doc); err != nil {
			return err
		}
	}
	if !d.Covers(definition.Read, e.form.Columns, doc.Tree()) {
		return notFound(in.Form, in.ID)
	}
	if in.Verb != Recompute && !claiming && !d.Covers(action, e.form.Columns, doc.Tree()) {
		return access.Forbid(action, in.Form)
	}
	e.before, e.seen = doc, doc.Version
	if rec := (&Record{e.form, doc}); in.If != nil && (in.If.Rev != rec.Rev() || in.If.Crev >= 0 && in.If.Crev != rec.Crev()) {
		return problem.Fail(problem.Stale, "stale", "", problem.P{"rev": rec.Rev(), "crev": rec.Crev(), "updatedBy": doc.Tree()["updatedBy"], "updatedAt": doc.Tree()["updatedAt"]})
	}
	return nil
}

// idLength is how many hexadecimal digits an id has.
const idLength = 24

func isID(s string) bool {
	if len(s) != idLength {
		return false
	}
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

// shorten keeps what a problem shows of a text that may be anything.
func shorten(s string) string {
	const most = 100
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// pipeline is the middle of a write: from patch to guards.
type pipeline struct {
	*session
	r        store.Reader
	e        *effect
	d        *access.Decision
	f        *catalog.Form
	creating bool
	stored   map[string]any // data as it is stored
	was      map[string]any // data before, in the present shape
	data     map[string]any // data as it will be
	acc      map[string]any // of averages, when roll-ups were computed anew
	aside    map[string]any // values that an earlier version had and that do not fit any more
	problems problem.List
}

func (p *pipeline) fail(code, key string, params problem.P) {
	p.problems = append(p.problems, problem.New(code, "/data"+problem.Pointer(key), params))
}

// run takes the record from what was sent to what will be stored. Afterwards p.problems are those that the caller may
// read.
func (p *pipeline) run() error {
	p.begin()
	p.patch()
	if p.creating {
		p.defaults()
	}
	if err := p.claim(); err != nil {
		return err
	}
	move, err := p.stage()
	if err != nil {
		return err
	}
	if err := p.references(); err != nil {
		return err
	}
	if err := p.attachments(); err != nil {
		return err
	}
	if err := p.compute(); err != nil {
		return err
	}
	if p.e.intent.Verb != Recompute {
		p.validate()
		if err := p.rules(); err != nil {
			return err
		}
		if err := p.guard(move); err != nil {
			return err
		}
		if err := p.duplicates(); err != nil {
			return err
		}
	}
	p.problems = p.shown()
	if p.problems.Blocks() {
		return &problem.Failure{Kind: problem.Invalid, Problems: p.problems}
	}
	p.image(move)
	action := actionOf[p.e.intent.Verb]
	switch p.e.intent.Verb {
	case Recompute, Release: // what is given back need not be seen any more
		return nil
	case Claim:
		action = definition.Read
	}
	if p.e.changed && !p.d.Covers(action, p.f.Columns, p.e.after.Tree()) {
		return problem.Fail(problem.Forbidden, "out-of-scope", "", problem.P{"form": p.f.Name})
	}
	return nil
}

// begin takes what is stored, in the present shape.
func (p *pipeline) begin() {
	if p.e.before == nil {
		p.data = make(map[string]any, len(p.f.Fields))
		return
	}
	p.stored = dataOf(p.e.before.Tree())
	p.was = p.lift()
	p.data = maps.Clone(p.was)
	if p.data == nil {
		p.data = map[string]any{}
	}
}

// patch applies what the caller sent: known, writable, coerced.
func (p *pipeline) patch() {
	env := p.fieldEnv(p.zone)
	keys := make([]string, 0, len(p.e.intent.Data))
	for k := range p.e.intent.Data {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, key := range keys {
		raw := p.e.intent.Data[key]
		x, ok := p.f.ByKey[key]
		switch {
		case !ok || p.d.Field(key) == definition.Hidden: // what is hidden does not exist for this caller
			p.fail("unknown-field", key, p.suggest(key))
			continue
		case x.Computed():
			if !p.echo(x, raw) && !(value.IsEmpty(raw) && p.d.Askable(key)) {
				p.fail("computed", key, problem.P{"field": key})
			}
			continue
		case !p.d.Writable(key):
			if !p.echo(x, raw) {
				p.fail("not-writable", key, problem.P{"field": key})
			}
			continue
		}
		v, ps := x.Type.Coerce(x.Def, raw, env)
		if len(ps) > 0 {
			p.problems = append(p.problems, ps.At("/data"+problem.Pointer(key))...)
		}
		if ps.Blocks() {
			continue
		}
		if x.Def.ReadOnly && !p.free() && p.caller.Cause == nil && !value.Equal(v, p.was[key]) {
			p.fail("not-writable", key, problem.P{"field": key})
			continue
		}
		if hidden := hiddenOption(x, v, p.was[key]); hidden != "" {
			p.fail("option-retired", key, problem.P{"value": hidden})
			continue
		}
		p.set(key, v)
		p.e.touched[key] = true
	}
}

func (p *pipeline) set(key string, v any) {
	if value.IsEmpty(v) {
		delete(p.data, key)
		return
	}
	p.data[key] = v
}

// echo says whether a client sends back what it read: the value, or the mask that it reads instead.
func (p *pipeline) echo(x *catalog.Field, raw any) bool {
	switch {
	case p.d.Field(x.Key) == definition.Masked:
		return raw == mask // whatever else is sent, the answer does not depend on the value
	case x.Def.Live:
		v, _ := p.live(x, p.was)
		return value.Equal(raw, v)
	}
	return value.Equal(raw, p.was[x.Key])
}

// free says whether the caller has the right set-stage for the record: what imports need to write history as it was.
func (p *pipeline) free() bool {
	return p.d.Can(definition.SetStage) && (p.creating || p.d.Covers(definition.SetStage, p.f.Columns, p.e.before.Tree()))
}

// suggest finds the nearest name among those that the caller may know.
func (p *pipeline) suggest(key string) problem.P {
	params := problem.P{"field": key}
	names := make([]string, 0, len(p.f.Fields))
	for _, x := range p.f.Fields {
		if p.d.Field(x.Key) != definition.Hidden {
			names = append(names, x.Key)
		}
	}
	if s := value.Nearest(key, names); s != "" {
		params["suggestion"] = s
	}
	return params
}

// hiddenOption finds an option that is chosen anew although it was retired.
func hiddenOption(x *catalog.Field, v, was any) string {
	if x.Stage || len(x.Def.Options) == 0 {
		return ""
	}
	retired := func(s string) bool {
		i := slices.IndexFunc(x.Def.Options, func(o definition.Option) bool { return o.Value == s })
		return i >= 0 && x.Def.Options[i].Hidden
	}
	switch v := v.(type) {
	case string:
		if retired(v) && v != was {
			return v
		}
	case []any:
		before, _ := was.([]any)
		for _, o := range v {
			if s, ok := o.(string); ok && retired(s) && !slices.Contains(before, any(s)) {
				return s
			}
		}
	}
	return ""
}

// defaults fills what a new record leaves open. Expressions see what is filled so far.
func (p *pipeline) defaults() {
	for _, x := range p.f.Fields {
		if x.Type.Key == "serial" {
			p.set(x.Key, p.e.intent.serials[x.Key])
			continue
		}
		if _, sent := p.e.intent.Data[x.Key]; sent {
			continue
		}
		switch {
		case x.DefaultExpr != nil:
			v, ok := p.eval(x.DefaultExpr)
			if !ok {
				continue
			}
			got, ps := x.Type.Coerce(x.Def, v, field.Env{Zone: p.zone, NewID: p.NewID})
			if !ps.Blocks() {
				p.set(x.Key, got)
			}
		case x.Default != nil:
			p.set(x.Key, value.Clone(x.Default))
		}
	}
}

// eval runs an expression over the data as it is; ok is false when it did too much.
func (p *pipeline) eval(prog *formula.Program) (any, bool) {
	v, _, err := prog.Eval(p.ctx, p.expressions(p.zone))
	return formula.Plain(v), err == nil
}

func (p *pipeline) expressions(zone *time.Location) formula.Env {
	return formula.Env{Now: p.now, Zone: zone, Lookup: func(name string) (any, bool) {
		if name == "user" {
			return p.person(), true
		}
		v, ok := p.data[name]
		return v, ok
	}}
}

// person is `user` in expressions.
func (s *session) person() map[string]any {
	if c := s.caller.Cause; c != nil { // whoever set the automation off, nobody where it was a clock
		m, _ := s.people.Person(c.Actor)
		return m
	}
	m, ok := s.people.Person(s.caller.User)
	if !ok {
		return map[string]any{"id": s.caller.User}
	}
	return m
}

// references checks that relations, users and departments that were set exist, and that the caller may see them. A
// record that comes out of the recycle bin must not point into it.
func (p *pipeline) references() error {
	if p.e.intent.Verb == Recompute {
		return nil
	}
	restoring := p.e.intent.Verb == Restore
	for _, x := range p.f.Fields {
		if len(x.Links) > 0 {
			if err := p.linked(x, restoring); err != nil {
				return err
			}
		}
		if x.Relation == nil && x.Type.Key != "user" && x.Type.Key != "department" {
			continue
		}
		id, ok := p.data[x.Key].(string)
		if !ok || !restoring && value.Equal(id, p.was[x.Key]) {
			continue
		}
		switch {
		case x.Relation != nil:
			seen, err := p.refersTo(x.Relation, id, restoring)
			if err != nil {
				return err
			}
			if !seen {
				p.fail("unknown-record", x.Key, problem.P{"record": id, "form": x.Relation.Name})
			}
		case restoring: // people are never removed
		case x.Type.Key == "user":
			if _, ok := p.people.Person(id); !ok {
				p.fail("unknown-user", x.Key, problem.P{"user": id})
			}
		case x.Type.Key == "department":
			if _, ok := p.people.Unit(id); !ok {
				p.fail("unknown-department", x.Key, problem.P{"department": id})
			}
		}
	}
	return nil
}

// refersTo says whether a live record that the caller may read has the id, and notes at which version: the transaction
// looks again. Who restores need not see what the record pointed to before.
func (p *pipeline) refersTo(to *catalog.Form, id string, restoring bool) (bool, error) {
	doc, err := p.r.Get(p.ctx, to.Collection.Name, id)
	if isNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	p.e.refs = append(p.e.refs, reference{to.Collection.Name, id, doc.Version})
	return !doc.Deleted && (restoring || p.decide(to).Covers(definition.Read, to.Columns, doc.Tree())), nil
}

// image makes the document and its change.
func (p *pipeline) image(move *catalog.Move) {
	e := p.e
	now := instant(p.now)
	if p.creating {
		id := e.intent.ID
		if id == "" {
			id = p.NewID()
		}
		e.changed = true
		e.after = store.New(id, map[string]any{"form": p.f.Name, "version": float64(p.f.Version), "data": p.data,
			"rev": float64(1), "crev": float64(0), "createdAt": now, "createdBy": p.caller.User, "updatedAt": now, "updatedBy": p.caller.User})
		e.change = p.changeOf(e, 1, move)
		return
	}
	old := e.before.Tree()
	tree := maps.Clone(old)
	tree["form"], tree["version"], tree["data"] = p.f.Name, float64(p.f.Version), p.data
	if len(p.aside) > 0 {
		tree["aside"] = p.aside
	} else {
		delete(tree, "aside")
	}
	e.changed = !value.Equal(p.data, p.stored) || !value.Equal(tree["aside"], old["aside"])
	rev := num(old["rev"])
	switch e.intent.Verb {
	case Recompute:
		tree["crev"] = num(old["crev"]) + 1
		if e.intent.Full && len(p.acc) > 0 {
			tree["acc"] = p.acc
		}
		e.changed = e.changed || old["version"] != tree["version"] || !value.Equal(tree["acc"], old["acc"])
	case Restore:
		e.changed = true
		delete(tree, "deletedAt")
	}
	if e.changed && e.intent.Verb != Recompute {
		rev++
		tree["updatedAt"], tree["updatedBy"] = now, p.caller.User
	}
	tree["rev"] = rev
	e.after = store.New(e.before.ID, tree)
	e.after.Deleted = e.before.Deleted && e.intent.Verb != Restore
	if e.changed && e.intent.Verb != Recompute {
		e.change = p.changeOf(e, int64(rev), move)
	}
}

func num(v any) float64 { f, _ := v.(float64); return f }
