package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// mappings say how the columns of each file become fields. They are what a person would save after mapping a file once.
//
//go:embed mappings/*.json
var mappings embed.FS

// source is a file of the directory on its way into the product.
type source struct {
	file    string
	path    string // of its import, below /api/v1
	mapping []byte
	content []byte
	report  report // of the last preview
}

// sources in the order in which they are written: what others refer to comes first.
func sources() []*source {
	list := []*source{
		{file: "accounts.csv", path: places.Accounts + "/import"},
		{file: "products.csv", path: places.Products + "/import"},
		{file: "sales_teams.csv", path: "/users/import"},
		{file: "sales_pipeline.csv", path: places.Deals + "/import"},
	}
	for _, s := range list {
		s.mapping, _ = mappings.ReadFile("mappings/" + strings.TrimSuffix(s.file, ".csv") + ".json") // embedded; a test reads all
	}
	return list
}

// report is what the product says an import would do.
type report struct {
	Rows      int       `json:"rows"`
	Create    int       `json:"create"`
	Update    int       `json:"update"`
	Unchanged int       `json:"unchanged"`
	Refused   int       `json:"refused"`
	Problems  []problem `json:"problems"`
	Columns   []struct {
		Column    string `json:"column"`
		Format    string `json:"format"`
		Unmatched []text `json:"unmatched"`
		Reread    []text `json:"reread"`
	} `json:"columns"`
}

// text is a text of a column, what it was taken for or may mean, and in how many rows it stands.
type text struct {
	Value   string `json:"value"`
	Meaning string `json:"meaning"`
	Rows    int    `json:"rows"`
}

// column gives the texts of a column that are no option or record, and those that were taken for one.
func (r report) column(name string) (unmatched, reread []text) {
	for _, c := range r.Columns {
		if c.Column == name {
			return c.Unmatched, c.Reread
		}
	}
	return nil, nil
}

// unsettledError: the rows of a column of dates do not settle one format.
type unsettledError struct {
	file  string
	about problem
}

func (e *unsettledError) Error() string {
	return fmt.Sprintf("%s: column %v: %s; nothing was written", e.file, e.about.Params["column"], e.about)
}

// unsettledCodes are the product's words for it: several formats fit, or none fits all rows, or most are no dates at all.
var unsettledCodes = []string{"ambiguous-dates", "mixed-dates", "not-dates"}

// preview looks at all four files before any of them is written. That accounts, products and people of the pipeline are
// not there yet is no objection now.
func (r *run) preview(ctx context.Context) error {
	for _, s := range r.sources {
		if err := r.look(ctx, s); err != nil {
			return err
		}
		r.tell("%s: %d rows", s.file, s.report.Rows)
	}
	return nil
}

