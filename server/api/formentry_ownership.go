package api

import (
	"formwork/schemas/definition"
)

// claimEntry is a way to take a record that nobody has.
type claimEntry struct {
	Key   string          `json:"key"`
	Title definition.Text `json:"title,omitempty"`
	Field string          `json:"field"` // empty while the record can be claimed
	// Allowed says that the caller may claim at all; Releasable that a claimed record can be given back.
	Allowed    bool `json:"allowed"`
	Releasable bool `json:"releasable"`
}

// duplicateEntry says which fields are compared to find records that are the same.
type duplicateEntry struct {
	Key    string          `json:"key"`
	Title  definition.Text `json:"title,omitempty"`
	Fields []string        `json:"fields"`
	On     string          `json:"on"`
}

// claims are those whose field the caller may know.
func (n narrowed) claims() []claimEntry {
	var out []claimEntry
	for _, c := range n.f.Claims {
		if n.hidden(c.Field.Key) {
			continue
		}
		out = append(out, claimEntry{Key: c.Def.Key, Title: c.Def.Title, Field: c.Field.Key, Releasable: c.Def.Release != nil,
			Allowed: n.d.Can(definition.Update) && n.d.HasRole(c.Def.Roles)})
	}
	return out
}

// duplicates are the rules of which the caller may know every field.
func (n narrowed) duplicates() []duplicateEntry {
	var out []duplicateEntry
rules:
	for _, r := range n.f.Duplicates {
		for _, k := range r.Def.Fields {
			if n.hidden(k) {
				continue rules
			}
		}
		e := duplicateEntry{Key: r.Def.Key, Title: r.Def.Title, Fields: r.Def.Fields, On: r.Def.On}
		if e.On == "" {
			e.On = "warn"
		}
		out = append(out, e)
	}
	return out
}
