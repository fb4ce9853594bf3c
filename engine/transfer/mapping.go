package transfer

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"formwork/engine/transfer/sheet"
	"formwork/schemas/field"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Mapping says how the columns of a table become records. It is data: kept in a file, sent to the API, stored with the job.
//
//	{"form": "shop.order", "key": ["no"], "mode": "upsert",
//	 "columns": [
//	   {"column": "Order", "field": "no"},
//	   {"column": "State", "field": "stage", "values": {"done!": "done"}, "nearest": true},
//	   {"column": "Client", "field": "client", "match": {"by": "name", "values": {"ACME": "Acme Corp"}, "missing": "create"}},
//	   {"column": "Placed", "field": "placedAt", "format": "D/M/YYYY"},
//	   {"column": "Internal", "ignore": true}],
//	 "set": {"source": "import"}, "when": [{"column": "State", "notIn": ["draft"]}]}
//
// A users import has "target": "users" instead of a form; see People.
type Mapping struct {
	Form   string `json:"form,omitempty"`   // app.form
	Target Target `json:"target,omitempty"` // instead of Form
	// Sheet is the sheet's name; "" the first that is not hidden. HeaderRow is the row number of the header, 0 to find
	// it, -1 for none. Encoding and Delimiter of a text file are detected unless they are given.
	Sheet     string         `json:"sheet,omitempty"`
	HeaderRow int            `json:"headerRow,omitempty"`
	Encoding  sheet.Encoding `json:"encoding,omitempty"`
	Delimiter string         `json:"delimiter,omitempty"`
	// Key are the fields by which a row finds the record that is there. Without any, every row is a new record.
	Key  []string `json:"key,omitempty"`
	Mode Mode     `json:"mode,omitempty"` // upsert by default, create without a key
	// Automations lets automations run for what the import writes.
	Automations bool     `json:"automations,omitempty"`
	Columns     []Column `json:"columns"`
	// Set are values for every row, by field.
	Set map[string]any `json:"set,omitempty"`
	// When are conditions that a row must meet, all of them; other rows are left out.
	When []Condition `json:"when,omitempty"`
	People
}

// People are the members of a Mapping for users.
type People struct {
	// DepartmentPath are columns that name, from the top, the department to which a row's user belongs. Departments on
	// the path are made where they are missing, below the workspace's root.
	DepartmentPath []string `json:"departmentPath,omitempty"`
	// Leader is the column that names who leads that department. The leader is its member too, and becomes a user where
	// nobody has the name.
	Leader string `json:"leader,omitempty"`
}

// Target is what an import fills beside forms.
type Target string

// Targets.
const (
	Users       Target = "users"
	Departments Target = "departments"
)

// Mode says what happens to rows whose key is there, and to those whose key is not.
type Mode string

// Modes.
const (
	Upsert Mode = "upsert" // update or create
	Create Mode = "create" // refuse what is there
	Update Mode = "update" // refuse what is not
)

// Valid says whether m is a mode.
func (m Mode) Valid() bool { return m == Upsert || m == Create || m == Update }

// Column maps one column of the table. Names are those of sheet.Column.
type Column struct {
	Column string `json:"column"`
	Field  string `json:"field,omitempty"`
	Ignore bool   `json:"ignore,omitempty"`
	// Values replaces texts before anything else looks at them; "" makes the cell empty.
	Values map[string]string `json:"values,omitempty"`
	// Nearest takes the option that a misspelt text most likely means. Every such reading is reported.
	Nearest bool   `json:"nearest,omitempty"`
	Match   *Match `json:"match,omitempty"` // relation, user, department
	// Format of dates and Decimal style of numbers; both are settled over the whole column where they are not given.
	Format  sheet.DateFormat  `json:"format,omitempty"`
	Decimal sheet.NumberStyle `json:"decimal,omitempty"`
	// Separator between several options in a cell; by default any of , ; | 、 and line breaks.
	Separator string `json:"separator,omitempty"`
	// Clear makes an empty cell empty the field of a record that is there; otherwise it leaves the field alone.
	Clear bool `json:"clear,omitempty"`
}

