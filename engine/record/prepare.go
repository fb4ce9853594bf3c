package record

import (
	"errors"
	"maps"
	"slices"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/formula"
	"formwork/engine/query"
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
	// To and Comment belong to Move.
	To      string
	Comment string
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
	change   map[string]any
	warnings problem.List
	changed  bool // false: nothing to write
}

// prepare takes an intent through the pipeline up to the transaction. It reads through r and writes nothing.
func (s *session) prepare(r store.Reader, in *Intent) (*effect, error) {
	f, d, err := s.form(in.Form)
	if err != nil {
		return nil, err
	}
	e := &effect{intent: in, form: f, touched: map[string]bool{}}
	if err := s.load(r, e, d); err != nil {
		return nil, err
	}
	switch in.Verb {
	case Delete, Restore:
		return e, s.bin(e, d)
	}
	p := &pipeline{session: s, r: r, e: e, d: d, f: f, creating: in.Verb == Create}
	return e, p.run()
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
		return nil
	}
	doc, err := r.Get(s.ctx, e.form.Collection.Name, in.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && doc.Deleted != (in.Verb == Restore) {
		return notFound(in.Form, in.ID)
	}
	if err != nil {
		return err
	}
	if !d.Covers(definition.Read, e.form.Columns, doc.Tree()) {
		return notFound(in.Form, in.ID)
	}
	if in.Verb != Recompute && !d.Covers(action, e.form.Columns, doc.Tree()) {
		// Moving a record through its stages is part of updating it for who may do both.
		return access.Forbid(action, in.Form)
	}
	e.before, e.seen = doc, doc.Version
	if rec := (&Record{e.form, doc}); in.If != nil && (in.If.Rev != rec.Rev() || in.If.Crev >= 0 && in.If.Crev != rec.Crev()) {
		return problem.Fail(problem.Stale, "stale", "", problem.P{"rev": rec.Rev(), "crev": rec.Crev(), "updatedBy": doc.Tree()["updatedBy"], "updatedAt": doc.Tree()["updatedAt"]})
	}
	return nil
}

// pipeline is the middle of a write: from patch to guards.
type pipeline struct {
	*session
	r        store.Reader
	e        *effect
	d        *access.Decision
	f        *catalog.Form
	creating bool
	was      map[string]any // data before
	data     map[string]any // data as it will be
	acc      map[string]any // of averages, when roll-ups were computed anew
	aside    map[string]any // values that an earlier version had and that do not fit any more
	problems problem.List
}

func (p *pipeline) fail(code, key string, params problem.P) {
	p.problems = append(p.problems, problem.New(code, "/data"+problem.Pointer(key), params))
}

func (p *pipeline) run() error {
	p.was, p.data = map[string]any{}, map[string]any{}
	if p.e.before != nil {
		for k, v := range dataOf(p.e.before.Tree()) {
			p.was[k], p.data[k] = v, v
		}
		p.lift()
	}
	p.patch()
	if p.creating {
		p.defaults()
	}
	move, err := p.stage()
	if err != nil {
		return err
	}
	if err := p.references(); err != nil {
		return err
	}
	if err := p.compute(); err != nil {
		return err
	}
	p.validate()
	if err := p.rules(); err != nil {
		return err
	}
	if err := p.guard(move); err != nil {
		return err
	}
	if p.problems.Blocks() {
		return &problem.Failure{Kind: problem.Invalid, Problems: p.problems.At(p.e.intent.At)}
	}
	p.e.warnings = p.problems.At(p.e.intent.At)
	p.image(move)
	if p.e.intent.Verb != Recompute && p.e.changed && !p.d.Covers(actionOf[p.e.intent.Verb], p.f.Columns, p.e.after.Tree()) {
		return problem.Fail(problem.Forbidden, "out-of-scope", "", problem.P{"form": p.f.Name})
	}
	return nil
}

