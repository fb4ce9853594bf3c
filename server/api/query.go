package api

import (
	"net/http"
	"strconv"
	"strings"

	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// query lists records by a filter tree.
func (s *Server) query(x *call) error {
	f, err := x.object(true)
	if err != nil {
		return err
	}
	return x.page(f.m)
}

// listRecords is query for an address line: ?filter={json}&sort=-updatedAt,name&fields=a,b&search=&limit=&cursor=&deleted=
func (s *Server) listRecords(x *call) error {
	m := map[string]any{}
	for name, v := range x.fiber.Queries() {
		switch name {
		case "filter":
			filter, err := value.Decode([]byte(v))
			if err != nil {
				return problem.Fail(problem.Malformed, "wrong-parameter", "", problem.P{"parameter": name})
			}
			m[name] = filter
		case "sort", "fields":
			var items []any
			for _, part := range strings.Split(v, ",") {
				items = append(items, part)
			}
			m[name] = items
		case "limit":
			n, err := strconv.ParseFloat(v, 64)
			if err != nil {
				return problem.Fail(problem.Malformed, "wrong-parameter", "", problem.P{"parameter": name})
			}
			m[name] = n
		case "deleted", "count", "titles":
			m[name] = v == "true" || v == "1"
		default:
			m[name] = v
		}
	}
	return x.page(m)
}

// page answers a query with {items, cursor?, total?}. The records go out as they come.
func (x *call) page(m map[string]any) error {
	q, ps := record.ParseQuery(m)
	if err := problem.Refuse(ps); err != nil {
		return err
	}
	page, err := x.Engine.Records.Query(x.ctx, x.caller(), x.form(), q)
	if err != nil {
		return err
	}
	size := 64
	for _, item := range page.Items {
		size += len(item) + 1
	}
	b := append(make([]byte, 0, size), `{"items":[`...)
	for i, item := range page.Items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, item...)
	}
	b = append(b, ']')
	if page.Cursor != "" {
		b = append(b, `,"cursor":`...)
		b = value.AppendString(b, page.Cursor)
	}
	if page.Total >= 0 {
		b = append(b, `,"total":`...)
		b = strconv.AppendInt(b, int64(page.Total), 10)
	}
	if page.Labels != nil {
		labels, err := encode(page.Labels)
		if err != nil {
			return err
		}
		b = append(append(b, `,"labels":`...), labels...)
	}
	return x.send(http.StatusOK, append(b, '}'))
}

// evaluate computes what a write would give, without writing: {id?, data} -> {data, problems}.
func (s *Server) evaluate(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	id, data := f.text("id"), f.object("data")
	if err := f.err(); err != nil {
		return err
	}
	computed, problems, err := s.Engine.Records.Evaluate(x.ctx, x.caller(), x.form(), id, data)
	if err != nil {
		return err
	}
	list, err := encode(x.explain(problems))
	if err != nil {
		return err
	}
	b := append([]byte(`{"data":`), value.AppendJSON(nil, computed)...)
	b = append(append(b, `,"problems":`...), list...)
	return x.send(http.StatusOK, append(b, '}'))
}

// aggregate computes figures per group: {rows, labels}.
func (s *Server) aggregate(x *call) error {
	f, err := x.object(true)
	if err != nil {
		return err
	}
	ask, ps := query.ParseAsk(f.m, "")
	if err := problem.Refuse(ps); err != nil {
		return err
	}
	answer, err := s.Engine.Records.Aggregate(x.ctx, x.caller(), x.form(), ask)
	if err != nil {
		return err
	}
	return x.send(http.StatusOK, value.AppendJSON(nil, answerTree(answer)))
}

// answerTree is an aggregate's answer in canonical values: exact decimals stay exact.
func answerTree(a record.Answer) map[string]any {
	rows := make([]any, len(a.Rows))
	for i, r := range a.Rows {
		rows[i] = map[string]any(r)
	}
	labels := map[string]any{}
	for as, names := range a.Labels {
		m := make(map[string]any, len(names))
		for id, name := range names {
			m[id] = name
		}
		labels[as] = m
	}
	return map[string]any{"rows": rows, "labels": labels}
}
