package definition

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Form is a form: the JSON Schema of its data with x-field beside each property, layout, rules and stages.
type Form struct {
	Head
	TitleField string `json:"titleField,omitempty"`
	Icon       string `json:"icon,omitempty"`
	// Schema is the author's JSON Schema as written; Fields is what it says, in the order of its properties.
	Schema json.RawMessage `json:"schema"`
	Fields []Field         `json:"-"`
	Layout []Section       `json:"layout,omitempty"`
	Rules  []Rule          `json:"rules,omitempty"`
	Stages *Stages         `json:"stages,omitempty"`
	// Unique are combinations of fields that no two live records share.
	Unique []UniqueSet `json:"unique,omitempty"`
	// Limits bound how many records one owner may have, Claims let people take a record that nobody has, Duplicates find
	// records that are the same.
	Limits     []Limit     `json:"limits,omitempty"`
	Claims     []Claim     `json:"claims,omitempty"`
	Duplicates []Duplicate `json:"duplicates,omitempty"`
	// Indexes are groupings and orders that people ask for often, beside those that views and dashboards declare.
	Indexes []IndexHint `json:"indexes,omitempty"`
}

// Field is one property of a form's schema, or of a sub-table's rows, with its x-field.
type Field struct {
	Key      string `json:"-"`
	Required bool   `json:"-"`
	// Property is the JSON Schema of the property as written, x-field included.
	Property json.RawMessage `json:"-"`
	// Fields are the columns of a sub-table.
	Fields []Field `json:"-"`
	XField
}

// XField is the x-field member: everything a JSON Schema cannot say. Which members apply depends on Type; the registry
// in schemas/field refuses the others.
type XField struct {
	Type        string `json:"type"`
	Title       Text   `json:"title,omitempty"`
	Help        Text   `json:"help,omitempty"`
	Placeholder Text   `json:"placeholder,omitempty"`
	// Default is a constant, or {"expr": "..."}.
	Default json.RawMessage `json:"default,omitempty"`
	Unique  bool            `json:"unique,omitempty"`
	Search  bool            `json:"search,omitempty"`
	Hidden  bool            `json:"hidden,omitempty"` // kept, but shown nowhere: how a field is retired without losing data
	// ReadOnly keeps people from writing it; automations and imports with the right may.
	ReadOnly bool `json:"readOnly,omitempty"`

	Scale    *int   `json:"scale,omitempty"`    // number, percent, currency, formula, rollup: decimals
	Unit     Text   `json:"unit,omitempty"`     // number
	Currency string `json:"currency,omitempty"` // currency: ISO 4217

	Options   []Option `json:"options,omitempty"`   // select, multiselect
	OptionSet string   `json:"optionSet,omitempty"` // instead of options: key of an optionset in the app

	Form     string   `json:"form,omitempty"`     // relation: target; rollup: where the children are (app.form)
	OnDelete OnDelete `json:"onDelete,omitempty"` // relation
	Via      string   `json:"via,omitempty"`      // lookup: the relation (or user, department) field to follow
	Field    string   `json:"field,omitempty"`    // lookup: field there; rollup: field of the children to compute over
	Link     string   `json:"link,omitempty"`     // rollup: the children's relation field that points here
	Fn       string   `json:"fn,omitempty"`       // rollup: count, sum, min, max, avg
	// Filter narrows the children of a rollup; the wire form of engine/query, deterministic.
	Filter json.RawMessage `json:"filter,omitempty"`

	Expr   string `json:"expr,omitempty"`   // formula
	Live   bool   `json:"live,omitempty"`   // formula: computed on read, cannot be asked for
	Result string `json:"result,omitempty"` // formula: number, percent, currency, text, switch, date, datetime; default from the expression

	Pattern string `json:"pattern,omitempty"` // serial: "OP-{yyyy}{MM}-{00000}"
	Reset   string `json:"reset,omitempty"`   // serial: never (default), year, month, day

	MaxSize int64    `json:"maxSize,omitempty"` // file, image: bytes
	Accept  []string `json:"accept,omitempty"`  // file: media types
	MaxRows int      `json:"maxRows,omitempty"` // table
	// Format refines phone, url, date shown; free for the UI.
	Format string `json:"format,omitempty"`
}

// OnDelete is what happens to a relation when its target is deleted.
type OnDelete string

const (
	Restrict OnDelete = "restrict" // the target cannot be deleted while something points to it (default)
	Unlink   OnDelete = "unlink"
	Cascade  OnDelete = "cascade"
)

// Option is one choice of a select.
type Option struct {
	Value string `json:"value"`
	Title Text   `json:"title,omitempty"`
	Color string `json:"color,omitempty"`
	// Hidden options stay valid in records and cannot be chosen any more.
	Hidden bool `json:"hidden,omitempty"`
}

// Section is a part of the layout.
type Section struct {
	Key     string   `json:"key"`
	Section Text     `json:"section"`
	Columns int      `json:"columns,omitempty"`
	Fields  []string `json:"fields"`
	// Visible shows the section only when the expression holds.
	Visible *Expr `json:"visible,omitempty"`
}

