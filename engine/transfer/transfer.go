package transfer

import (
	"context"
	"io"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/org"
	"formwork/engine/outbox"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// Kinds of jobs.
const (
	JobImport = "import"
	JobUndo   = "import-undo"
)

// Ways by which an import's writes come, as their changes say: automations listen to the second.
const (
	ViaImport    = "import"
	ViaAutomated = "import-automated"
)

// File is a stored file, open for reading at any place.
type File struct {
	Name string
	Size int64
	io.ReaderAt
	io.Closer
}

// Files keeps uploads and error sheets beyond the life of a process.
type Files interface {
	// Open finds a file. A *problem.Failure of kind NotFound.
	Open(ctx context.Context, id string) (File, error)
	// Save stores what r gives for a user, and says its id.
	Save(ctx context.Context, user, name, mediaType string, r io.Reader) (id string, err error)
	// Keep marks a file as used, in a transaction: files that nobody uses go after a day.
	Keep(ctx context.Context, tx store.Tx, id string) error
}

// Options are what a Transfer needs.
type Options struct {
	Store   store.Store
	Records *record.Records
	Org     *org.Org
	Outbox  *outbox.Outbox
	Files   Files
	// Caller is a user as records know them, when a job runs. Somebody who left has no rights.
	Caller func(user, via string) record.Caller
	// Workspace is the workspace's name, for the root of the department tree where there is none.
	Workspace func() string
	// Say turns a problem into a sentence in a language, for error sheets; with nil they hold codes.
	Say func(locale string, p problem.Problem) string
	// Batch is how many rows a transaction writes: 400 by default, at most record.MaxBulk.
	Batch int
}

// Transfer imports and exports. Safe for concurrent use.
type Transfer struct {
	Options
	// For tests: fault fails a batch's transaction after its last write, lost the attempt right after it committed.
	fault func(ctx context.Context) error
	lost  func() error
}

// Open prepares the journal and registers the handlers of its jobs.
func Open(ctx context.Context, o Options) (*Transfer, error) {
	if o.Batch <= 0 || o.Batch > record.MaxBulk {
		o.Batch = 400
	}
	if o.Say == nil {
		o.Say = func(_ string, p problem.Problem) string { return p.String() }
	}
	if err := o.Store.Ensure(ctx, store.Collection{Name: journalCollection,
		Columns: []query.Column{
			{Key: "job", Path: []string{"job"}, Kind: query.Text}, {Key: "entry", Path: []string{"entry"}, Kind: query.Number},
			{Key: "open", Path: []string{"open"}, Kind: query.Text}},
		Indexes: []store.Index{
			{Key: "job", Columns: []query.Order{{Column: "job"}, {Column: "entry"}}},
			{Key: "open", Columns: []query.Order{{Column: "open"}}}}}); err != nil {
		return nil, err
	}
	t := &Transfer{Options: o}
	if o.Outbox != nil {
		o.Outbox.HandleBy(JobImport, outbox.Policy{AtOnce: 2}, t.RunImport)
		o.Outbox.HandleBy(JobUndo, outbox.Policy{AtOnce: 2}, t.RunUndo)
	}
	return t, nil
}

// importer is the user for a form's import. Who may import may set the stage of what they bring: the right set-stage
// comes with it, for as long as the import runs, under the field rights that the user has. Records that were there move
// through transitions, unless the user has the right anyway.
func importer(c record.Caller, f *catalog.Form, d *access.Decision, automations bool) record.Caller {
	c.Via = ViaImport
	if automations {
		c.Via = ViaAutomated
	}
	if d.All {
		return c
	}
	c.Bound = !d.Can(definition.SetStage)
	right := definition.FormRight{Form: f.Name, Actions: []definition.Action{definition.SetStage}}
	for _, x := range f.Fields {
		if a := d.Field(x.Key); a != definition.Writable {
			right.Fields = append(right.Fields, definition.FieldRight{Field: x.Key, Access: a})
		}
	}
	c.Subject.Roles = append(c.Subject.Roles[:len(c.Subject.Roles):len(c.Subject.Roles)], access.Role{Def: &definition.Role{Forms: []definition.FormRight{right}}})
	return c
}

// table is the sheet that a mapping means, opened.
type table struct {
	sheet  *sheet.Sheet
	header sheet.Header
	book   *sheet.Book
}

func openTable(f File, m *Mapping) (*table, error) {
	o := sheet.Options{Encoding: m.Encoding, HeaderRow: m.HeaderRow}
	if m.Delimiter != "" {
		o.Delimiter = m.Delimiter[0]
	}
	book, err := sheet.Open(f, f.Size, f.Name, o)
	if err != nil {
		return nil, sheetFailure(err)
	}
	t := &table{book: book}
	var names []string
	for _, s := range book.Sheets() {
		names = append(names, s.Name)
		if t.sheet == nil && (m.Sheet == "" && !s.Hidden || m.Sheet != "" && s.Name == m.Sheet) {
			t.sheet = s
		}
	}
	if t.sheet == nil {
		return nil, problem.Fail(problem.Invalid, "unknown-sheet", "/sheet", problem.P{"sheet": m.Sheet, "sheets": names})
	}
	if m.HeaderRow != 0 {
		t.sheet = t.sheet.WithHeader(m.HeaderRow)
	}
	if t.header, err = t.sheet.Header(); err != nil {
		return nil, sheetFailure(err)
	}
	return t, nil
}

// Profile looks at the columns of the table that a mapping means, for Guess; the zero Mapping means the first sheet. At
// most rows rows are looked at, 0 for all.
func Profile(f File, m Mapping, rows int) (sheetName string, columns []sheet.ColumnProfile, err error) {
	t, err := openTable(f, &m)
	if err != nil {
		return "", nil, err
	}
	columns, err = sheet.Profile(t.header.Columns, t.sheet.Rows(), sheet.ProfileOptions{Rows: rows})
	return t.sheet.Name, columns, sheetFailure(err)
}

// sheetFailure makes a failure of what a file has against being read.
func sheetFailure(err error) error {
	code := sheet.CodeOf(err)
	if code == "" {
		return err
	}
	if code == sheet.CodeReadFailed || code == sheet.CodeWriteFailed {
		return err
	}
	kind := problem.Invalid
	if code == sheet.CodeTooLarge || code == sheet.CodeUnzipTooLarge || code == sheet.CodeTooManyRows || code == sheet.CodeTooManyColumns {
		kind = problem.TooLarge
	}
	return &problem.Failure{Kind: kind, Problems: problem.List{sheetProblem(err)}, Cause: err}
}