// Match says how texts find records, users or departments.
type Match struct {
	// By is a field of the related form, its title field by default; name (default), login or email of a user; name or
	// path ("Central/Team") of a department, by default either.
	By      string            `json:"by,omitempty"`
	Values  map[string]string `json:"values,omitempty"`
	Nearest bool              `json:"nearest,omitempty"`
	Missing Missing           `json:"missing,omitempty"`
}

// Missing says what becomes of a text that matches nothing.
type Missing string

// What may become of it.
const (
	MissingError  Missing = "error"  // the row is refused (default)
	MissingEmpty  Missing = "empty"  // the field stays empty
	MissingWarn   Missing = "warn"   // the field stays empty, with a warning
	MissingCreate Missing = "create" // what is missing is made
)

// Valid says whether m is one of the above, or nothing.
func (m Missing) Valid() bool {
	return m == "" || m == MissingError || m == MissingEmpty || m == MissingWarn || m == MissingCreate
}

// Condition is a test of a row's cell. Texts are compared folded.
type Condition struct {
	Column string   `json:"column"`
	In     []string `json:"in,omitempty"`
	NotIn  []string `json:"notIn,omitempty"`
	Empty  *bool    `json:"empty,omitempty"`
}

// ParseMapping reads a mapping from JSON, strictly: unknown members, wrong types and unknown words are problems with
// pointers into it. Fields and columns are checked when form and table are known.
func ParseMapping(source []byte) (Mapping, error) {
	v, err := value.Decode(source)
	if err != nil {
		var at *value.SyntaxError
		pointer := ""
		if errors.As(err, &at) {
			pointer = at.Pointer
		}
		return Mapping{}, problem.Fail(problem.Malformed, "malformed-json", pointer, nil)
	}
	object, ok := v.(map[string]any)
	if !ok {
		return Mapping{}, problem.Fail(problem.Invalid, "type", "", problem.P{"expected": "object"})
	}
	if err := problem.Refuse(strangers(object)); err != nil {
		return Mapping{}, err
	}
	var m Mapping
	if err := json.NewDecoder(bytes.NewReader(source)).Decode(&m); err != nil {
		var wrong *json.UnmarshalTypeError
		if !errors.As(err, &wrong) {
			return Mapping{}, problem.Fail(problem.Malformed, "malformed-json", "", nil)
		}
		return Mapping{}, problem.Fail(problem.Invalid, "type", "/"+strings.ReplaceAll(wrong.Field, ".", "/"), problem.P{"expected": wrong.Type.Kind().String(), "actual": wrong.Value})
	}
	if set, ok := object["set"].(map[string]any); ok {
		m.Set = set // canonical values
	}
	return m, problem.Refuse(m.check())
}

// strangers are members that a mapping does not have.
func strangers(m map[string]any) problem.List {
	out := field.UnknownMembers(m, []string{"form", "target", "sheet", "headerRow", "encoding", "delimiter", "key", "mode", "automations",
		"columns", "set", "when", "departmentPath", "leader"})
	each := func(key string, known ...string) {
		list, _ := m[key].([]any)
		for i, x := range list {
			if o, ok := x.(map[string]any); ok {
				out = append(out, field.UnknownMembers(o, known).At(problem.Pointer(key, i))...)
				if o, ok := o["match"].(map[string]any); ok {
					out = append(out, field.UnknownMembers(o, []string{"by", "values", "nearest", "missing"}).At(problem.Pointer(key, i, "match"))...)
				}
			}
		}
	}
	each("columns", "column", "field", "ignore", "values", "nearest", "match", "format", "decimal", "separator", "clear")
	each("when", "column", "in", "notIn", "empty")
	return out
}
