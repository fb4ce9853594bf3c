package catalog

import (
	"strings"

	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/validate"
)

// Snapshot is all published apps, compiled. Immutable.
type Snapshot struct {
	// Number grows with every publishing in the workspace.
	Number int64
	Apps   map[string]*App
	// Forms by "app.form".
	Forms map[string]*Form
	uses  []Use
	// Automations by "app.key".
	Automations map[string]*Automation
}

// App is one app of a snapshot.
type App struct {
	Key     string
	Version int64
	Def     *definition.App
	Forms   []*Form // in the order of their keys
	Views   []*definition.View
	Boards  []*definition.Dashboard
	Roles   []*definition.Role
	// Automations, and the calendars that they go by.
	Automations []*Automation
	Calendars   []*Calendar
	automations []*definition.Automation
	Pages       []*Page
	pages       []*definition.Page
	// Sources are the definitions' JSON as written, by "kind/key".
	Sources Sources
}

// Sources are definitions as written, by "kind/key".
type Sources map[string]string

// Form is one form of a snapshot.
type Form struct {
	Name    string // app.form
	App     string
	Key     string
	Version int64 // of its app
	// PlainSince is the version from which on stored records have the present shape: nothing but additions since.
	PlainSince int64
	Def        *definition.Form
	Fields     []*Field // in the order of the schema's properties
	ByKey      map[string]*Field
	// Columns are everything that can be asked of a record, the envelope's columns among them.
	Columns query.Columns
	// Collection is where the records live.
	Collection store.Collection
	// Schema validates data after coercion and computation; Published is the complete JSON Schema as text.
	Schema *validate.Schema
	// Fresh validates data of which every value was coerced just now: a new record's. It leaves out what that ensures.
	Fresh     *validate.Schema
	Published []byte
	Rules     []*Rule
	Stages    *Stages
	// Limits, Claims and Duplicates: whose records are, how many, and which are the same.
	Limits     []*Limit
	Claims     []*Claim
	Duplicates []*Duplicate
	// Visible are the conditions of the layout's sections, by their place; nil where a section always shows.
	Visible []*formula.Program
	// Computed are the fields that are computed from the record itself and what it points to, lookups and formulas, in
	// the order in which they must be computed.
	Computed []*Field
	// Live are formulas computed on read.
	Live []*Field
	// Rollups of this form, and what of other forms depends on this one.
	Rollups    []*Rollup // this form is the parent
	RollsInto  []*Rollup // this form is the child
	LookedUpBy []*Lookup // lookups elsewhere (or here) that read a field of this form
	PointedBy  []*Pointer
	// Automations are those in force whose trigger is about records of this form.
	Automations []*Automation
	// Owner is the field that tells whose a record is: "owner" where the form has such a user field, else "createdBy".
	Owner string
	// SearchColumns are the columns that quick search looks in.
	SearchColumns []string
}

// Field is one field of a form.
type Field struct {
	Key string
	// Def is the definition with options filled in (option sets, stages).
	Def *definition.Field
	// Type is its type; As the type its values have: the same, but for formula, lookup and roll-up the type of the
	// result, with AsDef as the settings that go with it.
	Type  *field.Type
	As    *field.Type
	AsDef *definition.Field
	// Column is nil for what cannot be asked for.
	Column *query.Column
	// Formula of a formula field.
	Formula *formula.Program
	// Cells are the columns of a sub-table that compute, each after those that it reads. AsDef has the columns by the type
	// of their results.
	Cells []*Cell
	// Links are the columns of a sub-table that hold ids of records, users or departments.
	Links []*Link
	// Lookup and Rollup of such fields.
	Lookup *Lookup
	Rollup *Rollup
	// Default is a constant in canonical form, DefaultExpr an expression; at most one is set.
	Default     any
	DefaultExpr *formula.Program
	// Relation is the form that a relation points to.
	Relation *Form
	// Stage marks the field that holds the stage.
	Stage bool
}

// Link is a column of a sub-table that holds ids.
type Link struct {
	Key  string
	Type string // relation, user or department
	Form *Form  // of a relation
}

// Cell is a column of a sub-table that computes from the others of its row.
type Cell struct {
	Key     string
	Formula *formula.Program
	As      *field.Type
	AsDef   *definition.Field
}

// Computed says whether only the engine writes the field.
func (f *Field) Computed() bool { return f.Type.Computed }

// Lookup copies a field through a relation, user or department field of the same form.
type Lookup struct {
	Form  *Form
	Field *Field
	Via   *Field
	// Target is the field in Via's form; for a user or department Property instead ("name", "department", ...).
	Target   *Field
	Property string
}

// Rollup computes over the child records that point to a parent.
type Rollup struct {
	Parent *Form
	Field  *Field
	Child  *Form
	Link   *Field
	Fn     query.Fn // count, sum, min, max, avg
	Of     *Field   // nil for count
	Where  query.Where
	Reads  map[string]bool // the child's fields whose change can change the result
}

// Pointer is a relation field that points to a form.
type Pointer struct {
	Form     *Form
	Field    *Field
	OnDelete definition.OnDelete
}

// Rule is a compiled cross-field rule.
type Rule struct {
	Def  *definition.Rule
	When *formula.Program
	// Reads are the fields the rule depends on, the required ones among them.
	Reads map[string]bool
}

// Stages are a form's compiled stages.
type Stages struct {
	Def    *definition.Stages
	Field  string
	States map[string]*definition.State
	// Since and Due are fields that the engine fills, nil where the form names none.
	Since, Due *Field
	Moves      []*Move
}

// Move is a compiled transition.
type Move struct {
	Def   *definition.StageMove
	Guard *formula.Program
}

// Form finds a form by "app.form".
func (s *Snapshot) Form(name string) (*Form, bool) {
	f, ok := s.Forms[name]
	return f, ok
}

// Find finds a definition of a kind in an app.
func (a *App) View(key string) (*definition.View, bool) {
	for _, v := range a.Views {
		if v.Key == key {
			return v, true
		}
	}
	return nil, false
}

// Board finds a dashboard.
func (a *App) Board(key string) (*definition.Dashboard, bool) {
	for _, d := range a.Boards {
		if d.Key == key {
			return d, true
		}
	}
	return nil, false
}

// Qualify turns a form's key, as definitions of an app write it, into "app.form".
func Qualify(app, form string) string {
	if strings.Contains(form, ".") {
		return form
	}
	return app + "." + form
}

// RecordsOf is the collection of a form's records.
func RecordsOf(form string) string { return "r." + form }

// Envelope are the columns that every record has beside its data.
var Envelope = []query.Column{
	{Key: "createdAt", Path: []string{"createdAt"}, Kind: query.Instant},
	{Key: "updatedAt", Path: []string{"updatedAt"}, Kind: query.Instant},
	{Key: "createdBy", Path: []string{"createdBy"}, Kind: query.Text},
	{Key: "updatedBy", Path: []string{"updatedBy"}, Kind: query.Text},
	{Key: "version", Path: []string{"version"}, Kind: query.Number},
}
