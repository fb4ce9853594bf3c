package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"

	"formwork/engine/record"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// createRecord takes {id?, data} and answers 201 with the record.
func (s *Server) createRecord(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	in := &record.Intent{Verb: record.Create, Form: x.form(), ID: f.text("id"), Data: f.object("data")}
	if err := f.err(); err != nil {
		return err
	}
	return x.write(http.StatusCreated, in)
}

// patchRecord takes {data}; null and "" clear a field.
func (s *Server) patchRecord(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	in := &record.Intent{Verb: record.Update, Form: x.form(), ID: x.param("id"), Data: f.object("data")}
	if err := f.err(); err != nil {
		return err
	}
	return x.write(http.StatusOK, in)
}

// deleteRecord moves a record to the recycle bin.
func (s *Server) deleteRecord(x *call) error {
	return x.write(http.StatusNoContent, &record.Intent{Verb: record.Delete, Form: x.form(), ID: x.param("id")})
}

// restoreRecord takes a record out of the recycle bin.
func (s *Server) restoreRecord(x *call) error {
	return x.write(http.StatusOK, &record.Intent{Verb: record.Restore, Form: x.form(), ID: x.param("id")})
}

// transitionRecord moves a record to another stage.
func (s *Server) transitionRecord(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	f.required("to")
	in := &record.Intent{Verb: record.Move, Form: x.form(), ID: x.param("id"), To: f.text("to"), Comment: f.text("comment"), Data: f.object("data")}
	if err := f.err(); err != nil {
		return err
	}
	return x.write(http.StatusOK, in)
}

// revertRecord writes the values that a record had as of a rev: {rev}.
func (s *Server) revertRecord(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	f.required("rev")
	rev := f.integer("rev")
	if err := f.err(); err != nil {
		return err
	}
	match, err := x.ifMatch()
	if err != nil {
		return err
	}
	o, err := x.writeOptions()
	if err != nil {
		return err
	}
	rec, warnings, err := s.Engine.Records.Revert(x.ctx, x.caller(), x.form(), x.param("id"), rev, match, o)
	if err != nil {
		return err
	}
	return x.written(http.StatusOK, rec, warnings)
}

// write carries one intent out and answers with the record as the caller may see it.
func (x *call) write(status int, in *record.Intent) error {
	var err error
	if in.If, err = x.ifMatch(); err != nil {
		return err
	}
	o, err := x.writeOptions()
	if err != nil {
		return err
	}
	c := x.caller()
	rec, warnings, err := x.Engine.Records.Write(x.ctx, c, in, o)
	if err != nil {
		return err
	}
	if status == http.StatusNoContent {
		return x.nothing()
	}
	return x.written(status, rec, warnings)
}

// written answers with a record that was written, and what there is to say about it.
func (x *call) written(status int, rec *record.Record, warnings problem.List) error {
	if status == http.StatusCreated {
		x.fiber.Set("Location", x.fiber.Path()+"/"+rec.Doc.ID)
	}
	x.fiber.Set("ETag", etag(record.Rev{Rev: rec.Rev(), Crev: rec.Crev()}))
	body := x.Engine.Records.Render(x.ctx, x.caller(), rec)
	if len(warnings) == 0 {
		return x.send(status, body)
	}
	extra, err := encode(x.explain(warnings))
	if err != nil {
		return err
	}
	body = append(body[:len(body)-1:len(body)-1], `,"warnings":`...)
	return x.send(status, append(append(body, extra...), '}'))
}

// maxKey is how long an Idempotency-Key may be.
const maxKey = 255

// writeOptions carry the Idempotency-Key, and what tells one request from another under the same key. Somebody waits for the
// answer.
func (x *call) writeOptions() (o record.WriteOptions, err error) {
	o.Prompt = true
	key := x.fiber.Get("Idempotency-Key")
	if key == "" {
		return o, nil
	}
	body, err := x.body()
	if err != nil {
		return o, err
	}
	if o.Hash, err = x.fingerprint(key, body); err != nil {
		return o, err
	}
	o.Key = key
	return o, nil
}

// fingerprint identifies a request. The key, which is not stored, salts it: a body may hold a password.
func (x *call) fingerprint(key string, body []byte) (string, error) {
	if len(key) > maxKey {
		return "", problem.Fail(problem.Malformed, "wrong-idempotency-key", "", problem.P{"max": maxKey})
	}
	return digest(key, x.route.method, x.fiber.OriginalURL(), x.fiber.Get("If-Match"), string(body)), nil
}

// digest is one text for several, whatever stands in them.
func digest(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// getRecord gives a record as it is stored; 304 when the caller has it. ?detail=true adds what a page about it needs.
func (s *Server) getRecord(x *call) error {
	if x.flag("detail") {
		return x.detail()
	}
	body, rev, err := s.Engine.Records.Get(x.ctx, x.caller(), x.form(), x.param("id"))
	if err != nil {
		return err
	}
	tag := etag(rev)
	x.fiber.Set("ETag", tag)
	if x.noneMatch(tag) {
		x.fiber.Status(http.StatusNotModified)
		return nil
	}
	return x.send(http.StatusOK, body)
}

// detail gives a record with the names of what it holds, and what the caller may do with it.
func (x *call) detail() error {
	d, err := x.Engine.Records.Detail(x.ctx, x.caller(), x.form(), x.param("id"))
	if err != nil {
		return err
	}
	x.fiber.Set("ETag", etag(d.Rev))
	more, err := encode(struct {
		Labels  record.Labels       `json:"labels"`
		Actions []definition.Action `json:"actions"`
		Moves   []string            `json:"moves"`
	}{d.Labels, d.Actions, d.Moves})
	if err != nil {
		return err
	}
	return x.send(http.StatusOK, append(append(d.Body[:len(d.Body)-1:len(d.Body)-1], ','), more[1:]...))
}

// flag reads a query parameter that is yes or no.
func (x *call) flag(name string) bool {
	v := x.fiber.Query(name)
	return v == "true" || v == "1"
}

// recordHistory lists changes, the newest first; before continues below a rev.
func (s *Server) recordHistory(x *call) error {
	before, err := x.number("before", 0)
	if err != nil {
		return err
	}
	limit, err := x.number("limit", 50)
	if err != nil {
		return err
	}
	changes, err := s.Engine.Records.History(x.ctx, x.caller(), x.form(), x.param("id"), before, int(limit))
	if err != nil {
		return err
	}
	return list(x, changes)
}

// recordRelated counts what points to a record.
func (s *Server) recordRelated(x *call) error {
	related, err := s.Engine.Records.Related(x.ctx, x.caller(), x.form(), x.param("id"))
	if err != nil {
		return err
	}
	return list(x, related)
}

// number reads a query parameter that is a whole number.
func (x *call) number(name string, otherwise int64) (int64, error) {
	v := x.fiber.Query(name)
	if v == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 {
		return 0, problem.Fail(problem.Malformed, "wrong-parameter", "", problem.P{"parameter": name})
	}
	return n, nil
}
