package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"formwork/schemas/definition"
)

// Scenario is one story.
type Scenario struct {
	Title definition.Text `json:"title"`
	// At is when it begins, in Timezone: 2026-03-02 09:00.
	At          string       `json:"at"`
	Timezone    string       `json:"timezone"`
	Locale      string       `json:"locale"` // in which texts are compared
	Departments []Department `json:"departments,omitempty"`
	Actors      []Actor      `json:"actors"`
	Steps       []Step       `json:"steps"`
	// Name is its file's, without the ending.
	Name string `json:"-"`
}

// Department is a part of the organisation. Parent names one before it, Leader an actor.
type Department struct {
	Key    string `json:"key"`
	Parent string `json:"parent,omitempty"`
	Leader string `json:"leader,omitempty"`
}

// Actor is somebody who acts, or is told.
type Actor struct {
	Key        string              `json:"key"`
	Name       string              `json:"name"`
	Department string              `json:"department,omitempty"`
	Roles      map[string][]string `json:"roles,omitempty"`
	Admin      bool                `json:"admin,omitempty"`
}

// Step is one thing that happens, or that must be so: one of the members from Create to Count is set. Within data, filters
// and expectations "@key" is the id of an actor or of a record that got the name.
type Step struct {
	// As is who does it.
	As string `json:"as,omitempty"`

	Create     string           `json:"create,omitempty"` // a form
	Update     string           `json:"update,omitempty"` // a record by its name
	Transition string           `json:"transition,omitempty"`
	Claim      string           `json:"claim,omitempty"`
	Release    string           `json:"release,omitempty"`
	Delete     string           `json:"delete,omitempty"`
	Pass       *definition.Span `json:"pass,omitempty"`  // time
	Until      string           `json:"until,omitempty"` // a point in time, as At
	Record     string           `json:"record,omitempty"`
	Told       string           `json:"told,omitempty"` // an actor
	Page       string           `json:"page,omitempty"` // app.page
	Count      string           `json:"count,omitempty"`

	// Name is how later steps call the record that is created.
	Name    string         `json:"name,omitempty"`
	Data    map[string]any `json:"data,omitempty"` // of a write; of Record, what it must hold: null for nothing
	To      string         `json:"to,omitempty"`
	By      string         `json:"by,omitempty"` // the claim's key
	Comment string         `json:"comment,omitempty"`
	// Refused is the code with which it must be refused; Warned are the codes of warnings that it must give.
	Refused string   `json:"refused,omitempty"`
	Warned  []string `json:"warned,omitempty"`
	// Titles are what an actor was told since they were last asked about, the oldest first; of a page, what its block shows.
	Titles []string `json:"titles,omitempty"`
	// Reasons are those of the things to do of a block, one text each.
	Reasons []string       `json:"reasons,omitempty"`
	Block   string         `json:"block,omitempty"`
	Filter  map[string]any `json:"filter,omitempty"`
	Is      *int           `json:"is,omitempty"`
}

// Read finds the scenarios of a template, in the order of their names.
func Read(fsys fs.FS, template string) ([]*Scenario, error) {
	files, err := fs.Glob(fsys, path.Join(template, "scenarios", "*.json"))
	if err != nil {
		return nil, err
	}
	var out []*Scenario
	for _, name := range files {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		s := &Scenario{Name: strings.TrimSuffix(path.Base(name), ".json"), Locale: "zh-CN", Timezone: "Asia/Shanghai"}
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if err := d.Decode(s); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, s)
	}
	return out, nil
}