// look asks what importing a file would do.
func (r *run) look(ctx context.Context, s *source) error {
	s.report = report{}
	err := r.upload(ctx, s.path, s.file, s.content, map[string]string{"mapping": string(s.mapping), "preview": "true"}, &s.report)
	problems := s.report.Problems
	var refused *refusal
	if errors.As(err, &refused) {
		problems = refused.Problems
	}
	for _, p := range problems {
		if p.blocks() && slices.Contains(unsettledCodes, p.Code) {
			return &unsettledError{s.file, p}
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", s.file, err)
	}
	for _, p := range problems {
		if p.blocks() {
			return fmt.Errorf("%s: %s; nothing was written", s.file, p)
		}
	}
	return nil
}

// sectors adds the sectors that the template does not know to its option set, as a person would before importing.
func (r *run) sectors(ctx context.Context) error {
	unknown, _ := r.sources[0].report.column("sector")
	if len(unknown) == 0 {
		return nil
	}
	path := places.Sectors
	var set map[string]any
	if err := r.call(ctx, "GET", path, nil, &set); err != nil {
		return err
	}
	options, _ := set["options"].([]any)
	for _, t := range unknown {
		r.tell("accounts.csv: adding the sector %q", t.Value)
		options = append(options, map[string]any{"value": t.Value, "title": t.Value})
	}
	set["options"] = options
	if err := r.call(ctx, "PUT", path, set, nil); err != nil {
		return err
	}
	var published struct {
		Job string `json:"job"`
	}
	if err := r.call(ctx, "POST", places.App+"/publish", map[string]any{"message": "Sectors of accounts.csv"}, &published); err != nil {
		return err
	}
	if published.Job == "" {
		return nil
	}
	_, err := r.wait(ctx, published.Job, func(job) {})
	return err
}

// result is what came of an import job.
type result struct {
	Created   int    `json:"created"`
	Updated   int    `json:"updated"`
	Unchanged int    `json:"unchanged"`
	Refused   int    `json:"refused"`
	Warnings  int    `json:"warnings"`
	Errors    string `json:"errors"` // id of the error sheet, "" when no row was refused
}

// write imports the files one after the other and gathers what was refused.
func (r *run) write(ctx context.Context) error {
	var refused refusedRows
	for _, s := range r.sources {
		if err := r.look(ctx, s); err != nil { // what it refers to is there now
			return err
		}
		r.warn(s)
		var started struct {
			Job json.RawMessage `json:"job"`
			ID  string          `json:"id"`
		}
		if err := r.upload(ctx, s.path, s.file, s.content, map[string]string{"mapping": string(s.mapping)}, &started); err != nil {
			return fmt.Errorf("%s: %w", s.file, err)
		}
		id := started.ID
		_ = json.Unmarshal(started.Job, &id)
		done, err := r.wait(ctx, id, func(j job) { r.tell("%s: %v of %v rows", s.file, j.Progress["done"], j.Progress["rows"]) })
		if err != nil {
			return fmt.Errorf("%s: %w", s.file, err)
		}
		n := done.Result
		r.tell("%s: %d created, %d updated, %d unchanged, %d refused, %d warnings", s.file, n.Created, n.Updated, n.Unchanged, n.Refused, n.Warnings)
		if n.Errors != "" {
			var sheet []byte
			if err := r.call(ctx, "GET", "/files/"+n.Errors, nil, &sheet); err != nil {
				return err
			}
			if err := refused.add(s.file, sheet); err != nil {
				return err
			}
		}
	}
	return refused.save(r.errors)
}

// warn tells what a person should know of a file: texts that were taken for another, cells without a reference.
func (r *run) warn(s *source) {
	for _, p := range s.report.Problems {
		r.tell("%s: %s", s.file, p)
	}
	for _, c := range s.report.Columns {
		for _, t := range c.Reread {
			r.tell("%s: %s %q taken for %q in %d rows", s.file, c.Column, t.Value, t.Meaning, t.Rows)
		}
		for _, t := range c.Unmatched {
			r.tell("%s: %s %q is unknown, %d rows", s.file, c.Column, t.Value, t.Rows)
		}
	}
}

// spelling is a product as sales_pipeline.csv calls it. rows counts those that the product took for another name; product
// is that name, "" where nothing matched.
type spelling struct {
	text, product string
	rows          int
}

// spellingsOf are the spellings of the pipeline and, under their own names, the products that nobody sold.
func spellingsOf(d *directory, r report) []spelling {
	unmatched, reread := r.column("product")
	var out []spelling
	sold := map[string]bool{}
	for _, name := range d.sold {
		s := spelling{text: name, product: name}
		for _, t := range reread {
			if t.Value == name {
				s.product, s.rows = t.Meaning, t.Rows
			}
		}
		for _, t := range unmatched {
			if t.Value == name {
				s.product, s.rows = "", t.Rows
			}
		}
		sold[strings.ToLower(s.product)] = true
		out = append(out, s)
	}
	for _, name := range d.products {
		if !sold[strings.ToLower(name)] {
			out = append(out, spelling{text: name, product: name})
		}
	}
	return out
}