// patch applies what the caller sent: known, writable, coerced.
func (p *pipeline) patch() {
	env := field.Env{Zone: p.zone, NewID: p.NewID}
	keys := make([]string, 0, len(p.e.intent.Data))
	for k := range p.e.intent.Data {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, key := range keys {
		raw := p.e.intent.Data[key]
		x, ok := p.f.ByKey[key]
		switch {
		case !ok:
			p.fail("unknown-field", key, suggest(p.f, key))
			continue
		case p.d.Field(key) == definition.Hidden: // does not exist for this caller
			p.fail("unknown-field", key, problem.P{"field": key})
			continue
		case x.Computed() || x.Def.Live:
			if raw == nil || value.Equal(raw, p.was[key]) {
				continue // a client that sends back what it read
			}
			p.fail("computed", key, problem.P{"field": key})
			continue
		case !p.d.Writable(key):
			if value.Equal(raw, p.was[key]) && p.d.Askable(key) {
				continue
			}
			p.fail("not-writable", key, problem.P{"field": key})
			continue
		}
		v, ps := x.Type.Coerce(x.Def, raw, env)
		p.problems = append(p.problems, ps.At("/data"+problem.Pointer(key))...)
		if ps.Blocks() {
			continue
		}
		if x.Def.ReadOnly && p.caller.Via == "api" && !p.d.Can(definition.SetStage) && !value.Equal(v, p.was[key]) {
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

func suggest(f *catalog.Form, key string) problem.P {
	params := problem.P{"field": key}
	names := make([]string, 0, len(f.Fields))
	for _, x := range f.Fields {
		names = append(names, x.Key)
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
		if _, sent := p.e.intent.Data[x.Key]; sent {
			continue
		}
		switch {
		case x.Type.Key == "serial":
			p.set(x.Key, p.e.intent.serials[x.Key])
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
	v, _, err := prog.Eval(p.ctx, p.expressions())
	return formula.Plain(v), err == nil
}

func (p *pipeline) expressions() formula.Env {
	return formula.Env{Now: p.now, Zone: p.zone, Lookup: func(name string) (any, bool) {
		if name == "user" {
			return p.person(), true
		}
		v, ok := p.data[name]
		return v, ok
	}}
}

// person is `user` in expressions.
func (s *session) person() map[string]any {
	m, ok := s.people.Person(s.caller.User)
	if !ok {
		return map[string]any{"id": s.caller.User}
	}
	return m
}

// references checks that relations, users and departments that were set exist, and that the caller may see them.
func (p *pipeline) references() error {
	for _, x := range p.f.Fields {
		if !p.e.touched[x.Key] && !(p.creating && p.data[x.Key] != nil) {
			continue
		}
		id, ok := p.data[x.Key].(string)
		if !ok || value.Equal(id, p.was[x.Key]) {
			continue
		}
		switch x.Type.Key {
		case "relation":
			doc, err := p.r.Get(p.ctx, x.Relation.Collection.Name, id)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err != nil || doc.Deleted || !p.decide(x.Relation).Covers(definition.Read, x.Relation.Columns, doc.Tree()) {
				p.fail("unknown-record", x.Key, problem.P{"record": id, "form": x.Relation.Name})
			}
		case "user":
			if _, ok := p.people.Person(id); !ok {
				p.fail("unknown-user", x.Key, problem.P{"user": id})
			}
		case "department":
			if _, ok := p.people.Unit(id); !ok {
				p.fail("unknown-department", x.Key, problem.P{"department": id})
			}
		}
	}
	return nil
}

// compute fills lookups and formulas in dependency order, and the roll-ups of a new record. A full recomputation asks
// the children anew.
func (p *pipeline) compute() error {
	switch {
	case p.creating:
		for _, ru := range p.f.Rollups {
			if ru.Fn == query.Count || ru.Fn == query.Sum {
				p.data[ru.Field.Key] = float64(0)
			}
		}
	case p.e.intent.Full:
		acc, _ := p.e.before.Tree()["acc"].(map[string]any)
		p.acc = maps.Clone(acc)
		for _, ru := range p.f.Rollups {
			if err := p.rollup(ru, p.e.before.ID, &p.acc); err != nil {
				return err
			}
		}
	}
	for _, x := range p.f.Computed {
		if x.Lookup == nil {
			continue
		}
		if err := p.lookup(x.Lookup); err != nil {
			return err
		}
	}
	return p.formulas()
}

// formulas computes the stored formulas in dependency order.
func (p *pipeline) formulas() error {
	for _, x := range p.f.Computed {
		if x.Formula == nil {
			continue
		}
		v, errs, err := x.Formula.Eval(p.ctx, p.expressions())
		if err != nil {
			if p.ctx.Err() != nil {
				return p.ctx.Err()
			}
			p.fail("formula-budget", x.Key, problem.P{"field": x.Key})
			continue
		}
		for _, fe := range errs {
			p.problems = append(p.problems, problem.Problem{Code: "formula-" + fe.Code, Pointer: "/data" + problem.Pointer(x.Key),
				Params: problem.P{"line": fe.Line, "column": fe.Column}, Severity: problem.Warning})
		}
		p.setComputed(x, formula.Plain(v))
	}
	return nil
}

// setComputed stores a computed value in the shape of its result type; what does not fit it is empty with a warning.
func (p *pipeline) setComputed(x *catalog.Field, v any) {
	got, ps := x.As.Coerce(x.AsDef, v, field.Env{Zone: p.zone, NewID: p.NewID})
	if ps.Blocks() {
		got = nil
		for _, q := range ps.At("/data" + problem.Pointer(x.Key)) {
			q.Severity = problem.Warning
			p.problems = append(p.problems, q)
		}
	}
	p.set(x.Key, got)
}

// lookup copies a value through a relation. The copy belongs to the record: field rights guard it here, not there.
func (p *pipeline) lookup(l *catalog.Lookup) error {
	id, _ := p.data[l.Via.Key].(string)
	if id == "" {
		p.set(l.Field.Key, nil)
		return nil
	}
	doc, err := p.r.Get(p.ctx, l.Via.Relation.Collection.Name, id)
	if errors.Is(err, store.ErrNotFound) {
		p.set(l.Field.Key, nil)
		return nil
	}
	if err != nil {
		return err
	}
	p.set(l.Field.Key, dataOf(doc.Tree())[l.Target.Key])
	return nil
}

// validate holds the data against the form's JSON Schema. What was wrong before and was not touched is a warning.
func (p *pipeline) validate() {
	known := make(map[string]any, len(p.data))
	for k, v := range p.data {
		if _, ok := p.f.ByKey[k]; ok {
			known[k] = v
		}
	}
	for _, q := range p.f.Schema.Validate(known) {
		key := firstKey(q.Pointer)
		q.Pointer = "/data" + q.Pointer
		if p.lenient(key) {
			q.Severity = problem.Warning
		}
		p.problems = append(p.problems, q)
	}
}

// lenient says whether a problem with a field was there before and not touched by this write.
func (p *pipeline) lenient(key string) bool {
	return p.e.intent.Verb == Recompute || !p.creating && key != "" && !p.e.touched[key]
}

func firstKey(pointer string) string {
	if pointer == "" {
		return ""
	}
	end := 1
	for end < len(pointer) && pointer[end] != '/' {
		end++
	}
	return unescape(pointer[1:end])
}

// rules applies the cross-field rules.
func (p *pipeline) rules() error {
	for _, rule := range p.f.Rules {
		v, ok := p.eval(rule.When)
		if p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		if !ok {
			p.problems = append(p.problems, problem.New("rule-budget", "/data", problem.P{"rule": rule.Def.Key}))
			continue
		}
		if holds, _ := v.(bool); !holds {
			continue
		}
		severity := problem.Severity("")
		if p.e.intent.Verb == Recompute || !p.creating && !touches(rule.Reads, p.e.touched) {
			severity = problem.Warning
		}
		for _, k := range rule.Def.Require {
			if value.IsEmpty(p.data[k]) {
				p.problems = append(p.problems, problem.Problem{Code: "required", Pointer: "/data" + problem.Pointer(k),
					Params: problem.P{"rule": rule.Def.Key}, Severity: severity})
			}
		}
		if len(rule.Def.Refuse) > 0 {
			if rule.Def.Warn {
				severity = problem.Warning
			}
			pointer := "/data"
			if rule.Def.At != "" {
				pointer += problem.Pointer(rule.Def.At)
			}
			p.problems = append(p.problems, problem.Problem{Code: "rule", Pointer: pointer,
				Params: problem.P{"rule": rule.Def.Key, "text": rule.Def.Refuse}, Severity: severity})
		}
	}
	return nil
}

func touches(reads, touched map[string]bool) bool {
	for k := range touched {
		if reads[k] {
			return true
		}
	}
	return false
}

// image makes the document and its change.
func (p *pipeline) image(move *catalog.Move) {
	e := p.e
	now := instant(p.now)
	tree := map[string]any{"form": p.f.Name, "version": float64(p.f.Version), "data": p.data, "crev": float64(0)}
	rev := int64(1)
	var id string
	if p.creating {
		if id = e.intent.ID; id == "" {
			id = p.NewID()
		}
		tree["createdAt"], tree["createdBy"] = now, p.caller.User
		tree["updatedAt"], tree["updatedBy"] = now, p.caller.User
		e.changed = true
	} else {
		old := e.before.Tree()
		id = e.before.ID
		rev = (&Record{p.f, e.before}).Rev()
		for k, v := range old {
			if _, have := tree[k]; !have || k == "crev" {
				tree[k] = v
			}
		}
		if len(p.aside) > 0 {
			tree["aside"] = p.aside
		}
		e.changed = !value.Equal(p.data, p.was) || e.intent.Verb == Recompute && old["version"] != tree["version"]
		if e.intent.Verb == Recompute {
			tree["crev"] = num(old["crev"]) + 1
			if e.intent.Full && len(p.acc) > 0 {
				tree["acc"] = p.acc
				e.changed = e.changed || !value.Equal(p.acc, old["acc"])
			}
		} else if e.changed {
			rev++
			tree["updatedAt"], tree["updatedBy"] = now, p.caller.User
		}
	}
	tree["rev"] = float64(rev)
	e.after = store.New(id, tree)
	if e.changed && e.intent.Verb != Recompute {
		e.change = p.changeOf(e, rev, move)
	}
}

func num(v any) float64 { f, _ := v.(float64); return f }
