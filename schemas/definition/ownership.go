package definition

import "encoding/json"

// Limit is how many live records that match a filter one owner may have at most.
type Limit struct {
	Key   string `json:"key"`
	Title Text   `json:"title,omitempty"`
	// Owner is the field that tells whose a record is: a user, department or relation. Empties do not count.
	Owner string `json:"owner"`
	// Filter narrows the records that count; the wire form of engine/query, deterministic.
	Filter json.RawMessage `json:"filter,omitempty"`
	Max    int             `json:"max"`
	// Roles have another maximum; of several the largest applies.
	Roles []RoleMax `json:"roles,omitempty"`
	// Message is what people read when it is reached.
	Message Text `json:"message,omitempty"`
}

// RoleMax is the maximum of those who have a role.
type RoleMax struct {
	Role string `json:"role"`
	Max  int    `json:"max"`
}

// Claim lets somebody take a record that nobody has, at once and exactly one of all who try, and give it back.
type Claim struct {
	Key   string `json:"key"`
	Title Text   `json:"title,omitempty"`
	// Field is the user field that is empty while the record can be claimed.
	Field string `json:"field"`
	// When must hold for the record as it is; Refuse is what people read when it does not.
	When   *Expr `json:"when,omitempty"`
	Refuse Text  `json:"refuse,omitempty"`
	// Roles may claim; everybody with the right update when empty.
	Roles []string `json:"roles,omitempty"`
	// Set fills other fields when a record is claimed; Release, when it is given back.
	Set     map[string]json.RawMessage `json:"set,omitempty"`
	Release *Release                   `json:"release,omitempty"`
	// Wait is how many days who had the record waits before they may claim it again.
	Wait int `json:"wait,omitempty"`
}

// Release is how a claimed record is given back.
type Release struct {
	Title   Text                       `json:"title,omitempty"`
	Set     map[string]json.RawMessage `json:"set,omitempty"`
	Require []string                   `json:"require,omitempty"` // fields that must be filled
	Comment bool                       `json:"comment,omitempty"` // whoever gives it back must say why
}

// Duplicate finds records that are the same by some fields, beyond what the caller may see.
type Duplicate struct {
	Key    string   `json:"key"`
	Title  Text     `json:"title,omitempty"`
	Fields []string `json:"fields"` // a value in any of them that another record has in any of them
	// Match tells how values are compared: exact (default), phone, name.
	Match string `json:"match,omitempty"`
	// On is what a duplicate does to a write: warn (default) or refuse.
	On string `json:"on,omitempty"`
	// Reveal are fields of the other record that everybody is shown who may create records here.
	Reveal []string `json:"reveal,omitempty"`
	// With names rules of other forms whose records count too.
	With []DuplicateRule `json:"with,omitempty"`
	// Message is what people read.
	Message Text `json:"message,omitempty"`
}

// DuplicateRule names a rule of another form.
type DuplicateRule struct {
	Form string `json:"form"`
	Key  string `json:"key"`
}
