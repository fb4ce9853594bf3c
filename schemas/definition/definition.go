package definition

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Kind is what a definition defines.
type Kind string

const (
	KindTemplate   Kind = "template"
	KindApp        Kind = "app"
	KindForm       Kind = "form"
	KindView       Kind = "view"
	KindDashboard  Kind = "dashboard"
	KindRole       Kind = "role"
	KindOptionSet  Kind = "optionset"
	KindAutomation Kind = "automation"
	KindCalendar   Kind = "calendar"
	KindPage       Kind = "page"
)

// Kinds are the kinds an app may hold, in the order in which they are compiled.
var Kinds = []Kind{KindApp, KindOptionSet, KindForm, KindView, KindDashboard, KindRole, KindCalendar, KindAutomation, KindPage}

// Valid says whether an app may hold definitions of the kind.
func (k Kind) Valid() bool {
	for _, x := range Kinds {
		if k == x {
			return true
		}
	}
	return false
}

// KeyPattern is what keys of definitions look like; FieldPattern what keys of fields look like.
var (
	KeyPattern   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	FieldPattern = regexp.MustCompile(`^[a-z][A-Za-z0-9_]*$`)
)

// MaxKey is the longest key in bytes.
const MaxKey = 48

// Text is a text for people: one for all languages ("" key) or one per language.
type Text map[string]string

// In picks the text for a language: exact, the neutral one, same primary language ("zh" and "zh-TW" find "zh-CN"), then
// en, zh-CN, the first language in byte order.
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	if s := t[""]; s != "" || len(t) == 0 {
		return s
	}
	languages := slices.Sorted(maps.Keys(t))
	primary, _, _ := strings.Cut(lang, "-")
	for _, l := range languages {
		if p, _, _ := strings.Cut(l, "-"); p == primary && t[l] != "" {
			return t[l]
		}
	}
	for _, l := range append([]string{"en", "zh-CN"}, languages...) {
		if s := t[l]; s != "" {
			return s
		}
	}
	return ""
}

func (t *Text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*t = Text{"": s}
		return nil
	}
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	*t = m
	return nil
}

func (t Text) MarshalJSON() ([]byte, error) {
	if s, ok := t[""]; ok && len(t) == 1 {
		return json.Marshal(s)
	}
	return json.Marshal(map[string]string(t))
}

// Expr is an expression; on the wire always {"expr": "..."}, never guessed from a string.
type Expr struct {
	Source string `json:"expr"`
}

// Head is what every definition has.
type Head struct {
	Kind        Kind   `json:"kind"`
	Key         string `json:"key"`
	Title       Text   `json:"title,omitempty"`
	Description Text   `json:"description,omitempty"`
}

// App is the frame of an app: how it is listed and what its menu shows.
type App struct {
	Head
	Icon  string `json:"icon,omitempty"`
	Color string `json:"color,omitempty"`
	Order int    `json:"order,omitempty"`
	// Menu names forms, views, dashboards and pages of the app in the order they are shown; what is left out comes after.
	Menu []MenuItem `json:"menu,omitempty"`
}

// MenuItem is one entry: exactly one member is set.
type MenuItem struct {
	Form      string `json:"form,omitempty"`
	View      string `json:"view,omitempty"`
	Dashboard string `json:"dashboard,omitempty"`
	Page      string `json:"page,omitempty"`
}

// OptionSet is a list of options that several fields share.
type OptionSet struct {
	Head
	Options []Option `json:"options"`
}

// View is a saved way to look at a form's records.
type View struct {
	Head
	Form   string   `json:"form"`           // key in the same app, or app.form
	Type   string   `json:"type,omitempty"` // table (default), kanban, calendar, gallery, list
	Fields []string `json:"fields,omitempty"`
	// Filter is the wire form of engine/query.
	Filter  json.RawMessage `json:"filter,omitempty"`
	Sort    []string        `json:"sort,omitempty"` // "-updatedAt": descending
	GroupBy string          `json:"groupBy,omitempty"`
	// Summaries are shown under a table's columns.
	Summaries []Summary `json:"summaries,omitempty"`
	// Scoped lists fields that people usually narrow the view by; the store keeps an index for each with the sort.
	Scoped []string `json:"scoped,omitempty"`
	// Order is its place among the views of its form, smaller first; equal ones come by key.
	Order int `json:"order,omitempty"`
}

// Summary is a figure under a column.
type Summary struct {
	Field string `json:"field"`
	Fn    string `json:"fn"`
}

// Dashboard is cards of figures over forms.
type Dashboard struct {
	Head
	// Period is what the period filter starts with: a period name of engine/query ("this-quarter"), "" for all time.
	Period string `json:"period,omitempty"`
	Cards  []Card `json:"cards"`
}

