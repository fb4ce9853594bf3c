package record

import (
	"context"
	"time"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// People answers questions about users and departments. Implemented by org.Directory.
type People interface {
	access.Organisation
	// Person gives what expressions and paths may know of a user: id, name, login, department, email, phone. ok is false
	// for a user that does not exist.
	Person(user string) (person map[string]any, ok bool)
	// Unit gives a department's id, name, leader, parent.
	Unit(department string) (unit map[string]any, ok bool)
	// Persons and Units are all ids.
	Persons() []string
	Units() []string
	Subtree(department string) []string
	AtLevel(department string, level int) string
}

// Jobs takes work that must happen after a transaction, as part of it. Implemented by outbox.Outbox.
type Jobs interface {
	Add(ctx context.Context, tx store.Tx, kind, key string, payload map[string]any) error
	Wake()
}

// Options are what Records need.
type Options struct {
	Store   store.Store
	Catalog *catalog.Catalog
	People  func() People
	Jobs    Jobs
	Files   Files
	Now     func() time.Time
	NewID   func() string
	// Zone is the workspace's time zone.
	Zone func() *time.Location
	// Listener is told of writes in their transactions; nil: nobody.
	Listener Listener
	// Rights are what a user may do, for limits that depend on it. nil: nobody has a role.
	Rights func(user string) access.Subject
	// Patience is how long the answer to a write waits at most for what it has set off.
	Patience time.Duration
	// Changed is told of committed writes: a hint for live updates; it must not block.
	Changed func(form string, ids []string)
	// Mentioned runs in the transaction of a comment that names users; nil when nobody is to be told.
	Mentioned func(ctx context.Context, tx store.Tx, m Mention) error
}

// Records reads and writes records. Safe for concurrent use.
type Records struct {
	Options
}

const changesCollection = "changes"
const onceCollection = "once"

// Open prepares the collections that records share.
func Open(ctx context.Context, o Options) (*Records, error) {
	text := func(key string) query.Column { return query.Column{Key: key, Path: []string{key}, Kind: query.Text} }
	number := func(key string) query.Column { return query.Column{Key: key, Path: []string{key}, Kind: query.Number} }
	instant := func(key string) query.Column { return query.Column{Key: key, Path: []string{key}, Kind: query.Instant} }
	for _, c := range []store.Collection{
		{Name: changesCollection, Columns: []query.Column{text("record"), number("rev"), instant("at")},
			Indexes: []store.Index{{Key: "record", Columns: []query.Order{{Column: "record"}, {Column: "rev"}}}}},
		{Name: onceCollection, Columns: []query.Column{instant("at")},
			Indexes: []store.Index{{Key: "at", Columns: []query.Order{{Column: "at"}}}}},
		commentColumns(),
		movesDeclaration(),
		{Name: countersCollection},
		{Name: alikeCollection},
	} {
		if err := o.Store.Ensure(ctx, c); err != nil {
			return nil, err
		}
	}
	if o.Listener == nil {
		o.Listener = silent{}
	}
	if o.Changed == nil {
		o.Changed = func(string, []string) {}
	}
	return &Records{o}, nil
}

// Caller is who asks or writes.
type Caller struct {
	User    string
	Subject access.Subject
	Zone    *time.Location // nil: the workspace's
	// Via says by what way a write came: api, import, automation, convert. It stands in the change.
	Via string
	// Bound makes existing records change their stage through transitions only, though the right set-stage is there: that
	// of an import is for what it brings along.
	Bound bool
	// Cause is set for writes by automations.
	Cause *Cause
}

func (r *Records) zone(c Caller) *time.Location {
	if c.Zone != nil {
		return c.Zone
	}
	return r.Zone()
}

// session is one request: a snapshot, a caller and the moment. Decisions are made once per form.
type session struct {
	*Records
	ctx       context.Context
	snap      *catalog.Snapshot
	caller    Caller
	people    People
	now       time.Time
	zone      *time.Location
	decisions map[string]*access.Decision
	// singly: the batch holds a value that is taken, so its records are inserted one by one to find out which.
	singly bool
	// still: what was prepared was read in the transaction that commits it, and nothing was written in between.
	still bool
	// alikeSeen is what a batch is compared by while it is prepared.
	alikeSeen *foreseen
}

func (r *Records) session(ctx context.Context, c Caller) *session {
	return &session{Records: r, ctx: ctx, snap: r.Catalog.Snapshot(), caller: c, people: r.People(), now: r.Now(), zone: r.zone(c),
		decisions: map[string]*access.Decision{}}
}

// form finds a form that the caller may at least know of: one it has some right in. NotFound otherwise.
func (s *session) form(name string) (*catalog.Form, *access.Decision, error) {
	f, ok := s.snap.Forms[name]
	if ok {
		if d := s.decide(f); d.Any() {
			return f, d, nil
		}
	}
	return nil, nil, problem.Fail(problem.NotFound, "not-found", "", problem.P{"form": name})
}

func (s *session) decide(f *catalog.Form) *access.Decision {
	d, ok := s.decisions[f.Name]
	if !ok {
		d = access.Decide(s.caller.Subject, access.Target{App: f.App, Form: f.Name, Owner: f.Owner, Columns: f.Columns, Qualify: catalog.Qualify}, s.people, s.roleEnv(f))
		s.decisions[f.Name] = d
	}
	return d
}

// Decision is what a caller may do with a form; NotFound when that is nothing.
func (r *Records) Decision(ctx context.Context, c Caller, form string) (*catalog.Form, *access.Decision, error) {
	return r.session(ctx, c).form(form)
}

// Rev is what If-Match compares: the record's rev, and with Crev >= 0 also its crev.
type Rev struct {
	Rev, Crev int64
}

// Record is a stored record with its form.
type Record struct {
	Form *catalog.Form
	Doc  *store.Doc
}

func (r *Record) num(key string) int64 {
	f, _ := r.Doc.Tree()[key].(float64)
	return int64(f)
}

// Rev counts writes to the record itself, Crev recomputations from other records.
func (r *Record) Rev() int64 { return r.num("rev") }

// Crev: see Rev.
func (r *Record) Crev() int64 { return r.num("crev") }

// Data is the record's data as stored. Read only.
func (r *Record) Data() map[string]any { return dataOf(r.Doc.Tree()) }

func dataOf(tree map[string]any) map[string]any {
	m, _ := tree["data"].(map[string]any)
	return m
}

func notFound(form, id string) error {
	return problem.Fail(problem.NotFound, "not-found", "", problem.P{"form": form, "record": id})
}

func instant(t time.Time) string { return value.FormatInstant(t.UnixMilli()) }
