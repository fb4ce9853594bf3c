package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"formwork/engine/record"
	"formwork/schemas/problem"
)

// bulkItem is what became of one item.
type bulkItem struct {
	Status   int          `json:"status"`
	ID       string       `json:"id,omitempty"`
	Rev      int64        `json:"rev,omitempty"`
	Crev     int64        `json:"crev,omitempty"`
	Code     string       `json:"code,omitempty"`
	Problems problem.List `json:"problems,omitempty"`
	Warnings problem.List `json:"warnings,omitempty"`
}

// bulk takes {create: [data], update: [{id, rev?, data}], delete: [id], atomic?} and answers with lists of the same order.
// Without atomic every item stands for itself and the status is 200.
func (s *Server) bulk(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	atomic := f.bool("atomic")
	intents := x.intents(f)
	if err := f.err(); err != nil {
		return err
	}
	o, err := x.writeOptions()
	if err != nil {
		return err
	}
	results, err := s.Engine.Records.Bulk(x.ctx, x.caller(), intents, atomic, o)
	if err != nil {
		return asSent(err)
	}
	out := map[string][]bulkItem{"create": {}, "update": {}, "delete": {}}
	for i, r := range results {
		verb := string(intents[i].Verb)
		item, err := x.item(intents[i], r)
		if err != nil {
			return err
		}
		out[verb] = append(out[verb], item)
	}
	return x.answer(http.StatusOK, out)
}

// intents reads the three lists, in the order in which they are carried out.
func (x *call) intents(f *fields) (out []*record.Intent) {
	form := x.form()
	wrong := func(at, expected string) {
		f.problems = append(f.problems, problem.New("type", at, problem.P{"expected": expected}))
	}
	for i, v := range f.list("create") {
		at := fmt.Sprintf("/create/%d", i)
		data, ok := v.(map[string]any)
		if !ok {
			wrong(at, "object")
		}
		out = append(out, &record.Intent{Verb: record.Create, Form: form, Data: data, At: at})
	}
	for i, v := range f.list("update") {
		at := fmt.Sprintf("/update/%d", i)
		m, ok := v.(map[string]any)
		if !ok {
			wrong(at, "object")
		}
		item := &fields{m: m}
		item.required("id")
		in := &record.Intent{Verb: record.Update, Form: form, ID: item.text("id"), Data: item.object("data"), At: at}
		if rev := item.integer("rev"); m["rev"] != nil {
			in.If = &record.Rev{Rev: rev, Crev: -1}
		}
		f.problems = append(f.problems, problem.Of(item.err()).At(at)...)
		out = append(out, in)
	}
	for i, v := range f.list("delete") {
		at := fmt.Sprintf("/delete/%d", i)
		id, ok := v.(string)
		if !ok {
			wrong(at, "string")
		}
		out = append(out, &record.Intent{Verb: record.Delete, Form: form, ID: id, At: at})
	}
	return out
}

func (x *call) item(in *record.Intent, r record.Result) (bulkItem, error) {
	if r.Err == nil {
		status := http.StatusOK
		if in.Verb == record.Create {
			status = http.StatusCreated
		}
		item := bulkItem{Status: status, Warnings: x.explain(sent(r.Warnings))}
		if r.Record != nil {
			item.ID, item.Rev, item.Crev = r.Record.Doc.ID, r.Record.Rev(), r.Record.Crev()
		}
		return item, nil
	}
	f := failure(r.Err)
	if f == nil {
		return bulkItem{}, r.Err
	}
	item := bulkItem{Status: statusOf(f.Kind), ID: in.ID, Code: string(f.Kind), Problems: x.explain(sent(f.Problems))}
	for i := range item.Problems {
		if item.Problems[i].Pointer == "" {
			item.Problems[i].Pointer = in.At
		}
	}
	return item, nil
}

// asSent makes the problems of an atomic batch point into the request.
func asSent(err error) error {
	var f *problem.Failure
	if !errors.As(err, &f) {
		return err
	}
	return &problem.Failure{Kind: f.Kind, Problems: sent(f.Problems), Cause: f.Cause}
}

// sent turns pointers into records to what the caller sent: an item of create is the data itself.
func sent(l problem.List) problem.List {
	out := make(problem.List, len(l))
	for i, p := range l {
		if rest, ok := strings.CutPrefix(p.Pointer, "/create/"); ok {
			if n, field, ok := strings.Cut(rest, "/data"); ok && !strings.Contains(n, "/") {
				p.Pointer = "/create/" + n + field
			}
		}
		out[i] = p
	}
	return out
}