// Rule is a cross-field rule: when it holds, fields are required, or the record is refused with a message.
type Rule struct {
	Key     string   `json:"key"`
	When    Expr     `json:"when"`
	Require []string `json:"require,omitempty"`
	// Refuse is the message to people; At the field it stands beside.
	Refuse Text   `json:"refuse,omitempty"`
	At     string `json:"at,omitempty"`
	// Warn makes Refuse a warning.
	Warn bool `json:"warn,omitempty"`
}

// Stages are the states a record moves through.
type Stages struct {
	Field       string      `json:"field"` // a select without options of its own
	Initial     string      `json:"initial"`
	States      []State     `json:"states"`
	Transitions []StageMove `json:"transitions"`
	// Since names a datetime field that the engine fills with the moment the stage was entered, Due a date field that it
	// fills with the day until which the stage's limit lets a record stay.
	Since string `json:"since,omitempty"`
	Due   string `json:"due,omitempty"`
}

// State is one stage.
type State struct {
	Key   string `json:"key"`
	Title Text   `json:"title,omitempty"`
	Color string `json:"color,omitempty"`
	// Category tells boards what the stage means: open (default), done, failed.
	Category string `json:"category,omitempty"`
	// Percent is the likelihood of reaching done, 0-100.
	Percent *float64 `json:"percent,omitempty"`
	// Limit is how many days a record should stay at most.
	Limit int `json:"limit,omitempty"`
	// Require lists fields that must be filled to enter, by whatever transition.
	Require []string `json:"require,omitempty"`
	// Hidden stages stay valid in records and cannot be entered any more.
	Hidden bool `json:"hidden,omitempty"`
}

// StageMove is a legal transition.
type StageMove struct {
	Key   string   `json:"key"`
	Title Text     `json:"title,omitempty"`
	From  []string `json:"from"` // states; "*" for any
	To    string   `json:"to"`
	Roles []string `json:"roles,omitempty"` // empty: everybody with the right transition
	// Require lists fields that must be filled to make the move.
	Require []string `json:"require,omitempty"`
	// Comment makes whoever makes it say why.
	Comment bool `json:"comment,omitempty"`
	// Guard must hold for the record as it would be after the move.
	Guard *Expr `json:"guard,omitempty"`
	// Refuse is what people read when the guard does not hold.
	Refuse Text `json:"refuse,omitempty"`
}

// UniqueSet is a combination of fields that is unique.
type UniqueSet struct {
	Key    string   `json:"key"`
	Fields []string `json:"fields"`
}

// IndexHint declares an index: equality fields first, then order ("-field": descending), Include for sums.
type IndexHint struct {
	Key     string   `json:"key"`
	Fields  []string `json:"fields"`
	Include []string `json:"include,omitempty"`
}

// Find gives the field with that key.
func (f *Form) Find(key string) (*Field, bool) {
	for i := range f.Fields {
		if f.Fields[i].Key == key {
			return &f.Fields[i], true
		}
	}
	return nil, false
}

// UnmarshalJSON reads a form and the fields of its schema.
func (f *Form) UnmarshalJSON(b []byte) error {
	type plain Form
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode((*plain)(f)); err != nil {
		return err
	}
	fields, err := decodeFields(f.Schema)
	f.Fields = fields
	return err
}

func decodeFields(schema json.RawMessage) ([]Field, error) {
	var s struct {
		Required   []string        `json:"required"`
		Properties json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(schema, &s); err != nil {
		return nil, err
	}
	required := map[string]bool{}
	for _, k := range s.Required {
		required[k] = true
	}
	var out []Field
	err := eachMember(s.Properties, func(key string, raw json.RawMessage) error {
		var p struct {
			Type   string          `json:"type"`
			Format string          `json:"format"`
			XField json.RawMessage `json:"x-field"`
			Items  json.RawMessage `json:"items"`
		}
		if err := json.Unmarshal(raw, &p); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		fd := Field{Key: key, Required: required[key], Property: raw}
		if p.XField != nil {
			if err := json.Unmarshal(p.XField, &fd.XField); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
		}
		if fd.Type == "" {
			fd.Type = guessType(p.Type, p.Format)
		}
		if p.Type == "integer" && fd.Scale == nil && (fd.Type == "number" || fd.Type == "percent" || fd.Type == "currency") {
			fd.Scale = new(int)
		}
		if fd.Type == "table" && p.Items != nil {
			sub, err := decodeFields(p.Items)
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			fd.Fields = sub
		}
		out = append(out, fd)
		return nil
	})
	return out, err
}

// guessType serves plain JSON Schema properties, such as the columns of a sub-table written without x-field.
func guessType(typ, format string) string {
	switch {
	case typ == "number" || typ == "integer":
		return "number"
	case typ == "boolean":
		return "switch"
	case format == "date":
		return "date"
	case format == "date-time":
		return "datetime"
	case format == "email":
		return "email"
	}
	return "text"
}

// eachMember walks a JSON object in the order it is written.
func eachMember(object json.RawMessage, fn func(key string, raw json.RawMessage) error) error {
	if len(object) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("properties: not an object")
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		if err := fn(t.(string), raw); err != nil {
			return err
		}
	}
	return nil
}
