package api

import (
	"net/http"

	"formwork/engine/record"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// claimRecord takes a record that nobody has; a loser learns who has it.
func (s *Server) claimRecord(x *call) error {
	return x.write(http.StatusOK, &record.Intent{Verb: record.Claim, Form: x.form(), ID: x.param("id"), Claim: x.param("claim")})
}

// releaseRecord gives a record back: {comment?, data?}.
func (s *Server) releaseRecord(x *call) error {
	f, err := x.object(true)
	if err != nil {
		return err
	}
	in := &record.Intent{Verb: record.Release, Form: x.form(), ID: x.param("id"), Claim: x.param("claim"), Comment: f.text("comment"), Data: f.object("data")}
	if err := f.err(); err != nil {
		return err
	}
	return x.write(http.StatusOK, in)
}

// claimable is what the caller can do about a claim, in their language.
type claimable struct {
	record.Claimable
	Title    string       `json:"title,omitempty"`
	Problems problem.List `json:"problems,omitempty"`
}

// recordClaims tells what the caller can do about each claim of a record.
func (s *Server) recordClaims(x *call) error {
	got, err := s.Engine.Records.Claims(x.ctx, x.caller(), x.form(), x.param("id"))
	if err != nil {
		return err
	}
	out := make([]claimable, len(got))
	for i, c := range got {
		out[i] = claimable{Claimable: c, Title: x.text(c.Title), Problems: x.explain(c.Problems)}
	}
	return list(x, out)
}

// formLimits tells how much of a form's limits the caller has used.
func (s *Server) formLimits(x *call) error {
	got, err := s.Engine.Records.Limits(x.ctx, x.caller(), x.form())
	if err != nil {
		return err
	}
	type usage struct {
		record.Usage
		Title string `json:"title,omitempty"`
	}
	out := make([]usage, len(got))
	for i, u := range got {
		out[i] = usage{u, x.text(u.Title)}
	}
	return list(x, out)
}

// duplicates finds records that are the same as {data, id?}, beyond the caller's rows.
func (s *Server) duplicates(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	f.required("data")
	data, id := f.object("data"), f.text("id")
	if err := f.err(); err != nil {
		return err
	}
	got, err := s.Engine.Records.Duplicates(x.ctx, x.caller(), x.form(), id, data)
	if err != nil {
		return err
	}
	type found struct {
		record.Match
		Title string `json:"title"`
	}
	out := make([]found, len(got))
	for i, m := range got {
		for k, v := range m.Data {
			if t, ok := v.(definition.Text); ok {
				m.Data[k] = x.text(t)
			}
		}
		out[i] = found{m, x.text(m.Title)}
	}
	return list(x, out)
}
