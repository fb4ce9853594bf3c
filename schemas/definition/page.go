package definition

import "encoding/json"

// Page is a screen of blocks, put together for people with certain roles.
type Page struct {
	Head
	Icon string `json:"icon,omitempty"`
	// Roles see it; everybody when empty.
	Roles []string `json:"roles,omitempty"`
	// Layout is where it is shown: phone, desk, or both (default).
	Layout string  `json:"layout,omitempty"`
	Blocks []Block `json:"blocks"`
}

// Block is a part of a page. Which members apply depends on Type.
type Block struct {
	Key   string   `json:"key"`
	Type  string   `json:"type"` // todo, figures, form, claim, list, card, shortcuts
	Title Text     `json:"title,omitempty"`
	Help  Text     `json:"help,omitempty"`
	Roles []string `json:"roles,omitempty"`
	Width int      `json:"width,omitempty"` // of 12 columns, on a desk
	// Sources of a todo, or of the records that a form suggests. Limit is how many are shown.
	Sources []Source `json:"sources,omitempty"`
	Limit   int      `json:"limit,omitempty"`
	// Done counts what was done today, for a todo.
	Done    []Counted `json:"done,omitempty"`
	Figures []Figure  `json:"figures,omitempty"`
	// Form of a form, claim or list; View instead, which brings filter, sort and fields.
	Form   string          `json:"form,omitempty"`
	View   string          `json:"view,omitempty"`
	Filter json.RawMessage `json:"filter,omitempty"`
	Sort   []string        `json:"sort,omitempty"`
	Fields []string        `json:"fields,omitempty"`
	// Chips are select fields of a form that are shown as buttons; Link is the field that a suggested record fills.
	Chips  []string                   `json:"chips,omitempty"`
	Link   string                     `json:"link,omitempty"`
	Values map[string]json.RawMessage `json:"values,omitempty"` // constants that a form begins with
	Claim  string                     `json:"claim,omitempty"`
	// Dashboard and Card of a card.
	Dashboard string     `json:"dashboard,omitempty"`
	Card      string     `json:"card,omitempty"`
	Items     []Shortcut `json:"items,omitempty"`
}

// Source is a query whose records are something to do, and why.
type Source struct {
	Key    string          `json:"key"`
	Form   string          `json:"form"`
	Filter json.RawMessage `json:"filter,omitempty"`
	Sort   []string        `json:"sort,omitempty"`
	// Reason is what people read; {{ expressions }} in it see the record's fields and user.
	Reason Text   `json:"reason"`
	Tone   string `json:"tone,omitempty"` // danger, warning, normal (default)
	Icon   string `json:"icon,omitempty"`
	// Weight puts sources before others; within the same weight what is due first comes first.
	Weight int `json:"weight,omitempty"`
	// About is a relation: what is due about the same record is one thing to do. Without it that is the record itself.
	About string `json:"about,omitempty"`
	// Title, Subtitle, Amount and Due are fields that are shown; Title defaults to the form's title field. Phone is a field,
	// or relation.field, that is called.
	Title    string       `json:"title,omitempty"`
	Subtitle string       `json:"subtitle,omitempty"`
	Amount   string       `json:"amount,omitempty"`
	Due      string       `json:"due,omitempty"`
	Phone    string       `json:"phone,omitempty"`
	Actions  []PageAction `json:"actions,omitempty"`
}

// PageAction is what can be done about something on a page.
type PageAction struct {
	Type  string `json:"type"` // open, call, create, postpone, claim, transition, button
	Title Text   `json:"title,omitempty"`
	Icon  string `json:"icon,omitempty"`
	// Form and Link of create: a record there, whose field Link points to this one; Form defaults and Values fill more.
	Form   string                     `json:"form,omitempty"`
	Link   string                     `json:"link,omitempty"`
	Values map[string]json.RawMessage `json:"values,omitempty"`
	// Field of postpone is the date that moves, by one of Days.
	Field string `json:"field,omitempty"`
	Days  []int  `json:"days,omitempty"`
	Claim string `json:"claim,omitempty"`
	// To of transition; Automation of button.
	To         string `json:"to,omitempty"`
	Automation string `json:"automation,omitempty"`
}

// Counted is records that count.
type Counted struct {
	Form   string          `json:"form"`
	Filter json.RawMessage `json:"filter,omitempty"`
}

// Figure is a number, towards a goal or without.
type Figure struct {
	Key       string          `json:"key"`
	Title     Text            `json:"title"`
	Form      string          `json:"form"`
	DateField string          `json:"dateField,omitempty"`
	Period    string          `json:"period,omitempty"`
	Filter    json.RawMessage `json:"filter,omitempty"`
	Fn        string          `json:"fn"`
	Field     string          `json:"field,omitempty"`
	Format    string          `json:"format,omitempty"` // number, currency, percent, days
	// Goal is what it should come to.
	Goal *float64 `json:"goal,omitempty"`
	// Calendar counts the days that are left.
	Calendar string `json:"calendar,omitempty"`
}

// Shortcut leads somewhere: one of Form, View, Dashboard, Page.
type Shortcut struct {
	Key       string `json:"key"`
	Title     Text   `json:"title,omitempty"`
	Icon      string `json:"icon,omitempty"`
	Form      string `json:"form,omitempty"`
	View      string `json:"view,omitempty"`
	Dashboard string `json:"dashboard,omitempty"`
	Page      string `json:"page,omitempty"`
	// New opens an empty record of Form instead of its list.
	New bool `json:"new,omitempty"`
}