// Card shows one aggregate.
type Card struct {
	Key   string `json:"key"`
	Title Text   `json:"title"`
	Help  Text   `json:"help,omitempty"`
	Type  string `json:"type"` // kpi, bar, line, funnel, leaderboard, table, pie
	Form  string `json:"form"`
	// DateField is what the dashboard's period applies to; without it the card ignores the period.
	DateField string `json:"dateField,omitempty"`
	// Filter, GroupBy, Measures, Having, Sort and Limit are the wire form of engine/query's Ask.
	Filter   json.RawMessage `json:"filter,omitempty"`
	GroupBy  json.RawMessage `json:"groupBy,omitempty"`
	Measures json.RawMessage `json:"measures"`
	Having   json.RawMessage `json:"having,omitempty"`
	Sort     []string        `json:"sort,omitempty"`
	Limit    int             `json:"limit,omitempty"`
	// Titles name the measures, by their `as`.
	Titles map[string]Text `json:"titles,omitempty"`
	// Format tells how figures read, by `as`: number, currency, percent, days.
	Format map[string]string `json:"format,omitempty"`
	// Compare puts figures beside those of the period before (previous), or of the same period a year ago (last-year). Of
	// a period that is under way only the days that are over are compared.
	Compare string `json:"compare,omitempty"`
	// Better is which way the first figure should go: higher (the default) or lower.
	Better string `json:"better,omitempty"`
	// Target is what the first figure is to reach.
	Target *CardTarget `json:"target,omitempty"`
	Width  int         `json:"width,omitempty"` // of 12 columns
	Height int         `json:"height,omitempty"`
}

// CardTarget is a constant: for every Per of the period, or for any period where there is none.
type CardTarget struct {
	Value float64 `json:"value"`
	Per   string  `json:"per,omitempty"` // year, quarter, month, week, day
}

// Role is rights within the app, and in forms of other apps that it names.
type Role struct {
	Head
	Members Members `json:"members,omitempty"`
	// Admin may change the app's definitions and do everything with its records.
	Admin bool        `json:"admin,omitempty"`
	Forms []FormRight `json:"forms,omitempty"`
	// Dashboards the role may open; "*" for all of the app.
	Dashboards []string `json:"dashboards,omitempty"`
}

// Members says who has a role without being named.
type Members struct {
	// Default gives the role to every user.
	Default bool `json:"default,omitempty"`
	// Leaders gives it to everybody who leads a department.
	Leaders bool `json:"leaders,omitempty"`
}

// FormRight is what a role may do with the records of one form.
type FormRight struct {
	Form    string   `json:"form"`
	Actions []Action `json:"actions"`
	// Rows narrows the records: all (default), own, department, subtree, or a filter in Where.
	Rows  Scope           `json:"rows,omitempty"`
	Where json.RawMessage `json:"where,omitempty"`
	// OwnerField tells whose a record is; default "owner" where the form has such a user field, else the creator.
	OwnerField string `json:"ownerField,omitempty"`
	// Fields lists the exceptions; every other field can be read and written.
	Fields []FieldRight `json:"fields,omitempty"`
}

// Action is something a role may do.
type Action string

const (
	Read       Action = "read"
	Create     Action = "create"
	Update     Action = "update"
	Delete     Action = "delete"
	Transition Action = "transition"
	// SetStage lets records be created or moved to any stage, as imports need it; journalled.
	SetStage Action = "set-stage"
	Export   Action = "export"
	Import   Action = "import"
)

// Actions are all actions.
var Actions = []Action{Read, Create, Update, Delete, Transition, SetStage, Export, Import}

// Scope is which rows a right covers.
type Scope string

const (
	RowsAll        Scope = "all"
	RowsOwn        Scope = "own"        // the owner is the user
	RowsDepartment Scope = "department" // the owner is a member of one of the user's departments
	RowsSubtree    Scope = "subtree"    // ... or of a department below them
)

// FieldRight is an exception for one field.
type FieldRight struct {
	Field  string      `json:"field"`
	Access FieldAccess `json:"access"`
}

// FieldAccess is how far a field is open.
type FieldAccess string

const (
	Hidden   FieldAccess = "hidden" // cannot be read, written, filtered, sorted, grouped or searched
	Masked   FieldAccess = "masked" // reads as a mask, cannot be written or asked for
	ReadOnly FieldAccess = "read"
	Writable FieldAccess = "write"
)

// Template is a package of apps that can be installed.
type Template struct {
	Head
	Version string   `json:"version"` // semantic version
	Apps    []string `json:"apps"`    // folders under apps/, in the order of installing
	Locales []string `json:"locales,omitempty"`
	Picture string   `json:"picture,omitempty"`
}

// Peek reads kind and key of a definition's JSON.
func Peek(source []byte) (Head, error) {
	var h Head
	err := json.Unmarshal(source, &h)
	return h, err
}

// Decode reads a definition into *App, *OptionSet, *Form, *View, *Dashboard, *Role, *Calendar, *Automation or *Template. The source must have
// passed the meta-schema of its kind; unknown members are an error all the same.
func Decode(source []byte) (any, error) {
	h, err := Peek(source)
	if err != nil {
		return nil, err
	}
	var into any
	switch h.Kind {
	case KindApp:
		into = &App{}
	case KindOptionSet:
		into = &OptionSet{}
	case KindForm:
		f := &Form{}
		if err := f.UnmarshalJSON(source); err != nil {
			return nil, err
		}
		return f, nil
	case KindView:
		into = &View{}
	case KindDashboard:
		into = &Dashboard{}
	case KindRole:
		into = &Role{}
	case KindCalendar:
		into = &Calendar{}
	case KindAutomation:
		into = &Automation{}
	case KindPage:
		into = &Page{}
	case KindTemplate:
		into = &Template{}
	default:
		return nil, fmt.Errorf("unknown kind %q", h.Kind)
	}
	d := json.NewDecoder(bytes.NewReader(source))
	d.DisallowUnknownFields()
	return into, d.Decode(into)
}
